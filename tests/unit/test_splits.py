"""Splits: the published one to the last picture, the others disjoint, complete and repeatable."""

import numpy as np
import pandas as pd
import pytest

from bilderatlas.collection import splits
from bilderatlas.collection.splits import ZILLE_EXTRA_AT, group_split, published_split, random_split


@pytest.fixture(scope="module")
def zille():
    """Ids of the 624 published pictures and the 188 that tested."""
    from pathlib import Path

    folder = Path(__file__).resolve().parents[3] / "shared" / "data" / "zille"
    if not folder.is_dir():
        pytest.skip("the published pictures are not in ../shared/data/zille")
    names = [path.stem for path in (folder / "images").iterdir()]
    tested = (folder / "published_test_ids.txt").read_text(encoding="utf-8").split()
    return names, tested


def ids(count):
    return [f"{number:03d}" for number in range(count)]


def test_the_published_split_is_the_published_one(zille):
    names, tested = zille
    assert len(names) == splits.ZILLE_COUNT and len(tested) == 188
    part = published_split(names, 0.7, 2022, ZILLE_EXTRA_AT)
    assert sorted(part.index[part == "test"]) == sorted(tested)
    assert (part == "train").sum() == 436 and part.index.tolist() == sorted(names)


def test_it_is_not_without_the_extra_name(zille):
    names, tested = zille
    part = published_split(names, 0.7, 2022)
    assert len(part) == 624
    assert len(set(part.index[part == "test"]) & set(tested)) < 100


def test_the_pinned_list_of_pictures_gives_the_same_split(zille, checkout):
    """The split needs the names alone, so it can be checked before anything is fetched."""
    names = pd.read_csv(checkout / "config/collections/zille-pictures.csv", dtype=str)["file"]
    stems = names.str.removesuffix(".jpg").tolist()
    part = published_split(stems, 0.7, 2022, ZILLE_EXTRA_AT)
    assert sorted(part.index[part == "test"]) == sorted(zille[1])


# 0.7 x 240 is a whole number: 1 - 0.7 as the other share would ask for one picture too many
@pytest.mark.parametrize("count", [3, 10, 30, 101, 240, 600, 624])
@pytest.mark.parametrize("split", [published_split, random_split])
def test_sizes_are_floor_and_rest(split, count):
    part = split(ids(count), 0.7, 2022)
    training = (7 * count) // 10
    assert part.value_counts().to_dict() == {"train": training, "test": count - training}


@pytest.mark.parametrize("split", [published_split, random_split])
def test_every_picture_has_one_part(split):
    part = split(ids(100), 0.7, 1)
    assert part.index.tolist() == ids(100) and set(part) == {"train", "test"}
    assert (part.name, part.index.name) == ("part", "image_id")


@pytest.mark.parametrize("split", [published_split, random_split])
def test_the_order_of_the_names_does_not_matter_and_the_seed_does(split):
    one = split(ids(100), 0.7, 1)
    turned = np.random.default_rng(0).permutation(ids(100)).tolist()
    assert one.equals(split(turned, 0.7, 1))
    other = split(ids(100), 0.7, 2)
    # two random halves of this kind agree in 58 of 100; chance alone stays far below 80
    assert 40 < (one == other).sum() < 80


@pytest.mark.parametrize("split", [published_split, random_split])
def test_the_share_is_taken(split):
    assert (split(ids(100), 0.5, 1) == "train").sum() == 50


def test_an_extra_name_leaves_no_trace():
    part = published_split(ids(50), 0.7, 3, extra_at=20)
    assert part.index.tolist() == ids(50)
    # 51 names: 35 train and 16 test, and the extra name was one of them
    assert part.value_counts()["test"] in (15, 16)


# --- groups


def grouped(seed, count=300, largest=12):
    sizes = np.random.default_rng(seed).integers(1, largest + 1, count)
    keys = np.repeat(np.arange(count), sizes)[:count]
    return pd.Series([f"g{key}" for key in keys], index=ids(count))


@pytest.mark.parametrize("seed", range(5))
def test_no_group_is_torn_and_the_share_is_met(seed):
    groups = grouped(seed)
    part = group_split(groups, 0.7, seed)
    assert part.index.tolist() == ids(300)
    assert (part.groupby(groups).nunique() == 1).all()
    assert 90 - 3 <= (part == "test").sum() <= 90


def test_a_group_larger_than_the_test_part_trains():
    groups = pd.Series(["large"] * 60 + [f"s{number}" for number in range(40)], index=ids(100))
    for seed in range(5):
        part = group_split(groups, 0.7, seed)
        assert (part[groups == "large"] == "train").all()
        assert (part == "test").sum() == 30


def test_a_group_split_repeats():
    groups = grouped(1)
    one = group_split(groups, 0.7, 1)
    assert one.equals(group_split(groups.sample(frac=1, random_state=0), 0.7, 1))
    assert not one.equals(group_split(groups, 0.7, 2))


def test_single_pictures_are_a_random_split():
    alone = pd.Series(ids(100), index=ids(100))
    assert (group_split(alone, 0.7, 1) == "test").sum() == 30


def test_one_regrouped_picture_moves_few_others():
    """The order of groups is a hash of each key alone, not a shuffle of all."""
    ids = [f"{number:03d}" for number in range(200)]
    groups = pd.Series([name[:2] if number % 3 else name for number, name in enumerate(ids)], ids)
    changed = groups.copy()
    changed["011"] = "alone"
    before, after = (splits.group_split(one, 0.7, 2022) for one in (groups, changed))
    assert (before != after).sum() <= 12
    assert (before == "test").sum() == pytest.approx(60, abs=6)
