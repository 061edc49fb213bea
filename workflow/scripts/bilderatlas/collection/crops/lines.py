"""Straight sides: robust lines through a mask's outline, and the sharp step nearest to them."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

SIDES = ("left", "top", "right", "bottom")
TILT = 3.0  # degrees that a side may be off the scan's own
# outwards, across the side: (axis of the position, direction)
OUTWARDS = {"left": -1, "top": -1, "right": 1, "bottom": 1}


@dataclass(frozen=True)
class Side:
    """One side of a frame: ``position + slope * (along - middle)``.

    Attributes:
        name: left, top, right or bottom.
        position: in pixels, x of an upright side, y of a lying one, at ``middle``.
        slope: pixels per pixel along the side.
        start, end: from where to where it runs, along it.
        support: share of its length, 0..1, that shows an edge there.
    """

    name: str
    position: float
    slope: float
    start: float
    end: float
    support: float

    @property
    def middle(self) -> float:
        return (self.start + self.end) / 2

    def at(self, along: np.ndarray | float) -> np.ndarray | float:
        return self.position + self.slope * (along - self.middle)

    @property
    def outermost(self) -> float:
        """The position of its end that lies farther out."""
        ends = (self.at(self.start), self.at(self.end))
        return min(ends) if OUTWARDS[self.name] < 0 else max(ends)


def outline(mask: np.ndarray, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Where a mask begins, seen from one side: positions along that side, and across it."""
    seen = mask.T if name in ("top", "bottom") else mask
    rows = np.nonzero(seen.any(axis=1))[0]
    if OUTWARDS[name] < 0:
        return rows, seen[rows].argmax(axis=1).astype(float)
    return rows, seen.shape[1] - seen[rows, ::-1].argmax(axis=1).astype(float)


def fit_side(mask: np.ndarray, name: str, tilts: np.ndarray | None = None) -> Side | None:
    """The straight line that most of a mask's outline lies on, seen from one side.

    Of two lines with about as many points the outer one is taken.
    """
    along, across = outline(mask, name)
    if len(along) < 8:
        return None
    if tilts is None:
        tilts = np.tan(np.radians(np.linspace(-TILT, TILT, 49)))
    start, end = float(along[0]), float(along[-1] + 1)
    middle = (start + end) / 2
    room = max(1.5, 0.003 * max(mask.shape))
    best, found = -1.0, None
    low = across.min() - 1
    for slope in tilts:
        level = across - slope * (along - middle)
        counts = np.bincount(((level - level.min()) / room).astype(int))
        near = counts + np.append(counts[1:], 0)
        order = near if OUTWARDS[name] > 0 else near[::-1]
        top = np.nonzero(order >= 0.9 * order.max())[0].max()
        index = top if OUTWARDS[name] > 0 else len(near) - 1 - top
        score = near[index] / len(along) - 0.02 * abs(slope) / np.tan(np.radians(TILT))
        if score > best:
            centre = level.min() + (index + 1) * room
            close = np.abs(level - centre) <= 1.2 * room
            best, found = score, (slope, float(np.median(level[close])), float(close.mean()))
    slope, position, support = found
    del low
    return Side(name, position, float(slope), start, end, support)


def signed_steps(lab: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Steps across (d/dx) and down (d/dy) in L*a*b* units per pixel, float32 (h, w, 3)."""
    smooth = cv2.GaussianBlur(lab, (0, 0), 0.8)
    across, down = np.zeros_like(smooth), np.zeros_like(smooth)
    across[:, 1:-1] = (smooth[:, 2:] - smooth[:, :-2]) / 2
    down[1:-1] = (smooth[2:] - smooth[:-2]) / 2
    return across, down


def sharpen(side: Side, steps: np.ndarray, reach: float, tilt: float = 0.6) -> Side:
    """Move a side to the sharp step nearest to it, and turn it a little, as the pixels say.

    Along each of many lines near the side the median step is taken: of a straight edge it is
    large, of what crosses the line by chance it is small. Of several such edges the outermost
    is taken that is at least half as strong as the strongest: the rim of a paper lies outside
    that of its image.

    Args:
        side: a first guess.
        steps: gradient across the side, float32 (h, w).
        reach: how far to look, pixels either way.
        tilt: degrees to look either way.
    """
    seen = steps.T if side.name in ("top", "bottom") else steps
    length = side.end - side.start
    along = np.linspace(side.start + 0.04 * length, side.end - 0.04 * length, 160)
    offsets = np.arange(-reach, reach + 0.5, 0.5)
    best, chosen = 0.0, None
    for turn in np.tan(np.radians(np.linspace(-tilt, tilt, 13))):
        slope = side.slope + turn
        lines = side.position + slope * (along - side.middle)
        across = lines[None, :] + offsets[:, None] - 0.5
        rows = np.broadcast_to(along[None, :], across.shape)
        found = cv2.remap(
            seen,
            across.astype(np.float32),
            rows.astype(np.float32),
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_CONSTANT,
        )
        # a quarter of the side may be hidden: by a shadow, by a tone that equals the bed's
        profile = np.quantile(found, 0.35, axis=1) + 0.25 * found.mean(axis=1)
        peak = profile.max()
        if peak > best * 1.02:
            best, chosen = peak, (slope, profile, found)
    if chosen is None:
        return side
    slope, profile, found = chosen
    order = profile if OUTWARDS[side.name] > 0 else profile[::-1]
    peaks = np.nonzero(
        (order >= 0.5 * best)
        & (order >= np.append(order[1:], 0))
        & (order >= np.insert(order[:-1], 0, 0))
    )[0]
    index = peaks.max()
    index = index if OUTWARDS[side.name] > 0 else len(profile) - 1 - index
    held = float((found[max(0, index - 1) : index + 2].max(axis=0) > 1.5).mean())
    return Side(
        side.name,
        side.position + float(offsets[index]),
        float(slope),
        side.start,
        side.end,
        held,
    )
