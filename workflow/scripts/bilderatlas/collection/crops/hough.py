"""Finding straight lines: votes of ridges and of faint, steady steps, over positions and tilts.

All is said of upright lines; turn the maps for lying ones. A line is its x in the middle of the
map's height, and its slope in pixels per pixel.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

TILTS = np.radians(np.arange(-1.8, 1.81, 0.3))  # of a thing laid down by hand
LINES = 7  # of those that ridges vote for, a side
FAINT = 4  # and of those with a small step that is the same all along
STEADY = 1.5  # L*a*b* units per pixel: a step of this size all along a line counts full
LEAST_RIDGE, LEAST_STEADY = 0.08, 0.03  # of its votes, or it is no line
APART = 0.006  # share of the width: nearer lines are one

Found = tuple[float, float]  # position and slope


def presence(steps: np.ndarray, noise: float) -> np.ndarray:
    """Where a step across is a ridge: bool (h, w).

    Args:
        steps: sizes of the steps across, float32 (h, w).
        noise: the usual size of a step where nothing is.
    """
    before = np.roll(steps, 1, axis=1)
    after = np.roll(steps, -1, axis=1)
    return (steps > max(0.9, 3 * noise)) & (steps >= before) & (steps >= after)


def ridge_votes(ridge: np.ndarray) -> np.ndarray:
    """The share of each line's length that shows a ridge, (tilts, w).

    Args:
        ridge: bool (h, w).
    """
    wide = cv2.dilate(ridge.astype(np.uint8), np.ones((1, 3), np.uint8)).astype(np.float32)
    return line_means(wide)


def steady_votes(signed: np.ndarray) -> np.ndarray:
    """The mean step along each line, beyond that of its neighbours, (tilts, w).

    Noise cancels in it, and a faint edge stays.

    Args:
        signed: steps across with their sign, float32 (h, w, 3).
    """
    bands = [np.ascontiguousarray(signed[..., band].clip(-3, 3)) for band in range(3)]
    size = np.linalg.norm([line_means(band) for band in bands], axis=0)
    # within an image the mean of a line wanders; beside it the ground is still
    return (size - cv2.blur(size, (31, 1))) / STEADY


def line_means(values: np.ndarray) -> np.ndarray:
    """The mean of a map, float32 (h, w), along all lines, (tilts, w)."""
    height, width = values.shape
    means = np.empty((len(TILTS), width), np.float32)
    for row, tilt in enumerate(TILTS):
        slope = np.tan(tilt)
        # a line x = p + slope (y - h/2) becomes the column p
        shear = np.array([[1, slope, -slope * height / 2], [0, 1, 0]], np.float32)
        sheared = cv2.warpAffine(
            values, shear, (width, height), flags=cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP
        )
        means[row] = sheared.mean(axis=0)
    return means


def find_lines(
    ridges: np.ndarray,
    steady: np.ndarray,
    known: Sequence[Found],
    height: int,
    span: tuple[float, float],
) -> list[Found]:
    """The lines that most speaks for, none of which crosses another, the known ones first.

    Args:
        ridges: :func:`ridge_votes`.
        steady: :func:`steady_votes`.
        known: lines from elsewhere.
        height: of the map.
        span: from and to which position lines are wanted.
    """
    chosen: list[Found] = []
    for line in known:
        if not any(_one(line, other, height, ridges.shape[1]) for other in chosen):
            chosen.append(line)
    _pick(ridges, chosen, LINES, LEAST_RIDGE, height, span)
    _pick(steady, chosen, FAINT, LEAST_STEADY, height, span)
    return chosen


def _one(line: Found, other: Found, height: int, width: int) -> bool:
    return abs(line[0] - other[0]) < _reach(abs(line[1] - other[1]), height, width)


def _reach(slope: np.ndarray | float, height: int, width: int) -> np.ndarray | float:
    """How far lines must be apart so as not to cross in the middle of the map."""
    return max(3, round(APART * width)) + 0.4 * height * slope


def _pick(
    votes: np.ndarray,
    chosen: list[Found],
    count: int,
    least: float,
    height: int,
    span: tuple[float, float],
) -> None:
    """Add the best lines to ``chosen``, one after the other."""
    votes = votes - 0.002 * np.abs(np.degrees(TILTS))[:, None]
    votes[:, : max(0, int(span[0]))] = 0
    votes[:, int(span[1]) :] = 0
    width = votes.shape[1]
    places = np.arange(width)[None, :] + 0.5
    slopes = np.tan(TILTS)[:, None]

    def bar(line: Found) -> None:
        away = np.abs(places - line[0])
        votes[away <= _reach(np.abs(slopes - line[1]), height, width)] = 0

    for line in chosen:
        bar(line)
    for _ in range(count):
        row, x = np.unravel_index(votes.argmax(), votes.shape)
        if votes[row, x] < least:
            break
        line = (float(x) + 0.5, float(slopes[row, 0]))
        chosen.append(line)
        bar(line)
