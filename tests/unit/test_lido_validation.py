"""LIDO against a schema: faults with their lines, each record apart; nothing is fetched."""

import pytest

from bilderatlas.collection.lido.validation import Validator
from bilderatlas.errors import InputError
from tests.unit.lido_xml import read

# A schema of three elements: the real one lies in ../shared/data and is tried in tests/data.
SCHEMA = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="http://www.lido-schema.org"
 targetNamespace="http://www.lido-schema.org" elementFormDefault="qualified">
 {include}<xs:element name="lido"><xs:complexType><xs:sequence>
 <xs:element name="lidoRecID" type="xs:string" maxOccurs="{most}"/>
 </xs:sequence></xs:complexType></xs:element></xs:schema>"""
INSTANCE = "xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:schemaLocation"


def schema(path, include="", most=1):
    path.write_text(SCHEMA.format(include=include, most=most))
    return path


def document(path, version=""):
    said = f"{INSTANCE}='http://www.lido-schema.org lido-v{version}.xsd'" if version else ""
    path.write_text(
        f"<lidoWrap xmlns='http://www.lido-schema.org' {said}>\n"
        "<lido>\n<lidoRecID>1</lidoRecID>\n</lido>\n"
        "<lido>\n<lidoRecID>2</lidoRecID>\n<lidoRecID>3</lidoRecID>\n<title/>\n</lido>\n</lidoWrap>"
    )
    return path


def faults(path, validate):
    records, problems = read(path, validate=validate)
    assert [record["record_id"] for record in records] == ["1", "2"]
    return [(record, what.partition(":")[0]) for record, field, what, _ in problems if not field]


def test_faults_have_lines(tmp_path):
    path = document(tmp_path / "a.xml")
    assert faults(path, schema(tmp_path / "lido.xsd")) == [("2", "line 7")]
    assert faults(path, schema(tmp_path / "lido.xsd", most=2)) == [("2", "line 8")]
    assert faults(path, None) == []


def test_the_version_that_a_file_names(tmp_path):
    folder = tmp_path / "schema"
    folder.mkdir()
    schema(folder / "lido-v1.0.xsd", most=1)
    schema(folder / "lido-v1.1.xsd", most=2)
    for version, line in (("1.0", "line 7"), ("1.1", "line 8"), ("", "line 8")):
        assert faults(document(tmp_path / "a.xml", version), folder) == [("2", line)]


def test_many_faults_are_counted(tmp_path):
    strange = "".join(f"<lidoRecID><x{n}/></lidoRecID>\n" for n in range(9))
    path = tmp_path / "a.xml"
    path.write_text(f"<lido xmlns='http://www.lido-schema.org'>{strange}</lido>")
    _, problems = read(path, validate=schema(tmp_path / "lido.xsd", most=9))
    told = [what for _, field, what, _ in problems if not field]
    assert len(told) == 6 and told[-1] == "4 further faults of the schema"


@pytest.mark.parametrize(
    ("include", "message"),
    [
        ('<xs:include schemaLocation="http://127.0.0.1:9/x.xsd"/>', "nothing is fetched"),
        ('<xs:include schemaLocation="none.xsd"/>', "includes .*none.xsd, which does not exist"),
        ('<xs:include schemaLocation="part.xsd"/>', "nothing is fetched"),
        ("<xs:element/>", "is no XML Schema that can be used"),
        ("<", "is no XML Schema that can be used"),
    ],
)
def test_schemas_that_cannot_be_used(tmp_path, include, message):
    schema(tmp_path / "part.xsd", '<xs:import namespace="x" schemaLocation="https://h/x.xsd"/>')
    with pytest.raises(InputError, match=message) as caught:
        Validator(schema(tmp_path / "lido.xsd", include))
    assert "\n" not in str(caught.value)


def test_a_schema_that_is_missing(tmp_path):
    for path in (tmp_path, tmp_path / "none.xsd"):
        with pytest.raises(InputError, match="does not exist: put LIDO's schema there"):
            Validator(path)
