"""Proposing a crop: the rectangle that most speaks for, how sure that is, and why."""

from __future__ import annotations

import os
import warnings
from dataclasses import dataclass

import cv2
import numpy as np

from bilderatlas.collection.crops import hypotheses, judge
from bilderatlas.collection.crops.cards import KNOWN, Card
from bilderatlas.collection.crops.lines import SIDES, Side, sharpen
from bilderatlas.collection.crops.look import Look, look

RECIPE = 1  # raise when the same scan would be given another proposal

SIDE = 900  # pixels, long side at which a scan is looked at: a pixel is a thousandth of it
ALIKE = 0.975  # boxes that overlap by so much of their union are one answer
SHAPE = 0.06  # of the logarithm of the aspect: two shapes as near are one
ON_BOARD = 0.3  # of the feature of that name: more, and a mount is cut away
DOUBT = 0.6  # a confidence below this is to be looked at


@dataclass(frozen=True)
class Proposal:
    """What of a scan is the photograph.

    Attributes:
        box: left, top, right, bottom in pixels of the scan, right and bottom exclusive.
        confidence: 0..1, that it is right to about a hundredth.
        cards: kind and side of what lies beside it: ``colour bottom``.
        reasons: of ``whole`` (nothing to cut), ``card``, ``ground``, ``mount`` (what is cut),
            ``turned`` (it lies otherwise than its record says), ``shape`` (another aspect than
            its record says), ``doubtful``.
        width, height: of the scan in pixels, as a viewer shows it.
    """

    box: tuple[int, int, int, int]
    confidence: float
    cards: tuple[str, ...]
    reasons: tuple[str, ...]
    width: int
    height: int


def propose_file(path: str | os.PathLike, aspect: float | None) -> Proposal:
    """Propose a crop for a picture file; see :func:`propose`.

    A JPEG is decoded at a half, quarter or eighth where that is enough.

    Raises:
        OSError, SyntaxError, ValueError, DecompressionBombError: Pillow cannot read it.
    """
    from PIL import Image

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        with Image.open(path) as picture:
            rgb, (width, height) = read_reduced(picture)
    return propose(rgb, aspect, (width, height))


def read_reduced(picture) -> tuple[np.ndarray, tuple[int, int]]:
    """An opened picture as a viewer shows it, reduced, and its full width and height."""
    from PIL import Image, ImageOps

    from bilderatlas.collection.crops.crop import shown_size

    whole = shown_size(picture)
    share = min(1.0, SIDE / max(whole))
    least = max(1, round(max(picture.size) * share))
    picture.draft("RGB", (least, least))
    upright = ImageOps.exif_transpose(picture)
    if upright.mode.startswith(("I", "F")):
        levels = np.asarray(upright, np.float32)
        top = next((top for top in (1, 255, 4095, 65535) if levels.max() <= top), levels.max())
        upright = Image.fromarray((levels * (255 / top)).clip(0, 255).astype(np.uint8))
    size = tuple(max(1, round(length * share)) for length in whole)
    if upright.size != size:
        upright = upright.convert("RGB").resize(size, Image.Resampling.BOX)
    return np.asarray(upright.convert("RGB")), whole


def propose(rgb: np.ndarray, aspect: float | None, full: tuple[int, int] | None = None) -> Proposal:
    """Propose what of a scan is the photograph.

    Args:
        rgb: uint8 (h, w, 3), the scan, perhaps reduced.
        aspect: width through height of the photograph by its record; None where unknown.
        full: width and height of the scan in pixels, where ``rgb`` is reduced.
    """
    height, width = rgb.shape[:2]
    full = full or (width, height)
    if min(height, width) < 24:
        return Proposal((0, 0, *full), 0.5, (), ("whole", "doubtful"), *full)
    seen = look(rgb)
    chosen = hypotheses.combine(seen.lines)
    boxes, large = hypotheses.boxes_of(seen.lines, chosen, (height, width))
    chosen, boxes = chosen[large], boxes[large]
    found = judge.features(seen.lines, chosen, boxes, seen.evidence, aspect, has_card(seen))
    chance = judge.chances(found)
    best = int(chance.argmax())
    confidence = float(chance[overlaps(boxes, boxes[best]) > ALIKE].sum())
    box = refined(seen, chosen[best], boxes[best])
    scaled = _whole_pixels(box, (width, height), full)
    # where nothing is cut, a narrow thing at the edge is part of the photograph
    beside = [card for card in seen.cards if card.kind in KNOWN or scaled != (0, 0, *full)]
    cards = tuple(
        dict.fromkeys(f"{card.kind} {side_of(card, box)}" for card in beside if card.kind)
    )
    reasons = _reasons(scaled, full, cards, judge.on_board(found, best), aspect)
    if confidence < DOUBT:
        reasons += ("doubtful",)
    return Proposal(scaled, confidence, cards, reasons, *full)


def has_card(seen: Look) -> bool:
    """Was a card seen whose patches tell what it is?"""
    return any(card.kind in KNOWN for card in seen.cards)


def overlaps(boxes: np.ndarray, box: np.ndarray) -> np.ndarray:
    """Intersection over union of boxes (n, 4) with one box (4,), float (n,)."""
    low, high = np.maximum(boxes[:, :2], box[:2]), np.minimum(boxes[:, 2:], box[2:])
    common = (high - low).clip(0).prod(axis=1)
    areas = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1)
    return common / (areas + (box[2:] - box[:2]).prod() - common)


def refined(seen: Look, chosen: np.ndarray, box: np.ndarray) -> np.ndarray:
    """The chosen box, its sides moved by a few pixels to where the steps are sharpest."""
    height, width = seen.evidence.ground.shape
    places = box.copy()
    for index, name in enumerate(SIDES):
        line = seen.lines[name][chosen[index]]
        if line.edge:
            continue
        upright = name in ("left", "right")
        start, end = (box[1], box[3]) if upright else (box[0], box[2])
        middle = (height if upright else width) / 2
        place = line.position + line.slope * ((start + end) / 2 - middle)
        side = Side(name, place, line.slope, start, end, 1.0)
        steps = seen.steps[0] if upright else seen.steps[1]
        places[index] = sharpen(side, steps, 3.0, 0.2).outermost
    return places.clip(0, [width, height, width, height])


def _whole_pixels(
    box: np.ndarray, size: tuple[int, int], full: tuple[int, int]
) -> tuple[int, int, int, int]:
    """The box in pixels of the full scan."""
    across, down = full[0] / size[0], full[1] / size[1]
    left, top, right, bottom = (
        round(float(value) * scale) for value, scale in zip(box, (across, down) * 2, strict=True)
    )
    left, top = min(max(left, 0), full[0] - 1), min(max(top, 0), full[1] - 1)
    return left, top, min(max(right, left + 1), full[0]), min(max(bottom, top + 1), full[1])


def side_of(card: Card, box: np.ndarray) -> str:
    """At which side of the photograph a card lies."""
    left, top, right, bottom = card.box
    x, y = (left + right) / 2, (top + bottom) / 2
    beyond = {
        "left": box[0] - x, "top": box[1] - y, "right": x - box[2], "bottom": y - box[3]
    }  # fmt: skip
    return max(beyond, key=beyond.__getitem__)


def _reasons(
    box: tuple[int, int, int, int],
    full: tuple[int, int],
    cards: tuple[str, ...],
    board: float,
    aspect: float | None,
) -> tuple[str, ...]:
    reasons = []
    if box == (0, 0, *full):
        reasons.append("whole")
    else:
        reasons += ["card"] * bool(cards)
        reasons.append("mount" if board > ON_BOARD else "ground")
    if aspect is not None:
        shape = np.log((box[2] - box[0]) / (box[3] - box[1]) / aspect)
        other = np.log((box[2] - box[0]) / (box[3] - box[1]) * aspect)
        if abs(shape) > SHAPE:
            reasons.append("turned" if abs(other) <= SHAPE else "shape")
    return tuple(reasons)


cv2.setNumThreads(1)  # pictures are looked at side by side; more threads only wait for each other
