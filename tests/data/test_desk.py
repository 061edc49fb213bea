"""The desk with real scans: previews against a whole decoding, and a keep-box that was measured."""

import asyncio
import csv
import io
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from bilderatlas.collection.crops.crop import Crop, cut
from bilderatlas.collection.crops.decisions import check_decisions, read_decisions
from bilderatlas.desk.crops import Crops
from bilderatlas.desk.holdings import Holdings
from bilderatlas.desk.page import Standing
from bilderatlas.desk.previews import Previews
from tests.desk_server import Collection

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
CARDS = DATA / "colour_cards"
ZILLE = DATA / "zille" / "images"
needs_cards = pytest.mark.skipif(not CARDS.is_dir(), reason=f"{CARDS} is not there")
needs_zille = pytest.mark.skipif(not ZILLE.is_dir(), reason=f"{ZILLE} is not there")


@needs_zille
def test_previews_of_real_photographs_are_the_photographs(tmp_path):
    """Of every thirtieth: the same picture as one that is decoded whole and scaled."""
    previews = Previews(tmp_path / "cache")
    files = sorted(ZILLE.glob("*.jpg"))[::30]
    assert len(files) == 21
    took = []
    for file in files:
        began = time.perf_counter()
        made = Image.open(io.BytesIO(asyncio.run(previews.get(file, 800)))).convert("L")
        took.append(time.perf_counter() - began)
        whole = ImageOps.exif_transpose(Image.open(file)).convert("L")
        assert abs(max(made.size) - min(800, max(whole.size))) <= 1
        small = whole.resize(made.size, Image.Resampling.LANCZOS)
        difference = np.abs(np.asarray(made, float) - np.asarray(small, float)).mean()
        # grain, and what JPEG makes of it, is all that differs
        assert difference < 4, file
        seen = previews.look(file)
        assert (seen.width, seen.height) == whole.size
    assert np.median(took) < 1.5


@needs_cards
def test_a_measured_box_goes_through_the_desk_into_the_run(tmp_path):
    """The manuscript page's keep-box: sent as a page sends it, read as freezing reads it, cut."""
    with open(CARDS / "boxes.csv", encoding="utf-8") as handle:
        row = next(csv.DictReader(handle))
    box = [int(row[name]) for name in ("x0", "y0", "x1", "y1")]
    made = Collection(tmp_path, {"page": CARDS / row["file"]})
    previews = Previews(tmp_path / "cache")
    page = Crops(Holdings("c", "C", tmp_path, "Me", "en"), previews)
    standing = Standing(page)
    stamp = previews.look(CARDS / row["file"]).stamp
    page.journal.append(
        page.row({"key": "page", "box": box, "turn": 0, "stamp": stamp}, standing.history)
    )
    assert standing.since()["standing"]["page"]["decision"]["box"] == tuple(box)

    scan = Image.open(CARDS / row["file"]).convert("RGB")
    crops = check_decisions(made.crops, read_decisions(made.crops), {"page": scan.size})
    assert crops == {"page": Crop(*box, 0, *scan.size)}
    kept = np.asarray(cut(scan, crops["page"]).convert("HSV"))
    card = np.asarray(scan.crop((box[2], 0, *scan.size)).convert("HSV"))
    # what was cut off is the dark ground with the card; what is kept is parchment
    assert np.median(kept[..., 2]) > 2 * np.median(card[..., 2])
