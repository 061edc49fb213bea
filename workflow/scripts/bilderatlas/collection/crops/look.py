"""Looking at a scan: grounds, cards, boards and steps, and the rectangles that they suggest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bilderatlas.collection.crops import hough, hypotheses
from bilderatlas.collection.crops.bed import distance, find_beds, to_lab
from bilderatlas.collection.crops.cards import Card, find_cards
from bilderatlas.collection.crops.frame import (
    Frame,
    find_frame,
    find_things,
    ground_of,
    whole_frame,
)
from bilderatlas.collection.crops.hypotheses import Evidence, Line
from bilderatlas.collection.crops.lines import SIDES, signed_steps

CALM = 1.0  # L*a*b* units per pixel: less is no step
# ASSUME: cards, strips and rulers are narrow beside the photograph, and long
NARROW, LONG = 0.25, 2.2
BOARD = (
    0.5,
    0.2,
)  # a board is believed where what lies on it has such sides, and such a share of its area


@dataclass(frozen=True)
class Look:
    """What was seen in a scan.

    Attributes:
        evidence: the maps.
        lines: by side, which the photograph's sides may lie on.
        cards: found by their patches, and long narrow things of another kind (``strip``).
        steps: sizes of the steps across and down, float32 (h, w).
    """

    evidence: Evidence
    lines: dict[str, list[Line]]
    cards: list[Card]
    steps: tuple[np.ndarray, np.ndarray]


def look(rgb: np.ndarray) -> Look:
    """Gather what there is to be seen in a scan.

    Args:
        rgb: uint8 (h, w, 3).
    """
    lab = to_lab(rgb)
    shape = lab.shape[:2]
    signed = signed_steps(lab)
    steps = (distance(signed[0]), distance(signed[1]))
    largest = np.maximum(*steps)
    cards = find_cards(lab, largest)
    beds = find_beds(lab)
    ground = ground_of(shape, beds, [])
    on_cards = ground_of(shape, [], cards)
    things = find_things(ground | on_cards)
    frame = _first(things, steps) or whole_frame(shape)
    strips = [card for thing in things if (card := strip_of(thing, frame, on_cards)) is not None]
    on_cards |= ground_of(shape, [], strips)
    frames = [frame]
    board = _board(lab, frame)
    if board.any():
        inner = _first(find_things(ground | on_cards | board), steps)
        if inner and _is_framed(inner, frame):
            frames.append(inner)
        else:
            board[:] = False
    if beds and (outer := _first(find_things(beds[0].mask | on_cards), steps)):
        frames.append(outer)
    noise = float(np.median(np.minimum(*steps)))
    evidence = Evidence(
        (hough.presence(steps[0], noise), hough.presence(steps[1].T, noise).T),
        signed, ground, board, on_cards, largest < CALM,
    )  # fmt: skip
    lines = hypotheses.find_lines(evidence, _known_lines(frames, shape))
    return Look(evidence, lines, cards + strips, steps)


def _first(things: list[np.ndarray], steps: tuple[np.ndarray, np.ndarray]) -> Frame | None:
    """The frame of the largest thing."""
    return find_frame(things[0], steps) if things else None


def strip_of(thing: np.ndarray, frame: Frame, on_cards: np.ndarray) -> Card | None:
    """A long narrow thing beside the photograph, as a card; None where it is neither."""
    rows, columns = np.nonzero(thing.any(axis=1))[0], np.nonzero(thing.any(axis=0))[0]
    left, right, top, bottom = columns[0], columns[-1] + 1, rows[0], rows[-1] + 1
    width, height = right - left, bottom - top
    x, y = (left + right) / 2, (top + bottom) / 2
    if min(width, height) > NARROW * min(thing.shape) or max(width, height) < LONG * min(
        width, height
    ):
        return None
    if frame.box[0] < x < frame.box[2] and frame.box[1] < y < frame.box[3]:
        return None
    box = (float(left), float(top), float(right), float(bottom))
    # what is left of a holder around patches that are known is no card of its own
    kind = "" if on_cards[top:bottom, left:right].mean() > 0.2 else "strip"
    return Card(kind, box, bool(height > width))


def _board(lab: np.ndarray, frame: Frame) -> np.ndarray:
    """The even rim of a thing: a mount, or the paper around a photograph's image."""
    shape = lab.shape[:2]
    inset, thick = max(3, round(0.012 * max(shape))), max(2, round(0.006 * max(shape)))
    left, top, right, bottom = (round(value) for value in frame.box)
    ring = np.zeros(shape, bool)
    ring[top + inset : bottom - inset, left + inset : right - inset] = True
    more = inset + thick
    ring[top + more : bottom - more, left + more : right - more] = False
    board = np.zeros(shape, bool)
    if ring.sum() > 100:
        for bed in find_beds(lab, ring):
            board |= bed.mask
    # what covers the middle is no rim but the photograph's own even tone
    height, width = bottom - top, right - left
    middle = board[top + height * 3 // 10 : bottom - height * 3 // 10,
                   left + width * 3 // 10 : right - width * 3 // 10]  # fmt: skip
    if middle.size and middle.mean() > 0.35:
        board[:] = False
    return board


def _is_framed(inner: Frame, outer: Frame) -> bool:
    """Is there a picture on the board, and not only what an even sky leaves over?"""
    # one side may be hidden where image and board have the same tone
    sure = sum(side.support > BOARD[0] for side in inner.sides) >= 3
    return sure and _area(inner) > BOARD[1] * _area(outer)


def _area(frame: Frame) -> float:
    return (frame.box[2] - frame.box[0]) * (frame.box[3] - frame.box[1])


def _known_lines(
    frames: list[Frame], shape: tuple[int, int]
) -> dict[str, list[tuple[float, float]]]:
    """Position, in the middle of the scan, and slope of the sides of some frames."""
    middle = {"left": shape[0] / 2, "right": shape[0] / 2, "top": shape[1] / 2}
    middle["bottom"] = middle["top"]
    return {
        name: [
            (float(frame.sides[index].at(middle[name])), frame.sides[index].slope)
            for frame in frames
        ]
        for index, name in enumerate(SIDES)
    }
