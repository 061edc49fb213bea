"""The 624 published Zille rows, written as LIDO and read back: nothing is lost on the way."""

import pandas as pd
import pytest
from lxml import etree

from bilderatlas.collection import lido, published_csv
from bilderatlas.collection.catalogue import build_catalogue
from bilderatlas.collection.records import Problems
from tests.workflow.conftest import ROOT

DATA = ROOT.parent / "shared" / "data"
TABLE = DATA / "zille" / "metadata.csv"
SCHEMA = DATA / "lido" / "schema"
pytestmark = pytest.mark.skipif(not TABLE.is_file(), reason=f"no real records in {TABLE}")
LIDO = "http://www.lido-schema.org"
SAME = ("record_id", "images", "title", "date", "makers", "technique", "height_cm", "width_cm")


def add(parent, path, text=None, **attributes):
    for name in path.split("/"):
        parent = etree.SubElement(parent, f"{{{LIDO}}}{name}")
    parent.text = text
    for name, value in attributes.items():
        parent.set(f"{{{LIDO}}}{name}", value)
    return parent


def write_record(wrap, row):
    """One row of the published CSV as a museum would write it, all five measurements with it."""
    record = add(wrap, "lido")
    add(record, "lidoRecID", f"BG/lido/{row['id']}", type="local")
    told = add(record, "descriptiveMetadata")
    told.set("{http://www.w3.org/XML/1998/namespace}lang", "de")
    add(told, "objectClassificationWrap/objectWorkTypeWrap/objectWorkType/term", "Fotografie")
    identified = add(told, "objectIdentificationWrap")
    add(identified, "titleWrap/titleSet/appellationValue", row["title"], pref="preferred")
    sizes = add(identified, "objectMeasurementsWrap")
    # the sheet first: the rule, not the order, finds the picture's own size
    for number in (2, 1, 3, 4, 5):
        if row[f"measurement_{number}"]:
            text = row[f"measurement_{number}"]
            add(sizes, "objectMeasurementsSet/displayObjectMeasurements", text)
    event = add(told, "eventWrap/eventSet/event")
    add(event, "eventType/term", "Herstellung")
    add(event, "eventActor/displayActorInRole", row["author"])
    add(event, "eventDate/displayDate", row["date"])
    add(event, "eventMaterialsTech/displayMaterialsTech", row["technique"])
    kept = add(record, "administrativeMetadata")
    kept.set("{http://www.w3.org/XML/1998/namespace}lang", "de")
    about = add(kept, "recordWrap")
    add(about, "recordID", row["id"], type="local")
    add(about, "recordType/term", "Einzelobjekt")
    add(about, "recordSource/legalBodyName/appellationValue", "Berlinische Galerie")
    add(kept, "resourceWrap/resourceSet/resourceRepresentation/linkResource", row["id"])


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    wrap = etree.Element(f"{{{LIDO}}}lidoWrap", nsmap={"lido": LIDO})
    table = pd.read_csv(TABLE, dtype=str, keep_default_na=False)
    for row in table.to_dict("records"):
        write_record(wrap, row)
    path = tmp_path_factory.mktemp("lido") / "zille.xml"
    etree.ElementTree(wrap).write(path, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return path


def test_the_published_rows_come_back(path):
    problems = Problems()
    found = list(lido.read_records(path, problems))
    published = list(published_csv.read_records(TABLE, Problems()))
    assert len(found) == len(published) == 624
    for name in SAME:
        assert [one[name] for one in found] == [one[name] for one in published], name
    assert problems.rows == []
    assert {one["date_kind"] for one in found} == {"production"}


def test_both_give_one_catalogue(path):
    ids = [one["record_id"] for one in published_csv.read_records(TABLE, Problems())]
    manifest = pd.DataFrame({"image_id": ids, "file": [f"{name}.jpg" for name in ids]})
    manifest["sha256"] = ""
    tables = []
    for reader, source in ((lido, path), (published_csv, TABLE)):
        problems = Problems()
        records = reader.read_records(source, problems)
        tables.append(build_catalogue(records, manifest, str(source), problems))
        assert len(problems) == 0
    one, other = (table.drop(columns="date_kind") for table in tables)
    pd.testing.assert_frame_equal(one, other)
    assert (one["date_from"] != "").all()


@pytest.mark.skipif(not SCHEMA.is_dir(), reason=f"no schema in {SCHEMA}")
def test_what_was_written_is_valid(path):
    problems = Problems()
    assert len(list(lido.read_records(path, problems, validate=SCHEMA))) == 624
    assert problems.rows == []
