"""Published layouts: small files of the true shape, written here, into one catalogue each."""

import csv
from pathlib import Path

import pandas as pd
import pytest
import yaml

from bilderatlas import files
from bilderatlas.collection import folder
from bilderatlas.collection.catalogue import build_catalogue
from bilderatlas.collection.connections import LAYOUTS, read_connections
from bilderatlas.collection.layouts import (
    best_artworks,
    class_folders,
    dew,
    painter_by_numbers,
)
from bilderatlas.collection.manifest import list_pictures
from bilderatlas.collection.readers import READERS, Given
from bilderatlas.collection.records import Problems
from bilderatlas.errors import InputError

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT / ".." / "shared" / "data"


def pictures(folder, *names):
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(name.encode())
    return list_pictures(folder)


def table(path, columns, *rows):
    with open(path, "w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows([columns, *rows])
    return path


def catalogue(kind, manifest, path="", **options):
    problems = Problems()
    records = READERS[kind](Given([str(path)] if path else [], manifest, **options), problems)
    made = build_catalogue(records, manifest, str(path) or "folder", problems)
    return made.set_index("image_id"), problems.frame()


def sentence(*arguments, **options):
    with pytest.raises(InputError) as caught:
        catalogue(*arguments, **options)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_the_settings_offer_every_reader():
    schema = yaml.safe_load((ROOT / "workflow/schemas/config.schema.yaml").read_text("utf-8"))
    entry = schema["properties"]["collections"]["additionalProperties"]["properties"]
    # iiif goes without saying where the source is
    assert sorted([*entry["records"]["enum"], "iiif"]) == sorted(READERS)
    assert sorted(entry["connections_layout"]["enum"]) == sorted(LAYOUTS)
    assert sorted(entry["class_is"]["enum"]) == sorted(class_folders.FIELDS)
    given = Given([], pd.DataFrame())
    assert entry["until"]["default"] == given.until
    assert entry["class_is"]["default"] == given.class_is


# --- Date Estimation in the Wild

FLICKR = "https://farm5.staticflickr.com/4029/"


def flickr(number, year, taken, precision, *, license_url="NaN", url=None):
    return (
        str(number), year, taken, precision, url or f"{FLICKR}{number}_ab.jpg", "Jo | Co",
        f"Title, {number}", "All Rights Reserved", license_url,
    )  # fmt: skip


def test_dew(tmp_path):
    rows = [
        flickr(1, 1930, "1930-06-05 10:47:35", 0),
        flickr(2, 1930, "1930-06-01 00:00:00", 4),
        flickr(3, 1931, "1931-01-01 00:00:00", 6, license_url="https://example.org/by"),
        flickr(4, 1931, "1931-01-01 00:00:00", 8),
        flickr(5, 1932, "2004-01-01 00:00:00", 0),  # the year of the scan
        flickr(6, 1933, "1933-01-01 00:00:00", 5),  # no precision of Flickr's
        flickr(7, 1950, "1950-01-01 00:00:00", 6),
        flickr(8, 1951, "1951-01-01 00:00:00", 6),  # too late
        flickr(9, 1940, "1940-01-01 00:00:00", 6),  # dead: no file
        flickr(10, "", "1940-01-01 00:00:00", 6),
        flickr(11, 1940, "1940-01-01 00:00:00", 6, url="https://farm5.staticflickr.com/4029/1..."),
        flickr(1, 1930, "1930-06-05 10:47:35", 0, url=f"{FLICKR}12_ab.jpg"),
        flickr(13, 1930, "1930-06-05 10:47:35", 0, url=f"{FLICKR}1_ab.jpg"),
    ]
    path = table(tmp_path / "meta.csv", dew.COLUMNS, *rows)
    here = pictures(tmp_path / "images", *(f"{n}_ab.jpg" for n in (1, 2, 3, 4, 5, 6, 7, 8, 12)))
    made, problems = catalogue("dew", here, path, until=1950)
    assert made["date"].to_dict() == {
        "1_ab": "1930-06-05", "2_ab": "1930-06", "3_ab": "1931", "4_ab": "circa 1931",
        "5_ab": "1932", "6_ab": "1933", "7_ab": "1950", "8_ab": "", "12_ab": "",
    }  # fmt: skip
    assert made.loc["4_ab", "date_edtf"] == "1931~"
    assert made.loc["1_ab", "title"] == "Title, 1" and made.loc["1_ab", "date_kind"] == "exposure"
    assert made.loc["3_ab", "rights_image"] == "All Rights Reserved https://example.org/by"
    assert made.loc["1_ab", "rights_image"] == "All Rights Reserved"
    noted = list(zip(problems["record"], problems["field"], strict=True))
    assert noted.count(("", "images")) == 1  # all that are not here in one
    assert {("5", "date"), ("6", "date"), ("10", "date"), ("8_ab", ""), ("12_ab", "")} < set(noted)
    assert problems[problems["record"] == ""]["what"].tolist() == [
        "1 of 11 rows are of pictures that are not here"
    ]
    assert len(catalogue("dew", here, path, until=1951)[0].query("date == '1951'")) == 1
    assert "no row up to 1929" in sentence("dew", here, path, until=1929)
    other = pictures(tmp_path / "other", "x.jpg")
    assert "none of its 11 rows is of a picture that is here" in sentence("dew", other, path)


def test_dew_as_a_notebook_shows_it():
    path = SHARED / "dew" / "meta_rows_shown_in_notebook_1.csv"
    if not path.exists():
        pytest.skip("the real data lies beside the checkout: ../shared/data is not there")
    manifest = pd.DataFrame([("a", "a.jpg", 1, "x")], columns=list(files.MANIFEST))
    problems = Problems()
    with pytest.raises(InputError, match="none of its 10 rows"):
        list(dew.read_records(path, manifest, 1950, problems))
    # the addresses are cut off with "...": ten rows that name no picture
    assert problems.frame()["what"].tolist() == ["the row names no picture"] * 10


def test_dew_with_the_real_rows_and_addresses_put_back(tmp_path):
    source = SHARED / "dew" / "meta_rows_shown_in_notebook_1.csv"
    if not source.exists():
        pytest.skip("the real data lies beside the checkout: ../shared/data is not there")
    with open(source, encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    for row in rows:
        row["url"] = f"{FLICKR}{row['img_id']}_ab.jpg"
    path = table(tmp_path / "meta.csv", dew.COLUMNS, *(row.values() for row in rows))
    here = pictures(tmp_path / "images", *(f"{row['img_id']}_ab.jpg" for row in rows))
    made, problems = catalogue("dew", here, path)
    assert len(made) == 10 and problems.empty
    assert made["date"].value_counts().to_dict() == {"1930": 6, "circa 1930": 3, "1930-01-01": 1}
    assert (made["rights_image"].str.contains("creativecommons")).sum() == 2


# --- Painter by Numbers


def painting(artist, date, name, *, style="Cubism", title="T"):
    return (
        artist, date, "portrait", 800.0, 600.0, 1.5e5, "wikiart", style, title, "train_only",
        "True", name,
    )  # fmt: skip


def test_painter_by_numbers(tmp_path):
    rows = [
        painting("Juan Gris", "1912.0", "1.jpg", title='Guitar, "blue"'),
        painting("Juan Gris", "c.1912", "2.jpg", title=""),
        painting("Ivan Aivazovsky", "", "3.jpg", style="nan"),
        painting("Juan Gris", "unknown year", "4.jpg"),
        painting("Juan Gris", "1913", "99999.jpg"),
        painting("Juan Gris", "1913", "98.jpg"),
    ]
    path = table(tmp_path / "all_data_info.csv", painter_by_numbers.COLUMNS, *rows)
    here = pictures(tmp_path / "train", "1.jpg", "2.jpg", "3.jpg", "4.jpg")
    made, problems = catalogue("painter_by_numbers", here, path)
    assert made["date"].tolist() == ["1912", "c.1912", "", "unknown year"]
    assert made["date_from"].tolist() == ["1912-01-01", "1910-01-01", "", ""]
    assert made["date_edtf"].tolist() == ["1912", "1912~", "", ""]
    assert made["makers"].tolist() == ["Juan Gris"] * 2 + ["Ivan Aivazovsky", "Juan Gris"]
    assert made["subjects"].tolist()[1:3] == ["portrait | Cubism", "portrait"]
    assert made["title"].tolist()[:2] == ['Guitar, "blue"', ""]
    assert made["height_cm"].isna().all()  # pixels are no centimetres
    assert problems["what"].tolist() == [
        "2 of 6 rows are of pictures that are not here", "cannot read 'unknown year'",
    ]  # fmt: skip


# --- Best Artworks of All Time


def test_best_artworks(tmp_path):
    rows = [
        (0, "Albrecht Dürer", "1471 - 1528", "Northern Renaissance", "German", "A, b", "http", 4),
        (
            1,
            "Vincent van Gogh",
            "1853 – 1890",
            "Post-Impressionism,Pointillism",
            "Dutch",
            "",
            "",
            1,
        ),
        (2, "Nobody Here", "1900 - 1950", "Cubism", "French", "", "", 12),
        (3, "Albrecht DÃ¼rer", "1471 - 1528", "x", "German", "", "", 4),
    ]
    path = table(tmp_path / "artists.csv", best_artworks.COLUMNS, *rows)
    here = pictures(
        tmp_path / "images",
        "Albrecht_Dürer/Albrecht_Dürer_1.jpg",
        "Albrecht_Du\u0308rer/Albrecht_Du\u0308rer_2.jpg",
        "Albrecht_Du╠êrer/Albrecht_Du╠êrer_3.jpg",
        "Albrecht_DuΓòá├¬rer/Albrecht_DuΓòá├¬rer_4.jpg",
        "Vincent_van_Gogh/Vincent_van_Gogh_10.jpg",
        "Vincent_van_Gogh/Vincent_van_Gogh_11.jpg",
        "Some_Other/Some_Other_1.jpg",
    )
    made, problems = catalogue("best_artworks", here, path)
    assert made["makers"].value_counts().to_dict() == {
        "Albrecht Dürer": 4, "Vincent van Gogh": 2, "Some Other": 1,
    }  # fmt: skip
    assert made.loc["Vincent_van_Gogh_10", "subjects"] == "Post-Impressionism | Pointillism"
    assert (made["date"] == "").all() and (made["title"] == "").all()
    assert sorted(problems["what"]) == [
        "'Albrecht DÃ¼rer' comes again",
        "2 pictures here, 1 in the table",
        "no picture here",
        "the table has no artist Some Other",
    ]
    flat = pictures(tmp_path / "resized", "Albrecht_Du╠êrer_3.jpg", "Vincent_van_Gogh_10.jpg")
    made, _ = catalogue("best_artworks", flat, path)
    assert made["makers"].tolist() == ["Albrecht Dürer", "Vincent van Gogh"]


# --- a folder a class


@pytest.mark.parametrize("field", class_folders.FIELDS)
def test_a_folder_a_class(tmp_path, field):
    here = pictures(
        tmp_path / "set",
        "train/Camille_Pissarro/1.jpg",
        "test/Camille_Pissarro/1.jpg",
        "Käthe/2.jpg",
        "x.jpg",
    )
    made, problems = catalogue("classes", here, folder=str(tmp_path / "set"), class_is=field)
    assert made[field].to_dict() == {
        "2": "Käthe", "x": "",
        "test--Camille_Pissarro--1": "Camille Pissarro",
        "train--Camille_Pissarro--1": "Camille Pissarro",
    }  # fmt: skip
    other = set(class_folders.FIELDS) - {field}
    assert (made[other.pop()] == "").all() and made.loc["2", "title"] == "2"
    assert problems["record"].tolist() == ["x"] and problems["field"].tolist() == [field]


def test_one_class_alone_is_a_class_too(tmp_path):
    here = pictures(tmp_path / "set", "Monet/1.jpg", "Monet/2.jpg")
    made, problems = catalogue("classes", here, folder=f"{tmp_path}/set/")
    assert made["makers"].tolist() == ["Monet"] * 2 and problems.empty


# --- any CSV


def test_a_table_with_a_size_in_one_text(tmp_path):
    rows = [
        ("a.jpg", "Bild: 20,7 x 26,2 cm; Blatt: 24 x 30 cm", ""),
        ("b.jpg", "groß", ""),
        ("c.jpg", "8 x 10 in", "12"),
    ]
    path = table(tmp_path / "mine.csv", ("Datei", "Maße", "Höhe"), *rows)
    here = pictures(tmp_path / "images", "a.jpg", "b.jpg", "c.jpg")
    columns = {"file": "Datei", "size": "Maße", "height_cm": "Höhe"}
    made, problems = catalogue("table", here, path, columns=columns)
    assert made["height_cm"].fillna(0).tolist() == [20.7, 0, 12]
    assert made["width_cm"].fillna(0).tolist() == [26.2, 0, 0]
    assert problems["what"].tolist() == ["cannot read 'groß'"]


# --- what is wrong with a table is one sentence

LAYOUT_COLUMNS = {
    "dew": dew.COLUMNS,
    "painter_by_numbers": painter_by_numbers.NEEDED,
    "best_artworks": best_artworks.NEEDED,
}


@pytest.mark.parametrize("kind", LAYOUT_COLUMNS)
def test_tables_of_another_shape(tmp_path, kind):
    here = pictures(tmp_path / "images", "a.jpg")
    path = tmp_path / "table.csv"
    assert "does not exist" in sentence(kind, here, path)
    columns = LAYOUT_COLUMNS[kind]
    table(path, columns[1:], ["x"] * (len(columns) - 1))
    assert f"{path} lacks the column(s) {columns[0]}" in sentence(kind, here, path)
    table(path, columns)
    assert "no rows" in sentence(kind, here, path)
    path.write_bytes(b"\xff\xfe\x00")
    assert "not UTF-8" in sentence(kind, here, path)


# --- connections


def test_connections_of_ones_own(tmp_path):
    rows = [
        ("1", "2", "print", "by eye", "Anna", "2026-01-02T10:00:00"),
        ("1", "2", "print", "by eye", "Bob", ""),
        ("3", "3", "variant", "", "", ""),
        ("4", "", "variant", "", "", ""),
        ("5", "6", "motif", "", "", "yesterday"),
    ]
    path = table(tmp_path / "pairs.csv", files.CONNECTIONS, *rows)
    problems = Problems()
    found = read_connections(path, "own", problems)
    assert tuple(found.columns) == files.CONNECTIONS
    assert found.values.tolist() == [list(rows[0]), list(rows[1]), ["5", "6", "motif", "", "", ""]]
    assert problems.frame()["done"].tolist() == ["left out", "left out", "left empty"]
    files.write_table(found, tmp_path / "again.csv", files.CONNECTIONS)
    assert read_connections(tmp_path / "again.csv", "own", Problems()).equals(found)


def test_connections_of_the_morphograph(tmp_path):
    rows = [
        ("a_b", "POSITIVE", "b", "a", "14-06-2022_20:12:15", "01-06-2022/optics_0.13", "682.0"),
        ("a_c", "WRONG", "a", "c", "31-02-2022_20:12:15", "morphograph", ""),
    ]
    path = table(
        tmp_path / "morphograph.csv",
        ("uid_connection", "type", "img1", "img2", "date", "cluster_file", "cluster"),
        *rows,
    )
    problems = Problems()
    found = read_connections(path, "morphograph", problems)
    assert found.values.tolist() == [
        ["b", "a", "POSITIVE", "01-06-2022/optics_0.13 cluster 682", "", "2022-06-14T20:12:15"],
        ["a", "c", "WRONG", "morphograph", "", ""],
    ]
    assert problems.frame()["field"].tolist() == ["at"]


def test_the_real_morphograph():
    path = SHARED / "morphograph" / "morphograph_clusters_new.csv"
    if not path.exists():
        pytest.skip("the real data lies beside the checkout: ../shared/data is not there")
    problems = Problems()
    found = read_connections(path, "morphograph", problems)
    assert len(found) == 2038 and len(problems) == 0
    assert found["kind"].value_counts().to_dict() == {
        "POSITIVE": 1488, "CORRECT": 367, "DUPLICATE": 75, "SIMILAR": 59, "WRONG": 49,
    }  # fmt: skip
    assert (found["at"].str.len() == 19).all() and found["at"].min() >= "2022-06-01"


def test_a_row_without_a_picture_is_a_record_where_it_has_a_number(tmp_path):
    path = tmp_path / "r.csv"
    path.write_text("nr,bild,titel\n1/93,a.jpg,A\n2/93,,B\n2/93,,C\n,,D\n", encoding="utf-8")
    problems = Problems()
    columns = {"inventory_number": "nr", "file": "bild", "title": "titel"}
    found = list(folder.read_table_records(path, columns, problems))
    assert [(one["record_id"], one["title"], one["images"]) for one in found] == [
        ("a.jpg", "A", ["a.jpg"]), ("2/93", "B", []), ("2/93 (line 4)", "C", [])]  # fmt: skip
    alone = "record in records.csv alone"
    assert problems.frame()["done"].tolist() == [alone, alone, "left out"]
