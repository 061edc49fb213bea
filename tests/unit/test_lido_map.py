"""LIDO's map and what the settings say of records: single entries replaced, faults told."""

import pytest

from bilderatlas.collection import lido
from bilderatlas.errors import InputError
from plan import records as plan
from tests.unit.lido_xml import event, read_one, write


def entry(**values):
    given = {"records": "lido", "metadata": None, "columns": {}, "lido": {}, "validate": False}
    given["path"] = "."
    return given | values


def test_one_entry_replaced_leaves_the_others(tmp_path):
    parts = {
        "title": "<titleSet><appellationValue>T</appellationValue>"
        "<sourceAppellation>S</sourceAppellation></titleSet>",
        "events": event("Belichtung", "<eventDate><displayDate>1898</displayDate></eventDate>"),
    }
    found, _ = read_one(tmp_path, **parts)
    assert (found["title"], found["date"]) == ("T", "")
    changes = {
        "xpath": {"title": [".//lido:sourceAppellation"]},
        "events": {"exposure": ["belichtung"]},
    }
    found, _ = read_one(tmp_path, changes, **parts)
    assert (found["title"], found["date"], found["date_kind"]) == ("S", "1898", "exposure")
    found, _ = read_one(tmp_path, **parts)  # the shipped map is as it was
    assert found["title"] == "T"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"xpaths": {}}, r"lido\.xpaths, .* \(did you mean 'xpath'\?\)"),
        ({"xpath": {"titel": ["a"]}}, r"lido\.xpath\.titel, .* \(did you mean 'title'\?\)"),
        ({"xpath": ["a"]}, "must hold entries by name"),
        ({"xpath": {"title": {"a": "b"}}}, "must be a list of texts"),
        ({"xpath": {"title": ["lido:a["]}}, r"lido\.xpath\.title: 'lido:a\[' is not an XPath"),
        ({"xpath": {"title": ["mods:a"]}}, r"lido\.xpath\.title: 'mods:a' is not an XPath"),
        ({"xpath": {"title": ["count(a)"]}}, "must find elements or attributes"),
        ({"languages": ["deutsch"]}, "write two letters"),
    ],
)
def test_a_fault_in_the_map_is_one_sentence(changes, message):
    with pytest.raises(InputError, match=message) as caught:
        lido.read_map(changes=changes)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [(None, "does not exist"), ("a: [", "is not a YAML file"), ("a: 1", "has no entry xpath")],
)
def test_a_broken_map(tmp_path, text, message):
    path = tmp_path / "lido.yaml"
    if text is not None:
        path.write_text(text)
    with pytest.raises(InputError, match=rf"lido\.yaml {message}"):
        lido.read_map(path)


def test_a_single_text_stands_for_a_list_of_one(tmp_path):
    found, _ = read_one(
        tmp_path,
        {"xpath": {"title": "//lido:titleSet/@lido:type"}},
        title="<titleSet lido:type='x'/>",
    )
    assert found["title"] == "x"


def test_files_of_the_settings(tmp_path):
    first, second = write(tmp_path, name="b.xml"), write(tmp_path, name="deep/a.xml.gz")
    write(tmp_path, name=".c.xml")
    assert plan.record_files(entry(metadata=str(tmp_path))) == [str(first), str(second)]
    assert plan.record_files(entry(metadata=str(first))) == [str(first)]
    both = [str(second), str(first)]
    assert plan.record_files(entry(metadata=both)) == both
    # what is read is what the rule waits for
    assert [str(path) for path in lido.list_files(tmp_path)] == [str(first), str(second)]
    for wrong in (None, str(tmp_path / "none"), [str(first), str(tmp_path / "none")]):
        assert plan.record_files(entry(metadata=wrong)) == []
    assert plan.record_files(entry(records="table", metadata=str(tmp_path))) == []
    assert plan.record_files(entry(records="table", metadata=both)) == []


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({}, "The collection mine has records: lido, but collections.mine.metadata is not given."),
        ({"metadata": "no"}, "metadata is no, which is no file and no folder with LIDO files."),
        (
            {"records": "table", "metadata": "no"},
            "collections.mine.metadata is no, which is no file.",
        ),
        (
            {"validate": True},
            "asks for LIDO's schema in resources/lido-schema, which does not exist",
        ),
        ({"validate": "no.xsd"}, "asks for LIDO's schema in no.xsd, which does not exist"),
        ({"lido": {"xpath": {"titel": []}}}, "collections.mine.lido.xpath names 'titel', which"),
        ({"lido": {"language": []}}, "(did you mean 'languages'?)"),
        ({"lido": {"xpath": []}}, "collections.mine.lido.xpath must hold entries by name"),
        ({"lido": {"languages": {}}}, "collections.mine.lido.languages must hold a list"),
    ],
)
def test_faults_before_any_job(tmp_path, monkeypatch, checkout, values, sentence):
    if "metadata" not in values and values:
        values = values | {"metadata": str(write(tmp_path))}
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config").symlink_to(checkout / "config")
    fault = plan.fault("mine", entry(**values))
    assert sentence in fault and fault.endswith(".") and "\n" not in fault


def test_no_fault(tmp_path, monkeypatch, checkout):
    monkeypatch.chdir(checkout)
    good = {"metadata": str(write(tmp_path)), "lido": {"xpath": {"title": ["a"]}}}
    assert plan.fault("mine", entry(**good)) is None
    assert plan.fault("mine", entry(**good, validate=str(tmp_path))) is None
    assert plan.fault("mine", entry(records="pictures")) is None
