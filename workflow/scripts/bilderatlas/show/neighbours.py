"""The comparison figure of the published study: one query, one row an experiment."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence

from PIL import Image, ImageDraw

from bilderatlas.files import write_atomically
from bilderatlas.show.labels import label, localise
from bilderatlas.show.pictures import Pictures
from bilderatlas.show.text import INK, MUTED, PAPER, elide, font, line_height, wrap

SIDE = 120  # box of a thumbnail, pixels
GAP = 10
MARGIN = 20
LABEL_WIDTH = 200
SHOWN = 9  # neighbours, as in the published figures
# Okabe and Ito's blue: told from black and from toned greys with every kind of colour vision
HIT = (0, 114, 178)
RULE = (216, 216, 216)

Neighbours = Sequence[tuple[str, float]]


def draw_neighbours(
    query: str,
    rows: Sequence[tuple[str, Neighbours]],
    pictures: Pictures,
    captions: Mapping[str, str],
    path: str | os.PathLike,
    language: str = "en",
    hits: Callable[[str], bool] | None = None,
    note: str = "",
) -> None:
    """Draw the nearest neighbours of one query in several experiments, as a PNG.

    Args:
        query: image id of the query.
        rows: a pair for each experiment: its label in words, and its neighbours, nearest
            first, as (image id, distance). The first nine are drawn; fewer leave blanks.
        pictures: the originals.
        captions: by image id, what stands in the title line: title, date, maker.
        path: of the PNG.
        language: of the words.
        hits: says of an image id whether it has the title and date of the query; such
            neighbours get a blue frame with a corner mark, and each row its tally.
        note: words beneath the title, such as the population searched.

    Raises:
        ValueError: there are no rows.
    """
    if not rows:
        raise ValueError(f"no rows to draw for {query}")
    rows = [(words, found[:SHOWN]) for words, found in rows]
    # always the full width: figures of one study lie side by side and should line up
    width = 2 * MARGIN + LABEL_WIDTH + (SHOWN + 1) * (SIDE + GAP) + GAP
    # long ids do not fit beside the distance: then they go beneath it, in the whole figure
    face = font(11)
    stacked = any(
        face.getlength(f"{_distance(distance, language)}  {image_id}") > SIDE
        for _, found in rows
        for image_id, distance in found
    )
    row_height = SIDE + (2 if stacked else 1) * line_height(face) + GAP + 12

    title = _title_lines(query, captions, width - 2 * MARGIN, language, note)
    legend_height = 26 if hits else 0
    top = MARGIN + sum(line_height(face) for _, face, _ in title) + legend_height + 2 * GAP
    sheet = Image.new("RGB", (width, top + len(rows) * row_height + MARGIN - GAP), PAPER)
    pen = ImageDraw.Draw(sheet)

    y = MARGIN
    for words, face, colour in title:
        pen.text((MARGIN, y), words, colour, font=face)
        y += line_height(face)
    if hits:
        _mark(pen, (MARGIN + 2, y + 8, MARGIN + 14, y + 20))
        pen.text((MARGIN + 24, y + 14), label("neighbours.hit", language), INK, font(13), "lm")
    for number, (words, found) in enumerate(rows):
        y = top + number * row_height
        pen.line((MARGIN, y - GAP, width - MARGIN, y - GAP), RULE)
        _draw_row(sheet, y, query, words, found, pictures, language, hits, stacked)

    with write_atomically(path) as temporary:
        sheet.save(temporary, format="PNG", compress_level=3)


def _title_lines(
    query: str, captions: Mapping[str, str], width: int, language: str, note: str
) -> list[tuple]:
    """The lines above the rows, each with its font and colour."""
    named = label("neighbours.query", language, id=query)
    caption = captions.get(query) or named
    lines = [(words, font(18, bold=True), INK) for words in wrap(caption, font(18, True), width, 3)]
    small = " · ".join(filter(None, [named if caption != named else "", note]))
    reading = label("neighbours.reading", language, count=SHOWN)
    for text in filter(None, [small, reading]):
        lines += [(words, font(13), MUTED) for words in wrap(text, font(13), width, 2)]
    return lines


def _draw_row(
    sheet: Image.Image,
    y: int,
    query: str,
    words: str,
    found: Neighbours,
    pictures: Pictures,
    language: str,
    hits: Callable[[str], bool] | None,
    stacked: bool,
) -> None:
    pen = ImageDraw.Draw(sheet)
    lines = wrap(words, font(14, bold=True), LABEL_WIDTH - 16, 5)
    step = line_height(font(14, bold=True))
    for number, line in enumerate(lines):
        pen.text((MARGIN, y + 4 + number * step), line, INK, font=font(14, bold=True))
    marked = [bool(hits and hits(image_id)) for image_id, _ in found]
    if hits and found:
        below = y + 4 + len(lines) * step + 4
        tally = label("neighbours.tally", language, hits=sum(marked), count=len(found))
        _mark(pen, (MARGIN + 1, below + 3, MARGIN + 9, below + 11), frame=1)
        pen.text((MARGIN + 16, below + 7), tally, MUTED, font(12), "lm")

    x = MARGIN + LABEL_WIDTH
    box = _paste(sheet, pictures.thumbnail(query, SIDE, SIDE), x, y)
    pen.rectangle(_grown(box, 3), outline=INK, width=3)
    face = font(11)
    pen.text((x + SIDE / 2, y + SIDE + 6), elide(query, face, SIDE), INK, face, "ma")
    x += GAP  # a wider gap parts the query from what was found
    for (image_id, distance), hit in zip(found, marked, strict=True):
        x += SIDE + GAP
        box = _paste(sheet, pictures.thumbnail(image_id, SIDE, SIDE), x, y)
        if hit:
            pen.rectangle(_grown(box, 3), outline=HIT, width=3)
            _mark(pen, (box[0] + 3, box[1] + 3, box[0] + 15, box[1] + 15))
        said = [_distance(distance, language), elide(image_id, face, SIDE)]
        for number, line in enumerate(said if stacked else ["  ".join(said)]):
            below = y + SIDE + 6 + number * line_height(face)
            pen.text((x + SIDE / 2, below), line, INK, face, "ma")
    if not found:
        middle = (x + SIDE + GAP, y + SIDE / 2)
        pen.text(middle, label("neighbours.none", language), MUTED, font(13), "lm")


def _paste(sheet: Image.Image, picture: Image.Image, x: int, y: int) -> tuple[int, ...]:
    """Put ``picture`` on the floor of the box at (x, y), close to its words; what it covers."""
    left, top = x + (SIDE - picture.width) // 2, y + SIDE - picture.height
    sheet.paste(picture, (left, top))
    return left, top, left + picture.width - 1, top + picture.height - 1


def _grown(box: tuple[int, ...], by: int) -> tuple[int, ...]:
    return box[0] - by, box[1] - by, box[2] + by, box[3] + by


def _mark(pen: ImageDraw.ImageDraw, box: tuple[int, ...], frame: int = 2) -> None:
    """A filled diamond with a white edge: a shape as well as a colour."""
    left, top, right, bottom = box
    middle = ((left + right) / 2, (top + bottom) / 2)
    corners = [(middle[0], top), (right, middle[1]), (middle[0], bottom), (left, middle[1])]
    edge = [
        (middle[0], top - frame),
        (right + frame, middle[1]),
        (middle[0], bottom + frame),
        (left - frame, middle[1]),
    ]
    pen.polygon(edge, fill=PAPER)
    pen.polygon(corners, fill=HIT)


def _distance(distance: float, language: str) -> str:
    return localise(f"{distance:.3f}", language)
