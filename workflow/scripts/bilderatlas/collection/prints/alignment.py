"""Compares two pictures that lie over each other, block by block, whatever their tone.

Two prints of one negative agree in every block that shows anything; two exposures of one moment
agree where nothing moved, and nowhere else. So the blocks that disagree decide, not the many that
agree.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

# ASSUME: a block is as large as a head in a group portrait: 28 px of 480
_BLOCKS = 17  # blocks along the long side of what both show
_SMALLEST = 14  # px of a block's side
_LARGEST = 28
_REACH = 1 / 7  # of a block's side that a block may lie beside its place: paper bends
_GRAIN = 1.0  # px of blur: paper and grain are not the picture
_FLAT = 3.0  # grey levels: a block with less local contrast in either shows nothing
# ASSUME: a rim is at most this share of a side
_RIM = 0.09
_RIM_CONTRAST = 7.0  # grey levels (a robust deviation) that a line of a rim may have


@dataclass(frozen=True)
class Agreement:
    """How two pictures agree where they lie over each other.

    Attributes:
        blocks: blocks with structure that were compared.
        correlation: median of their correlations, -1 to 1; 0 where there is none.
        apart: share of the structure that lies in blocks whose correlation is below 0.5.
        cluster: blocks of the largest coherent region of such, as a share of all.
        shift: mean deviation of the blocks from their places, as a share of a block's side.
        covered_a, covered_b: share of each picture's frame that the other shows too.
    """

    blocks: int
    correlation: float
    apart: float
    cluster: float
    shift: float
    covered_a: float
    covered_b: float


def compare(a: np.ndarray, b: np.ndarray, homography: np.ndarray) -> Agreement:
    """Compare b with a.

    Args:
        a: uint8 (height, width), grey.
        b: the same; mirrored already where it is a mirrored print.
        homography: (3, 3), px of b to px of a.
    """
    covered_a = _covered(a, b, homography)
    covered_b = _covered(b, a, np.linalg.inv(homography))
    # the finer picture is brought to the coarser one: detail can be taken away, not invented
    scale = _scale(homography, b.shape)
    if scale > 1:
        a, b, homography, scale = b, a, np.linalg.inv(homography), 1 / scale
    if scale < 1:
        b = cv2.GaussianBlur(b, (0, 0), max(0.5 * np.sqrt(1 / scale**2 - 1), 1e-3))
    height, width = a.shape
    over = cv2.warpPerspective(b, homography, (width, height))
    inside = np.full(b.shape, 255, np.uint8)
    inside = cv2.warpPerspective(inside, homography, (width, height), flags=cv2.INTER_NEAREST) > 0
    rows = _blocks(a, over, inside)
    if not len(rows):
        return Agreement(0, 0.0, 1.0, 1.0, 0.0, covered_a, covered_b)
    values, structure = rows[:, 2], rows[:, 4]
    low = values < 0.5
    return Agreement(
        len(rows),
        float(np.median(values)),
        float(structure[low].sum() / structure.sum()),
        _largest_region(rows[low, :2]) / len(rows),
        float(rows[~low, 3].mean()) if (~low).any() else 1.0,
        covered_a,
        covered_b,
    )


def _blocks(a: np.ndarray, b: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """Row, column, best correlation, shift (share of a side), structure; only blocks with any."""
    ys, xs = np.nonzero(inside)
    if len(ys) == 0:
        return np.empty((0, 5))
    top, bottom, left, right = ys.min(), ys.max() + 1, xs.min(), xs.max() + 1
    side = int(np.clip(max(bottom - top, right - left) / _BLOCKS, _SMALLEST, _LARGEST))
    reach = max(2, round(side * _REACH))
    (a, deviation_a), (b, deviation_b) = (_levelled(one, side / 2) for one in (a, b))
    found = []
    for row, y in enumerate(range(top, bottom - side + 1, side)):
        for column, x in enumerate(range(left, right - side + 1, side)):
            here = np.s_[y : y + side, x : x + side]
            structure = min(deviation_a[here].mean(), deviation_b[here].mean())
            if structure < _FLAT or not inside[here].all():
                continue
            y0, x0 = max(0, y - reach), max(0, x - reach)
            around = b[y0 : y + side + reach, x0 : x + side + reach]
            scores = cv2.matchTemplate(around, a[here], cv2.TM_CCOEFF_NORMED)
            _, best, _, (dx, dy) = cv2.minMaxLoc(scores)
            shift = np.hypot(x0 + dx - x, y0 + dy - y) / side
            found.append((row, column, best, shift, structure))
    return np.array(found).reshape(-1, 5)


def _levelled(picture: np.ndarray, radius: float) -> tuple[np.ndarray, np.ndarray]:
    """The picture with its local mean and contrast taken out, and that contrast in grey levels."""
    values = cv2.GaussianBlur(picture.astype(np.float32), (0, 0), _GRAIN)
    values -= cv2.GaussianBlur(values, (0, 0), radius)
    deviation = np.sqrt(cv2.GaussianBlur(values * values, (0, 0), radius))
    return values / (deviation + _FLAT), deviation


def _largest_region(places: np.ndarray) -> int:
    """How many of the blocks hang together, corners included."""
    if not len(places):
        return 0
    places = places.astype(np.int64)
    field = np.zeros(places.max(axis=0) + 1, np.uint8)
    field[tuple(places.T)] = 1
    _, _, statistics, _ = cv2.connectedComponentsWithStats(field, connectivity=8)
    return int(statistics[1:, cv2.CC_STAT_AREA].max())


def _scale(homography: np.ndarray, shape: tuple[int, int]) -> float:
    """How many times as long lengths in the middle of b become in a."""
    point = np.array([shape[1] / 2, shape[0] / 2, 1.0])
    place = homography @ point
    change = homography[:2, :2] - np.outer(place[:2] / place[2], homography[2, :2])
    return float(np.sqrt(abs(np.linalg.det(change / place[2]))))


def _covered(a: np.ndarray, b: np.ndarray, homography: np.ndarray) -> float:
    """Share of a's frame, without its rim, that lies under the whole of b."""
    top, bottom, left, right = frame(a)
    whole = np.full(b.shape, 255, np.uint8)
    over = cv2.warpPerspective(whole, homography, (a.shape[1], a.shape[0]), flags=cv2.INTER_NEAREST)
    return float((over[top:bottom, left:right] > 0).mean())


def frame(picture: np.ndarray) -> tuple[int, int, int, int]:
    """Where the image lies within an even rim of paper: top, bottom, left, right (px)."""
    height, width = picture.shape
    left, right = _rim(picture.T), _rim(picture.T[::-1])
    top, bottom = _rim(picture), _rim(picture[::-1])
    return top, height - bottom, left, width - right


def _rim(picture: np.ndarray) -> int:
    """Lines at the upper edge that belong to the rim; at most a share of the height."""
    most = int(_RIM * len(picture))
    lines = picture[:most].astype(np.float32)
    if not most:
        return 0
    low, high = np.percentile(lines, (10, 90), axis=1)
    # the very edge is often a shadow of the sheet, so the tone is taken a little inside
    tone = np.median(lines[min(2, most - 1)])
    even = (high - low < 2.56 * _RIM_CONTRAST) & (np.abs(np.median(lines, axis=1) - tone) < 20)
    even[:2] = True
    inner = most if even.all() else int(np.argmin(even))
    # a rim ends within reach, and more than the edge itself is even
    return inner if 2 < inner < most else 0
