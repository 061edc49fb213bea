"""Compares two pictures that lie over each other, block by block, whatever their tone.

Two prints of one negative agree in every block that shows anything; two exposures of one moment
agree where nothing moved, and nowhere else. So the blocks that disagree decide, not the many that
agree: large ones for what is shifted or replaced, small ones for a figure that has come or gone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

# ASSUME: a block is as large as a head in a group portrait: 28 px of 480
_BLOCKS = 17  # blocks along the long side of what both show
_SMALLEST = 14  # px of a block's side
_LARGEST = 28
_REACH = 1 / 7  # of a block's side that a block may lie beside its place: paper bends
# ASSUME: a small block is as large as a figure across the street: 12 px of 480
_SMALL_BLOCKS = 40
_SMALL_SMALLEST, _SMALL_LARGEST = 8, 12
_LOW = 0.5  # correlation below which a large block disagrees
_NOTHING = 0.3  # correlation below which a small block shows something else
_GRAIN = 1.0  # px of blur: paper and grain are not the picture
_FLAT = 3.0  # grey levels: a block with less local contrast in either shows nothing
# ASSUME: a rim is at most this share of a side
_RIM = 0.09
_RIM_SPREAD = 18.0  # grey levels between the darker and lighter tenth of a line of a rim
_RIM_TONE = 20.0  # grey levels that a line may lie beside the rim's tone


@dataclass(frozen=True)
class Agreement:
    """How two pictures agree where they lie over each other.

    Attributes:
        blocks: blocks with structure that were compared.
        correlation: median of their correlations, -1 to 1; 0 where there is none.
        apart: share of the structure that lies in blocks whose correlation is below 0.5.
        cluster: blocks of the largest coherent region of such, as a share of all.
        moved: share of the small blocks in which one picture shows something that the other does
            not: figures, not paper.
        shift: mean deviation of the blocks from their places, as a share of a block's side.
        covered_a, covered_b: share of each picture's frame that the other shows too.
    """

    blocks: int
    correlation: float
    apart: float
    cluster: float
    moved: float
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
    frame_a, frame_b = _mask(a), _mask(b)
    covered_a = _covered(frame_a, frame_b, homography)
    covered_b = _covered(frame_b, frame_a, np.linalg.inv(homography))
    # the finer picture is brought to the coarser one: detail can be taken away, not invented
    scale = _scale(homography, b.shape)
    if scale > 1:
        a, b, homography, scale = b, a, np.linalg.inv(homography), 1 / scale
        frame_a, frame_b = frame_b, frame_a
    if scale < 1:
        b = cv2.GaussianBlur(b, (0, 0), max(0.5 * np.sqrt(1 / scale**2 - 1), 1e-3))
    height, width = a.shape
    over = cv2.warpPerspective(b, homography, (width, height))
    inside = (frame_a > 0) & (_laid(frame_b, homography, a.shape) > 0)
    rows = _blocks(a, over, inside)
    if not len(rows):
        return Agreement(0, 0.0, 1.0, 1.0, 1.0, 0.0, covered_a, covered_b)
    values, structure = rows[:, 2], rows[:, 4]
    low = values < _LOW
    return Agreement(
        len(rows),
        float(np.median(values)),
        float(structure[low].sum() / structure.sum()),
        _largest_region(rows[low, :2]) / len(rows),
        _moved(a, over, inside),
        float(rows[~low, 3].mean()) if (~low).any() else 1.0,
        covered_a,
        covered_b,
    )


def _blocks(a: np.ndarray, b: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """Row, column, best correlation, shift (share of a side), structure; only blocks with any."""
    side = int(np.clip(_long_side(inside) / _BLOCKS, _SMALLEST, _LARGEST))
    reach = max(2, round(side * _REACH))
    (a, deviation_a), (b, deviation_b) = (_levelled(one, inside, side / 2) for one in (a, b))
    found = []
    for row, column, y, x in _grid(inside, side):
        here = np.s_[y : y + side, x : x + side]
        structure = min(deviation_a[here].mean(), deviation_b[here].mean())
        if structure < _FLAT:
            continue
        best, shift = _search(a[here], b, y, x, reach)
        found.append((row, column, best, shift / side, structure))
    return np.array(found).reshape(-1, 5)


def _moved(a: np.ndarray, b: np.ndarray, inside: np.ndarray) -> float:
    """Share of the small blocks that show something in one picture, and not that in the other."""
    side = int(np.clip(_long_side(inside) / _SMALL_BLOCKS, _SMALL_SMALLEST, _SMALL_LARGEST))
    reach = side // 4
    # the edge of a sheet is frayed, and no lens is sharp there
    border = np.ones((2 * reach + 3, 2 * reach + 3), np.uint8)
    inside = cv2.erode(inside.astype(np.uint8), border, borderValue=0) > 0
    blocks = list(_grid(inside, side))
    if not blocks:
        return 1.0
    (a, deviation_a), (b, deviation_b) = (_levelled(one, inside, side / 2) for one in (a, b))
    # what has structure is told by each print's own contrast: a faded one has little
    usual_a, usual_b = (np.percentile(one[inside], 75) for one in (deviation_a, deviation_b))
    moved = 0
    for _, _, y, x in blocks:
        here = np.s_[y : y + side, x : x + side]
        one, other = deviation_a[here].mean(), deviation_b[here].mean()
        if max(one, other) < _FLAT or (one < usual_a and other < usual_b):
            continue
        best = max(_search(a[here], b, y, x, reach)[0], _search(b[here], a, y, x, reach)[0])
        # grain is always a little like something: what is flat in one is worth as little
        strength = sorted((float(np.std(a[here])), float(np.std(b[here]))))
        moved += best * strength[0] < _NOTHING * strength[1]
    return moved / len(blocks)


def _long_side(inside: np.ndarray) -> int:
    """Px of the longer side of what both show."""
    return max(*(int(np.ptp(places)) + 1 if len(places) else 0 for places in np.nonzero(inside)))


def _grid(inside: np.ndarray, side: int) -> Iterator[tuple[int, int, int, int]]:
    """Row, column, upper edge and left edge of the blocks that lie wholly inside."""
    ys, xs = np.nonzero(inside)
    if not len(ys):
        return
    for row, y in enumerate(range(ys.min(), ys.max() + 2 - side, side)):
        for column, x in enumerate(range(xs.min(), xs.max() + 2 - side, side)):
            if inside[y : y + side, x : x + side].all():
                yield row, column, y, x


def _search(
    block: np.ndarray, picture: np.ndarray, y: int, x: int, reach: int
) -> tuple[float, float]:
    """The best correlation of a block with the picture around its place, and how far off (px)."""
    side = len(block)
    y0, x0 = max(0, y - reach), max(0, x - reach)
    around = picture[y0 : y + side + reach, x0 : x + side + reach]
    scores = cv2.matchTemplate(around, block, cv2.TM_CCOEFF_NORMED)
    _, best, _, (dx, dy) = cv2.minMaxLoc(scores)
    return best, float(np.hypot(x0 + dx - x, y0 + dy - y))


def _levelled(
    picture: np.ndarray, inside: np.ndarray, radius: float
) -> tuple[np.ndarray, np.ndarray]:
    """The picture with its local mean and contrast taken out, and that contrast in grey levels.

    What lies outside has no part in it: the edge of a rim is the strongest edge there is.
    """
    weight = inside.astype(np.float32)
    near = np.maximum(cv2.GaussianBlur(weight, (0, 0), radius), 1e-3)

    def local(values: np.ndarray) -> np.ndarray:
        return cv2.GaussianBlur(values * weight, (0, 0), radius) / near

    values = cv2.GaussianBlur(picture.astype(np.float32), (0, 0), _GRAIN)
    values -= local(values)
    deviation = np.sqrt(local(values * values))
    return values * weight / (deviation + _FLAT), deviation


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


def _covered(frame_a: np.ndarray, frame_b: np.ndarray, homography: np.ndarray) -> float:
    """Share of a's frame that lies under b's."""
    here = frame_a > 0
    return float((_laid(frame_b, homography, frame_a.shape) > 0)[here].mean())


def _laid(mask: np.ndarray, homography: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    return cv2.warpPerspective(mask, homography, shape[::-1], flags=cv2.INTER_NEAREST)


def _mask(picture: np.ndarray) -> np.ndarray:
    """255 where the image lies, 0 on an even rim around it."""
    top, bottom, left, right = frame(picture)
    mask = np.zeros(picture.shape, np.uint8)
    mask[top:bottom, left:right] = 255
    return mask


def frame(picture: np.ndarray) -> tuple[int, int, int, int]:
    """Where the image lies within an even rim of paper: top, bottom, left, right (px)."""
    height, width = picture.shape
    left, right = _rim(picture.T), _rim(picture.T[::-1])
    top, bottom = _rim(picture), _rim(picture[::-1])
    return top, height - bottom, left, width - right


def _rim(picture: np.ndarray) -> int:
    """Lines at the upper edge that belong to the rim; at most a share of the height."""
    most = int(_RIM * len(picture))
    if most < 4:
        return 0
    # one line more: where the rim ends must be seen
    lines = picture[: most + 1].astype(np.float32)
    low, high = np.percentile(lines, (10, 90), axis=1)
    # the very edge is often a shadow of the sheet, so the tone is taken a little inside
    tone = np.median(lines[2])
    even = (high - low < _RIM_SPREAD) & (np.abs(np.median(lines, axis=1) - tone) < _RIM_TONE)
    even[:2] = True
    # sky is even too, but does not end within reach
    inner = len(lines) if even.all() else int(np.argmin(even))
    if not 2 < inner < len(lines):
        return 0
    # the edge of the rim is soft
    return min(inner + 2, most)
