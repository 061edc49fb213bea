"""Lays one picture over another by their local features: a homography and how many points agree."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from bilderatlas.collection.prints.features import Features, mirror

# ASSUME: Lowe's own ratio of the nearest to the second nearest distance
_RATIO = 0.8
# ASSUME: paper bends and lenses differ: 1/160 of the long side, 3 px of 480
_TOLERANCE = 1 / 160
_FEWEST = 8  # four points always agree on a homography
# ASSUME: from a contact print to the enlargement of a detail, lengths grow no more than this
_LARGEST_SCALE = 6.0
# ASSUME: scans lie flat: what looks slanted or tapered by more is no view of a flat print
_LARGEST_SHEAR = 1.6
_LARGEST_TAPER = 1.8


@dataclass(frozen=True)
class Match:
    """How one picture lies over another.

    Attributes:
        mirrored: whether picture b was mirrored first.
        homography: float64 (3, 3), px of b (mirrored, if so) to px of a.
        matches: points of a that are like one of b and no other.
        inliers: of these, how many the homography takes to their partners.
    """

    mirrored: bool
    homography: np.ndarray
    matches: int
    inliers: int


def match(a: Features, b: Features, mirrored: bool) -> Match | None:
    """Lay b over a; None where nothing plausible is found.

    The homography is found by MAGSAC (Baráth, Matas and Noskova 2019), the same in every run.

    Args:
        a: features of the one picture.
        b: of the other.
        mirrored: whether b is mirrored first.
    """
    other = mirror(b) if mirrored else b
    rows, partners = _alike(a.descriptors, other.descriptors)
    if len(rows) < _FEWEST:
        return None
    target, source = a.points[rows], other.points[partners]
    tolerance = _TOLERANCE * max(a.height, a.width)
    homography, inside = cv2.findHomography(
        source, target, cv2.USAC_MAGSAC, tolerance, maxIters=2000, confidence=0.999
    )
    if homography is None or not np.isfinite(homography).all():
        return None
    inliers = int(inside.sum())
    if inliers < _FEWEST or not plausible(homography, b.height, b.width):
        return None
    return Match(mirrored, homography, len(rows), inliers)


def _alike(a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows of a and of b that are each other's nearest, clearly nearer than the second nearest."""
    if len(a) < 2 or len(b) < 2:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    one, other = _unit(a), _unit(b)
    alike = one @ other.T
    nearest = alike.argmax(axis=1)
    rows = np.arange(len(a))
    first = alike[rows, nearest]
    back = alike.argmax(axis=0)
    alike[rows, nearest] = -1
    second = alike.max(axis=1)
    # squared distances of unit vectors are 2 - 2 cos
    good = (1 - first < _RATIO**2 * (1 - second)) & (back[nearest] == rows)
    return rows[good], nearest[good]


def _unit(descriptors: np.ndarray) -> np.ndarray:
    values = descriptors.astype(np.float32)
    return values / np.maximum(np.linalg.norm(values, axis=1, keepdims=True), 1e-9)


def plausible(homography: np.ndarray, height: int, width: int) -> bool:
    """Can a flat print of this size, scanned from above, come to lie so?

    Args:
        homography: (3, 3), px of the print to px of the other.
        height: of the print, px.
        width: of the print, px.
    """
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64)
    jacobians = []
    for x, y in corners:
        u, v, depth = homography @ (x, y, 1)
        if depth * homography[2, 2] <= 0:  # a corner lies behind the viewer: the sheet is folded
            return False
        place = np.array([u, v]) / depth
        jacobians.append((homography[:2, :2] - np.outer(place, homography[2, :2])) / depth)
    areas = np.array([np.linalg.det(one) for one in jacobians])
    if (areas <= 0).any():  # turned over: a mirrored print is matched as such
        return False
    stretch = np.array([np.linalg.svd(one, compute_uv=False) for one in jacobians])
    scale = np.sqrt(areas)
    return bool(
        (stretch[:, 0] / stretch[:, 1]).max() < _LARGEST_SHEAR
        and scale.max() / scale.min() < _LARGEST_TAPER
        and 1 / _LARGEST_SCALE < scale.mean() < _LARGEST_SCALE
    )


def normalised(homography: np.ndarray, a: tuple[int, int], b: tuple[int, int]) -> np.ndarray:
    """The homography in coordinates from 0 to 1 of either picture's width and height.

    Args:
        homography: (3, 3), px of b to px of a.
        a: height and width of the one picture, px.
        b: of the other.
    """
    to_a = np.diag([1 / a[1], 1 / a[0], 1.0])
    from_b = np.diag([b[1], b[0], 1.0])
    made = to_a @ homography @ from_b
    return made / made[2, 2]
