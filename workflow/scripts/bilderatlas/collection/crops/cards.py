"""Colour cards and grey strips: found by their patches, wherever they lie."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bilderatlas.collection.crops.cells import Row, find_cells, find_rows

CHROMA = 22.0  # L*a*b* units: a patch of this much colour is printed in a pure ink
HUES = 3  # so many parted hues make a colour card
STEPS = 38.0  # L*: what a grey strip spans at least


KNOWN = ("colour", "grey")


@dataclass(frozen=True)
class Card:
    """A card or part of one.

    Attributes:
        kind: colour or grey (:data:`KNOWN`); ``strip`` for a long narrow thing of another kind,
            empty for what belongs to a card that is known.
        box: left, top, right, bottom of its patches or ticks, pixels.
        upright: whether it stands, its patches one below the other.
    """

    kind: str
    box: tuple[float, float, float, float]
    upright: bool


def find_cards(lab: np.ndarray, steps: np.ndarray) -> list[Card]:
    """Colour cards and grey strips, by their rows of patches.

    Args:
        lab: float32 (h, w, 3).
        steps: the larger of the gradients across and down, float32 (h, w).
    """
    rows = find_rows(find_cells(lab, steps))
    named = [(row, kind_of(row)) for row in rows]
    return [Card(kind, row.box, row.upright) for row, kind in named if kind]


def kind_of(row: Row) -> str:
    """What a row of patches is: colour, grey, or neither (empty)."""
    tones = row.tones
    chroma = np.hypot(tones[:, 1], tones[:, 2])
    coloured = tones[chroma > CHROMA]
    if len(coloured) >= 3:
        hues = np.sort(np.degrees(np.arctan2(coloured[:, 2], coloured[:, 1])) % 360)
        gaps = np.diff(np.append(hues, hues[0] + 360))
        if (gaps > 25).sum() >= HUES:
            return "colour"
    steps = np.diff(tones[:, 0])
    same_way = max((steps > 0.3).mean(), (steps < -0.3).mean())
    if np.ptp(tones[:, 0]) > STEPS and same_way > 0.85 and np.ptp(tones[:, 1:], axis=0).max() < 12:
        return "grey"
    return ""
