"""A collection with LIDO in a folder, from its settings to the catalogue and the records."""

import pandas as pd
import pytest

from tests.unit.lido_xml import event, record, write

pytestmark = pytest.mark.slow
TARGETS = ("results/tiny/catalogue.csv", "results/tiny/records.csv")
# A schema that asks for a title: what LIDO's own asks for is tried in tests/data.
SCHEMA = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"
 targetNamespace="http://www.lido-schema.org" elementFormDefault="qualified">
 <xs:element name="lido"><xs:complexType><xs:sequence>
 <xs:any namespace="##any" processContents="skip" maxOccurs="{most}"/>
 </xs:sequence></xs:complexType></xs:element></xs:schema>"""


def told(number, date="1897"):
    return record(
        title=f"<titleSet><appellationValue>Motiv {number}</appellationValue></titleSet>",
        events=event("Belichtung", f"<eventDate><displayDate>{date}</displayDate></eventDate>"),
        admin=f"<recordWrap><recordID>{number}</recordID></recordWrap>",
    )


@pytest.fixture
def lido(tiny):
    """24 pictures; records for 23 of them in two files, and two records without a picture."""
    folder = tiny.folder / "own/lido"
    write(folder, *(told(number) for number in range(1000, 1012)), name="a.xml")
    write(folder, *(told(number, "irgendwann") for number in range(1012, 1025)), name="b/b.xml")
    (folder / "c.xml").write_text("no xml")
    (tiny.folder / "own/lido.xsd").write_text(SCHEMA.format(most=1))
    tiny.own = {
        "records": "lido",
        "metadata": "own/lido",
        "lido": {"events": {"exposure": ["belichtung"]}},
        "validate": "own/lido.xsd",
    }
    return tiny


def run(checkout, *words, **changes):
    settings = {"collections": {"tiny": checkout.own | changes}}
    overlay = checkout.overlay("lido-test.yaml", settings)
    return checkout.run(*TARGETS, "--cores", "1", "--configfile", checkout.tiny, overlay, *words)


def test_catalogue_records_and_problems(lido):
    made = run(lido)
    assert made.returncode == 0, made.stdout
    read = {
        name: pd.read_csv(
            lido.folder / f"results/tiny/{name}.csv", dtype=str, keep_default_na=False
        )
        for name in ("catalogue", "records", "problems")
    }
    assert len(read["catalogue"]) == 24 and len(read["records"]) == 25
    assert read["catalogue"]["title"].tolist() == [f"Motiv {n}" for n in range(1000, 1024)]
    assert set(read["catalogue"]["date_kind"]) == {"exposure"}
    assert read["records"]["record_id"].tolist() == [str(n) for n in range(1000, 1025)]
    problems = read["problems"]
    assert (problems["what"] == "cannot read 'irgendwann'").sum() == 13
    assert problems["what"].str.startswith("line 1: ").sum() == 25  # of the schema
    (broken,) = problems["file"][problems["done"] == "file left out"]
    assert broken == "own/lido/c.xml"
    logs = [
        (lido.folder / f"logs/{rule}/tiny.log").read_text(encoding="utf-8")
        for rule in ("build_catalogue", "list_records")
    ]
    assert "24 pictures (0 without a record)" in logs[0]
    assert "25 records (25 that name no picture)" in logs[1]
    # a file more is due, nothing else is
    assert "Nothing to be done" in run(lido, "-n").stdout
    write(lido.folder / "own/lido", told(1099), name="d.xml")
    assert "build_catalogue" in run(lido, "-n").stdout


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"metadata": "own/images"}, "no folder with LIDO files"),
        ({"validate": True}, "asks for LIDO's schema in resources/lido-schema"),
        ({"lido": {"xpath": {"titel": ["a"]}}}, "(did you mean 'title'?)"),
    ],
)
def test_a_fault_in_the_settings_stops_the_dry_run(lido, changes, sentence):
    found = run(lido, "-n", **changes)
    assert found.returncode == 1
    assert "Bilderatlas cannot start" in found.stdout and sentence in found.stdout
    assert "Traceback" not in found.stdout


def test_an_xpath_that_is_none_is_one_sentence(lido):
    found = run(lido, lido={"xpath": {"title": ["lido:a["]}})
    assert found.returncode == 1
    errors = [line for line in found.stdout.splitlines() if line.startswith("ERROR: ")]
    # of the catalogue and of the list of records
    assert 1 <= len(errors) <= 2 and len(set(errors)) == 1
    assert "lido.xpath.title: 'lido:a[' is not an XPath" in errors[0]
