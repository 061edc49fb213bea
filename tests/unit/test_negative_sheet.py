"""The sheet of a negative: all its prints, and frames where the transform puts them."""

import numpy as np
import pandas as pd
import pytest
from PIL import Image, ImageColor

from bilderatlas.collection.negatives import find_negatives
from bilderatlas.show.kinds import COLOURS
from bilderatlas.show.negative_sheet import GAP, MARGIN, SIDE, draw_negative, marks
from bilderatlas.show.pictures import Pictures
from tests.unit.test_negatives import HALF, ITSELF, LEFT, pairs


@pytest.fixture
def drawn(tmp_path):
    def draw(*rows, size=(400, 300)):
        table = pairs(*rows)
        ids = sorted({*table["image_a"], *table["image_b"]})
        files = {}
        for name in ids:
            Image.new("RGB", size, (120, 120, 120)).save(tmp_path / f"{name}.png")
            files[name] = str(tmp_path / f"{name}.png")
        records = {"title": "Ein Titel " * 20, "date": "1900", "makers": "A", "technique": "",
                   "height_cm": 9.0, "width_cm": np.nan}  # fmt: skip
        catalogue = pd.DataFrame([records] * len(ids), index=ids)
        (negative,) = find_negatives(table, ids)
        size = draw_negative(negative, catalogue, Pictures(files), tmp_path / "sheet.png", "en")
        with Image.open(tmp_path / "sheet.png") as picture:
            assert picture.size == size
            return np.asarray(picture.convert("RGB")).astype(int), negative

    return draw


def coloured(sheet, place):
    """Columns of pixels in the colour of a print, left and right of the first picture's end."""
    colour = ImageColor.getrgb(COLOURS[place - 1])
    columns = np.flatnonzero((np.abs(sheet - colour).sum(axis=2) < 12).any(axis=0))
    end = MARGIN + SIDE
    return columns[columns < end], columns[columns > end]


def test_frames_lie_where_the_transform_puts_them(drawn):
    sheet, _ = drawn(("1", "2", "print", "no", "yes", HALF))
    inside, around = coloured(sheet, 1)
    assert inside.min() == pytest.approx(MARGIN + SIDE / 4, abs=3)
    assert inside.max() == pytest.approx(MARGIN + SIDE * 3 / 4, abs=3)
    assert around.min() == pytest.approx(MARGIN + SIDE + GAP - 3, abs=1)
    # a mirrored print that shows the left half of the first one
    sheet, _ = drawn(("1", "2", "print", "yes", "yes", LEFT))
    inside, _ = coloured(sheet, 1)
    assert inside.min() == pytest.approx(MARGIN, abs=3)
    assert inside.max() == pytest.approx(MARGIN + SIDE / 2, abs=3)


def test_what_is_whole_has_no_frame(drawn):
    sheet, negative = drawn(("1", "2", "print", "no", "no", ITSELF))
    assert not coloured(sheet, 1)[0].size and not coloured(sheet, 1)[1].size
    assert marks(negative.prints["2"], False, "de") == "seitenrichtig und vollständig"


def test_many_prints_go_into_rows(drawn):
    names = [f"{number:02d}" for number in range(9)]
    sheet, _ = drawn(*[(names[0], name, "same_file", "no", "no", "") for name in names[1:]])
    assert sheet.shape[1] == 2 * MARGIN + 4 * (SIDE + GAP) - GAP
    assert sheet.shape[0] > 3 * SIDE * 3 / 4
