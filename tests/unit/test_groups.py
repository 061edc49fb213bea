"""Groups: pictures of the same title and date stay together, unless they are far too many."""

import logging

import numpy as np
import pandas as pd
import pytest

from bilderatlas.collection.groups import group_pictures, title_and_date


def catalogue(*rows):
    table = pd.DataFrame(rows, columns=["image_id", "title", "date", "date_from"])
    return table.set_index("image_id", drop=False)


def alone(count, start=100):
    return [(str(start + number), f"title {number}", "1900", "1900") for number in range(count)]


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
