"""Measurements: height before width, centimetres, and what must not be read."""

import csv
from pathlib import Path

import pytest

from bilderatlas.collection.measurements import (
    KINDS,
    Size,
    kind_of,
    parse_length,
    parse_size,
    parse_sizes,
    picture_size,
)

METADATA = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "zille" / "metadata.csv"


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("Bildmaß:  20,7x26,2 cm", Size("image", 20.7, 26.2)),
        ("Passepartoutmaß:  70 x 50 cm", Size("mount", 70, 50)),
        ("Passepartoutmaß:  70 x 50 cm   mit WV 1 und WV 2", Size("mount", 70, 50)),
        ("Trägermaß:  24 x 30,5 cm Karton", Size("mount", 24, 30.5)),
        ("Tra\u0308germaß: 24 x 30,5 cm", Size("mount", 24, 30.5)),  # as a Mac writes it
        ("Rahmenmaß:  71,5 x 51,5 x 3 cm", Size("frame", 71.5, 51.5)),
        ("Fotopapiermaß: 23,8 x 29,9 cm", Size("sheet", 23.8, 29.9)),
        ("8 x 11,3 cm", Size("", 8, 11.3)),
        ("207 × 262 mm", Size("", 20.7, 26.2)),
        ("1,2 X 2 m", Size("", 120, 200)),
        ("20,7 cm x 262 mm", Size("", 20.7, 26.2)),
        ("20.7 x 26.2cm (8 1/8 x 10 3/8 in)", Size("", 20.7, 26.2)),
        ("8 1/8 x 10 5/16 in. (20.7 x 26.2 cm)", Size("", 20.7, 26.2)),
        ("Höhe x Breite: 205 x 149 mm (Platte)", Size("plate", 20.5, 14.9)),
        ("Breite x Höhe: 149 x 205 mm", Size("", 20.5, 14.9)),
        ("largeur x hauteur : 149 x 205 mm", Size("", 20.5, 14.9)),
        ("1 Bl., 62,5 x 69,5 cm", Size("", 62.5, 69.5)),
        ("Objekt: 53,5 x 79,5 cm", Size("object", 53.5, 79.5)),
        ("Höhe: 88 mm\nBreite: 141 mm", Size("", 8.8, 14.1)),
        ("H: 66,5 cm, B: 88,5 cm", Size("", 66.5, 88.5)),
        ("Rahmen: H. 66,5 cm; B. 88,5 cm", Size("frame", 66.5, 88.5)),
        ("8 x 10 in", Size("", 20.32, 25.4)),
        ('sheet: 8" x 10"', Size("sheet", 20.32, 25.4)),
        ("Image: 8 1/2 x 10 1/4 inches", Size("image", 21.59, 26.035)),
        ("1 1/2 x 3 cm", Size("", 1.5, 3)),
        ("8⅛ x ¾ cm", Size("", 8.125, 0.75)),
    ],
)
def test_size(text, size):
    assert parse_size(text) == size


@pytest.mark.parametrize(
    "text",
    [
        "", "Bildmaß:", "Bildmaß: 20,7x26,2", "20 x 30 Pixel", "20 cm", "Durchmesser: 2,12 cm",
        "0 x 12 cm", "1.200 x 900 mm", "10 x 15 cm, Blatt: 20 x 30 cm", "cm Großformat",
        "20 x 30 mmHg", "20 x 30 in Mappe", "20/30 x 40 cm", "4/3 x 4 in.", "3/7 x 4 in.",
        "1.200,5 x 3 cm", "8 x 10 Zoll", "Höhe: 26,5 cm (Ohne Verschluss)", "12 1/0 x 3 cm",
        "H: 0 cm, B: 3 cm", "Bild 1.200 x 900 mm, Blatt 20 x 30 cm", "cm x cm", "7 1/2 1/2 x 3 cm",
    ],
)  # fmt: skip
def test_unreadable_size(text):
    assert parse_size(text) is None


def test_several_sizes_by_kind():
    text = "Platte: 205 x 149 mm; Blatt: 216 x 164 mm"
    assert parse_sizes(text) == [Size("plate", 20.5, 14.9), Size("sheet", 21.6, 16.4)]
    assert picture_size(text) == Size("plate", 20.5, 14.9)
    text = "24 x 30 cm (Blatt), 20 x 26 cm (Bild)"
    assert parse_sizes(text) == [Size("sheet", 24, 30), Size("image", 20, 26)]
    assert picture_size(text) == Size("image", 20, 26)
    # an inch size of another thing is no repetition
    text = "image: 20 x 25 cm; sheet: 8 x 10 in."
    assert parse_sizes(text) == [Size("image", 20, 25), Size("sheet", 20.32, 25.4)]
    assert picture_size("gerahmt: 30 x 40 cm; Rahmen: 50 x 60 cm") == Size("", 30, 40)
    assert picture_size("unbekannt") is None


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Bildmaß", "image"),
        ("Bildträger", "mount"),
        ("BLATTGRÖSSE", ""),
        ("Blattgröße", "sheet"),
        ("Papierformat", "sheet"),
        ("Höhe x Breite", ""),
        ("Bildnis", ""),
        ("framed (Blatt)", "frame"),
        ("", ""),
    ],
)
def test_kind(words, kind):
    assert kind_of(words) == kind
    assert kind == "" or kind in KINDS


def test_length():
    assert parse_length("20,7") == 20.7
    assert parse_length("207 mm") == 20.7
    assert parse_length("207", "mm") == 20.7
    assert parse_length("8 1/2 in.") == 21.59
    assert parse_length("10", "in") == 25.4
    for text, unit in (("", "cm"), ("0", "cm"), ("12", "pixel"), ("about 12", "cm"), ("-3", "cm")):
        assert parse_length(text, unit) is None


def test_every_published_picture_has_its_size():
    if not METADATA.exists():
        pytest.skip("the real data lies beside the checkout: ../shared/data is not there")
    with open(METADATA, encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    for row in rows:
        size = parse_size(row["measurement_1"])
        assert size.kind == "image"
        assert 2 < size.height_cm < 45 and 2 < size.width_cm < 45
        for number in range(2, 6):
            text = row[f"measurement_{number}"]
            assert not text or parse_size(text).kind in ("sheet", "mount", "frame")
