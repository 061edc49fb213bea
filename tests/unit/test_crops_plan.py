"""Which collections are cropped, what waits, and when a changed box trains a model anew."""

import csv

import pytest

from bilderatlas.files import CROPS, FROZEN_CROPS
from plan import crops, digests

HAND = ",".join(CROPS)
FROZEN = ",".join(FROZEN_CROPS)


@pytest.fixture
def place(tmp_path, monkeypatch):
    """Write a file below an empty working folder; no lines take it away."""
    monkeypatch.chdir(tmp_path)

    def write(name, *lines):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join([*lines, ""]), encoding="utf-8")
        return path

    return write


def entry(accept=None):
    return {"crops": {"propose": False, "accept": accept}}


def test_without_decisions_and_without_the_setting_a_collection_is_not_cropped(place):
    assert not crops.cropped("own", entry(), [])
    assert not crops.cropped("own", entry(), ["--forcerun", "freeze_crops"])
    place("resources/own/crops.csv", HAND)
    assert not crops.cropped("own", entry(), [])
    place("resources/own/crops.csv", HAND, "a,1,2,3,4,me,,0", "a,,,,,me,,")
    assert not crops.cropped("own", entry(), ["--forcerun", "freeze_crops"])
    assert crops.cropped("own", entry(0.9), [])


def test_decisions_count_from_the_start_but_do_not_disturb_what_is_packed(place):
    place("resources/own/crops.csv", HAND, "a,1,2,3,4,me,,0")
    assert crops.cropped("own", entry(), [])
    place("results/own/pack/grey-320.h5")
    assert not crops.cropped("own", entry(), [])
    assert crops.cropped("own", entry(), ["-n", "--forcerun", "freeze_crops"])
    assert crops.cropped("own", entry(), ["results/own/crops.csv"])
    assert not crops.cropped("own", entry(), ["results/other/crops.csv"])


def test_once_cropped_a_collection_stays_so(place):
    place("results/own/crops.csv", FROZEN)
    place("results/own/pack/grey-320.h5")
    assert crops.cropped("own", entry(), [])


def test_what_waits_is_counted_and_said_once(place):
    frozen = place(
        "results/own/crops.csv", FROZEN, "a,1,2,3,4,me,,0,9,9,hand", "b,1,2,3,4,,,0,9,9,rule"
    )
    known = {"own": entry(), "other": entry()}
    said = crops.sentence(known, [])
    assert "1 in resources/own/crops.csv." in said
    assert "`snakemake results/own/crops.csv --forcerun freeze_crops`" in said
    assert crops.sentence(known, ["results/own/crops.csv", "--forcerun", "freeze_crops"]) == ""
    assert crops.sentence(known, ["results/own/crops.csv"]) == ""
    assert "other" not in said
    place("resources/own/crops.csv", HAND, "a,1,2,3,4,you,2026,0")
    assert crops.waiting("own") == 0 and crops.sentence(known, []) == ""
    # a spreadsheet program's numbers are no other box
    place("resources/own/crops.csv", HAND, 'a,1.0,"2,0",3,4,me,,')
    assert crops.waiting("own") == 0
    # another box, a turn, a new picture, one of the rule's that a hand confirms
    place("resources/own/crops.csv", HAND, "a,1,2,3,5,,,0", "c,1,2,3,4,,,0", "b,1,2,3,4,,,0")
    assert crops.waiting("own") == 3
    place("resources/own/crops.csv", HAND, "a,1,2,3,4,,,90")
    assert crops.waiting("own") == 1
    frozen.unlink()
    assert crops.waiting("own") == 1
    # packed without crops: it waits; not packed yet: the first run freezes it
    assert crops.sentence(known, []) == ""
    place("results/own/pack/grey-320.h5")
    assert "1 in resources/own/crops.csv." in crops.sentence(known, [])


@pytest.mark.parametrize("text", [b"\xff\xfe\x00", b'image_id,left\n"', b"a;b\n1;2\n"])
def test_a_table_that_cannot_be_understood_is_handed_to_the_rule_that_says_why(place, text):
    place("resources/own/crops.csv").write_bytes(text)
    assert crops.cropped("own", entry(), [])
    place("results/own/pack/grey-320.h5")
    assert not crops.cropped("own", entry(), [])
    assert crops.cropped("own", entry(), ["--forcerun", "freeze_crops"])
    assert crops.waiting("own") == 0
    assert "resources/own/crops.csv cannot be understood" in crops.sentence({"own": entry()}, [])


@pytest.mark.parametrize("text", [b"", b"\n", b"x\n\n", HAND.encode()])
def test_a_table_without_rows_holds_no_decision(place, text):
    place("resources/own/crops.csv").write_bytes(text)
    assert not crops.cropped("own", entry(), [])
    assert crops.sentence({"own": entry()}, []) == ""


def test_a_freezing_that_failed_leaves_a_cropped_collection(place):
    place("results/own/pack/grey-320.h5")
    assert not crops.cropped("own", entry(), [])
    place(crops.kept_file("own"), FROZEN)
    assert crops.cropped("own", entry(), [])


def test_every_cell_in_quotes_and_a_line_end_inside_one(place):
    path = place("resources/own/crops.csv")
    text = '"image_id";"left";"top";"right";"bottom";"by"\n"a";"1";"2";"3";"4";"A.\nName"\n'
    path.write_text(text, encoding="utf-8")
    assert crops.decisions(path) == {"a": ("1", "2", "3", "4", "0")}


def test_semicolons_and_a_byte_order_mark(place):
    path = place("resources/own/crops.csv")
    text = "right; bottom; image_id; left; top\n3;4;a;1;2\n"
    path.write_bytes(text.encode("utf-8-sig"))
    assert crops.decisions(path) == {"a": ("1", "2", "3", "4", "0")}


# --- the training list

SPLIT = ("image_id,part", "a,train", "b,train", "c,test")
LISTED = ("image_id,file,bytes,sha256", "a,a.jpg,1,aa", "b,b.jpg,1,bb", "c,c.jpg,1,cc")


@pytest.fixture
def digest(place):
    split, listed = place("split.csv", *SPLIT), place("manifest.csv", *LISTED)

    def of(*rows):
        path = None if rows == (None,) else place("crops.csv", FROZEN, *rows)
        return digests.training_list_digest(split, listed, path)

    return of


def test_crops_that_change_nothing_train_nothing(digest):
    plain = digest(None)
    assert digest() == plain
    assert digest("a,0,0,9,8,me,2026,0,9,8,hand") == plain
    # of a test picture
    assert digest("c,1,1,5,5,me,2026,90,9,8,hand") == plain


def test_each_number_of_a_training_picture_counts_and_who_drew_it_does_not(digest):
    rows = ["a,1,1,5,5,me,2026,0,9,8,hand", "a,2,1,5,5,me,2026,0,9,8,hand",
            "a,1,2,5,5,me,2026,0,9,8,hand", "a,1,1,6,5,me,2026,0,9,8,hand",
            "a,1,1,5,6,me,2026,0,9,8,hand", "a,1,1,5,5,me,2026,90,9,8,hand",
            "a,0,0,9,8,me,2026,180,9,8,hand", "b,1,1,5,5,me,2026,0,9,8,hand"]  # fmt: skip
    found = [digest(None), *map(digest, rows)]
    assert len(set(found)) == len(found)
    assert digest("a,1,1,5,5,you,2027,0,9,8,rule") == found[1]


def test_the_digest_without_crops_is_the_one_that_earlier_models_carry(digest):
    """Worked out by hand from what it is of, so that an upgrade trains no model anew."""
    import hashlib

    assert digest(None) == hashlib.sha256(b"a aa\nb bb").hexdigest()[:12]


def test_a_table_of_crops_that_is_not_there_yet_is_waited_for(digest, place, tmp_path):
    digest()
    (tmp_path / "crops.csv").unlink()
    with pytest.raises(FileNotFoundError):
        digests.training_list_digest(
            tmp_path / "split.csv", tmp_path / "manifest.csv", tmp_path / "crops.csv"
        )


def test_the_columns_are_those_of_the_format(place):
    path = place("results/own/crops.csv", FROZEN, "a,1,2,3,4,me,,0,9,9,hand")
    with path.open(newline="") as handle:
        row = next(csv.DictReader(handle))
    assert {"left", "top", "right", "bottom", "turn", "width", "height", "source"} <= set(row)
