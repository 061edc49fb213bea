"""One picture laid over another: the homography, what is plausible, and where they disagree."""

import cv2
import numpy as np
import pytest

from bilderatlas.collection.prints.alignment import compare, frame
from bilderatlas.collection.prints.features import extract
from bilderatlas.collection.prints.matching import match, normalised, plausible
from bilderatlas.collection.prints.relations import PRINT, VARIANT, judge
from tests.prints import framed, reprint, scene, turn

PERFECT = {
    "matches": 100, "inliers": 100, "blocks": 100, "apart": 0.0, "cluster": 0.0, "moved": 0.0,
    "shift": 0.0, "covered_a": 1.0, "covered_b": 1.0,
}  # fmt: skip


@pytest.fixture(scope="module")
def picture():
    return scene(1)


def laid(a, b, mirrored=False):
    """Match and agreement of two pictures, with all columns that are judged."""
    found = match(extract(a, 500), extract(b, 500), mirrored)
    assert found is not None
    other = np.ascontiguousarray(b[:, ::-1]) if mirrored else b
    agreement = compare(a, other, found.homography)
    numbers = {"matches": found.matches, "inliers": found.inliers} | vars(agreement)
    return found, numbers


@pytest.mark.parametrize("mirrored", [False, True])
def test_the_homography_is_found(picture, mirrored):
    true = np.array([[0.8, 0.05, 30.0], [-0.04, 0.82, 20.0], [1e-5, 2e-5, 1.0]])
    height, width = picture.shape
    # b is what is seen through the inverse: b -> a is `true`
    b = cv2.warpPerspective(picture, np.linalg.inv(true), (width, height), borderValue=128)
    b = reprint(b, 3)
    if mirrored:
        b = np.ascontiguousarray(b[:, ::-1])
    found, _ = laid(picture, b, mirrored)
    corners = np.array([[[60, 60], [340, 60], [340, 240], [60, 240]]], np.float32)
    told = cv2.perspectiveTransform(corners, found.homography)
    assert np.abs(told - cv2.perspectiveTransform(corners, true)).max() < 1.0
    assert found.inliers > 80 and found.inliers <= found.matches


def test_unlike_pictures_are_not_laid_over_each_other(picture):
    other = extract(scene(2), 500)
    of = extract(picture, 500)
    for mirrored in (False, True):
        found = match(of, other, mirrored)
        assert found is None or found.inliers < 12
    flat = extract(np.full((60, 80), 128, np.uint8), 100)
    assert match(of, flat, False) is None and match(flat, of, True) is None


@pytest.mark.parametrize(
    ("homography", "good"),
    [
        (np.eye(3), True),
        (np.diag([5.0, 5.0, 1]), True),
        (np.diag([0.1, 0.1, 1]), False),  # a tenth of the size
        (np.diag([8.0, 8.0, 1]), False),
        (np.diag([-1.0, 1, 1]), False),  # turned over
        (np.diag([2.0, 1, 1]), False),  # stretched
        (np.array([[0.0, -1, 0], [1, 0, 0], [0, 0, 1]]), True),  # a quarter turn
        (np.array([[1.0, 1.2, 0], [0, 1, 0], [0, 0, 1]]), False),  # sheared
        (np.array([[1.0, 0, 0], [0, 1, 0], [-0.02, 0, 1]]), False),  # folded at x = 50
        (np.array([[1.0, 0, 0], [0, 1, 0], [0.008, 0, 1]]), False),  # tapers
        (-np.eye(3), True),  # the same as the first
    ],
)
def test_what_is_plausible(homography, good):
    assert plausible(homography, 60, 100) == good


def test_normalised_by_hand():
    # b, 100 x 50 px, fills the right half of a, 200 x 50 px
    homography = np.array([[1.0, 0, 100], [0, 1, 0], [0, 0, 1]])
    made = normalised(homography, (50, 200), (50, 100))
    assert made @ (0, 0, 1) == pytest.approx([0.5, 0, 1])
    assert made @ (1, 1, 1) == pytest.approx([1, 1, 1])


# --- agreement


def test_a_print_agrees_everywhere(picture):
    found, numbers = laid(picture, reprint(picture, 4))
    assert numbers["correlation"] > 0.8 and numbers["apart"] < 0.02
    assert numbers["moved"] == 0 and numbers["shift"] < 0.02
    assert numbers["covered_a"] > 0.97 and numbers["covered_b"] > 0.97
    assert judge(numbers).relation == PRINT and judge(numbers).cut == "no"
    assert not found.mirrored


@pytest.mark.parametrize(
    ("change", "cut"),
    [
        (framed, "no"),
        (lambda picture: framed(picture[:, :250]), "yes"),
        (lambda picture: turn(picture, 3)[20:-20, 20:-20], "yes"),
        (lambda picture: cv2.resize(picture[60:240, 80:330], None, fx=1.6, fy=1.6), "yes"),
        (lambda picture: np.rot90(picture).copy(), "no"),
    ],
    ids=["rim", "cut and rim", "turned", "enlarged", "quarter turn"],
)
def test_rims_cuts_and_turns_are_prints(picture, change, cut):
    _, numbers = laid(picture, change(reprint(picture, 4)))
    verdict = judge(numbers)
    assert (verdict.relation, verdict.cut) == (PRINT, cut), numbers


@pytest.mark.parametrize("tone", [20, 240])
@pytest.mark.parametrize("place", [(200, 150), (100, 80), (300, 200), (60, 220), (350, 90)])
def test_a_figure_that_came_makes_a_variant(picture, tone, place):
    x, y = place
    other = picture.copy()
    # a figure of 95 px of 300, in a striped dress: 1/55 of the picture
    cv2.ellipse(other, (x, y), (16, 36), 0, 0, 360, tone, -1)
    for stripe in range(-24, 30, 10):
        cv2.line(other, (x - 10, y + stripe), (x + 10, y + stripe), 255 - tone, 3)
    cv2.circle(other, (x, y - 46), 11, 255 - tone, -1)
    _, numbers = laid(picture, reprint(other, 4))
    assert numbers["correlation"] > 0.9 and numbers["shift"] < 0.02  # all else agrees
    assert numbers["moved"] > 0.0068
    assert judge(numbers).relation == VARIANT


def test_which_share_each_shows(picture):
    half = np.ascontiguousarray(picture[:, :210])
    _, numbers = laid(picture, half)
    assert numbers["covered_a"] == pytest.approx(0.5, abs=0.02)
    assert numbers["covered_b"] == pytest.approx(1, abs=0.02)
    # the other way round
    _, back = laid(half, picture)
    assert back["covered_b"] == pytest.approx(numbers["covered_a"], abs=0.02)


def test_pictures_that_do_not_overlap():
    far = np.array([[1.0, 0, 900], [0, 1, 0], [0, 0, 1]])
    found = compare(scene(1), scene(2), far)
    assert found.blocks == 0 and found.covered_a == 0


def test_the_frame_within_a_rim(picture):
    height, width = picture.shape
    top, bottom, left, right = frame(framed(picture, 15))
    for told, true in zip(
        (top, bottom, left, right), (15, height + 15, 15, width + 15), strict=True
    ):
        assert abs(told - true) <= 3
    assert frame(picture) == (0, height, 0, width)
    # sky is even too, but no rim
    sky = picture.copy()
    sky[:100] = 200
    assert frame(sky)[0] == 0


# --- the verdict


@pytest.mark.parametrize(
    ("change", "relation"),
    [
        ({}, PRINT),
        ({"apart": 0.1}, VARIANT),
        ({"cluster": 0.1}, VARIANT),
        ({"moved": 0.01}, VARIANT),
        ({"shift": 0.05}, VARIANT),
        ({"inliers": 70}, VARIANT),
        ({"blocks": 5}, VARIANT),
        ({"inliers": 30}, None),  # of a hundred points that look alike
        ({"matches": 11, "inliers": 11}, None),
        ({"matches": 12, "inliers": 12}, PRINT),
    ],
)
def test_verdicts(change, relation):
    verdict = judge(PERFECT | change)
    assert (verdict and verdict.relation) == relation
    if verdict:
        assert 0 < verdict.score <= 1


def test_scores_fall_towards_the_limits():
    scores = [judge(PERFECT | {"apart": apart}).score for apart in (0, 0.03, 0.06, 0.089)]
    assert scores[0] == 1 and scores == sorted(scores, reverse=True) and scores[-1] >= 0.5
    scores = [
        judge(PERFECT | {"moved": 1, "inliers": n, "matches": n}).score for n in (12, 40, 400)
    ]
    assert scores == sorted(scores)


@pytest.mark.parametrize(("covered", "cut"), [(0.9, "no"), (0.8, "yes")])
def test_cut(covered, cut):
    for side in ("covered_a", "covered_b"):
        assert judge(PERFECT | {side: covered}).cut == cut
        assert judge(PERFECT | {side: covered, "moved": 1}).cut == "no"
