"""Files of records that are not what the settings say: told by the dry run."""

import pytest

from bilderatlas.collection import published_csv
from bilderatlas.collection.folder import TABLE_KEYS
from bilderatlas.collection.layouts import best_artworks, dew, painter_by_numbers
from plan import headers, records, schema


def entry(kind, path, columns=(), **more):
    return {"records": kind, "metadata": str(path), "columns": dict(columns), "validate": False,
            "lido": {}} | more  # fmt: skip


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "r.csv"
    path.write_text("\ufeffDatei;Titel;Jahr\n1.jpg;Markt;1900\n", encoding="utf-8")
    return path


def test_what_fits_is_left_alone(table, tmp_path):
    assert records.fault("own", entry("table", table, {"file": "Datei", "date": "Jahr"})) is None
    lido = tmp_path / "a.xml"
    lido.write_text("\n<lido/>")
    assert records.fault("own", entry("lido", lido)) is None
    # what cannot be read here is the reader's to tell
    lido.write_text("<lido/>", encoding="utf-16")
    assert records.fault("own", entry("lido", lido)) is None


@pytest.mark.parametrize(
    ("kind", "columns", "words"),
    [
        ("pictures", {}, "does not say how its records are written: add records: table"),
        ("table", {}, "must say which column of {} names the picture"),
        ("table", {}, "it has Datei, Titel, Jahr"),
        ("table", {"file": "Datei", "title": "Title"}, "{} has no column Title, as coll"),
        ("lido", {}, "{} is no XML file: is it a table (records: table)? It begins with 'Datei;"),
        ("dew", {}, "has no column img_id, GT, date_taken"),
        ("painter_by_numbers", {}, "as records: painter_by_numbers needs; it has Datei"),
        ("best_artworks", {}, "has no column name, genre, paintings"),
        ("published_csv", {}, "has no column id, title"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_one_sentence(table, kind, columns, words):
    told = records.fault("own", entry(kind, table, columns))
    assert words.format(table) in told and told.endswith(".") and "\n" not in told


def test_lido_given_as_a_table(tmp_path):
    path = tmp_path / "a.xml"
    path.write_text("<?xml version='1.0'?><lido/>")
    told = records.fault("own", entry("table", path, {"file": "a"}))
    assert told == (
        f"collections.own has records: table, but {path} is XML: records: lido reads LIDO."
    )


def test_a_long_first_line_is_read_as_far_as_it_goes(tmp_path):
    path = tmp_path / "r.csv"
    path.write_text("file," + "x" * headers.READ * 2 + "\n1.jpg,\n")
    assert headers.header(str(path))[0] == "file"


def test_the_columns_are_those_that_the_readers_need():
    assert headers.LAYOUTS == {
        "published_csv": published_csv.COLUMNS,
        "dew": dew.COLUMNS,
        "painter_by_numbers": painter_by_numbers.NEEDED,
        "best_artworks": best_artworks.NEEDED,
    }
    entry = schema.read("config")["properties"]["collections"]["additionalProperties"]
    named = entry["properties"]["columns"]["propertyNames"]["enum"]
    assert sorted(named) == sorted(TABLE_KEYS)
