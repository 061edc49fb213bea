"""Copies for a German spreadsheet program: bytes by hand, and the way back."""

import pandas as pd
import pytest

from bilderatlas.collection.records import Problems, read_rows
from bilderatlas.collection.spreadsheet import LONGEST, write_copy
from bilderatlas.errors import InputError
from bilderatlas.files import CATALOGUE, METRICS, PROBLEMS, write_table


@pytest.fixture
def copy(tmp_path):
    """The bytes of the copy of a table, after its header."""

    def make(columns, **values):
        table = pd.DataFrame({name: [value] for name, value in values.items()})
        write_table(table, tmp_path / "t.csv", columns)
        write_copy(tmp_path / "t.csv", tmp_path / "copy.csv", columns)
        return (tmp_path / "copy.csv").read_bytes()

    make.path = tmp_path / "copy.csv"
    return make


def test_the_bytes(copy):
    found = copy(PROBLEMS, file="a;b.csv", record="00123", what='er sagt "ä"\nund geht')
    assert found == (
        b'\xef\xbb\xbf"file";"record";"field";"what";"done"\r\n'
        b'"a;b.csv";"\t00123";;"er sagt ""\xc3\xa4""\nund geht";\r\n'
    )


@pytest.mark.parametrize(
    ("value", "written"),
    [(9.0, "9"), (20.7, "20,7"), (-0.05, "-0,05"), (0.1 + 0.2, "0,30000000000000004"),
     (1e-20, "1e-20"), (1234567.5, "1234567,5"), (float("nan"), "")],
)  # fmt: skip
def test_numbers_are_bare_and_have_a_comma(copy, value, written):
    found = copy(METRICS, metric="m", value=value).decode("utf-8-sig").splitlines()[1].split(";")
    assert found[list(METRICS).index("value")] == written
    if written:
        assert float(written.replace(",", ".")) == value


@pytest.mark.parametrize(
    "text",
    ["00123", "171059", "1/2", "3-4", "1E5", "1e-5", "1.200", "1,5", "12:30", "1900", "1890-06-01",
     "01.02.1900", "=1+1", "+49 30", "-x", "@SUM(A1)", "5 %", "3-Mrz", "Mai 1900", "1. Mai 1900",
     "12345678901234567890", "WAHR", "true", "  =1", "1 1/2", "=HYPERLINK(\"http://x\")"],
)  # fmt: skip
def test_what_would_be_mistaken_begins_with_a_tab(copy, text):
    copy(PROBLEMS, what=text)
    with open(copy.path, encoding="utf-8-sig", newline="") as handle:
        cell = handle.read().splitlines()[1].split(";")[3]
    assert cell.startswith('"\t')


@pytest.mark.parametrize(
    "text",
    ["Markt", "VG 1993/12", "um 1900", "Zille, Heinrich", "a=b", "Maier", "Mai",
     "Oktober-Revolution", "http://x/1", "20 x 30 cm", "Sommer 1898", "1 " * 16_000 + "x"],
)  # fmt: skip
def test_plain_texts_are_left_alone(copy, text):
    assert f'"{text}"'.encode() in copy(PROBLEMS, what=text)


def test_a_cell_has_an_end(copy):
    found = copy(PROBLEMS, what="x" * 40_000).decode("utf-8-sig")
    assert len(found.splitlines()[1].split(";")[3]) == LONGEST + 2 and "…" in found


def test_a_copy_that_comes_back_says_the_same(copy):
    values = {"image_id": "00123", "title": "=Markt; Platz", "date": "1900", "width_cm": 9.5,
              "inventory_number": "1/2", "description": "eins\nzwei"}  # fmt: skip
    copy(CATALOGUE, **values)
    ((_, row),) = read_rows(copy.path, ["image_id"], Problems())
    assert {name: row[name] for name in values} == values | {"width_cm": "9,5"}


def test_a_source_of_another_kind(tmp_path):
    (tmp_path / "t.csv").write_text("a,b\n1,2\n")
    with pytest.raises(InputError, match="lacks the column"):
        write_copy(tmp_path / "t.csv", tmp_path / "copy.csv", PROBLEMS)
    assert not (tmp_path / "copy.csv").exists()
