"""Real scans with colour cards, and real photographs whose cards have been cut away already."""

import csv
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bilderatlas.collection.crops.propose import overlaps, propose_file

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
CARDS = SHARED / "colour_cards"
PICTURES = SHARED / "zille" / "images"

pytestmark = pytest.mark.skipif(not CARDS.is_dir(), reason="no ../shared/data/colour_cards here")


def share(box, wanted):
    return overlaps(np.array([box], float), np.array(wanted, float))[0]


def test_the_page_beside_a_strip_with_colours_greys_and_a_scale():
    with (CARDS / "boxes.csv").open(encoding="utf-8") as handle:
        row = next(csv.DictReader(handle))
    measured = [int(row[key]) for key in ("x0", "y0", "x1", "y1")]
    found = propose_file(CARDS / row["file"], None)
    assert share(found.box, measured) > 0.95
    sizes = (found.width, found.height) * 2
    off = [abs(a - b) / size for a, b, size in zip(found.box, measured, sizes, strict=True)]
    assert max(off) <= 0.02
    assert any(card.endswith("right") for card in found.cards)


def test_the_sheet_beside_colour_patches_a_grey_scale_and_a_ruler():
    path = CARDS / "herbarium" / "blur_FSU.jpg"
    found = propose_file(path, None)
    with Image.open(path) as picture:
        width, height = picture.size
    # read off the scan by eye: the sheet lies between these
    assert share(found.box, (0.171 * width, 0.015 * height, 0.985 * width, 0.985 * height)) > 0.95
    assert {card.split()[0] for card in found.cards} >= {"colour", "grey"}
    assert all(card.endswith("left") for card in found.cards if card.split()[0] != "strip")


@pytest.mark.slow
@pytest.mark.skipif(not PICTURES.is_dir(), reason="no ../shared/data/zille here")
def test_photographs_that_were_cut_already_are_left_alone():
    """Every eighth of the 624."""
    lost = []
    for path in sorted(PICTURES.iterdir())[::8]:
        found = propose_file(path, None)
        left, top, right, bottom = found.box
        lost.append(1 - (right - left) * (bottom - top) / (found.width * found.height))
    assert len(lost) == 78
    assert np.mean(np.array(lost) > 0.02) < 0.06
