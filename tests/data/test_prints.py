"""Prints of the real photographs, against pairs that were judged by eye, and prints made of them.

``zille_judged_pairs.csv``: 283 pairs, each looked at side by side and laid over each other: *print*
(one negative), *variant* (another exposure) or *unsure* (17181, 17183: clouds). ``blind``: what a
second look said that did not know the first, nor what the rule calls the pair.
"""

from pathlib import Path

import cv2
import numpy as np
import pandas as pd
import pytest

from bilderatlas.collection.manifest import list_pictures
from bilderatlas.collection.prints.cache import Cache
from bilderatlas.collection.prints.features import extract
from bilderatlas.collection.prints.find import Pictures, compare_two, find_pairs
from bilderatlas.collection.prints.relations import judge
from bilderatlas.data.pack import decode
from tests.prints import framed, reprint, turn

DATA = Path(__file__).parents[2] / ".." / "shared" / "data" / "zille" / "images"
JUDGED = Path(__file__).with_name("zille_judged_pairs.csv")
SIDE, POINTS = 480, 800
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"no real photographs in {DATA}")


def judged(verdict):
    table = pd.read_csv(JUDGED, dtype=str)
    rows = table[table["verdict"] == verdict]
    return set(zip(rows["image_a"], rows["image_b"], strict=True))


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """Pairs of the 624 photographs, as the workflow finds them."""
    manifest = list_pictures(DATA)
    pictures = Pictures(
        manifest["image_id"].tolist(),
        manifest["sha256"].tolist(),
        lambda row: decode(manifest["file"][row], "grey", SIDE)[:, :, 0],
    )
    with Cache(tmp_path_factory.mktemp("prints") / "prints.db") as cache:
        return find_pairs(pictures, cache, POINTS, 2).set_index(["image_a", "image_b"])


@pytest.mark.slow
def test_what_is_called_a_print_is_one(found):
    called = set(found.index[found["relation"] == "print"])
    true, variants = judged("print"), judged("variant")
    assert (len(true), len(variants)) == (103, 179)
    right, wrong = called & true, called & variants
    assert len(right) / (len(right) + len(wrong)) >= 0.95
    # a pair that nobody has looked at counts as wrong
    assert len(right) / len(called) >= 0.95
    # the tripod did not move, the people did
    for pair in (("156722", "228185"), ("177713", "228437"), ("227655", "227659"),
                 ("17473", "228382"), ("17603", "17604")):  # fmt: skip
        assert pair in variants and found["relation"].get(pair) == "variant"


@pytest.mark.slow
def test_hardly_a_print_is_missed(found):
    called = set(found.index[found["relation"] == "print"])
    true = judged("print")
    assert len(called & true) >= 0.95 * len(true)
    assert len(true - set(found.index)) == 0  # the others are named, as variants
    mirrored = found[(found["mirrored"] == "yes") & (found["relation"] == "print")]
    assert mirrored.index.tolist() == [("17173", "227668")]
    assert found.loc[("17219", "227779"), "cut"] == "yes"
    assert found.loc[("17155", "227647"), "cut"] == "no"


def cut(share):
    def made(picture):
        height, width = (round(share * side) for side in picture.shape)
        top, left = (picture.shape[0] - height) // 3, (picture.shape[1] - width) // 2
        return picture[top : top + height, left : left + width]

    return made


KINDS = {
    "tone": (lambda one: one, False),
    "mirror": (lambda one: one[:, ::-1], True),
    "rim": (framed, False),
    "turned": (lambda one: turn(one, 2), False),
    "cut": (cut(0.6), False),
    "mirrored and cut": (lambda one: framed(cut(0.7)(one[:, ::-1])), True),
}


@pytest.mark.parametrize("kind", KINDS)
def test_prints_made_of_the_photographs_are_known(kind):
    change, mirrored = KINDS[kind]
    right = []
    files = sorted(DATA.glob("*.jpg"))[7::52]
    for number, file in enumerate(files):
        one = decode(file, "grey", SIDE)[:, :, 0]
        whole = cv2.imread(str(file), cv2.IMREAD_GRAYSCALE)
        other = np.ascontiguousarray(change(reprint(whole, number, 1.4)))
        scale = SIDE / max(other.shape)
        other = cv2.resize(other, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        pair = extract(one, POINTS), extract(other, POINTS)
        numbers = compare_two(*pair, [False, True], lambda one=one: one, lambda it=other: it)
        verdict = judge(numbers) if numbers else None
        right.append(
            verdict is not None
            and verdict.relation == "print"
            and numbers["mirrored"] == ("yes" if mirrored else "no")
            and verdict.cut == ("yes" if "cut" in kind else "no")
        )
    assert len(right) == 12
    assert sum(right) >= 11, kind
