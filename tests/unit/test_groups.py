"""Groups: prints and pictures of one title and date stay together, unless they are too many."""

import logging

import numpy as np
import pandas as pd
import pytest

from bilderatlas.collection.groups import group_pictures, title_and_date
from bilderatlas.files import DUPLICATES


def catalogue(*rows):
    table = pd.DataFrame(rows, columns=["image_id", "title", "date", "date_from"])
    return table.set_index("image_id", drop=False)


def alone(count, start=100):
    return [(str(start + number), f"title {number}", "1900", "1900") for number in range(count)]


def prints(*pairs, relation="print"):
    rows = [{"image_a": one, "image_b": other, "relation": relation} for one, other in pairs]
    return pd.DataFrame(rows, columns=list(DUPLICATES))


def groups_of(table):
    return table.set_index("image_id")["group"].to_dict()


def test_the_same_title_and_date_are_one_group(caplog):
    rows = [
        ("3", "Hof", "1900", "1900-01-01"),
        ("1", "Hof", "1900", "1900-01-01"),
        ("2", "Hof", "1901", "1901-01-01"),
        ("4", "Treppe", "1900", "1900-01-01"),
        ("5", "Hof", "1901", "1901-01-01"),
        *alone(45),
    ]
    found = group_pictures(catalogue(*rows), 0.05)
    assert found.columns.tolist() == ["image_id", "group", "reason"]
    assert len(found) == 50 and found["image_id"].tolist() == sorted(found["image_id"])
    groups, reasons = groups_of(found), found.set_index("image_id")["reason"]
    # a group is called by its first id
    assert [groups[name] for name in "13254"] == ["1", "1", "2", "2", "4"]
    assert reasons[["1", "3"]].tolist() == ["title and date"] * 2 and reasons["4"] == "alone"
    assert found["group"].nunique() == 48
    assert not caplog.records


@pytest.mark.parametrize(("title", "date"), [("", "1900"), ("Hof", ""), ("", "")])
def test_what_is_not_known_joins_nothing(title, date, caplog):
    rows = [(str(number), title, date, "1900") for number in range(10)]
    found = group_pictures(catalogue(*rows), 0.5)
    assert groups_of(found) == {str(number): str(number) for number in range(10)}
    assert set(found["reason"]) == {"alone"} and not caplog.records


def test_an_id_that_looks_like_a_key_joins_nothing():
    found = group_pictures(catalogue(("Hof", "", "", ""), ("b", "", "Hof", "")), 0.5)
    assert found["group"].nunique() == 2


def test_the_order_of_rows_does_not_matter():
    rows = [(str(number), "AB"[number % 2], "1900", "1900") for number in range(6)] + alone(94)
    turned = [rows[index] for index in np.random.default_rng(0).permutation(100)]
    one, other = (group_pictures(catalogue(*order), 0.05) for order in (rows, turned))
    assert one.equals(other)


def test_a_group_at_the_limit_stays(caplog):
    rows = [(str(number), "Hof", "1900", "1900") for number in range(5)] + alone(95)
    found = group_pictures(catalogue(*rows), 0.05)
    assert found["group"].value_counts().iloc[0] == 5 and not caplog.records


def test_a_group_that_is_too_large_is_parted_by_date(caplog):
    rows = [(f"{number:02d}", "Hof", "um 1900", str(1898 + number % 3)) for number in range(9)]
    with caplog.at_level(logging.WARNING):
        found = group_pictures(catalogue(*rows, *alone(51)), 0.05)
    groups = groups_of(found)
    assert [groups[f"{number:02d}"] for number in range(9)] == ["00", "01", "02"] * 3
    parted = found[found["image_id"].str.len() == 2]
    assert set(parted["reason"]) == {"title and date, parted"}
    assert len(caplog.records) == 1
    told = caplog.records[0].getMessage()
    assert "The 9 pictures called 'Hof' are more than 5 % of all" in told
    assert "parted by date" in told


def test_where_the_date_does_not_help_it_is_cut_in_the_order_of_ids(caplog):
    rows = [(f"{number:02d}", "Hof", "1900", "1900") for number in range(8)]
    with caplog.at_level(logging.WARNING):
        found = group_pictures(catalogue(*rows, *alone(52)), 0.05)
    groups = groups_of(found)
    assert [groups[f"{number:02d}"] for number in range(8)] == [
        "00", "00", "00", "03", "03", "03", "06", "06",
    ]  # fmt: skip
    assert len(caplog.records) == 1 and "near twins" in caplog.records[0].getMessage()


def test_no_group_is_left_above_the_limit():
    rng = np.random.default_rng(0)
    rows = [
        (str(number), rng.choice(["Hof", "Treppe", ""]), "1900", str(rng.integers(1898, 1903)))
        for number in range(200)
    ]
    found = group_pictures(catalogue(*rows), 0.05)
    assert found["group"].value_counts().max() <= 10


def test_title_and_date_even_out_white_space_and_nothing_else():
    rows = [("Markt ", "1900"), ("Markt", " 1900"), ("markt", "1900"), ("", "1900"), ("Markt", "")]
    keys = title_and_date(pd.DataFrame(rows, columns=["title", "date"])).tolist()
    assert keys[0] == keys[1] != keys[2]
    assert keys[3] == keys[4] == ""


# --- prints of one negative


def test_prints_join_titles_and_dates_in_chains(caplog):
    rows = [
        ("1", "Hof", "1900", "1900"), ("2", "Hof", "1900", "1900"), ("3", "Treppe", "um 1900", ""),
        ("4", "Treppe", "um 1900", ""), ("5", "", "", ""), ("6", "Tor", "1901", "1901"),
        ("7", "Tor", "1902", "1902"),
    ]  # fmt: skip
    found = group_pictures(
        catalogue(*rows, *alone(93)), 0.1, prints(("2", "3"), ("4", "5"), ("gone", "6"))
    )
    groups, reasons = groups_of(found), found.set_index("image_id")["reason"]
    assert [groups[name] for name in "1234567"] == ["1", "1", "1", "1", "1", "6", "7"]
    assert reasons[list("12345")].tolist() == [
        "title and date", "print, title and date", "print, title and date",
        "print, title and date", "print",
    ]  # fmt: skip
    assert reasons["6"] == reasons["7"] == "alone"
    assert not caplog.records


@pytest.mark.parametrize(("relation", "together"), [
    ("print", True), ("same_file", True), ("variant", False), ("series", False), ("no", False),
])  # fmt: skip
def test_only_prints_and_equal_files_join(relation, together):
    rows = [("1", "Hof", "1900", ""), ("2", "Tor", "1900", "")]
    found = group_pictures(catalogue(*rows, *alone(8)), 0.5, prints(("1", "2"), relation=relation))
    groups = groups_of(found)
    assert (groups["1"] == groups["2"]) is together


def test_two_titles_that_a_print_joins_are_parted_without_tearing_the_print(caplog):
    rows = [(f"{number:02d}", "Hof", "1900", "1900") for number in range(4)]
    rows += [(f"{number:02d}", "Treppe", "1901", "1901") for number in range(4, 8)]
    with caplog.at_level(logging.WARNING):
        found = group_pictures(catalogue(*rows, *alone(92)), 0.05, prints(("03", "04")))
    groups, reasons = groups_of(found), found.set_index("image_id")["reason"]
    # the print goes to the title that comes first in the alphabet, of equals
    assert [groups[f"{number:02d}"] for number in range(8)] == ["00"] * 5 + ["05"] * 3
    assert reasons["03"] == "print, title and date, parted" and reasons["04"] == "print, parted"
    assert reasons["05"] == "title and date, parted"
    (told,) = [record.getMessage() for record in caplog.records]
    assert "The 8 pictures called 'Hof' and 1 other titles hang together by prints" in told


def test_a_negative_with_too_many_prints_is_cut_last_and_told(caplog):
    rows = [(f"{number:02d}", "", "", "") for number in range(9)]
    chain = [(f"{number:02d}", f"{number + 1:02d}") for number in range(8)]
    with caplog.at_level(logging.WARNING):
        found = group_pictures(catalogue(*rows, *alone(31)), 0.1, prints(*chain))
    groups = groups_of(found)
    assert [groups[f"{number:02d}"] for number in range(9)] == (["00"] * 4 + ["04"] * 4 + ["08"])
    assert "A negative has 9 prints, more than a group may hold (4)" in caplog.text
    assert found.set_index("image_id").loc["08", "reason"] == "alone, parted"


def test_random_collections_against_a_slow_reference():
    rng = np.random.default_rng(1)
    for turn in range(12):
        count, limit = 120, 12 if turn % 2 else 60
        rows = [
            (f"{number:03d}", rng.choice(["", "A", "B", "C", *map(str, range(60))]), "1900",
             str(rng.integers(1898, 1901)))
            for number in range(count)
        ]  # fmt: skip
        pairs = [tuple(sorted(rng.choice(count, 2, replace=False))) for _ in range(25)]
        pairs = [(f"{one:03d}", f"{other:03d}") for one, other in pairs]
        table = catalogue(*rows)
        found = groups_of(group_pictures(table, limit / count, prints(*pairs)))
        by_print = {name: {name} for name in table.index}
        joined = {name: {name} for name in table.index}
        key = title_and_date(table)
        companions = [
            (one, other) for one in table.index for other in table.index
            if one < other and key[one] and key[one] == key[other]
        ]  # fmt: skip
        for sets, edges in ((by_print, pairs), (joined, pairs + companions)):
            for one, other in edges:
                union = sets[one] | sets[other]
                for name in union:
                    sets[name] = union
        for name, members in joined.items():
            if len(members) <= limit:
                assert {found[other] for other in members} == {min(members)}
            # a print stays with its negative, whatever else is torn
            assert {found[other] for other in by_print[name]} == {found[name]}
        sizes = pd.Series(found).value_counts()
        assert sizes.max() <= limit or turn % 2 == 0
