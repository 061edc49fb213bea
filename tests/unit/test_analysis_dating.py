"""Years from neighbours: by hand, ranges, baseline."""

import math

import numpy as np
import pandas as pd
import pytest

from bilderatlas.analysis.dating import date_range, date_ranges, year_baseline, year_scores

NONE = pd.Series(dtype=object)


def setting(train, test):
    rows = [*train, *test]
    ids = [f"p{number}" for number in range(len(rows))]
    values = np.array([[float(position)] for position, _ in rows])
    part = pd.Series(["train"] * len(train) + ["test"] * len(test), index=ids)
    return values, ids, part, pd.Series([year for _, year in rows], index=ids, dtype=float)


@pytest.mark.parametrize(
    ("first", "last", "low", "high"),
    [
        ("1898-06-01", "1898-08-31", 1898 + 151 / 365, 1898 + 243 / 365),
        ("1900-01-01", "1900-12-31", 1900, 1901),
        ("1904-02-29", "1904-02-29", 1904 + 59 / 366, 1904 + 60 / 366),
        ("1900", "1902", 1900, 1903),
        ("1900-02", "1900-02", 1900 + 31 / 365, 1900 + 59 / 365),
        ("", "1902-12-31", math.nan, 1903),
        ("um 1900", "1900-13", math.nan, math.nan),
        ("1900-02-30", "000", math.nan, math.nan),
        ("-0043-01-01", "-0043-12-31", -43, -42),  # 44 BC
        ("0000-12-31", "0000", 365 / 366, 1),  # 1 BC, a leap year
    ],
)
def test_ranges_of_days_become_decimal_years(first, last, low, high):
    assert date_range(first, last) == pytest.approx((low, high), nan_ok=True)


def test_ranges_keep_the_index():
    catalogue = pd.DataFrame({"date_from": ["1900", ""], "date_to": ["1900", ""]}, index=["x", "y"])
    table = date_ranges(catalogue)
    assert table.loc["x"].tolist() == [1900, 1901]
    assert table.loc["y"].isna().all()


def test_mean_of_the_five_nearest():
    train = [(1, 1890), (2, 1892), (3, 1894), (4, 1896), (5, 1898), (6, 1960)]
    values, ids, part, years = setting(train, [(0, 1900)])
    table = year_scores(values, ids, part, years, NONE)
    assert table["predicted"].tolist() == [1894]
    assert table["error"].tolist() == [6]
    assert table["error_to_range"].tolist() == [6]
    assert table["within_5"].tolist() == [0]


def test_a_range_is_a_hit_inside_and_its_nearer_end_counts_outside():
    values, ids, part, years = setting(
        [(0, 1900)], [(0, y) for y in (1895, 1908, 1880, 1920, 1900)]
    )
    ranges = pd.DataFrame(
        {
            "low": [1890, 1906, 1870, math.nan, math.nan],
            "high": [1901, 1910, 1894, 1899, math.nan],
        },
        index=ids[1:],
    )
    table = year_scores(values, ids, part, years, NONE, ranges)
    assert table["error"].tolist() == [5, 8, 20, 20, 0]
    assert table["error_to_range"].tolist() == [0, 6, 6, 1, 0]
    assert table["within_5"].tolist() == [1, 0, 0, 1, 1]
    ranges.loc[ids[1], ["low", "high"]] = [1905, math.nan]
    assert year_scores(values, ids, part, years, NONE, ranges)["error_to_range"].iloc[0] == 5


def test_the_own_group_and_the_undated_do_not_answer():
    train = [(0, 1900), (1, math.nan), (2, 1910)]
    values, ids, part, years = setting(train, [(0, 1900), (0, math.nan)])
    groups = pd.Series("g", index=["p0", "p3"])
    table = year_scores(values, ids, part, years, groups)
    assert table.index.tolist() == ["p3"]
    assert table["predicted"].tolist() == [1910]
    assert year_scores(values, ids, part, years, NONE)["predicted"].tolist() == [1905]


def test_a_query_without_answer_gets_the_median():
    train = [(0, 1900), (0, 1902), (0, 1960)]
    values, ids, part, years = setting(train, [(0, 1900)])
    table = year_scores(values, ids, part, years, pd.Series("g", index=ids))
    assert table["predicted"].tolist() == [1902]


def test_the_baseline_is_the_median_of_the_training_part():
    train = [(0, 1890), (0, 1900), (0, 1950)]
    values, ids, part, years = setting(train, [(0, 1899), (0, 1999), (0, 1900)])
    table = year_baseline(ids, part, years, NONE)
    assert table["predicted"].tolist() == [1900] * 3
    assert table["error"].tolist() == [1, 99, 0]
    scores = year_scores(values, ids, part, years, NONE)
    assert scores.index.tolist() == table.index.tolist()


def test_no_training_part_predicts_nothing():
    values, ids, part, years = setting([], [(0, 1899)])
    for table in (
        year_scores(values, ids, part, years, NONE),
        year_baseline(ids, part, years, NONE),
    ):
        assert table["predicted"].isna().all()
        assert table["error_to_range"].isna().all()
