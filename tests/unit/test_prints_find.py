"""From pictures to pairs: a small collection whose prints are known; reruns; the same file."""

import numpy as np
import pytest

from bilderatlas.collection.prints import find as module
from bilderatlas.collection.prints.cache import Cache
from bilderatlas.collection.prints.find import Pictures, find_pairs
from bilderatlas.files import MATCHES
from tests.prints import framed, reprint, scene


@pytest.fixture(scope="module")
def collection():
    """Ten scenes and further prints of some; ids are not in the order of the rows."""
    pictures = {f"s{number}": scene(number) for number in range(10)}
    mirrored = np.ascontiguousarray(reprint(pictures["s1"], 2)[:, ::-1])
    return pictures | {
        "r0": reprint(pictures["s0"], 1),
        "r1": mirrored,
        "r2": np.ascontiguousarray(reprint(pictures["s2"], 3)[40:250, 60:360]),
        "z3": framed(np.ascontiguousarray(reprint(pictures["s3"], 4)[:, ::-1]), 12),
        "z4": pictures["s4"].copy(),
        "blank": np.full((90, 120), 200, np.uint8),
        "tiny": scene(30, 40, 30, 5),
    }


def found_in(collection, path, workers=1, sums=None):
    ids = list(collection)
    loaded = []

    def load(row):
        loaded.append(ids[row])
        return collection[ids[row]]

    pictures = Pictures(ids, [(sums or {}).get(name, "") for name in ids], load)
    with Cache(path) as cache:
        table = find_pairs(pictures, cache, 400, workers)
    return table, loaded


def test_the_prints_are_found_and_nothing_else(collection, tmp_path):
    table, _ = found_in(collection, tmp_path / "prints.db")
    assert tuple(table.columns) == MATCHES
    rows = table[["image_a", "image_b", "relation", "mirrored", "cut"]].to_numpy().tolist()
    assert rows == [
        ["r0", "s0", "print", "no", "no"],
        ["r1", "s1", "print", "yes", "no"],
        ["r2", "s2", "print", "no", "yes"],
        ["s3", "z3", "print", "yes", "no"],
        ["s4", "z4", "same_file", "no", "no"],
    ]
    assert table["score"].between(0.5, 1).all()


def test_the_transform_takes_b_to_a(collection, tmp_path):
    table, _ = found_in(collection, tmp_path / "prints.db")
    place = {
        (row.image_a, row.image_b): np.array(row.transform.split(), float).reshape(3, 3)
        for row in table.itertuples()
    }

    def taken(pair, x, y):
        u, v, w = place[pair] @ (x, y, 1)
        return u / w, v / w

    # r2 is columns 60..360 and rows 40..250 of s2; here r2 is a
    assert taken(("r2", "s2"), 60 / 420, 40 / 300) == pytest.approx((0, 0), abs=0.01)
    assert taken(("r2", "s2"), 360 / 420, 250 / 300) == pytest.approx((1, 1), abs=0.01)
    # b is mirrored first: left of the mirrored picture is left of a
    assert taken(("r1", "s1"), 0, 0) == pytest.approx((0, 0), abs=0.01)
    assert taken(("s3", "z3"), 12 / 444, 12 / 324) == pytest.approx((0, 0), abs=0.01)


def test_a_second_run_measures_nothing_and_says_the_same(collection, tmp_path, monkeypatch):
    first, _ = found_in(collection, tmp_path / "prints.db", workers=2)

    def never(*_):
        raise AssertionError("measured again")

    monkeypatch.setattr(module.features, "extract", never)
    monkeypatch.setattr(module.alignment, "compare", never)
    again, _ = found_in(collection, tmp_path / "prints.db")
    assert again.equals(first)


def test_a_month_later_only_the_new_picture_is_measured(collection, tmp_path, monkeypatch):
    found_in(collection, tmp_path / "prints.db")
    measured, compared = [], []
    extract, compare_two = module.features.extract, module.compare_two
    monkeypatch.setattr(
        module.features, "extract", lambda *given: measured.append(1) or extract(*given)
    )
    monkeypatch.setattr(
        module, "compare_two", lambda *given: compared.append(1) or compare_two(*given)
    )
    grown = collection | {"new": reprint(collection["s7"], 9)}
    table, _ = found_in(grown, tmp_path / "prints.db")
    assert ["new", "s7", "print"] in table[["image_a", "image_b", "relation"]].to_numpy().tolist()
    assert len(measured) == 1
    # another size of the keys may name a few pairs that were not named before
    assert 1 <= len(compared) < 60 < len(collection) ** 2 / 2


def test_copies_are_compared_once(collection, tmp_path):
    few = {name: collection[name] for name in ("s0", "r0", "s5")}
    grown = few | {"s0-again": few["s0"], "x": few["s0"]}
    table, _ = found_in(grown, tmp_path / "prints.db")
    rows = table[["image_a", "image_b", "relation"]].to_numpy().tolist()
    assert rows == [
        ["r0", "s0", "print"], ["s0", "s0-again", "same_file"], ["s0", "x", "same_file"],
    ]  # fmt: skip


def test_the_same_bytes_are_the_same_file(collection, tmp_path):
    """Even where one could only be decoded otherwise; an unknown sum says nothing."""
    few = {name: collection[name] for name in ("s0", "s1", "s2", "s3")}
    table, _ = found_in(few, tmp_path / "prints.db", sums={"s0": "aa", "s2": "aa", "s1": "bb"})
    assert table[["image_a", "image_b", "relation"]].to_numpy().tolist() == [
        ["s0", "s2", "same_file"]
    ]


def test_a_collection_of_one_or_of_blanks(collection, tmp_path):
    assert found_in({"s0": collection["s0"]}, tmp_path / "one.db")[0].empty
    # a point, a line, a thumbnail and its mirror, noise: nothing to hold on to, nothing to fail at
    rng = np.random.default_rng(0)
    small = scene(0)[:20, :20]
    odd = {
        "black": np.zeros((300, 400), np.uint8), "dot": np.zeros((1, 1), np.uint8),
        "line": np.zeros((1, 400), np.uint8), "tiny": small.copy(), "tiny2": small[:, ::-1].copy(),
        "noise": rng.integers(0, 255, (200, 300)).astype(np.uint8),
        "squares": (np.indices((300, 400)).sum(0) // 10 % 2 * 255).astype(np.uint8),
    }  # fmt: skip
    assert found_in(odd, tmp_path / "odd.db")[0].empty
    blanks = {f"b{tone}": np.full((90, 120), tone, np.uint8) for tone in (10, 200, 255)}
    assert found_in(blanks, tmp_path / "blank.db")[0].empty
