"""Tables of decisions: appended whole, mended after a power cut, shared by several writers."""

import subprocess
import sys
import threading

import pytest

from bilderatlas.collection.crops.decisions import read_log
from bilderatlas.collection.prints.overrides import read_decisions
from bilderatlas.desk import journal as module
from bilderatlas.desk.journal import Journal
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
    return Journal(tmp_path / "new" / "crops.csv", CROPS)


def test_a_row_is_appended_to_a_table_that_it_begins(crops):
    crops.append(ROW)
    crops.append(ROW | {"image_id": 'p "2"', "turn": "0"})
    assert crops.path.read_text().splitlines()[0] == ",".join(CROPS)
    assert read_rows(crops.path) == [ROW, ROW | {"image_id": 'p "2"', "turn": "0"}]


class Killed(BaseException):
    """As a power cut or kill -9: what catches errors and tidies up must not see it."""


@pytest.fixture
def cut_off(monkeypatch):
    """Append a row of which only so many bytes reach the table."""
    real = module.os.write

    def append(table, row, end):
        def write(handle, data):
            if module.os.path.samestat(module.os.fstat(handle), table.path.stat()):
                real(handle, data[:end])
                raise Killed
            return real(handle, data)

        with monkeypatch.context() as patched:
            patched.setattr(module.os, "write", write)
            with pytest.raises(Killed):
                table.append(row)

    return append


@pytest.mark.parametrize(("columns", "row"), [(CROPS, ROW), (PRINTS, PAIR)])
def test_a_row_torn_anywhere_is_cut_off_and_the_one_before_stays(tmp_path, cut_off, columns, row):
    """At every byte at which a power cut may stop the last row; a run does not take it either."""
    table = Journal(tmp_path / "t.csv", columns)
    table.append(row)
    before = table.path.read_bytes()
    size = len(before.splitlines(keepends=True)[1])
    for end in range(1, size + 1):
        table.path.write_bytes(before)
        cut_off(table, row, end)
        whole = end == size
        assert len(table.path.read_bytes()) == len(before) + end
        if columns == CROPS:  # what a run reads meanwhile
            read, faults = read_log(table.path)
            assert len(read) == (2 if whole else 1) and not faults
        else:
            assert len(read_decisions(table.path, "ab")) == 1
        table.append(row)
        assert read_rows(table.path) == [row] * (3 if whole else 2), end
    kept = table.path.with_name("t.csv.torn").read_bytes().splitlines()
    assert kept == [before.splitlines()[1][:end] for end in range(1, size)]


def test_a_half_time_of_a_pair_is_no_word_for_a_run(tmp_path, cut_off):
    """Cut after the relation it reads like a whole row, and would overrule the one before."""
    table = Journal(tmp_path / "prints.csv", PRINTS)
    table.append(PAIR)
    cut_off(table, PAIR | {"relation": "no", "mirrored": "", "cut": ""}, len("a,b,no,,,A,2026"))
    assert read_decisions(table.path, "ab")["a", "b"].relation == "print"


@pytest.mark.parametrize(
    "last", ["p2,1,2,3,4,anna,2026-05-01T10:00:00", "p2,1,2,3,4,anna,2026-05", "p2,1,2,3,4"]
)
@pytest.mark.parametrize("header", [",".join(CROPS), ",".join(CROPS[:-1])])
def test_a_row_by_hand_without_the_end_of_its_line_stays(crops, header, last):
    crops.path.parent.mkdir()
    crops.path.write_text(f"{header}\n{last}")
    crops.mend()
    assert crops.path.read_text() == f"{header}\n{last}"
    crops.append(ROW)
    rows = read_rows(crops.path)
    assert [row["image_id"] for row in rows] == ["p2", "p1"] and rows[0]["bottom"] == "4"
    assert not crops.path.with_name("crops.csv.torn").exists()


def test_rows_by_hand_after_a_kill_stay(crops, cut_off):
    """The note of the row that was not finished is of a table that is another one by now."""
    crops.append(ROW)
    cut_off(crops, ROW, 20)
    lines = crops.path.read_text().splitlines()
    crops.path.write_text("\n".join([*lines[:2], "p7,1,2,3,4,anna,,", "p8,1,2,3,4"]))
    crops.append(ROW)
    assert [row["image_id"] for row in read_rows(crops.path)] == ["p1", "p7", "p8", "p1"]


def test_a_header_that_was_torn_is_begun_anew(crops, cut_off):
    whole = ",".join(CROPS)
    for end in (1, len(whole) // 2, len(whole), len(whole) + 9):
        cut_off(crops, ROW, end)
        assert read_log(crops.path) == ([], [])
        crops.append(ROW)
        assert read_rows(crops.path) == [ROW]
        crops.path.unlink()


def test_a_row_full_of_nothing_after_a_power_cut(crops, cut_off):
    """The file had grown already, but what was to stand there had not been written."""
    crops.append(ROW)
    before = crops.path.read_bytes()
    cut_off(crops, ROW, 9)
    with open(crops.path, "ab") as handle:
        handle.write(b"\0" * 30)
    assert len(read_log(crops.path)[0]) == 1
    crops.mend()
    assert crops.path.read_bytes() == before


def test_a_table_that_a_spreadsheet_program_has_open_is_left_alone(crops):
    crops.append(ROW)
    lock = crops.path.with_name(".~lock.crops.csv#")
    lock.write_text(",anna,host,;")
    with pytest.raises(InputError, match="open in a spreadsheet program") as refused:
        crops.append(ROW)
    assert "Tabellenprogramm" in refused.value.say("de") and crops.is_open_elsewhere()
    lock.unlink()
    crops.append(ROW)
    assert read_rows(crops.path) == [ROW, ROW]


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


@pytest.mark.parametrize("full_at", [1, 2])  # at the note, at the row
def test_a_full_disk_leaves_no_half_row(crops, monkeypatch, full_at):
    crops.append(ROW)
    before = crops.path.read_bytes()
    real, calls = module.os.write, []

    def write(handle, data):
        calls.append(data)
        return real(handle, data[:7] if len(calls) == full_at else data)

    monkeypatch.setattr(module.os, "write", write)
    with pytest.raises(InputError, match="disk is full"):
        crops.append(ROW)
    assert crops.path.read_bytes() == before and len(calls) == full_at
    crops.append(ROW)
    assert read_rows(crops.path) == [ROW, ROW]


def test_the_row_is_on_the_disk_before_append_returns(crops, monkeypatch):
    """The note before the table, and both before anybody is told."""
    synced = []
    real = module.os.fsync

    def fsync(handle):
        synced.append(crops.path.read_bytes() if crops.path.exists() else b"")
        real(handle)

    monkeypatch.setattr(module.os, "fsync", fsync)
    crops.append(ROW)
    # the note, the folder that names both for the first time, the table
    assert synced[:2] == [b"", b""] and synced[2].endswith(b"270\n") and len(synced) == 3


WRITER = """
import sys
from bilderatlas.desk.journal import Journal
from bilderatlas.files import CROPS
table = Journal(sys.argv[1], CROPS)
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
