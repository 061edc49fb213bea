"""Measurements: height before width, centimetres, and what must not be read."""

import csv
from pathlib import Path

import pytest

from bilderatlas.collection.measurements import Size, parse_length, parse_size

METADATA = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "zille" / "metadata.csv"


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("Bildmaß:  20,7x26,2 cm", Size("Bildmaß", 20.7, 26.2)),
        ("Passepartoutmaß:  70 x 50 cm", Size("Passepartoutmaß", 70, 50)),
        ("Passepartoutmaß:  70 x 50 cm   mit WV 1 und WV 2", Size("Passepartoutmaß", 70, 50)),
        ("Trägermaß:  24 x 30,5 cm Karton", Size("Trägermaß", 24, 30.5)),
        ("Rahmenmaß:  71,5 x 51,5 x 3 cm", Size("Rahmenmaß", 71.5, 51.5)),
        ("8 x 11,3 cm", Size("", 8, 11.3)),
        ("207 × 262 mm", Size("", 20.7, 26.2)),
        ("1,2 X 2 m", Size("", 120, 200)),
        ("20,7 cm x 262 mm", Size("", 20.7, 26.2)),
        ("20.7 x 26.2cm (8 1/8 x 10 3/8 in)", Size("", 20.7, 26.2)),
        ("Höhe x Breite: 205 x 149 mm (Platte)", Size("Höhe x Breite", 20.5, 14.9)),
        ("Breite x Höhe: 149 x 205 mm", Size("Breite x Höhe", 20.5, 14.9)),
        ("1 Bl., 62,5 x 69,5 cm", Size("", 62.5, 69.5)),
    ],
)
def test_size(text, size):
    assert parse_size(text) == size


@pytest.mark.parametrize(
    "text",
    [
        "", "Bildmaß:", "Bildmaß: 20,7x26,2", "20 x 30 Pixel", "20 cm", "Durchmesser: 2,12 cm",
        "0 x 12 cm", "1.200 x 900 mm", "1 1/2 x 3 cm", "10 x 15 cm, Blatt: 20 x 30 cm",
        "cm Großformat", "20 x 30 mmHg", "8⅛ x 10 cm",
    ],
)  # fmt: skip
def test_unreadable_size(text):
    assert parse_size(text) is None


def test_length():
    assert parse_length("20,7") == 20.7
    assert parse_length("207 mm") == 20.7
    assert parse_length("207", "mm") == 20.7
    for text, unit in (("", "cm"), ("0", "cm"), ("12", "pixel"), ("about 12", "cm"), ("-3", "cm")):
        assert parse_length(text, unit) is None


def test_every_published_picture_has_its_size():
    if not METADATA.exists():
        pytest.skip("the real data lies beside the checkout: ../shared/data is not there")
    with open(METADATA, encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    for row in rows:
        size = parse_size(row["measurement_1"])
        assert size.kind == "Bildmaß"
        assert 2 < size.height_cm < 45 and 2 < size.width_cm < 45
        for number in range(2, 6):
            text = row[f"measurement_{number}"]
            assert not text or parse_size(text) is not None
