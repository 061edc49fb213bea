"""Prints of the specimen, whose negatives are known: mirrored, cut, and beside their variants."""

import itertools

import numpy as np
import pytest

from bilderatlas.collection.prints.cache import Cache
from bilderatlas.collection.prints.find import Pictures, find_pairs
from bilderatlas.collection.specimen import drawing
from bilderatlas.collection.specimen.plan import plan_collection, random_state

pytestmark = pytest.mark.slow
SEED, SIDE = 2022, 400


@pytest.fixture(scope="module")
def plan():
    return plan_collection(SEED, 240)


@pytest.fixture(scope="module")
def aspects(plan):
    return {picture.scene: picture.aspect for picture in plan if picture.cut is None}


@pytest.fixture(scope="module")
def series(plan):
    """All pictures of places that stand more than once, and as many others."""
    scenes = [picture.scene for picture in plan]
    several = [picture for picture in plan if scenes.count(picture.scene) > 1]
    others = [picture for picture in plan if scenes.count(picture.scene) == 1]
    return [*several, *others[: len(several) // 2]]


@pytest.fixture(scope="module")
def found(series, aspects, tmp_path_factory):
    drawn = []
    for picture in series:
        image = drawing.draw_picture(SEED, picture, aspects[picture.scene]).convert("L")
        image.thumbnail((SIDE, SIDE))
        drawn.append(np.asarray(image))
    ids = [picture.image_id for picture in series]
    with Cache(tmp_path_factory.mktemp("specimen") / "prints.db") as cache:
        table = find_pairs(Pictures(ids, [""] * len(ids), drawn.__getitem__), cache, 600, 2)
    return table.set_index(["image_a", "image_b"])


@pytest.fixture(scope="module")
def pairs(series):
    """Pairs of prints of one negative, with what the one is to the other."""
    told = {}
    for one, other in itertools.combinations(sorted(series, key=lambda p: p.image_id), 2):
        if one.negative == other.negative:
            mirrored = "yes" if one.mirrored != other.mirrored else "no"
            cut = "yes" if (one.cut is None) != (other.cut is None) else "no"
            told[one.image_id, other.image_id] = mirrored, cut
    return told


def test_what_is_called_a_print_is_one(found, pairs, series):
    by_id = {picture.image_id: picture for picture in series}
    called = found.index[found["relation"] == "print"]
    wrong = [pair for pair in called if pair not in pairs]
    # other places never, other moments hardly ever: things on a table that were pushed by a hair
    assert all(by_id[one].scene == by_id[other].scene for one, other in wrong)
    assert len(wrong) <= 0.05 * len(called)


def likeness(one, other, aspects):
    """Correlation of two exposures of a place, drawn with the lens at one place."""
    first, second = (drawing.negative(SEED, it, aspects[it.scene]) for it in (one, other))
    return np.corrcoef(first.ravel(), second.ravel())[0, 1]


def test_no_place_is_drawn_alike_twice(plan, aspects, monkeypatch):
    """Where nobody is in the picture, the camera's step alone tells exposures from prints."""

    def one_lens(seed, *key):
        return random_state(seed, *(key[:2] if key[0] == 3 else key))

    monkeypatch.setattr(drawing, "random_state", one_lens)
    deserted = {
        (picture.scene, picture.exposure): picture
        for picture in plan
        if picture.cut is None
        and (
            picture.facts.get("view") == "empty"
            or picture.facts.get("guest") == ""
            or picture.facts.get("who") == ""
        )
    }
    again = [
        (deserted[scene, 0], picture)
        for (scene, exposure), picture in deserted.items()
        if exposure and (scene, 0) in deserted
    ]
    assert {one.motif for one, _ in again} >= {"pit", "street"}
    assert max(likeness(*pair, aspects) for pair in again) < 0.995
    monkeypatch.setattr(drawing, "_step", lambda seed, picture: 0.0)
    streets = [pair for pair in again if pair[0].motif == "street"]
    assert likeness(*streets[0], aspects) > 0.998


def test_mirrored_and_cut_prints_are_found(found, pairs):
    assert len(pairs) > 20
    assert sum(mirrored == "yes" for mirrored, _ in pairs.values()) >= 8
    assert sum(cut == "yes" for _, cut in pairs.values()) >= 6
    named = [pair for pair in pairs if pair in found.index]
    assert len(named) >= 0.95 * len(pairs)
    assert all(found.loc[pair, "mirrored"] == pairs[pair][0] for pair in named)
    prints = [pair for pair in named if found.loc[pair, "relation"] == "print"]
    assert len(prints) >= 0.75 * len(pairs)
    right = [found.loc[pair, "cut"] == pairs[pair][1] for pair in prints]
    assert np.mean(right) >= 0.9
