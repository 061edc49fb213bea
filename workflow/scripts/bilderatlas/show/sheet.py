"""The sheet of pictures: a grid that shows a part of the collection at one glance."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, Sequence

from PIL import Image, ImageDraw

from bilderatlas.files import write_atomically
from bilderatlas.show.labels import count, label
from bilderatlas.show.pictures import Pictures
from bilderatlas.show.text import INK, MUTED, PAPER, elide, font, line_height, wrap

SIDE = 84  # box of a thumbnail, pixels
GAP = 8
MARGIN = 20


def draw_sheet(
    ids: Sequence[str],
    pictures: Pictures,
    captions: Mapping[str, str],
    path: str | os.PathLike,
    columns: int = 20,
    title: str = "",
    language: str = "en",
    max_pictures: int = 1000,
) -> None:
    """Draw pictures in a grid, row by row in the order of ``ids``, as a PNG.

    Beneath each stands its running number (from 0, as in the published figure) and its id. The
    sheet is ``columns`` wide, or as wide as there are pictures, and grows downwards.

    Args:
        ids: image ids in the order of the sheet.
        pictures: the originals.
        captions: by image id, a few words for up to two more lines, such as the date.
        path: of the PNG.
        columns: pictures in a row.
        title: the heading.
        language: of the words.
        max_pictures: no more than so many are drawn; the line beneath the title says so.

    Raises:
        ValueError: there is no picture, or not one column.
    """
    if not ids or columns < 1 or max_pictures < 1:
        raise ValueError("a sheet needs at least one picture, one column and room for one")
    shown = list(ids[:max_pictures])
    columns = min(columns, len(shown))
    face, cell = font(10), SIDE + GAP
    beneath = [wrap(captions.get(image_id, ""), face, cell - 4, 2) for image_id in shown]
    row_height = SIDE + (1 + max(map(len, beneath))) * line_height(face) + GAP + 2
    # a sheet of few pictures is still wide enough for its heading
    width = max(2 * MARGIN + columns * cell - GAP, 480)

    head = [(line, font(18, bold=True), INK) for line in wrap(title, font(18, True), width - 40, 3)]
    said = _counted(len(shown), len(ids), language)
    head += [(line, font(13), MUTED) for line in wrap(said, font(13), width - 40, 3)]
    top = MARGIN + sum(line_height(face) for _, face, _ in head) + GAP
    rows = math.ceil(len(shown) / columns)
    sheet = Image.new("RGB", (width, top + rows * row_height + MARGIN - GAP), PAPER)
    pen = ImageDraw.Draw(sheet)

    y = MARGIN
    for line, line_face, colour in head:
        pen.text((MARGIN, y), line, colour, font=line_face)
        y += line_height(line_face)
    for number, image_id in enumerate(shown):
        x = MARGIN + (number % columns) * cell
        y = top + (number // columns) * row_height
        picture = pictures.thumbnail(image_id, SIDE, SIDE)
        # all stand on one line, like prints on a shelf: the words beneath stay close to them
        sheet.paste(picture, (x + (SIDE - picture.width) // 2, y + SIDE - picture.height))
        numbered = elide(f"{number} - {image_id}", face, cell - 4)
        for row, line in enumerate([numbered, *beneath[number]]):
            below = y + SIDE + 3 + row * line_height(face)
            pen.text((x + SIDE / 2, below), line, MUTED if row else INK, face, "ma")

    with write_atomically(path) as temporary:
        sheet.save(temporary, format="PNG", compress_level=3)


def _counted(shown: int, total: int, language: str) -> str:
    if shown < total:
        return label(
            "sheet.capped", language, shown=count(shown, language), count=count(total, language)
        )
    key = "sheet.count_one" if total == 1 else "sheet.count"
    return label(key, language, count=count(total, language))
