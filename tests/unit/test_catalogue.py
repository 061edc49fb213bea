"""The catalogue: exactly one row a picture, whatever the source says."""

import math
from pathlib import Path

import pandas as pd
import pytest

from bilderatlas import files
from bilderatlas.collection import folder, published_csv
from bilderatlas.collection.catalogue import build_catalogue, describe_records, summary
from bilderatlas.collection.manifest import check_against, list_pictures
from bilderatlas.collection.records import Problems, new_record
from bilderatlas.errors import InputError

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT / ".." / "shared" / "data"


def manifest(*names):
    rows = []
    for name in names:
        image_id = name.rpartition("/")[2].rpartition(".")[0]
        if sum(other.rpartition("/")[2] == name.rpartition("/")[2] for other in names) > 1:
            image_id = name.rpartition(".")[0].replace("/", "--")
        rows.append((image_id, f"pictures/{name}", 1, f"sha of {name}"))
    return pd.DataFrame(rows, columns=list(files.MANIFEST))


def build(records, table):
    problems = Problems()
    return build_catalogue(records, table, "source.csv", problems), problems


def test_one_row_a_picture(tmp_path):
    records = [
        new_record(record_id="b", images=["2"], title="Zwei", date="Sommer 1898", height_cm=8.5),
        new_record(record_id="a", image_id="10", title="Zehn", technique=""),
        new_record(record_id="c", images=["gone.jpg"]),
    ]
    table, problems = build(records, manifest("2.jpg", "10.jpg", "3.jpg"))
    assert list(table.columns) == list(files.CATALOGUE)
    assert list(table["image_id"]) == ["10", "2", "3"]
    assert list(table["title"]) == ["Zehn", "Zwei", ""]
    assert list(table["date_from"]) == ["", "1898-06-01", ""]
    assert table["technique"].tolist() == ["", "", ""]
    assert table["height_cm"][1] == 8.5 and math.isnan(table["height_cm"][0])
    assert table["file"][2] == "pictures/3.jpg" and table["sha256"][2] == "sha of 3.jpg"
    noted = problems.frame()
    assert list(noted["record"]) == ["c", "3"]
    assert summary(problems) == "2 problem(s) with 2 record(s): images 1, record 1."
    path = tmp_path / "catalogue.csv"
    files.write_table(table, path, files.CATALOGUE)
    again = files.read_catalogue(path)
    assert list(again.index) == ["10", "2", "3"] and again.loc["2", "height_cm"] == 8.5
    assert again.loc["3", "title"] == ""


@pytest.mark.parametrize(
    "name",
    [
        "Käthe 1.jpg",
        "Ka\u0308the 1.jpg",  # as a Mac writes it
        "Käthe 1",
        "scans/Käthe 1.jpg",
        "D:\\Archiv\\Käthe 1.jpg",
        "Käthe 1.tif",  # the archive's master, the collection's copy
        "https://museum.example/iiif/K%C3%A4the%201.jpg?width=800#top",
    ],
)
def test_names_of_a_picture(name):
    table, problems = build([new_record(record_id="x", images=[name])], manifest("Käthe 1.jpg"))
    assert len(table) == 1 and len(problems) == 0


def test_record_id_names_a_picture_where_nothing_else_does():
    links = ["https://museum.example/full/default.jpg", "http://[broken"]
    table, problems = build([new_record(record_id="7", images=links, title="T")], manifest("7.jpg"))
    assert table["title"][0] == "T" and len(problems) == 0
    with pytest.raises(InputError):  # a slash in an id is no folder
        build([new_record(record_id="DE-1/7")], manifest("7.jpg"))


def test_one_record_with_several_pictures():
    record = new_record(record_id="7", images=["a.jpg", "b.jpg"], title="T", date="irgendwann")
    table, problems = build([record], manifest("a.jpg", "b.jpg"))
    assert list(table["title"]) == ["T", "T"]
    assert len(problems) == 1  # the date, once


def test_same_name_in_two_folders():
    pictures = manifest("a/1.jpg", "b/1.jpg")
    records = [
        new_record(record_id="x", images=["b/1.jpg"], title="B"),
        new_record(record_id="y", images=["C:/old/a/1.jpg"], title="A"),
    ]
    table, problems = build(records, pictures)
    assert list(table["image_id"]) == ["a--1", "b--1"]
    assert list(table["title"]) == ["A", "B"] and len(problems) == 0
    table, problems = build([*records, new_record(record_id="z", images=["1.jpg"])], pictures)
    assert "fits several pictures" in problems.frame()["what"][0]


def test_second_record_of_one_picture_is_listed():
    records = [
        new_record(record_id="whole", images=["1.jpg"], title="Erste"),
        new_record(record_id="part", images=["1.jpg"], title="Zweite"),
    ]
    table, problems = build(records, manifest("1.jpg"))
    assert table["title"][0] == "Erste"
    assert problems.frame()["record"].tolist() == ["part"]
    assert "already belongs to the record whole" in problems.frame()["what"][0]


def test_dates():
    records = [
        new_record(record_id="1", image_id="1", date="um 1908"),
        new_record(record_id="2", image_id="2", date="um 1908", date_from="1907"),
        new_record(record_id="3", image_id="3", date="verloren", date_to="früher"),
        new_record(record_id="4", image_id="4", date="nach 1900"),
        new_record(record_id="5", image_id="5", date="um 1908", date_from="1906", date_to="1910"),
        new_record(record_id="6", image_id="6", date="?", date_from="-1499", date_to="-1200-06-30"),
        new_record(record_id="7", image_id="7", date="um 1900", date_from="1910", date_to="1900"),
        new_record(record_id="8", image_id="8", date="Sommer", date_edtf="1898-22"),
        new_record(record_id="9", image_id="9", date="1898", date_edtf="im Sommer"),
        new_record(record_id="10", image_id="10", date_from="1898", date_edtf="1899"),
    ]
    table, problems = build(records, manifest(*(f"{number}.jpg" for number in range(1, 11))))
    table = table.sort_values("image_id", key=lambda ids: ids.astype(int))
    found = list(zip(table["date_from"], table["date_to"], strict=True))
    assert found[0] == ("1906-01-01", "1910-12-31")
    assert found[1] == ("1907-01-01", "")  # what the record says goes before its text
    assert found[2] == ("", "")
    assert found[3] == ("1901-01-01", "")
    assert found[5] == ("-1499-01-01", "-1200-06-30")
    assert found[6] == ("1898-01-01", "1902-12-31")  # an impossible range says nothing
    assert found[7] == ("1898-06-01", "1898-08-31")
    assert found[8] == ("1898-01-01", "1898-12-31")
    edtf = ["1908~", "1907/..", "", "1901/..", "1908~", "-1499-01/-1200-06", "1900~", "1898-22"]
    assert list(table["date_edtf"]) == [*edtf, "1898", "1898/.."]
    assert list(table["date"][:4]) == ["um 1908", "um 1908", "verloren", "nach 1900"]
    noted = problems.frame().sort_values("record", key=lambda ids: ids.astype(int), kind="stable")
    assert list(zip(noted["record"], noted["field"], strict=True)) == [
        ("3", "date_to"),
        ("3", "date"),
        ("7", "date_from"),
        ("9", "date_edtf"),
        ("10", "date_edtf"),
    ]


def test_several_values_are_joined():
    record = new_record(record_id="1", image_id="1", makers=["Anna", "Bob", "Anna"])
    table, _ = build([record], manifest("1.jpg"))
    assert table["makers"][0] == "Anna | Bob"


@pytest.mark.parametrize("field", ["record_id", "image_id"])
def test_two_records_with_one_id(field):
    records = [new_record(**{field: "17"}), new_record(**{field: "17"})]
    with pytest.raises(InputError, match=rf"source\.csv has 2 records with the {field} '17'"):
        build(records, manifest("17.jpg"))


def test_nothing_matches():
    with pytest.raises(InputError) as caught:
        build([new_record(record_id="x", images=["no.jpg"])], manifest("a/1.jpg", "b/2.jpg"))
    told = str(caught.value)
    assert told.startswith("source.csv: none of its 1 records belongs to a picture in pictures. ")
    assert "The first record is called 'no.jpg', 'x', the first picture '1.jpg'" in told
    assert "records.csv" in told and "\n" not in told


def test_records_stand_without_a_picture():
    named = {"record_id": "x", "images": ["a.jpg", "b.jpg"]}
    records = [
        new_record(**named, date="um 1900", makers=["A", "B"]),
        new_record(record_id="y", date="irgendwann", rights_image="CC0 1.0"),
    ]
    problems = Problems()
    table = describe_records(records, "source.csv", problems, {"rights_image": "CC BY 4.0"})
    assert list(table.columns) == list(files.RECORDS)
    assert table["record_id"].tolist() == ["x", "y"]
    assert table["images"].tolist() == ["a.jpg | b.jpg", ""]
    assert table["makers"][0] == "A | B" and table["date_from"][0] == "1898-01-01"
    assert table["rights_image"].tolist() == ["CC BY 4.0", "CC0 1.0"]
    assert [row[1:3] for row in problems.rows] == [("y", "date")]


def test_every_picture_names_its_record_and_is_filled():
    records = [new_record(record_id="r/7", images=["1.jpg"], repository="Here")]
    made = build_catalogue(
        records, manifest("1.jpg", "2.jpg"), "source.csv", Problems(), fill={"repository": "There"}
    )
    assert made["record_id"].tolist() == ["r/7", ""]
    assert made["repository"].tolist() == ["Here", "There"]


def test_no_record_at_all():
    with pytest.raises(InputError, match=r"source\.csv holds no record"):
        build([], manifest("1.jpg"))


def test_record_of_a_wrong_shape_is_a_programmer_error():
    with pytest.raises(ValueError, match="no field titel"):
        build([{"titel": "x"}], manifest("1.jpg"))


def test_summary_of_nothing():
    assert summary(Problems()) == "No problems."


def test_folder_alone(tmp_path):
    for name in ("a_b.jpg", "deep/c.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(name.encode())
    pictures = list_pictures(tmp_path)
    problems = Problems()
    table = build_catalogue(
        folder.read_records(pictures, problems), pictures, str(tmp_path), problems
    )
    assert list(table["title"]) == ["a b", "c"] and len(problems) == 0


def shared(name):
    path = SHARED / name
    if not path.exists():
        pytest.skip("the real data lies beside the checkout: ../shared/data is not there")
    return path


def test_the_real_photographs():
    pictures = list_pictures(shared("zille/images"))
    problems = Problems()
    source = shared("zille/metadata.csv")
    records = published_csv.read_records(source, problems)
    table = build_catalogue(records, pictures, str(source), problems)
    assert len(table) == 624 and summary(problems) == "No problems."
    assert list(table["image_id"]) == sorted(table["image_id"])
    assert (table["date_from"] != "").all() and table["height_cm"].notna().all()
    row = table.set_index("image_id").loc["153911"]
    assert (row["height_cm"], row["width_cm"]) == (20.7, 26.2)
    assert (row["date_from"], row["date_to"]) == ("1897-06-01", "1897-08-31")
    pinned = ROOT / "config" / "collections" / "zille-pictures.csv"
    assert check_against(pictures, pd.read_csv(pinned, dtype=str)) == []


def test_a_table_of_ones_own_with_the_real_paintings():
    pictures = list_pictures(shared("wikiart/images"))
    source = shared("wikiart/metadata.csv")
    problems = Problems()
    columns = {"file": "file", "title": "title", "date": "year", "makers": "artist"}
    records = folder.read_table_records(source, columns, problems)
    table = build_catalogue(records, pictures, str(source), problems)
    assert len(table) == 1413
    assert (table["makers"] != "").all()
    dated = table["date"] != ""
    assert dated.sum() > 1000 and (table["date_from"][dated] != "").all()
