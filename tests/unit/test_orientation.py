"""Orientation: who lies otherwise than the record says, and why that may be."""

import csv
from pathlib import Path

import pandas as pd
import pytest
from PIL import Image

from bilderatlas import files
from bilderatlas.collection import published_csv
from bilderatlas.collection.catalogue import build_catalogue
from bilderatlas.collection.manifest import list_pictures
from bilderatlas.collection.orientation import list_disagreements, picture_sizes
from bilderatlas.collection.records import Problems

SHARED = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "zille"

#     id: height cm, width cm, height px, width px
ROWS = {
    "agrees": (20, 30, 200, 300),
    "turned": (20, 30, 310, 200),
    "other": (20, 30, 300, 280),
    "square-by-pixels": (20, 30, 200, 200),
    "square-by-record": (20, 20, 200, 300),
    "nearly": (20, 20.4, 101, 100),
    "unmeasured": (float("nan"), 30, 300, 200),
    "nothing": (0, 30, 300, 200),
}


def test_disagreements():
    catalogue = pd.DataFrame.from_dict(
        {name: row[:2] for name, row in ROWS.items()},
        orient="index", columns=["height_cm", "width_cm"],
    ).assign(title="T", inventory_number="7")  # fmt: skip
    catalogue.loc["unreadable"] = [20, 30, "T", "7"]
    sizes = pd.DataFrame.from_dict(
        {name: row[2:] for name, row in ROWS.items()},
        orient="index", columns=["height_px", "width_px"],
    )  # fmt: skip
    found = list_disagreements(catalogue, sizes)
    assert tuple(found.columns) == files.ORIENTATION
    assert found.set_index("image_id")["note"].to_dict() == {
        "nearly": "nearly square",
        "other": "other shape",
        "turned": "height and width exchanged",
    }
    assert found["stated"].tolist() == ["lying"] * 3 and found["seen"].tolist() == ["upright"] * 3
    # upright and lying exchanged: the same pictures
    other = catalogue.rename(columns={"height_cm": "width_cm", "width_cm": "height_cm"})
    turned = sizes.rename(columns={"height_px": "width_px", "width_px": "height_px"})
    again = list_disagreements(other, turned)
    assert again["image_id"].tolist() == found["image_id"].tolist()
    assert again["stated"].tolist() == ["upright"] * 3


def test_nobody_disagrees():
    catalogue = pd.DataFrame(
        {"title": "T", "inventory_number": "", "height_cm": 1.0, "width_cm": 2.0}, index=["a"]
    )
    sizes = pd.DataFrame({"height_px": [1], "width_px": [2]}, index=["a"])
    found = list_disagreements(catalogue, sizes)
    assert found.empty and tuple(found.columns) == files.ORIENTATION


def test_sizes_of_pictures(tmp_path):
    picture = Image.new("L", (30, 20))
    picture.save(tmp_path / "plain.png")
    turned = Image.Exif()
    turned[0x0112] = 6
    picture.save(tmp_path / "turned.jpg", exif=turned)
    (tmp_path / "broken.jpg").write_bytes(b"no picture")
    found = picture_sizes(list_pictures(tmp_path))
    assert found.to_dict("index") == {
        "plain": {"height_px": 20, "width_px": 30},
        "turned": {"height_px": 30, "width_px": 20},
    }


def test_the_real_photographs():
    if not SHARED.exists():
        pytest.skip("the real data lies beside the checkout: ../shared/data is not there")
    pictures = list_pictures(SHARED / "images")
    source = SHARED / "metadata.csv"
    problems = Problems()
    records = published_csv.read_records(source, problems)
    catalogue = build_catalogue(records, pictures, str(source), problems).set_index("image_id")
    found = list_disagreements(catalogue, picture_sizes(pictures)).set_index("image_id")
    # 614 of 624 agree; the rest by hand, from the CSV and the pictures
    assert sorted(found.index) == [
        "170964", "17665", "227601", "227605", "227989", "228202", "228230", "228303", "228306",
        "228570",
    ]  # fmt: skip
    assert found.loc["170964", "note"] == "height and width exchanged"  # 26,2 x 20,7 cm
    assert found.loc["17665", "note"] == "nearly square"  # 8,4 x 8,6 cm
    with open(source, encoding="utf-8", newline="") as handle:
        assert len(list(csv.DictReader(handle))) == 624
