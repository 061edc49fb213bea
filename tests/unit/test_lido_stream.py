"""LIDO files: gzipped, several, in folders and OAI-PMH envelopes; broken ones in one sentence."""

import gzip

import pytest

from bilderatlas.collection import lido
from bilderatlas.collection.records import FIELDS, Problems
from bilderatlas.errors import InputError
from tests.unit.lido_xml import document, read, record, write


def one(number, title=None):
    title = title or f"Titel {number}"
    return record(
        title=f"<titleSet><appellationValue>{title}</appellationValue></titleSet>",
        ids=f"<lidoRecID>X/lido/{number}</lidoRecID>",
        admin=f"<recordWrap><recordID>{number}</recordID></recordWrap>",
    )


def ids(records):
    return [found["record_id"] for found in records]


def oai(*records, after=""):
    """An OAI-PMH answer; a record is (identifier, LIDO or None for a withdrawn one)."""
    told = ""
    for identifier, inner in records:
        status = "" if inner else " status='deleted'"
        held = f"<metadata>{document(inner)}</metadata>" if inner else ""
        told += (
            f"<record><header{status}><identifier>{identifier}</identifier>"
            f"<datestamp>2020-01-01</datestamp></header>{held}</record>"
        )
    return (
        "<OAI-PMH xmlns='http://www.openarchives.org/OAI/2.0/'><responseDate>2020</responseDate>"
        f"<ListRecords>{told}{after}</ListRecords></OAI-PMH>"
    )


def test_a_record_has_the_columns_of_the_catalogue(tmp_path):
    (found,) = lido.read_records(write(tmp_path, one(1)))
    assert tuple(found) == FIELDS and found["images"] == []


@pytest.mark.parametrize("name", ["a.xml.gz", "a.xml"])  # told by its bytes, not its name
def test_gzipped(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(gzip.compress(document(one(1), one(2)).encode()))
    assert ids(read(path)[0]) == ["1", "2"]


def test_a_gzip_file_that_breaks(tmp_path):
    packed = gzip.compress(document(*(one(n, "x" * 5000) for n in range(200))).encode())
    path = tmp_path / "a.xml.gz"
    for damaged in (packed[: len(packed) // 2], packed[:60] + b"\0" * 40 + packed[100:]):
        path.write_bytes(damaged)
        with pytest.raises(InputError, match=r"a\.xml\.gz is ") as caught:
            read(path)
        assert "\n" not in str(caught.value)


def test_several_files_and_a_folder(tmp_path):
    write(tmp_path, one(2), name="b.xml")
    write(tmp_path, one(1), name="deep/a.LIDO")
    write(tmp_path, one(9), name=".hidden/c.xml")
    write(tmp_path, one(9), name="deep/.d.xml")
    (tmp_path / "read me.txt").write_text("no LIDO")
    records, problems = read(tmp_path)
    assert ids(records) == ["2", "1"] and problems == []
    assert ids(read([tmp_path / "deep/a.LIDO", tmp_path / "b.xml"])[0]) == ["1", "2"]
    assert ids(read([tmp_path / "b.xml", tmp_path])[0]) == ["2", "1"]  # none is read twice


def test_an_empty_folder(tmp_path):
    with pytest.raises(InputError, match="holds no LIDO file"):
        read(tmp_path)


def test_a_broken_file_among_others_is_listed(tmp_path):
    write(tmp_path, one(1), name="1.xml")
    (tmp_path / "2.xml").write_text('""')
    (tmp_path / "3.xml").write_text(document(one(3), one(4))[:-300])
    write(tmp_path, name="4.xml")
    write(tmp_path, one(5), name="5.xml")
    problems = Problems()
    records = list(lido.read_records(tmp_path, problems))
    assert ids(records) == ["1", "3", "5"]
    files = [row[0].rpartition("/")[2] for row in problems.rows]
    assert files == ["2.xml", "3.xml", "4.xml"]
    assert [row[4] for row in problems.rows] == [
        "file left out",
        "1 record(s) before it read",
        "file left out",
    ]
    assert all(
        row[3].count("\n") == 0 and files[n] in row[3] for n, row in enumerate(problems.rows)
    )


def test_only_broken_files(tmp_path):
    for name in ("1.xml", "2.xml"):
        (tmp_path / name).write_text("no xml")
    with pytest.raises(InputError, match="None of 2 files holds a LIDO record"):
        read(tmp_path)


def test_a_file_that_breaks_keeps_the_records_before(tmp_path):
    path = tmp_path / "a.xml"
    path.write_text(document(one(1), one(2), one(3))[:-300])
    got = []
    with pytest.raises(InputError, match=r"not a well-formed XML file.* \(line 1\)"):
        got.extend(found for found in lido.read_records(path))
    reading = lido.read_records(path)
    assert next(reading)["record_id"] == "1"


def test_oai_envelope_with_withdrawn_records(tmp_path):
    path = tmp_path / "page.xml"
    nameless = record(title="<titleSet><appellationValue>T</appellationValue></titleSet>")
    path.write_text(
        oai(("oai:x:1", one(1)), ("oai:x:2", None), ("oai:x:3", one(3)), ("oai:x:4", nameless))
    )
    records, problems = read(path)
    assert ids(records) == ["1", "3", "oai:x:4"]
    assert problems == [
        ("oai:x:2", "record_id", "withdrawn by its provider (OAI status deleted)", "no row"),
    ]


def test_oai_page_that_goes_on(tmp_path):
    path = tmp_path / "page.xml"
    path.write_text(oai(("a", one(1)), after="<resumptionToken>next</resumptionToken>"))
    assert [what for _, _, what, _ in read(path)[1]] == [
        "the list goes on (resumptionToken): this is not its last page"
    ]
    path.write_text(oai(("a", one(1)), after="<resumptionToken/>"))
    assert read(path)[1] == []


def test_oai_page_of_withdrawn_records_alone(tmp_path):
    path = tmp_path / "page.xml"
    path.write_text(oai(("a", None), ("b", None)))
    records, problems = read(path)
    assert records == [] and len(problems) == 2


def test_oai_answer_that_is_an_error(tmp_path):
    path = tmp_path / "page.xml"
    path.write_text(
        "<OAI-PMH xmlns='http://www.openarchives.org/OAI/2.0/'>"
        "<error code='noRecordsMatch'>nothing here</error></OAI-PMH>"
    )
    with pytest.raises(InputError, match="without records: noRecordsMatch nothing here"):
        read(path)


def test_ids_that_come_again(tmp_path):
    nameless = record()
    write(tmp_path, one(1), one(1), one(1), nameless, name="a.xml")
    write(tmp_path, one(1), nameless, name="b.xml")
    records, problems = read(tmp_path)
    assert ids(records) == ["1", "X/lido/1", "a.xml#3", "#4", "b.xml#1", "#2"]
    assert len(set(ids(records))) == 6
    assert [field for _, field, _, _ in problems] == ["record_id"] * 5


def test_the_same_place_in_two_files(tmp_path):
    for name in ("a.xml", "b.xml"):
        write(tmp_path, record(), name=name)
    assert ids(read(tmp_path)[0]) == ["#1", "b.xml#1"]


def test_another_encoding(tmp_path):
    path = tmp_path / "a.xml"
    text = "<?xml version='1.0' encoding='ISO-8859-1'?>" + document(one(1, "Straße"))
    path.write_bytes(text.encode("latin-1"))
    assert read(path)[0][0]["title"] == "Straße"
    path.write_bytes(text.replace("ISO-8859-1", "UTF-8").encode("latin-1"))
    with pytest.raises(InputError, match=r"a\.xml is not a well-formed XML file"):
        read(path)
    path.write_bytes(text.replace("ISO-8859-1", "UTF-16").encode("utf-16"))
    assert read(path)[0][0]["title"] == "Straße"


def test_a_forbidden_character_is_one_sentence(tmp_path):
    path = tmp_path / "a.xml"
    path.write_bytes(document(one(1, "A?B")).encode().replace(b"?", b"\0"))
    with pytest.raises(InputError, match=r"a\.xml is not a well-formed XML file") as caught:
        read(path)
    assert "\n" not in str(caught.value)


def test_an_element_as_long_as_a_book_is_refused(tmp_path):
    path = tmp_path / "a.xml"
    path.write_text(document(one(1, "x" * 11_000_000)))
    with pytest.raises(InputError, match=r"a\.xml is not a well-formed XML file"):
        read(path)


def test_a_gzip_bomb_of_laughs_is_refused(tmp_path):
    entities = "<!ENTITY a 'ha'>" + "".join(
        f"<!ENTITY {name} '{f'&{before};' * 10}'>"
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    text = f"<!DOCTYPE x [{entities}]>{document(one(1, '&i;'))}"
    path = tmp_path / "a.xml.gz"
    path.write_bytes(gzip.compress(text.encode()))
    with pytest.raises(InputError, match=r"a\.xml\.gz "):
        read(path)
