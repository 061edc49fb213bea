"""Tables of decisions: appended whole, mended after a power cut, shared by several writers."""

import subprocess
import sys
import threading

import pytest

from bilderatlas.desk import journal as module
from bilderatlas.desk.crops import _whole as whole_crop
from bilderatlas.desk.journal import Journal
from bilderatlas.desk.prints import _whole as whole_print
from bilderatlas.errors import InputError
from bilderatlas.files import CROPS, PRINTS
from tests.desk_server import SCRIPTS, read_rows

ROW = {
    "image_id": "p1", "left": "10", "top": "20", "right": "30", "bottom": "40", "by": "A, B",
    "checked_at": "2026-03-01T10:00:00+00:00", "turn": "270",
}  # fmt: skip
PAIR = {
    "image_a": "a", "image_b": "b", "relation": "print", "mirrored": "yes", "cut": "no",
    "by": "A", "at": "2026-03-01T10:00:00+00:00",
}  # fmt: skip


@pytest.fixture
def crops(tmp_path):
    return Journal(tmp_path / "new" / "crops.csv", CROPS, whole_crop)


def test_a_row_is_appended_to_a_table_that_it_begins(crops):
    crops.append(ROW)
    crops.append(ROW | {"image_id": 'p "2"', "turn": "0"})
    assert crops.path.read_text().splitlines()[0] == ",".join(CROPS)
    assert read_rows(crops.path) == [ROW, ROW | {"image_id": 'p "2"', "turn": "0"}]


@pytest.mark.parametrize(
    ("columns", "row", "whole"), [(CROPS, ROW, whole_crop), (PRINTS, PAIR, whole_print)]
)
def test_a_row_torn_anywhere_is_cut_off_and_the_one_before_stays(tmp_path, columns, row, whole):
    """At every byte at which a power cut may stop the last row."""
    table = Journal(tmp_path / "t.csv", columns, whole)
    table.append(row)
    before = table.path.read_bytes()
    table.append(row)
    after = table.path.read_bytes()
    for end in range(len(before) + 1, len(after)):
        table.path.write_bytes(after[:end])
        table.append(row)
        # the last byte of a row is the end of its line: without it alone, the row is whole
        assert read_rows(table.path) == [row] * (3 if end == len(after) - 1 else 2), after[:end]
    kept = table.path.with_name("t.csv.torn").read_bytes().splitlines()
    assert kept == [after[len(before) : end] for end in range(len(before) + 1, len(after) - 1)]


def test_a_header_that_was_torn_is_begun_anew(crops):
    crops.path.parent.mkdir()
    whole = ",".join(CROPS).encode()
    for end in range(1, len(whole)):
        crops.path.write_bytes(whole[:end])
        crops.append(ROW)
        assert read_rows(crops.path) == [ROW]


def test_a_file_full_of_nothing_after_a_power_cut(crops):
    crops.append(ROW)
    with open(crops.path, "ab") as handle:
        handle.write(b"\0" * 50)
    crops.mend()
    assert read_rows(crops.path) == [ROW]


def test_a_hand_written_table_keeps_its_order_separator_and_last_row(crops):
    crops.path.parent.mkdir()
    crops.path.write_bytes(
        "\ufeffbottom;right;top;left;image_id;remark\r\n4;3;2;1;hand;ein; \n".encode()[:-3]
    )
    crops.append(ROW)
    lines = crops.path.read_text("utf-8-sig").splitlines()
    assert lines[0] == "bottom;right;top;left;image_id;remark;by;checked_at;turn"
    assert lines[1].startswith("4;3;2;1;hand;ein")
    assert lines[2] == "40;30;20;10;p1;;A, B;2026-03-01T10:00:00+00:00;270"


def test_a_table_that_is_none_is_left_alone(crops):
    crops.path.parent.mkdir()
    crops.path.write_text("name,value\n1,2\n")
    with pytest.raises(InputError, match=r"crops\.csv has no column image_id"):
        crops.append(ROW)
    assert crops.path.read_text() == "name,value\n1,2\n"
    crops.path.write_bytes(b"image_id,left\xff\xfe\n")
    with pytest.raises(InputError, match="not UTF-8"):
        crops.append(ROW)


def test_a_cell_with_a_line_end_is_refused(crops):
    with pytest.raises(InputError, match="rename"):
        crops.append(ROW | {"image_id": "a\nb"})
    assert not crops.path.exists()


def test_a_full_disk_leaves_no_half_row(crops, monkeypatch):
    crops.append(ROW)
    before = crops.path.read_bytes()
    real = module.os.write
    monkeypatch.setattr(module.os, "write", lambda handle, data: real(handle, data[:7]))
    with pytest.raises(InputError, match="disk is full"):
        crops.append(ROW)
    assert crops.path.read_bytes() == before


def test_the_row_is_on_the_disk_before_append_returns(crops, monkeypatch):
    """What fsync was called on holds the row by then."""
    synced = []
    real = module.os.fsync

    def fsync(handle):
        synced.append(crops.path.read_bytes() if crops.path.exists() else b"")
        real(handle)

    monkeypatch.setattr(module.os, "fsync", fsync)
    crops.append(ROW)
    assert synced and synced[0].endswith(b"270\n")
    assert len(synced) == 2  # the file, and the folder that names it for the first time


WRITER = """
import sys
from bilderatlas.desk.crops import _whole
from bilderatlas.desk.journal import Journal
from bilderatlas.files import CROPS
table = Journal(sys.argv[1], CROPS, _whole)
for number in range(30):
    table.append({"image_id": f"{sys.argv[2]}-{number}", "by": "x" * 300, "turn": "0"})
"""


def test_several_processes_and_threads_write_whole_rows(crops):
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, crops.path, str(name)],
            env={"PYTHONPATH": str(SCRIPTS)},
        )
        for name in range(2)
    ]
    row = {"image_id": "t", "by": "y" * 200, "turn": "0"}
    threads = [
        threading.Thread(target=lambda: [crops.append(row) for _ in range(20)]) for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [writer.wait() for writer in writers] == [0, 0]
    rows = read_rows(crops.path)
    assert len(rows) == 2 * 30 + 2 * 20
    assert all(len(row["by"]) in (200, 300) and row["turn"] == "0" for row in rows)
    for name in range(2):  # each in its own order
        mine = [row["image_id"] for row in rows if row["image_id"].startswith(f"{name}-")]
        assert mine == [f"{name}-{number}" for number in range(30)]
