"""Frames: the thing that lies on the bed, by its four straight sides."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from bilderatlas.collection.crops.bed import Bed
from bilderatlas.collection.crops.cards import Card
from bilderatlas.collection.crops.lines import SIDES, Side, fit_side, sharpen

EDGE = 0.006  # a side this near to the scan's edge, as a share of it, lies at the edge


@dataclass(frozen=True)
class Frame:
    """Four sides in the order of :data:`SIDES`, and what they enclose.

    Attributes:
        sides: left, top, right, bottom.
        box: the upright rectangle around them, pixels (not rounded).
        at_edge: for each side, whether it is the scan's own edge.
        fill: share of the rectangle that is not bed.
    """

    sides: tuple[Side, ...]
    box: tuple[float, float, float, float]
    at_edge: tuple[bool, bool, bool, bool]
    fill: float


def whole_frame(shape: tuple[int, int]) -> Frame:
    """The scan itself."""
    height, width = shape
    places = (0.0, 0.0, float(width), float(height))
    sides = tuple(
        Side(name, place, 0.0, 0.0, float(height if name in ("left", "right") else width), 1.0)
        for name, place in zip(SIDES, places, strict=True)
    )
    return Frame(sides, places, (True,) * 4, 1.0)


def ground_of(shape: tuple[int, int], beds: list[Bed], cards: list[Card]) -> np.ndarray:
    """All that cannot be the photograph: bool (h, w)."""
    ground = np.zeros(shape, bool)
    for bed in beds:
        ground |= bed.mask
    for card in cards:
        left, top, right, bottom = (round(v) for v in grown(card))
        ground[max(0, top) : max(0, bottom), max(0, left) : max(0, right)] = True
    return ground


def grown(card: Card, share: float = 0.15) -> tuple[float, float, float, float]:
    """A card's patches with a little of their holder."""
    left, top, right, bottom = card.box
    pad = share * min(right - left, bottom - top) + 1
    return left - pad, top - pad, right + pad, bottom + pad


def find_things(ground: np.ndarray) -> list[np.ndarray]:
    """What lies on the ground, the largest first: masks bool (h, w), thin bridges cut."""
    shape = ground.shape
    size = max(3, round(0.008 * max(shape))) | 1
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (size, size))
    # beyond the scan's edge things go on: opening must not nibble at them there
    framed = cv2.copyMakeBorder(
        (~ground).astype(np.uint8), size, size, size, size, cv2.BORDER_REPLICATE
    )
    opened = cv2.morphologyEx(framed, cv2.MORPH_OPEN, kernel)[size:-size, size:-size]
    count, labels, stats, _ = cv2.connectedComponentsWithStats(opened, connectivity=4)
    order = sorted(range(1, count), key=lambda number: -stats[number][4])
    return [labels == number for number in order if stats[number][4] > 0.004 * ground.size]


def find_frame(thing: np.ndarray, steps: tuple[np.ndarray, np.ndarray]) -> Frame | None:
    """The frame of a thing, its sides moved to the sharp steps in the picture.

    Args:
        thing: bool (h, w).
        steps: gradients across and down, as :func:`lines.signed_steps` gives them.
    """
    height, width = thing.shape
    ends = {"left": 0.0, "top": 0.0, "right": float(width), "bottom": float(height)}
    sides, at_edge = [], []
    for name in SIDES:
        side = fit_side(thing, name)
        if side is None:
            return None
        over = width if name in ("left", "right") else height
        edge = abs(side.position - ends[name]) < EDGE * over
        if edge:
            side = Side(name, ends[name], 0.0, side.start, side.end, 1.0)
        sides.append(side)
        at_edge.append(edge)
    sides = _spanned(sides)
    across, down = steps
    for index, side in enumerate(sides):
        if not at_edge[index]:
            along = across if side.name in ("left", "right") else down
            sides[index] = sharpen(side, along, 0.012 * max(thing.shape))
    sides = _spanned(sides)
    box = clipped(tuple(side.outermost for side in sides), thing.shape)
    left, top, right, bottom = (round(v) for v in box)
    if right - left < 8 or bottom - top < 8:
        return None
    fill = float(thing[top:bottom, left:right].mean())
    return Frame(tuple(sides), box, tuple(at_edge), fill)


def _spanned(sides: list[Side]) -> list[Side]:
    """The same lines, each running from one neighbour to the other."""
    left, top, right, bottom = sides
    spans = {"left": (top, bottom), "right": (top, bottom), "top": (left, right)}
    spans["bottom"] = (left, right)
    made = []
    for side in sides:
        low, high = spans[side.name]
        start, end = low.position, high.position
        place = side.at((start + end) / 2)
        made.append(Side(side.name, float(place), side.slope, start, end, side.support))
    return made


def clipped(box: tuple[float, ...], shape: tuple[int, int]) -> tuple[float, float, float, float]:
    """A box within the scan."""
    height, width = shape
    left, top, right, bottom = box
    return (
        min(max(left, 0.0), width), min(max(top, 0.0), height),
        min(max(right, 0.0), width), min(max(bottom, 0.0), height),
    )  # fmt: skip
