"""Boxes drawn by hand: read, checked with a sentence a fault, appended to, frozen."""

import pandas as pd
import pytest
from PIL import Image

from bilderatlas.collection.crops.crop import Crop
from bilderatlas.collection.crops.decisions import (
    SIDES,
    Decision,
    check_decisions,
    read_decisions,
    read_log,
)
from bilderatlas.collection.crops.freeze import freeze
from bilderatlas.collection.crops.frozen import read_frozen, write_frozen
from bilderatlas.desk.journal import Journal
from bilderatlas.errors import InputError
from bilderatlas.files import CROP_PROPOSALS, CROPS, FROZEN_CROPS, read_table, write_table

HEADER = ",".join(CROPS)


@pytest.fixture
def table(tmp_path):
    def write(*lines, header=HEADER, encoding="utf-8"):
        path = tmp_path / "crops.csv"
        path.write_bytes("\n".join([header, *lines, ""]).encode(encoding))
        return path

    return write


def test_the_last_row_of_a_picture_wins(table):
    path = table(
        "a,1,2,30,40,me,2026-01-01T10:00:00,0",
        "b,0,0,10,10,me,,",
        "a,5,6,35,46,you,2026-01-02T10:00:00,90",
    )
    found = read_decisions(path)
    assert found["a"].box == (5, 6, 35, 46) and found["a"].turn == 90 and found["a"].by == "you"
    assert found["b"].box == (0, 0, 10, 10) and found["b"].turn == 0


def test_a_row_without_numbers_takes_the_decision_back_and_another_sets_it_again(table):
    rows = ["a,1,2,30,40,me,,0", "a,,,,,me,,", "b,1,2,3,4,me,,0", "b,,,,,,,", "b,2,2,9,9,me,,180"]
    found = read_decisions(table(*rows))
    assert list(found) == ["b"] and found["b"].box == (2, 2, 9, 9)
    log, faults = read_log(table(*rows))
    assert len(log) == 5 and not faults


def test_what_a_spreadsheet_program_writes(table):
    path = table(
        "40,0;zwei;;5;0;30;1", "\t;;;;;;",
        header="bottom;image_id;by;left;top;right;ignored", encoding="utf-8-sig",
    )  # fmt: skip
    found = read_decisions(path)
    assert found["zwei"].box == (5, 0, 30, 40)
    assert found["zwei"].turn == 0 and found["zwei"].checked_at == ""


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("a,x,2,30,40,,,0", ["line 2", "left is 'x'", "whole number"]),
        ("a,1,,30,40,,,0", ["line 2", "top is empty"]),
        ("a,1,2.5,30,40,,,0", ["line 2", "top is '2.5'"]),
        ("a,1,nan,30,40,,,0", ["line 2", "top is 'nan'"]),
        ("a,1,2,1e400,40,,,0", ["line 2", "right is '1e400'"]),
        ("a,1,2,30,40,,,45", ["line 2", "turn is 45", "0, 90, 180 or 270"]),
        (",1,2,30,40,,,0", ["line 2", "no image_id"]),
    ],
)
def test_a_row_that_cannot_be_understood_is_one_sentence(table, row, words):
    path = table(row)
    with pytest.raises(InputError) as caught:
        read_decisions(path)
    assert str(path) in str(caught.value) and "\n" not in str(caught.value)
    for word in words:
        assert word in str(caught.value)


def test_a_withdrawn_picture_leaves_the_other_decisions_standing(table, caplog):
    path = table("z,1,2,30,40,,,0", "a,1,2,30,40,,,0")
    crops = check_decisions(path, read_decisions(path), {"a": (60, 50)})
    assert crops == {"a": Crop(1, 2, 30, 40, 0, 60, 50)}
    assert f"{path}, line 2: the collection has no picture 'z'" in caplog.text


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("a,30,2,30,40,,,0", ["left 30 is not left of right 30"]),
        ("a,1,50,30,40,,,0", ["top 50 is not above bottom 40"]),
        ("a,-1,2,30,40,,,0", ["outside the scan", "60 x 50"]),
        ("a,1,2,61,40,,,0", ["1, 2, 61, 40 reaches outside", "60 x 50"]),
        ("a,1,2,60,51,,,0", ["outside the scan"]),
    ],
)
def test_a_box_that_cannot_stand_is_one_sentence(table, row, words):
    path = table(row)
    with pytest.raises(InputError) as caught:
        check_decisions(path, read_decisions(path), {"a": (60, 50)})
    assert f"{path}, line 2" in str(caught.value)
    for word in words:
        assert word in str(caught.value)


def test_many_faults_are_told_together_and_counted(table):
    path = table(*(f"p{number},5,5,5,5,,,0" for number in range(13)))
    sizes = {f"p{number}": (60, 50) for number in range(13)}
    with pytest.raises(InputError) as caught:
        check_decisions(path, read_decisions(path), sizes)
    assert str(caught.value).count("is not left of") == 10
    assert str(caught.value).endswith("... and 3 more.")


def test_a_box_of_the_whole_scan_can_stand(table):
    path = table("a,0,0,60,50,,,270")
    crops = check_decisions(path, read_decisions(path), {"a": (60, 50)})
    assert crops["a"] == Crop(0, 0, 60, 50, 270, 60, 50)


def test_no_file_an_empty_one_and_a_header_alone_hold_no_decision(tmp_path, table):
    assert read_decisions(tmp_path / "none.csv") == {}
    assert read_decisions(table()) == {}
    (tmp_path / "crops.csv").write_text("")
    assert read_decisions(tmp_path / "crops.csv") == {}
    with pytest.raises(InputError, match="lacks the column"):
        read_decisions(table("1,2", header="image_id,left"))


# --- what the desk writes


def test_what_the_desk_appends_is_read_back(tmp_path):
    path = tmp_path / "new" / "crops.csv"
    journal = Journal(path, CROPS)
    rows = [
        Decision("a", (1, 2, 30, 40), 90, 'Anna "A." Ö, Dr.', "2026-01-01T10:00:00"),
        Decision("<b>&amp;", (0, 0, 5, 5), 0, "=1+1", ""),
        Decision("a", None, 0, "Anna", "2026-01-01T10:01:00"),
    ]
    for row in rows:
        journal.append(cells_of(row))
    log, faults = read_log(path)
    assert not faults
    assert [(r.image_id, r.box, r.turn, r.by, r.checked_at) for r in log] == [
        (r.image_id, r.box, r.turn, r.by, r.checked_at) for r in rows
    ]
    assert path.read_text(encoding="utf-8").splitlines()[0] == HEADER


def test_what_the_desk_appends_to_a_hand_written_table_is_read_back(table):
    path = table("7;8;9;10;a", header="left;top;right;bottom;image_id", encoding="utf-8-sig")
    path.write_bytes(path.read_bytes().rstrip(b"\n"))  # its last line is not ended
    journal = Journal(path, CROPS)
    journal.append(cells_of(Decision("b", (1, 2, 3, 4), 90, "me", "now")))
    found = read_decisions(path)
    assert found["a"].box == (7, 8, 9, 10) and found["a"].turn == 0
    assert found["b"].box == (1, 2, 3, 4) and found["b"].turn == 90


def cells_of(row):
    box = dict.fromkeys(SIDES, "")
    if row.box:
        box = dict(zip(SIDES, map(str, row.box), strict=True))
    rest = {"turn": str(row.turn), "by": row.by, "checked_at": row.checked_at}
    return {"image_id": row.image_id} | box | rest


# --- frozen


def test_frozen_crops_are_read_back(tmp_path):
    crops = {"b": Crop(1, 2, 30, 40, 90, 60, 50), "a": Crop(0, 0, 60, 50, 0, 60, 50)}
    told = {"a": ("", "", "rule"), "b": ("me", "2026", "hand")}
    write_frozen(crops, told, tmp_path / "crops.csv")
    assert read_frozen(tmp_path / "crops.csv") == crops
    table = read_table(tmp_path / "crops.csv", FROZEN_CROPS)
    assert table["image_id"].tolist() == ["a", "b"] and table["source"].tolist() == ["rule", "hand"]
    assert read_frozen([]) == {} and read_frozen(None) == {}
    (tmp_path / "crops.csv").write_text(",".join(FROZEN_CROPS) + "\na,1,2,x,4,,,0,6,6,hand\n")
    with pytest.raises(InputError, match="delete the file"):
        read_frozen(tmp_path / "crops.csv")


def proposal(name, confidence, box=(1, 1, 50, 40)):
    sides = dict(zip(("left", "top", "right", "bottom"), box, strict=True))
    rest = {"turn": 0, "card": "grey left", "aspect": 1.2, "expected_aspect": "", "reason": "card"}
    return {"image_id": name, **sides, **rest, "confidence": confidence, "width": 60, "height": 50}


def test_hands_go_before_the_rule_and_the_rule_needs_leave(table, tmp_path):
    for name in "abcd":
        Image.new("L", (60, 50)).save(tmp_path / f"{name}.png")
    manifest = pd.DataFrame(
        {"image_id": list("abcd"), "file": [str(tmp_path / f"{name}.png") for name in "abcd"]}
    )
    proposals = tmp_path / "proposals.csv"
    rows = [proposal("a", 0.95), proposal("b", 0.89), proposal("c", 0.99), proposal("gone", 1)]
    write_table(pd.DataFrame(rows), proposals, CROP_PROPOSALS)
    path = table("c,5,5,20,20,me,2026,90", "d,5,5,20,20,me,2026,0", "d,,,,,me,2026,")
    crops, told = freeze(manifest, path, proposals, 0.9)
    assert set(crops) == set(told) == {"a", "c"}
    assert crops["a"].box == (1, 1, 50, 40) and told["a"] == ("", "", "rule")
    assert crops["c"] == Crop(5, 5, 20, 20, 90, 60, 50) and told["c"] == ("me", "2026", "hand")
    assert set(freeze(manifest, path, None, None)[0]) == {"c"}
    assert set(freeze(manifest, None, proposals, 0.5)[0]) == {"a", "b", "c"}
    assert freeze(manifest, None, None, None) == ({}, {})
    # taken back, the rule has the word again
    path = table("c,5,5,20,20,me,2026,90", "c,,,,,me,2026,")
    assert freeze(manifest, path, proposals, 0.9)[1]["c"] == ("", "", "rule")
