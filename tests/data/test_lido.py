"""Real LIDO of many houses: elements in and rows out, what they say, where they contradict."""

import csv
import importlib.util
import re
import shutil

import pytest

from bilderatlas.collection import lido
from bilderatlas.collection.catalogue import build_catalogue, describe_records
from bilderatlas.collection.manifest import list_pictures
from bilderatlas.collection.records import FIELDS, Problems
from bilderatlas.errors import InputError
from bilderatlas.files import RECORDS, read_table, write_table
from tests.data.lido_files import DATA, read, where_it_is
from tests.workflow.conftest import ROOT

pytestmark = where_it_is

# lido:lido elements, counted by hand with a search for their opening tags
COUNTS = {
    "Grafik_Kaffee_dC.xml": 1,
    "LIDO-Example_FMobj00154983-LaPrimavera.xml": 1,
    "LIDO-Example_FMobj20344012-Fontana_del_Moro.xml": 3,
    "LIDO-v1.1-Example_FMobj20344012-Fontana_del_Moro.xml": 3,
    "Numismatik_Speciestaler_dC.xml": 1,
    "hannover_herrenhausen_lido_test.xml": 218,
    "kenom_oai_chunk20.xml": 20,
    "ddb/DSM.xml": 1,
    "ddb/Deutsche_Fotothek.xml": 1,
    "ddb/Herzog_Anton_Ulrich.xml": 1,
    "ddb/KHB.xml": 1,
    "ddb/LWL-Museum.xml": 1,
    "ddb/Museum_Uslar.xml": 1,
    "ddb/SMB_Skulpturensammlung.xml": 1,
    "ddb/Technik-Museum.xml": 1,
    "ddb/Uni_Köln.xml": 1,
    "ddb/Wannseekonferenz.xml": 1,
}
BROKEN = {
    "broken/empty-wrap.xml": "holds no LIDO record (no element lido in http://www.lido-schema.org).",
    "broken/mkg-undeclared-prefix.xml": "is not a well-formed XML file: Namespace prefix lido on"
    " lido is not defined (line 1).",
    "broken/not-xml.xml": "is not a well-formed XML file: Start tag expected, '<' not found"
    " (line 1).",
}


@pytest.fixture(scope="module")
def hannover():
    return read("hannover_herrenhausen_lido_test.xml")[0]


@pytest.mark.parametrize(("name", "count"), COUNTS.items())
def test_an_element_is_a_row(name, count):
    text = (DATA / name).read_text(encoding="utf-8")
    assert len(re.findall(r"<(?:lido:)?lido[\s>]", text)) == count
    records, problems = read(name)
    assert len(records) == count
    assert all(tuple(record) == FIELDS for record in records)
    assert all(record["record_id"] and record["title"] for record in records)
    assert len({record["record_id"] for record in records}) == count
    assert set(problems["file"]) <= {str(DATA / name)}


@pytest.mark.parametrize(("name", "sentence"), BROKEN.items())
def test_a_broken_file_is_one_line(name, sentence):
    with pytest.raises(InputError) as caught:
        read(name)
    assert str(caught.value) == f"{DATA / name} {sentence}"


def test_the_whole_folder_adds_up():
    records, problems = read("")
    assert len(records) == sum(COUNTS.values()) == 257
    assert len({record["record_id"] for record in records}) == 257
    left_out = problems[problems["done"] == "file left out"]
    told = dict(zip(left_out["file"], left_out["what"], strict=True))
    assert told == {str(DATA / name): f"{DATA / name} {said}" for name, said in BROKEN.items()}


def test_those_without_a_picture_are_records_too(hannover):
    without = [record for record in hannover if not record["images"]]
    assert len(without) == 180 and len(hannover) - len(without) == 38
    # 66 resources, each in two renditions: the provided one is taken, not the preview
    links = [link for record in hannover for link in record["images"]]
    assert len(links) == 66 and all("/bilder/d/" in link for link in links)


def test_eleven_ceilings_are_told_apart(hannover):
    ceilings = [record for record in hannover if record["title"] == "Deckendekoration"]
    assert len(ceilings) == len({record["series"] for record in ceilings}) == 11
    assert all(record["series"].startswith("Innendekoration des ") for record in ceilings)


def test_what_a_curator_must_not_lose(hannover):
    by_id = {record["record_id"]: record for record in hannover}
    palace = by_id["obj/05229268"]
    assert palace["makers"] == "Quirini, Giacomo | Laves, Georg Ludwig Friedrich"
    assert (palace["date"], palace["date_from"], palace["date_to"]) == (
        "1666",
        "1666-01-01",
        "1666-12-31",
    )
    assert palace["date_kind"] == "production"
    assert palace["rights_metadata"] == "rights holder: Rheinisches Bildarchiv Köln"
    open_ended = next(record for record in hannover if record["date"] == "1720/1723 & 1823")
    assert (open_ended["date_from"], open_ended["date_to"]) == ("1720-01-01", "")
    assert any("Rauch, Christian Daniel (Werkstatt)" in record["makers"] for record in hannover)


def test_makers_that_are_passed_over_are_listed():
    _, problems = read("hannover_herrenhausen_lido_test.xml")
    told = problems[(problems["record"] == "obj/05229268") & (problems["field"] == "makers")]
    assert told["what"].tolist() == ["Bedogni, Lorenzo (Architekt)"]


def load_tool():
    spec = importlib.util.spec_from_file_location("compare_lido", ROOT / "tools/compare_lido.py")
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    return tool


def test_two_versions_of_one_fountain():
    first, second = (
        read(f"LIDO-{name}Example_FMobj20344012-Fontana_del_Moro.xml")[0] for name in ("", "v1.1-")
    )
    assert [tuple(record) for record in first] == [tuple(record) for record in second]
    same = ("title", "repository", "date_from", "date_to", "date_kind", "width_cm", "places")
    for one, other in zip(first, second, strict=True):
        assert {name: one[name] for name in same} == {name: other[name] for name in same}
    table = load_tool().differences(first, second)
    # a line a difference, below the head
    assert len(load_tool().markdown(table, 40).splitlines()) == len(table) + 2
    counts = table["field"].value_counts().to_dict()
    # 1.0: no rights, no material, previews for pictures, notations for subjects; 1.1: the id of
    # another record, copied three times
    assert counts == {
        "record_id": 3,
        "technique": 3,
        "credit_line": 3,
        "record_url": 3,
        "rights_object": 3,
        "rights_image": 3,
        "rights_metadata": 3,
        "images": 3,
        "series": 2,
        "subjects": 2,
        "description": 1,
        "date": 1,
        "makers": 1,
    }
    maker = table[table["field"] == "makers"].iloc[0]
    assert (maker["first"], maker["second"]) == (
        "Mari, Giovanni Antonio",
        "Bernini, Gian Lorenzo | Mari, Giovanni Antonio",
    )


def test_the_real_schema():
    for name in COUNTS:
        _, problems = read(name, validate=DATA / "schema")
        assert not problems["what"].str.startswith("line ").any()
    newer = "LIDO-v1.1-Example_FMobj20344012-Fontana_del_Moro.xml"
    records, problems = read(newer, validate=DATA / "schema" / "lido-v1.0.xsd")
    faults = problems[problems["what"].str.startswith("line ")]
    assert len(records) == 3 and len(faults) == 15  # five a record, the others counted
    line = int(re.match(r"line (\d+): Element", faults["what"].iloc[0])[1])
    text = (DATA / newer).read_text(encoding="utf-8").splitlines()
    assert "skos:Concept" in text[line - 1]


def test_catalogue_and_records_of_one_museum(tmp_path, hannover):
    """Pictures for two records: a row each for those, a row for each of the 218 records."""
    palace = next(record for record in hannover if len(record["images"]) == 3)
    other = next(record for record in hannover if len(record["images"]) == 1)
    for link in [*palace["images"], other["images"][0]]:
        (tmp_path / f"{link.rpartition('/')[2]}.jpg").write_bytes(link.encode())
    problems = Problems()
    table = build_catalogue(hannover, list_pictures(tmp_path), "hannover", problems)
    records = describe_records(hannover, "hannover", Problems())
    assert table["record_id"].isin(records["record_id"]).all()
    assert sorted(table["title"]) == sorted([palace["title"]] * 3 + [other["title"]])
    assert len(records) == 218 and (records["images"] == "").sum() == 180
    away = [row for row in problems.rows if row[2] == "images"]
    assert len(away) == 36 and {row[3] for row in away} == {"no picture here"}
    path = tmp_path / "records.csv"
    write_table(records, path, RECORDS)
    again = read_table(path, RECORDS)
    assert again["record_id"].tolist() == [record["record_id"] for record in hannover]
    assert again["images"].iloc[0] == " | ".join(palace["images"])
    assert (again["date_from"] != "").sum() == sum(bool(record["date_from"]) for record in hannover)


@pytest.mark.parametrize("packed", [False, True])
def test_nothing_is_changed_by_gzip(tmp_path, packed, hannover):
    import gzip

    source = DATA / "hannover_herrenhausen_lido_test.xml"
    path = tmp_path / ("a.xml.gz" if packed else "a.xml")
    if packed:
        path.write_bytes(gzip.compress(source.read_bytes()))
    else:
        shutil.copy(source, path)
    assert list(lido.read_records(path)) == hannover


def test_the_catalogue_opens_as_csv(tmp_path, hannover):
    """Texts of museums hold quotes, separators and line ends: a row stays a row."""
    import pandas as pd

    rows = [record | {"images": " | ".join(record["images"])} for record in hannover]
    write_table(pd.DataFrame(rows, columns=list(RECORDS)), tmp_path / "r.csv", RECORDS)
    with open(tmp_path / "r.csv", encoding="utf-8", newline="") as handle:
        assert {len(row) for row in csv.reader(handle)} == {len(RECORDS)}
