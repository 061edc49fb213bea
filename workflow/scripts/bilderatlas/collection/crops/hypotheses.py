"""Hypotheses: rectangles of straight lines that might be the photograph, and what speaks for each.

A side is any straight line that steps in the picture support, or the scan's own edge. All
combinations of four sides are weighed at once, with sums along the lines made beforehand.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import cv2
import numpy as np

from bilderatlas.collection.crops import hough
from bilderatlas.collection.crops.lines import OUTWARDS, SIDES

RIM = (0.008, 0.055)  # width of a paper's rim, share of the photograph
PARALLEL = 0.008  # difference of slopes
LEAST = 0.25  # the photograph holds at least this share of the scan's width and height
# how far beside a line its neighbourhood is looked at, share of the long side: a shadow that lies
# along a thing hides the bed next to it
NEAR = (0.008, 0.02, 0.035)


@dataclass(frozen=True)
class Line:
    """A straight line that a side may lie on, at ``position`` in the middle of the scan.

    Attributes:
        position: x of an upright line, y of a lying one; pixels.
        slope: pixels per pixel along it.
        edge: whether it is the scan's own edge.
        sums: (k, length + 1), sums along the line of the maps that are given.
    """

    position: float
    slope: float
    edge: bool
    sums: np.ndarray


def trace(maps: list[tuple[np.ndarray, float]], position: float, slope: float, edge: bool) -> Line:
    """A line with the sums of each map along it, read ``offset`` pixels beside it."""
    height, width = maps[0][0].shape
    rows = np.arange(height)
    at = position + slope * (rows - height / 2)
    sums = np.zeros((len(maps), height + 1), np.float32)
    for index, (values, offset) in enumerate(maps):
        x = np.floor(at + offset).astype(int)
        inside = (x >= 0) & (x < width)
        found = np.where(inside, values[rows, x.clip(0, width - 1)], 0)
        sums[index, 1:] = np.cumsum(found)
    return Line(position, slope, edge, sums)


def integral(values: np.ndarray) -> np.ndarray:
    """Sums over all rectangles from the upper left corner, (h + 1, w + 1)."""
    return cv2.integral(values.astype(np.float32), sdepth=cv2.CV_64F)


def inside(sums: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """The sum of a map within boxes (n, 4), by its integral."""
    left, top, right, bottom = np.round(boxes).astype(int).T
    return sums[bottom, right] - sums[top, right] - sums[bottom, left] + sums[top, left]


@dataclass(frozen=True)
class Evidence:
    """The maps that hypotheses are weighed by, all (h, w).

    Attributes:
        ridges: where a step across, and where a step down, is a ridge; bool.
        signed: steps across, and down, with their sign; float32 (h, w, 3).
        ground: bed, by what reaches the scan's edge; bool.
        board: the even rim of the largest thing (a mount, or a paper's rim); bool.
        cards: patches of cards; bool.
        calm: where nothing changes from pixel to pixel; bool.
    """

    ridges: tuple[np.ndarray, np.ndarray]
    signed: tuple[np.ndarray, np.ndarray]
    ground: np.ndarray
    board: np.ndarray
    cards: np.ndarray
    calm: np.ndarray


def find_lines(evidence: Evidence, known: dict[str, list[hough.Found]]) -> dict[str, list[Line]]:
    """The lines that each side may lie on; ``known`` are some from elsewhere, by side."""
    found = {}
    for sides, axis in ((("left", "right"), 0), (("top", "bottom"), 1)):
        turn = np.transpose if axis else np.asarray
        ridge = turn(evidence.ridges[axis])
        signed = evidence.signed[axis].transpose(1, 0, 2) if axis else evidence.signed[axis]
        height, width = ridge.shape
        votes = hough.ridge_votes(ridge), hough.steady_votes(signed)
        wide = cv2.dilate(ridge.astype(np.uint8), np.ones((1, 3), np.uint8))
        ground = turn(evidence.ground | evidence.cards)
        grounds = [ground, turn(evidence.board), turn(evidence.calm)]
        reach = [max(2.0, share * max(height, width)) for share in NEAR]
        for name in sides:
            out = OUTWARDS[name]
            span = (0, (1 - LEAST) * width) if out < 0 else (LEAST * width, width)
            maps = [
                (wide, -0.5),
                *((signed[..., band], -0.5) for band in range(3)),
                *((one, -out * reach[0] - 0.5) for one in grounds),
                *((one, out * near - 0.5) for one in grounds for near in reach),
            ]
            end = 0.0 if out < 0 else float(width)
            picked = hough.find_lines(*votes, known.get(name, []), height, span)
            found[name] = [
                trace(maps, end, 0.0, True), *(trace(maps, *line, False) for line in picked)
            ]  # fmt: skip
    return found


def combine(lines: dict[str, list[Line]]) -> np.ndarray:
    """All combinations of four lines, as indices (n, 4) in the order of :data:`SIDES`."""
    return np.array(list(itertools.product(*(range(len(lines[name])) for name in SIDES))))


def boxes_of(
    lines: dict[str, list[Line]], chosen: np.ndarray, shape: tuple[int, int]
) -> tuple[np.ndarray, np.ndarray]:
    """Boxes (n, 4) around the quadrilaterals of chosen lines; which of them are large enough."""
    height, width = shape
    middles = values_of(lines, chosen, "position")
    slopes = values_of(lines, chosen, "slope")
    left, top, right, bottom = middles.T
    # where a side ends it lies farther out than in its middle
    reach = np.stack([bottom - top, right - left, bottom - top, right - left], axis=1) / 2
    centre = np.stack([(top + bottom - height) / 2, (left + right - width) / 2] * 2, axis=1)
    places = middles + slopes * centre
    out = np.array([OUTWARDS[name] for name in SIDES])
    boxes = places + out * np.abs(slopes) * np.maximum(reach, 0)
    boxes = boxes.clip(0, [width, height, width, height])
    large = (boxes[:, 2] - boxes[:, 0] > LEAST * width) & (
        boxes[:, 3] - boxes[:, 1] > LEAST * height
    )
    return boxes, large


def values_of(lines: dict[str, list[Line]], chosen: np.ndarray, what: str) -> np.ndarray:
    return np.stack(
        [
            np.array([getattr(line, what) for line in lines[name]])[chosen[:, index]]
            for index, name in enumerate(SIDES)
        ],
        axis=1,
    )


def along(
    lines: dict[str, list[Line]], chosen: np.ndarray, boxes: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """What the maps say along the sides of boxes.

    Returns:
        the mean of each map along each side, (n, 4, k); and for each side the best support that a
        line a little farther out has over the same stretch, (n, 4): the rim of a paper beside
        the rim of its image.
    """
    means, rivals = [], []
    for index, name in enumerate(SIDES):
        sums = np.stack([line.sums for line in lines[name]])  # (lines, k, length + 1)
        start, end = (1, 3) if name in ("left", "right") else (0, 2)
        low = np.round(boxes[:, start]).astype(int)
        high = np.minimum(
            np.maximum(np.round(boxes[:, end]).astype(int), low + 1), sums.shape[2] - 1
        )
        low = np.minimum(low, high - 1)
        picked, length = chosen[:, index], (high - low)[:, None]
        means.append((sums[picked, :, high] - sums[picked, :, low]) / length)
        # (lines, k, n): every line over every stretch
        every = (sums[:, :, high] - sums[:, :, low]) / length.T
        # board on both sides: a ruled line, and no edge
        same = np.minimum(every[:, 5], every[:, 10])
        support = (every[:, 0] * (1 - same)).T
        # by how much the boxes would grow if the other line were their side
        places = np.array([line.position for line in lines[name]])
        across = (
            boxes[:, 2] - boxes[:, 0] if name in ("left", "right") else boxes[:, 3] - boxes[:, 1]
        )
        farther = OUTWARDS[name] * (places[None, :] - places[picked][:, None]) / across[:, None]
        real = np.array([not line.edge for line in lines[name]])
        slopes = np.array([line.slope for line in lines[name]])
        alike = np.abs(slopes[None, :] - slopes[picked][:, None]) < PARALLEL
        near = (farther > RIM[0]) & (farther < RIM[1]) & real & alike
        rivals.append(np.where(near, support, 0).max(axis=1))
    return np.stack(means, axis=1), np.stack(rivals, axis=1)
