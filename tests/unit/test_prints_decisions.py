"""What people say of pairs, what records say, and what is kept between runs."""

import itertools
import sqlite3

import numpy as np
import pandas as pd
import pytest

from bilderatlas.collection.prints.cache import Cache
from bilderatlas.collection.prints.duplicates import LONGEST_SERIES, list_duplicates, series_pairs
from bilderatlas.collection.prints.features import extract
from bilderatlas.collection.prints.overrides import (
    Decision,
    apply_decisions,
    contradicted,
    read_decisions,
)
from bilderatlas.errors import InputError
from bilderatlas.files import DUPLICATES, MATCHES, PRINTS, read_table, write_table
from tests.prints import scene

HEADER = ",".join(PRINTS) + "\n"
IDS = ["a", "b", "c", "10", "9"]


@pytest.fixture
def said(tmp_path):
    def read(*rows):
        path = tmp_path / "prints.csv"
        path.write_text(HEADER + "".join(f"{row},x,\n" for row in rows), encoding="utf-8")
        return read_decisions(path, IDS)

    return read


def test_no_file_is_no_decision(tmp_path):
    assert read_decisions(tmp_path / "none.csv", IDS) == {}


def test_the_last_row_of_a_pair_wins_whichever_way_it_is_written(said):
    found = said("a,b,print,,", "b,a,variant,yes,no", "9,10,same_file,,")
    assert found == {("a", "b"): Decision("variant", "yes", "no"),
                     ("10", "9"): Decision("same_file", "", "")}  # fmt: skip


def test_undo_takes_back_one_row_at_a_time(said):
    rows = ["a,b,print,,", "a,b,no,,", "b,a,undo,,"]
    assert said(*rows) == {("a", "b"): Decision("print", "", "")}
    assert said(*rows, "a,b,undo,,") == {}
    # two tabs undid the same click
    assert said(*rows, "a,b,undo,,", "a,b,undo,,", "a,b,variant,,") == {
        ("a", "b"): Decision("variant", "", "")
    }


def test_a_withdrawn_picture_is_told_and_left_out(said, caplog):
    assert said("a,gone,print,,") == {}
    assert "gone" in caplog.text


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("a,b,twin,,", "allowed are print, variant, no, same_file, undo"),
        ("a,b,,,", "allowed are"),
        ("a,a,print,,", "pairs a with itself"),
        (",b,print,,", "fill in image_a"),
        ("a,b,print,maybe,", "under mirrored: write yes, no, or nothing"),
        ("a,b,print,,1", "under cut"),
    ],
)
def test_bad_rows_are_named(said, row, words):
    with pytest.raises(InputError, match=words) as error:
        said("a,c,print,,", row)
    assert "Line 3 of" in str(error.value) and "prints.csv" in str(error.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "image_a;image_b\na;b\n",
            "prints.csv lacks the column.s. relation; it has image_a, image_b",
        ),
        (HEADER + '"a,b', "prints.csv is not a CSV file: .*near line"),
        (HEADER + "a,b,print,,,x,,,\n", "line 2, has 9 cells for 7 columns: put texts"),
        ("\nimage_a,image_b,relation\na,b,print\n", "is empty: it needs a header line"),
    ],
)
def test_a_file_of_another_kind(tmp_path, text, words):
    path = tmp_path / "prints.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=words):
        read_decisions(path, IDS)


def test_a_table_from_a_spreadsheet(tmp_path):
    """As the desk leaves it, too: it keeps to the separator that it finds."""
    path = tmp_path / "prints.csv"
    path.write_bytes(
        "\ufeffimage_b;image_a;relation;cut\r\n b;a ;print;yes\r\n\r\nc;a;no;\r\n".encode()
    )
    assert read_decisions(path, IDS) == {
        ("a", "b"): Decision("print", "", "yes"), ("a", "c"): Decision("no", "", ""),
    }  # fmt: skip


@pytest.mark.parametrize("text", ["", "\n", HEADER, "\ufeff" + HEADER + "\n\n"])
def test_a_table_without_rows_says_nothing(tmp_path, text):
    path = tmp_path / "prints.csv"
    path.write_text(text, encoding="utf-8")
    assert read_decisions(path, IDS) == {}


def test_latin_1_and_folders_are_refused(tmp_path):
    path = tmp_path / "prints.csv"
    path.write_bytes(HEADER.encode() + "a,b,print,,,Jürgen,\n".encode("latin-1"))
    with pytest.raises(InputError, match=r"prints\.csv is not UTF-8 text: save it again"):
        read_decisions(path, IDS)
    with pytest.raises(InputError, match="is a folder, not a CSV file"):
        read_decisions(tmp_path, IDS)


# --- the table of duplicates


def matched(*rows):
    """Rows of matches.csv: a, b, relation, mirrored."""
    table = pd.DataFrame(rows, columns=["image_a", "image_b", "relation", "mirrored"])
    return table.assign(
        cut="no", score=0.9, inliers=50.0, correlation=0.95, transform="1 0 0 0 1 0 0 0 1"
    ).reindex(columns=list(MATCHES))


def catalogued(titles):
    table = pd.DataFrame({"title": titles, "date": "1900"})
    table.index = pd.Index(sorted(f"p{number}" for number in range(len(titles))))
    return table


def test_the_strongest_relation_of_a_pair_stands_once():
    catalogue = catalogued(["Hof", "Hof", "Hof", "Tor"])
    found = list_duplicates(
        matched(("p0", "p1", "print", "yes"), ("p1", "p3", "variant", "no")), catalogue, {}
    )
    assert tuple(found.columns) == DUPLICATES
    relations = {(row.image_a, row.image_b): row.relation for row in found.itertuples()}
    assert relations == {
        ("p0", "p1"): "print", ("p0", "p2"): "series", ("p1", "p2"): "series",
        ("p1", "p3"): "variant",
    }  # fmt: skip
    assert found.loc[0, "transform"] and not found.loc[1, "transform"]
    assert list(found["source"].unique()) == ["rule"]


def test_nothing_belongs_together(tmp_path):
    found = list_duplicates(matched(), catalogued(["Hof", "Tor"]), {})
    assert found.empty and tuple(found.columns) == DUPLICATES
    write_table(found, tmp_path / "duplicates.csv", DUPLICATES)
    assert read_table(tmp_path / "duplicates.csv", DUPLICATES).empty


def test_people_have_the_last_word():
    table = list_duplicates(
        matched(
            ("p0", "p1", "print", "yes"),
            ("p1", "p2", "print", "no"),
            ("p2", "p3", "variant", "no"),
        ),
        catalogued(["A", "B", "C", "D", "D"]),
        {
            ("p0", "p1"): Decision("no", "", ""),
            ("p1", "p2"): Decision("variant", "", ""),
            ("p2", "p3"): Decision("print", "yes", "yes"),
            ("p0", "p4"): Decision("print", "", "yes"),
            ("p3", "p4"): Decision("no", "", ""),  # a series by its title
        },
    ).set_index(["image_a", "image_b"])  # fmt: skip
    assert table["relation"].to_dict() == {
        ("p0", "p4"): "print", ("p1", "p2"): "variant", ("p2", "p3"): "print",
    }  # fmt: skip
    assert (table["source"] == "hand").all() and (table["score"] == 1).all()
    # the measures stay, but for the pair whose mirror was denied
    assert table.loc[("p1", "p2"), "transform"] and table.loc[("p1", "p2"), "inliers"] == 50
    denied = table.loc[("p2", "p3")]
    assert (denied["mirrored"], denied["cut"], denied["transform"]) == ("yes", "yes", "")
    assert np.isnan(denied["inliers"])
    assert table.loc[("p0", "p4"), ["mirrored", "cut"]].tolist() == ["no", "yes"]


def test_no_decision_changes_nothing():
    table = list_duplicates(matched(("p0", "p1", "print", "no")), catalogued(["A", "B"]), {})
    assert apply_decisions(table, {}).equals(table)


def test_a_chain_that_joins_what_people_parted_is_named():
    chain = matched(("p0", "p1", "print", "no"), ("p1", "p2", "print", "no"))
    for word, named in (("no", True), ("variant", True), ("print", False)):
        said = {("p0", "p2"): Decision(word, "", ""), ("p0", "p9"): Decision("no", "", "")}
        table = list_duplicates(chain, catalogued(["A", "B", "C"]), said)
        assert contradicted(table, said) == ([("p0", "p2")] if named else [])
    said = {("p0", "p2"): Decision("no", "", ""), ("p1", "p2"): Decision("no", "", "")}
    assert contradicted(list_duplicates(chain, catalogued(["A", "B", "C"]), said), said) == []


def test_long_series_are_chains():
    longest = catalogued(["Hof"] * LONGEST_SERIES)
    assert len(series_pairs(longest)) == LONGEST_SERIES * (LONGEST_SERIES - 1) / 2
    longer = catalogued(["Hof"] * (LONGEST_SERIES + 1))
    pairs = series_pairs(longer)
    ids = sorted(longer.index)
    assert pairs == list(itertools.pairwise(ids))
    undated = catalogued(["Hof", "Hof"]).assign(date="")
    assert series_pairs(undated) == []


# --- the cache


def test_what_is_kept_comes_back(tmp_path):
    features = extract(scene(1), 200)
    with Cache(tmp_path / "in" / "prints.db") as cache:
        assert cache.features("one") is None and cache.pair("one-two") is None
        cache.keep_features("one", features)
        cache.keep_pair("one-two", {})
        cache.keep_pair("one-three", {"inliers": 7})
    with Cache(tmp_path / "in" / "prints.db") as cache:
        again = cache.features("one")
        assert cache.pair("one-two") == {} and cache.pair("one-three") == {"inliers": 7}
    for name, value in vars(features).items():
        assert np.array_equal(getattr(again, name), value), name
        assert np.asarray(getattr(again, name)).dtype == np.asarray(value).dtype, name


def test_a_damaged_cache_is_made_anew(tmp_path, caplog):
    path = tmp_path / "prints.db"
    path.write_bytes(b"no database at all" * 100)
    with Cache(path) as cache:
        cache.keep_pair("one-two", {})
    assert "damaged" in caplog.text
    with Cache(path) as cache:
        assert cache.pair("one-two") == {}


def test_a_cache_that_another_run_writes_is_left_alone(tmp_path, monkeypatch):
    """Two runs on one collection: the second says so, and deletes nothing."""
    monkeypatch.setattr("bilderatlas.kept.PATIENCE", 0.1)
    path = tmp_path / "prints.db"
    with Cache(path) as first:
        first.keep_pair("one-two", {"inliers": 20})
        with Cache(path) as second, pytest.raises(InputError, match="let another run on this"):
            second.keep_pair("one-three", {})
    with Cache(path) as cache:
        assert cache.pair("one-two") == {"inliers": 20}
    held = sqlite3.connect(path)
    held.execute("BEGIN EXCLUSIVE")
    with pytest.raises(InputError, match="is locked"):
        Cache(path)
    held.close()
    with Cache(path) as cache:
        assert cache.pair("one-two") == {"inliers": 20}


def test_a_killed_run_keeps_what_was_committed(tmp_path):
    path = tmp_path / "prints.db"
    cache = Cache(path)
    for number in range(70):
        cache.keep_pair(str(number), {})
    # not closed: as after kill -9, another process reads the file
    kept = sqlite3.connect(path).execute("SELECT count(*) FROM pairs").fetchone()[0]
    assert 60 < kept <= 70
