"""A kept split: later pictures are new, withdrawn ones are gone, and nothing else moves."""

import json

import numpy as np
import pandas as pd
import pytest

from bilderatlas.collection.earlier_split import keep_parts
from bilderatlas.collection.splits import group_split, random_split
from bilderatlas.errors import InputError

SETTINGS = {"train": 0.7, "seed": 1, "extra": None}


def ids(start, stop):
    return [f"{number:03d}" for number in range(start, stop)]


@pytest.fixture
def keep(tmp_path):
    """keep(names, …) with the file in a folder of its own; ``keep.path`` is that file."""

    def run(names, groups=None, **settings):
        seed = settings.get("seed", 1)

        def draw():
            if groups is not None:
                return group_split(groups, 0.7, seed)
            return random_split(names, 0.7, seed)

        return keep_parts(names, draw, run.path, SETTINGS | settings, groups)

    run.path = tmp_path / "deep" / "random.csv"
    return run


def test_the_first_split_is_the_drawn_one(keep):
    part = keep(ids(0, 100))
    assert part.equals(random_split(ids(0, 100), 0.7, 1))
    assert keep(ids(0, 100)).equals(part)
    assert (part.name, part.index.name) == ("part", "image_id")


def test_a_month_later(keep):
    before = keep(ids(0, 100))
    kept = keep.path.read_bytes()
    now = [*ids(3, 100), *ids(200, 220)]
    part = keep(now[::-1])
    assert part.index.tolist() == sorted(now)
    assert part[ids(3, 100)].equals(before[ids(3, 100)])
    assert set(part[ids(200, 220)]) == {"new"}
    assert keep.path.read_bytes() == kept, "written once"
    # what comes back has its part again
    assert keep(ids(0, 100)).equals(before)


def test_another_setting_draws_anew(keep, caplog):
    before = keep(ids(0, 100))
    part = keep(ids(0, 120), seed=2)
    assert set(part) == {"train", "test"} and len(part) == 120
    assert part.equals(random_split(ids(0, 120), 0.7, 2))
    assert "other settings" in caplog.text
    assert not keep(ids(0, 100), seed=2).equals(before)


def test_a_folder_of_other_pictures_is_drawn_anew(keep, caplog):
    keep(ids(0, 100))
    part = keep(ids(500, 600))
    assert part.equals(random_split(ids(500, 600), 0.7, 1))
    assert "drawn anew" in caplog.text


def test_many_new_pictures_are_told(keep, caplog):
    keep(ids(0, 100))
    assert keep(ids(0, 150)).value_counts()["new"] == 50 and "delete" not in caplog.text
    keep(ids(0, 250))
    assert "150 of 250 pictures came after" in caplog.text and str(keep.path) in caplog.text


def groups_of(names, size=2):
    return pd.Series([f"g{int(name) // size}" for name in names], index=names)


def test_a_corrected_record_tears_no_group_and_trains_nothing(keep, caplog):
    names = ids(0, 100)
    groups = groups_of(names)
    before = keep(names, groups)
    train, test = (before.index[before == name] for name in ("train", "test"))
    corrected = groups.copy()
    corrected[test[:3]] = groups[train[0]]
    part = keep(names, corrected)
    assert (part == "train").equals(before == "train"), "no training list changes"
    assert part[test[:3]].eq("new").all()
    moved = part[(part != before)].index
    # partners of the three in their old groups stay in the test part
    assert set(moved) == set(test[:3])
    in_both = part[part != "new"].groupby(corrected).nunique()
    assert in_both.max() == 1
    assert "3 pictures share their group" in caplog.text and str(keep.path) in caplog.text


def test_prints_found_later_join_parts_in_chains_and_tear_nothing(keep):
    names = ids(0, 200)
    before = keep(names, groups_of(names))
    rng = np.random.default_rng(0)
    groups = groups_of(names)
    for _ in range(40):  # each joins two groups, of whatever parts
        one, other = rng.choice(groups.unique(), 2, replace=False)
        groups = groups.replace(other, one)
    part = keep(names, groups)
    spanning = before.groupby(groups).nunique() > 1
    assert spanning.sum() > 5
    assert part[part != "new"].groupby(groups).nunique().max() == 1
    assert (part == "train").equals(before == "train"), "no training list changes"
    expected = before.mask((before == "test") & groups.map(spanning), "new")
    assert part.equals(expected)
    # what people say is no print is taken back by the next call
    assert keep(names, groups_of(names)).equals(before)


def test_a_validation_part_gives_way_to_test_and_training(keep):
    names = ids(0, 6)
    keep.path.parent.mkdir(parents=True)
    rows = zip(names, ["train", "train", "test", "test", "validation", "validation"], strict=True)
    lines = [f"# drawn with {json.dumps(SETTINGS)}", "image_id,part", *map(",".join, rows)]
    keep.path.write_text("\n".join(lines) + "\n")
    part = keep(names, pd.Series(list("abcdbc"), index=names))
    assert part.tolist() == ["train", "train", "test", "test", "new", "new"]


def test_a_split_that_keeps_no_test_picture_is_drawn_anew(keep, caplog):
    names = ids(0, 20)
    before = keep(names, groups_of(names))
    test = before.index[before == "test"]
    trained = iter(before.index[before == "train"])
    groups = pd.Series(names, index=names)
    for name in test:
        groups[name] = next(trained)
    part = keep(names, groups)
    assert "drawn anew" in caplog.text
    assert set(part) == {"train", "test"} and part.groupby(groups).nunique().max() == 1


def test_a_new_picture_of_a_training_group_is_new(keep):
    names = ids(0, 100)
    keep(names, groups_of(names))
    more = [*names, "100"]
    groups = groups_of(more)
    groups["100"] = "g0"
    assert keep(more, groups)["100"] == "new"


@pytest.mark.parametrize(
    "text",
    ["", "image_id,part\n", "# drawn with {}", "# drawn with {}\nimage_id\na\n",
     "# drawn with {}\nimage_id,part\na,trian\n",
     "# drawn with {}\nimage_id,part\na,train\na,test\n",
     '# drawn with {"a"\nimage_id,part\na,train\n'],
)  # fmt: skip
def test_a_damaged_file_says_how_to_mend_it(keep, text):
    keep.path.parent.mkdir()
    keep.path.write_text(text)
    with pytest.raises(InputError, match="is damaged: delete it"):
        keep(ids(0, 100))
    assert keep.path.read_text() == text


def test_bytes_that_are_no_text(keep):
    keep.path.parent.mkdir()
    keep.path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="is damaged"):
        keep(ids(0, 100))


def test_the_file_says_what_made_it(keep):
    keep(ids(0, 10))
    head, header, *rows = keep.path.read_text().splitlines()
    assert json.loads(head.removeprefix("# drawn with ")) == SETTINGS
    assert header == "image_id,part" and len(rows) == 10
