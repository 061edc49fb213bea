"""The sheet of a negative: all its prints side by side, what each record says of its own."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from typing import Any

import pandas as pd
from PIL import Image, ImageColor, ImageDraw

from bilderatlas.collection.negatives import Negative, Placed, outline
from bilderatlas.files import write_atomically
from bilderatlas.show.kinds import COLOURS
from bilderatlas.show.labels import NOTHING, count, label, name_of, number, size_of
from bilderatlas.show.pictures import Pictures
from bilderatlas.show.text import INK, MUTED, PAPER, font, line_height, wrap

SIDE = 280  # box of a print, pixels
GAP = 24
MARGIN = 24
COLUMNS = 4


def draw_negative(
    negative: Negative,
    catalogue: pd.DataFrame,
    pictures: Pictures,
    path: str | os.PathLike,
    language: str = "en",
) -> tuple[int, int]:
    """Draw the prints of a negative as a PNG, the one that shows most first; its size in pixels.

    On that one, frames in the colours of the other prints show what each of these shows of it.

    Args:
        negative: the prints and how they lie on the first.
        catalogue: indexed by image id.
        pictures: the originals.
        path: of the PNG.
        language: of the words.
    """
    shown = list(negative.prints.items())
    columns = min(COLUMNS, len(shown))
    blocks = [
        _words(image_id, how, not number, catalogue.loc[image_id], language)
        for number, (image_id, how) in enumerate(shown)
    ]
    bold, plain = font(13, bold=True), font(12)
    deep = max(len(head) * line_height(bold) + len(text) * line_height(plain)
               for head, text in blocks)  # fmt: skip
    small = [pictures.thumbnail(image_id, SIDE, SIDE) for image_id, _ in shown]
    _draw_frames(small[0], negative)
    tall = max(picture.height for picture in small)
    width = max(2 * MARGIN + columns * (SIDE + GAP) - GAP, 520)
    heads = _heading(negative, width - 2 * MARGIN, language)
    top = MARGIN + sum(line_height(face) for _, face, _ in heads) + 12
    row_height = tall + deep + GAP + 12
    rows = math.ceil(len(shown) / columns)
    sheet = Image.new("RGB", (width, top + rows * row_height + MARGIN - GAP), PAPER)
    pen = ImageDraw.Draw(sheet)
    y = MARGIN
    for line, face, colour in heads:
        pen.text((MARGIN, y), line, colour, font=face)
        y += line_height(face)
    for place, (_, how) in enumerate(shown):
        x = MARGIN + place % columns * (SIDE + GAP)
        y = top + place // columns * row_height
        at = (x, y + tall - small[place].height)
        sheet.paste(small[place], at)
        if place and _frame(how) is not None:
            ends = (at[0] + small[place].width + 2, at[1] + small[place].height + 2)
            pen.rectangle((at[0] - 3, at[1] - 3, *ends), outline=_colour(place), width=3)
        below = y + tall + 8
        for lines, face, colour in zip(blocks[place], (bold, plain), (INK, MUTED), strict=True):
            for line in lines:
                pen.text((x, below), line, colour, font=face)
                below += line_height(face)
    with write_atomically(path) as temporary:
        sheet.save(temporary, format="PNG", compress_level=3)
    return sheet.size


def _heading(negative: Negative, width: int, language: str) -> list[tuple]:
    ids = ", ".join(negative.prints)
    words = label(
        "negative.heading", language, count=count(len(negative.prints), language), ids=ids
    )
    face, plain = font(15, bold=True), font(12)
    lines = [(line, face, INK) for line in wrap(words, face, width, 3)]
    if any(_frame(how) is not None for how in list(negative.prints.values())[1:]):
        reading = label("negative.reading", language)
        lines += [(line, plain, MUTED) for line in wrap(reading, plain, width, 3)]
    return lines


def marks(how: Placed, first: bool, language: str) -> str:
    """How a print stands to the one that shows most, in few words."""
    if first:
        return label("worklist.reference", language)
    words = [label(f"worklist.{name}", language) for name in ("mirrored", "cut")
             if getattr(how, name)]  # fmt: skip
    if how.relation != "print":
        words.insert(0, name_of("relation", how.relation, language))
    return ", ".join(words) or label("negative.whole", language)


def _words(
    image_id: str, how: Placed, first: bool, record: Mapping[str, Any], language: str
) -> tuple[list[str], list[str]]:
    bold, plain = font(13, bold=True), font(12)
    head = wrap(f"{image_id}: {marks(how, first, language)}", bold, SIDE, 2)
    text = wrap(str(record["title"]) or NOTHING, plain, SIDE, 4)
    about = " · ".join(filter(None, [str(record["date"]), size_of(record, language)]))
    for line in (about, str(record["makers"]), str(record["technique"])):
        text += wrap(line, plain, SIDE, 2)
    if not first:
        by_hand = how.source == "hand"
        sure = "" if math.isnan(how.score) else number(how.score, language, 2)
        said = label("worklist.hand", language) if by_hand else ""
        text += [said or label("worklist.score", language, score=sure or NOTHING)]
    return head, text


def _frame(how: Placed):
    """What a cut print covers of the first one; None where it is not cut, or not known."""
    return outline(how.matrix) if how.cut and how.matrix is not None else None


def _draw_frames(picture: Image.Image, negative: Negative) -> None:
    pen = ImageDraw.Draw(picture)
    for place, how in enumerate(negative.prints.values()):
        corners = _frame(how)
        if corners is None or not place:
            continue
        points = [(x * (picture.width - 1), y * (picture.height - 1)) for x, y in corners]
        pen.line([*points, points[0]], fill=PAPER, width=5, joint="curve")
        pen.line([*points, points[0]], fill=_colour(place), width=3, joint="curve")


def _colour(place: int) -> tuple[int, ...]:
    return ImageColor.getrgb(COLOURS[(place - 1) % len(COLOURS)])
