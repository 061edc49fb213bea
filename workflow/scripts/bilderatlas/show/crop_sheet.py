"""The sheet of proposed crops: each scan with its box, what would be cut away dimmed."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageEnhance

from bilderatlas.files import write_atomically
from bilderatlas.show.crop_words import crop_words
from bilderatlas.show.labels import count, label
from bilderatlas.show.pictures import Pictures
from bilderatlas.show.text import INK, MUTED, PAPER, elide, font, line_height, wrap

SIDE, GAP, MARGIN, COLUMNS = 180, 14, 20, 7  # pixels; pictures in a row
BOX = (214, 39, 40)
SURE = 0.9  # a confidence from which on the number is written without emphasis


@dataclass(frozen=True)
class Proposed:
    """A proposal as it is drawn.

    Attributes:
        box: left, top, right, bottom as shares of the scan's width and height.
        confidence: 0..1.
        reasons, cards: as of :func:`bilderatlas.show.crop_words.crop_words`.
    """

    box: tuple[float, float, float, float]
    confidence: float
    reasons: tuple[str, ...]
    cards: tuple[str, ...]


def draw_crop_sheet(
    proposals: Mapping[str, Proposed],
    pictures: Pictures,
    path: str | os.PathLike,
    title: str,
    language: str = "en",
    max_pictures: int = 210,
) -> None:
    """Draw proposals in their order as a PNG, the first ``max_pictures`` of them.

    Args:
        proposals: by image id, the unsure ones first.
        pictures: the scans, not cropped.
        path: of the PNG.
        title: the heading.
        language: of the words.
        max_pictures: no more than so many are drawn; the line beneath the title says so.
    """
    shown = list(proposals)[:max_pictures]
    columns = min(COLUMNS, max(4, len(shown)))
    width = 2 * MARGIN + columns * (SIDE + GAP) - GAP
    key = "crops.sheet_capped" if len(shown) < len(proposals) else "crops.sheet"
    said = label(
        key, language, shown=count(len(shown), language), count=count(len(proposals), language)
    )
    face = font(12)
    head = [(line, font(18, bold=True), INK) for line in wrap(title, font(18, True), width - 40, 2)]
    head += [(line, font(13), MUTED) for line in wrap(said, font(13), width - 40, 4)]
    top = MARGIN + sum(line_height(of) for _, of, _ in head) + GAP
    step = SIDE + 3 * line_height(face) + GAP
    rows = math.ceil(len(shown) / columns)
    sheet = Image.new("RGB", (width, top + rows * step + MARGIN), PAPER)
    pen = ImageDraw.Draw(sheet)
    y = MARGIN
    for line, of, colour in head:
        pen.text((MARGIN, y), line, colour, font=of)
        y += line_height(of)
    for number, name in enumerate(shown):
        x, y = MARGIN + (number % columns) * (SIDE + GAP), top + (number // columns) * step
        tile = boxed(pictures.thumbnail(name, SIDE, SIDE), proposals[name].box)
        sheet.paste(tile, (x + (SIDE - tile.width) // 2, y + SIDE - tile.height))
        _caption(pen, (x + SIDE / 2, y + SIDE + 4), name, proposals[name], language)
    with write_atomically(path) as temporary:
        sheet.save(temporary, format="PNG", compress_level=3)


def boxed(picture: Image.Image, box: Sequence[float]) -> Image.Image:
    """A scan with the box drawn and what lies outside of it dimmed."""
    places = [
        round(share * size) for share, size in zip(box, (*picture.size, *picture.size), strict=True)
    ]
    faint = ImageEnhance.Color(picture).enhance(0.35)
    dimmed = Image.blend(faint, Image.new("RGB", picture.size, PAPER), 0.55)
    dimmed.paste(picture.crop(tuple(places)), (places[0], places[1]))
    right, bottom = max(places[0], places[2] - 1), max(places[1], places[3] - 1)
    ImageDraw.Draw(dimmed).rectangle((places[0], places[1], right, bottom), outline=BOX, width=2)
    return dimmed


def _caption(
    pen: ImageDraw.ImageDraw,
    place: tuple[float, float],
    name: str,
    proposed: Proposed,
    language: str,
) -> None:
    """Id and confidence; what lies beside the photograph; what is odd."""
    face, bold = font(12), font(12, bold=True)
    x, y = place
    # what is weighed is never certain
    said = f"{min(99, int(proposed.confidence * 100 + 0.5))} %"
    of = face if proposed.confidence >= SURE else bold
    pen.text((x, y), f"{elide(name, face, SIDE - 60)} · {said}", INK, font=of, anchor="ma")
    words = crop_words(proposed.cards, proposed.reasons, language)
    for row, line in enumerate(wrap(words, face, SIDE, 2), start=1):
        pen.text((x, y + row * line_height(face)), line, MUTED, font=face, anchor="ma")
