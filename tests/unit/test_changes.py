"""What changed since the last catalogue: hand-made catalogues, months after one another."""

import pandas as pd
import pytest

from bilderatlas.collection.changes import compare, since_last
from bilderatlas.errors import InputError
from bilderatlas.files import CATALOGUE, CHANGES, write_table
from bilderatlas.show.changes_page import changes_text


def catalogue(*rows):
    """(id, title, date) rows as a whole catalogue of texts."""
    table = pd.DataFrame(rows, columns=["image_id", "title", "date"], dtype=str)
    table = table.reindex(columns=list(CATALOGUE), fill_value="")
    return table.set_index("image_id", drop=False)


JANUARY = catalogue(("1", "Markt", "1900"), ("2", "Platz", "1901"), ("3", "Tor", ""))
FEBRUARY = catalogue(("4", "Neu", "1910"), ("1", "Marktplatz", "1899"), ("2", "Platz", "1901"))
WANTED = [
    ["new", "4", "", "", "Neu"],
    ["withdrawn", "3", "", "Tor", ""],
    ["changed", "1", "title", "Markt", "Marktplatz"],
    ["changed", "1", "date", "1900", "1899"],
]


@pytest.fixture
def month(tmp_path):
    """month(catalogue): the changes since the last call."""

    def take(table):
        write_table(table, tmp_path / "catalogue.csv", CATALOGUE)
        return since_last(tmp_path / "catalogue.csv", tmp_path / "kept")

    return take


def test_new_withdrawn_and_changed():
    found = compare(JANUARY, FEBRUARY)
    assert list(found.columns) == list(CHANGES)
    assert found.to_numpy().tolist() == WANTED


def test_a_moved_folder_is_no_change_and_other_bytes_are():
    moved = JANUARY.assign(file="elsewhere/1.jpg")
    assert compare(JANUARY, moved).empty
    rescanned = compare(JANUARY, JANUARY.assign(sha256=["a", "", ""]))
    assert rescanned[["image_id", "field", "after"]].to_numpy().tolist() == [["1", "sha256", "a"]]


def test_columns_of_another_version_are_not_compared():
    wider = JANUARY.assign(colour="grey")
    assert compare(JANUARY, wider).empty and compare(wider, JANUARY).empty


def test_month_after_month(month):
    changes, before, now = month(JANUARY)
    assert changes.empty and (before, now) == (0, 3)
    changes, before, now = month(FEBRUARY)
    assert changes.to_numpy().tolist() == WANTED and (before, now) == (3, 3)
    # asked again, the answer is the same: it was not a new month
    assert month(FEBRUARY)[0].to_numpy().tolist() == WANTED
    changes, before, now = month(catalogue(("4", "Neu", "1910")))
    assert changes["kind"].tolist() == ["withdrawn", "withdrawn"] and (before, now) == (3, 1)


def test_a_damaged_memory_is_told_and_left(month, tmp_path, caplog):
    month(JANUARY)
    month(FEBRUARY)
    (tmp_path / "kept" / "before.csv").write_text("rubbish\n")
    assert month(FEBRUARY)[0].empty and "before.csv is no catalogue" in caplog.text
    with pytest.raises(InputError):
        since_last(tmp_path / "none.csv", tmp_path / "kept")


def test_a_number_is_compared_as_it_is_written(month):
    wide = JANUARY.assign(width_cm=[9.0, 12.5, float("nan")])
    month(wide)
    changes, *_ = month(JANUARY.assign(width_cm=[9.0, 12.0, float("nan")]))
    assert changes.to_numpy().tolist() == [["changed", "2", "width_cm", "12.5", "12.0"]]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("de", ["Neu: 1, zurückgezogen: 1, geändert: 1 Bilder; vorher 3, jetzt 3", "## Geändert",
                "| 1 | title | Markt | Marktplatz |", "| 3 | Tor |"]),
        ("en", ["New: 1, withdrawn: 1, changed: 1 pictures; 3 before, 3 now", "## Withdrawn"]),
    ],
)  # fmt: skip
def test_the_text(language, words):
    text = changes_text(compare(JANUARY, FEBRUARY), 3, 3, "Album", language)
    for word in words:
        assert word in text


def test_the_text_of_the_first_time_and_of_no_change():
    none = compare(JANUARY, JANUARY)
    assert "erste Katalog (3 Bilder)" in changes_text(none, 0, 3, "Album", "de")
    assert "dasselbe" in changes_text(none, 3, 3, "Album", "de")


def test_long_lists_are_cut_and_words_are_no_markup():
    many = catalogue(*((f"{n:03d}", f"a|b <i>{'x' * 200}", "") for n in range(1, 100)))
    text = changes_text(compare(JANUARY, many), 3, 99, "Album", "en")
    assert "and 59 more in changes.csv" in text
    assert "<i>" not in text and "a\\|b &lt;i&gt;" in text and "x" * 130 not in text
