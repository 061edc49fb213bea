"""The published figure of augmentations: what the network is asked to recognise as one picture."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw

from bilderatlas.files import write_atomically
from bilderatlas.show.labels import label
from bilderatlas.show.pictures import fitted
from bilderatlas.show.text import INK, MUTED, PAPER, font, line_height, wrap

COLUMNS = 6
ROWS = 6
SIDE = 92  # a view, pixels
GAP = 12
MARGIN = 20
# mid-grey: views that come out all white or all black are seen as what they are
CARD = (188, 188, 188)


def draw_view_pairs(
    originals: Sequence[Image.Image],
    pairs: np.ndarray,
    path: str | os.PathLike,
    title: str = "",
    language: str = "en",
) -> None:
    """Draw 6 x 6 pairs of views, each on a card of its own beside its original, as a PNG.

    Args:
        originals: n pictures, in the order of the pairs; an empty sequence leaves them out.
        pairs: uint8, shape (n, 2, height, width) or (n, 2, height, width, 3), values 0 to 255.
            The first 36 are drawn; fewer leave blanks.
        path: of the PNG.
        title: the heading, such as the collection and the recipe of views.
        language: of the words.

    Raises:
        ValueError: the pairs have another shape or type, or there are not as many originals.
    """
    pairs = np.asarray(pairs)
    right_shape = pairs.ndim == 4 or (pairs.ndim == 5 and pairs.shape[4] == 3)
    if pairs.dtype != np.uint8 or not right_shape or pairs.shape[1] != 2 or not len(pairs):
        raise ValueError(f"view pairs are uint8 (n, 2, h, w), not {pairs.dtype} {pairs.shape}")
    if len(originals) not in (0, len(pairs)):
        raise ValueError(f"{len(originals)} originals for {len(pairs)} pairs")

    pairs = pairs[: COLUMNS * ROWS]
    pad = 5
    places = 3 if originals else 2
    card = (places * SIDE + (places - 1) * 2 + (6 if originals else 0) + 2 * pad, SIDE + 2 * pad)
    width = 2 * MARGIN + COLUMNS * card[0] + (COLUMNS - 1) * GAP
    reading = label("views.reading" if originals else "views.reading_pairs", language)
    head = [(line, font(18, bold=True), INK) for line in wrap(title, font(18, True), width - 40, 2)]
    head += [(line, font(13), MUTED) for line in wrap(reading, font(13), width - 40, 2)]
    top = MARGIN + sum(line_height(face) for _, face, _ in head) + GAP
    rows = math.ceil(len(pairs) / COLUMNS)
    height = top + rows * (card[1] + GAP) - GAP + MARGIN
    sheet = Image.new("RGB", (width, height), PAPER)
    pen = ImageDraw.Draw(sheet)

    y = MARGIN
    for line, face, colour in head:
        pen.text((MARGIN, y), line, colour, font=face)
        y += line_height(face)
    for number, pair in enumerate(pairs):
        x = MARGIN + (number % COLUMNS) * (card[0] + GAP)
        y = top + (number // COLUMNS) * (card[1] + GAP)
        pen.rectangle((x, y, x + card[0] - 1, y + card[1] - 1), fill=CARD)
        x, y = x + pad, y + pad
        if originals:
            _paste(sheet, originals[number].convert("RGB"), x, y)
            x += SIDE + 8
        for place, view in enumerate(pair):
            _paste(sheet, Image.fromarray(view).convert("RGB"), x + place * (SIDE + 2), y)

    with write_atomically(path) as temporary:
        sheet.save(temporary, format="PNG", compress_level=3)


def _paste(sheet: Image.Image, picture: Image.Image, x: int, y: int) -> None:
    """Fit ``picture`` into the square at (x, y), in its middle, aspect kept."""
    size = fitted(picture.size, (SIDE, SIDE))
    small = picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    sheet.paste(small, (x + (SIDE - size[0]) // 2, y + (SIDE - size[1]) // 2))
