"""The worklist: what disagrees, which titles doubt, who stands beside them; its pages."""

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from bilderatlas.analysis.worklist import disagreement, make_worklist, uncertain_words
from bilderatlas.files import CATALOGUE, ORIENTATION, WORKLIST, Embeddings, read_table, write_table
from bilderatlas.show import worklist_pages
from bilderatlas.show.pictures import Pictures
from bilderatlas.show.worklist_pages import write_worklist
from plan import schema
from tests.unit.test_negatives import HALF, ITSELF, pairs

ROWS = [
    ("1", "Markt", "1900", "A"), ("2", "Markt, vermutlich Nord", "1900", "A"),
    ("3", "Markt", "1901", "A"), ("4", "Hof", "1900", "A"), ("5", "Hof", "1900 ", " A"),
    ("6", "Brücke (evtl. Süd)", "", "B"), ("7", "Südbrücke", "", "B"), ("8", "", "", ""),
]  # fmt: skip
WORDS = schema.with_defaults({}, schema.read("config"))["worklist"]["uncertain"]


def catalogue(rows=ROWS):
    table = pd.DataFrame(rows, columns=["image_id", "title", "date", "makers"])
    others = dict.fromkeys(set(CATALOGUE) - set(table.columns), "")
    table = table.assign(**others | {"height_cm": np.nan, "width_cm": np.nan})
    return table.set_index("image_id", drop=False)


def thumbnails(*rows):
    """Embeddings of length 1 in a plane, by their angles in degrees."""
    angles = np.radians([angle for _, angle in rows])
    values = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    return Embeddings(values, [name for name, _ in rows], [""] * len(rows))


ANGLES = [("1", 0), ("2", 5), ("3", 12), ("4", 90), ("5", 93), ("6", 180), ("7", 200), ("8", 181)]
NOBODY = pd.DataFrame(columns=list(ORIENTATION))


def worklist(duplicates, rows=ROWS, orientation=NOBODY, words=WORDS, angles=ANGLES):
    return make_worklist(catalogue(rows), duplicates, orientation, thumbnails(*angles), words)


def test_records_of_one_negative_that_disagree():
    found = worklist(
        pairs(
            ("1", "2", "print", "yes", "yes", HALF, 0.8, "rule"),
            ("1", "3", "print", "no", "no", ITSELF, 0.9, "hand"),
            ("4", "5", "print", "no", "no", ITSELF, 0.9, "rule"),
        ),
        words=[],
    )
    assert found.columns.tolist() == list(WORKLIST)
    # 4 and 5 differ by white space alone
    assert found["image_id"].tolist() == ["1", "2", "3"]
    assert set(found["case"]) == {"records 1"} and set(found["differs"]) == {"title | date"}
    first, second, third = (row for _, row in found.iterrows())
    assert first["beside"] == first["note"] == ""
    assert second[["beside", "relation", "mirrored", "cut", "score"]].tolist() == [
        "1", "print", "yes", "yes", 0.8]  # fmt: skip
    assert third[["mirrored", "cut", "source"]].tolist() == ["no", "no", "hand"]
    assert second["title"] == "Markt, vermutlich Nord" and third["date"] == "1901"


def test_cases_whose_titles_differ_come_first():
    rows = [("1", "A", "1900", ""), ("2", "A", "1901", ""), ("3", "B", "", ""), ("4", "C", "", "")]
    angles = [(name, 0) for name, *_ in rows]
    table = pairs(("1", "2", "print", "no", "no", ""), ("3", "4", "print", "no", "no", ""))
    found = worklist(table, rows, angles=angles)
    assert found["case"].drop_duplicates().tolist() == ["records 3", "records 1"]


@pytest.mark.parametrize(("one", "other", "names"), [
    ("A", "A ", []), ("A", "", ["makers"]), ("A  B", "A B", []), ("A", "a", ["makers"]),
])  # fmt: skip
def test_what_a_disagreement_is(one, other, names):
    records = pd.DataFrame({"title": "t", "date": "d", "makers": [one, other]})
    assert disagreement(records) == names


@pytest.mark.parametrize(("title", "word"), [
    ("Hof, vermutlich im Krögel", "vermutlich"), ("Hof, VERMUTL. im Krögel", "VERMUTL."),
    ("Möglicherweise ein Hof", "Möglicherweise"), ("Hof (evtl. Kochstraße)", "evtl."),
    ("eine nicht identifizierte Brücke", "nicht identifizierte"),
    ("nicht \n identifizierter Park", "nicht \n identifizierter"),
    ("zwei unbekannte Jungen", "unbekannte"), ("Unidentified street", "Unidentified"),
    ("Pont non identifié à Paris", "non identifié"), ("Peut-être Lyon", "Peut-être"),
    ("Hof (wahrscheinlich)", "wahrscheinlich"), ("an impossible view", ""),
    ("identifizierte Brücke", ""), ("Hof im Krögel", ""), ("", ""),
    ("Wahrscheinlichkeit", "Wahrscheinlichkeit"),
])  # fmt: skip
def test_words_of_doubt(title, word):
    assert uncertain_words(pd.Series([title]), WORDS).tolist() == [word]


def test_a_word_is_no_pattern():
    titles = pd.Series(["a (b", "evtlx Hof", "a.b"])
    assert uncertain_words(titles, ["(b", "evtl.", "a.b"]).tolist() == ["(b", "", "a.b"]
    assert uncertain_words(titles, []).tolist() == ["", "", ""]


def test_uncertain_titles_beside_prints_variants_and_pixels():
    table = pairs(
        ("2", "3", "variant", "no", "no", "", 0.7, "rule"),
        ("2", "5", "variant", "no", "no", "", 0.69, "rule"),  # too weak to go before pixels
        ("2", "4", "print", "yes", "no", "", 0.9, "hand"),
        ("2", "6", "print", "no", "no", "", 0.9, "rule"),
        ("2", "8", "print", "no", "no", "", 0.9, "rule"),
    )
    found = worklist(table)
    found = found[found["kind"] == "title"]
    two, six = (found[found["case"] == f"title {name}"] for name in "26")
    assert found["case"].iloc[0] == "title 2" and two["note"].iloc[0] == "vermutlich"
    # neither 6, which is uncertain too, nor 8, which has no title; 1 and 3 have one title
    assert two["image_id"].tolist() == ["2", "4", "3", "7"]
    assert two["relation"].tolist()[1:] == ["print", "variant", "near"]
    assert two["source"].tolist()[1:] == ["hand", "rule", "pixels"]
    assert two["mirrored"].iloc[1] == "yes"
    # 4 is a print of 6 by way of 2, but no pair says so: without a score
    assert six["image_id"].tolist()[:2] == ["6", "4"] and pd.isna(six["score"].iloc[1])
    assert two["score"].iloc[3] == pytest.approx(np.cos(np.radians(195)), abs=1e-6)


def test_pictures_that_are_not_packed_have_no_neighbours():
    found = worklist(pairs(), angles=[("1", 0)])
    assert found[found["kind"] == "title"]["image_id"].tolist() == ["2", "6"]


def turned():
    row = dict.fromkeys(ORIENTATION, "")
    row |= {"image_id": "4", "stated": "lying", "seen": "upright", "note": "nearly square"}
    return pd.DataFrame([row])


def test_orientation_is_taken_over():
    found = worklist(pairs(), orientation=turned(), words=[])
    assert found[["kind", "case", "image_id", "note"]].values.tolist() == [
        ["orientation", "orientation 4", "4", "stated lying, seen upright: nearly square"]
    ]


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_pages(tmp_path, language):
    rows = [*ROWS[:4], ("5", '<b onclick="x">Hof</b> & "Tor"', "1900", "A"), *ROWS[5:]]
    table = pairs(("1", "2", "print", "yes", "yes", HALF, 0.8, "rule"),
                  ("4", "5", "print", "no", "no", ITSELF, np.nan, "hand"))  # fmt: skip
    write_table(worklist(table, rows, turned()), tmp_path / "worklist.csv", WORKLIST)
    read = read_table(tmp_path / "worklist.csv", WORKLIST)
    for number in range(1, 8):  # 8 is missing
        Image.new("RGB", (40, 30), (9 * number, 0, 0)).save(tmp_path / f"{number}.jpg")
    pictures = Pictures({row[0]: str(tmp_path / f"{row[0]}.jpg") for row in rows})
    looked = {"records": 2, "title": 8, "orientation": 8}
    folder = tmp_path / "pages"
    folder.mkdir()
    write_worklist(read, pictures, folder, "A&B", language, looked)
    page = {path.stem: path.read_text(encoding="utf-8") for path in folder.iterdir()}
    assert set(page) == {"index", "records", "title", "orientation"}
    assert (
        "A&amp;B" in page["index"]
        and ("2 von 2" if language == "de" else "2 of 2") in (page["index"])
    )
    assert "&lt;b" in page["records"] and "<b onclick" not in page["records"]
    assert page["records"].count("data:image/jpeg;base64,") == 4
    marks = ("seitenverkehrt", "beschnitten", "von Hand") if language == "de" else (
        "mirrored", "cut", "by hand")  # fmt: skip
    for mark in marks:
        assert f">{mark}</span>" in page["records"]
    # what only one record says is marked, what both say is not
    assert "Markt <mark" not in page["records"]
    assert "<mark>vermutlich</mark>" in page["records"]
    assert "<mark>Markt" not in page["records"], "a comma is no other word"
    assert "<mark>evtl.</mark>" in page["title"]
    assert ("fast quadratisch" if language == "de" else "nearly square") in page["orientation"]
    for text in page.values():
        assert 'src="http' not in text and "<script" not in text


def test_where_punctuation_alone_differs_it_is_marked():
    found = worklist_pages._parts("Am Tor, Berlin", ["Am Tor, Berlin", "Am Tor Berlin"])
    assert found == [("Am", False), (" ", False), ("Tor,", True), (" ", False), ("Berlin", False)]


def test_pages_without_cases(tmp_path):
    empty = pd.DataFrame(columns=list(WORKLIST))
    looked = dict.fromkeys(("records", "title", "orientation"), 0)
    write_worklist(empty, Pictures({}), tmp_path, "x", "en", looked)
    assert "None." in (tmp_path / "records.html").read_text(encoding="utf-8")


def test_more_cases_than_a_page_bears(tmp_path, monkeypatch):
    monkeypatch.setattr("bilderatlas.show.worklist_pages.LISTED", 1)
    looked = dict.fromkeys(("records", "title", "orientation"), 8)
    write_worklist(worklist(pairs()), Pictures({}), tmp_path, "x", "en", looked)
    text = (tmp_path / "title.html").read_text(encoding="utf-8")
    assert "1 further cases stand in worklist.csv only" in text
    assert text.count('<section class="case"') == 1
