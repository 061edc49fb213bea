"""What the catalogue alone tells: its features, its queries, and what it must not see."""

import logging

import numpy as np
import pandas as pd
import pytest

from bilderatlas.analysis.author import author_scores
from bilderatlas.analysis.catalogue_only import (
    author_by_catalogue,
    print_features,
    short_side,
    year_by_catalogue,
)
from bilderatlas.analysis.dating import year_scores

NONE = pd.Series(dtype=object)


@pytest.fixture
def world():
    """120 prints: Anna's are Albumin and small, and small ones are early."""
    generator = np.random.default_rng(0)
    ids = [f"p{number:03d}" for number in range(120)]
    anna = generator.random(120) < 0.5
    width = np.where(anna, 9.0, 24.0) + generator.normal(size=120)
    catalogue = pd.DataFrame(
        {
            "image_id": ids,
            "technique": np.where(anna, "Albumin", "Silbergelatinepapier"),
            "width_cm": width,
            "height_cm": width * 0.75,
            "title": "",
            "makers": np.where(anna, "Anna", "Berta"),
        },
        index=ids,
    )
    part = pd.Series(np.where(np.arange(120) % 3, "train", "test"), index=ids)
    years = pd.Series(np.where(anna, 1890.0, 1910.0), index=ids)
    return catalogue, ids, part, catalogue["makers"], years


def test_features_by_hand():
    catalogue = pd.DataFrame(
        {
            "technique": ["Albumin"] * 5 + ["Salzpapier", "", "Albumin  "],
            "width_cm": [10.0, 20, 10, 20, 10, np.nan, 30, 0],
            "height_cm": [20.0, 10, 20, 10, 20, 20, 15, 20],
        },
        index=list("abcdefgh"),
    )
    table = print_features(catalogue, list("abcdefg"))
    assert table["technique: Albumin"].tolist() == [1, 1, 1, 1, 1, 0, 0, 1]
    assert table["technique: rare"].tolist() == [0, 0, 0, 0, 0, 1, 0, 0]
    assert table["technique: unknown"].tolist() == [0, 0, 0, 0, 0, 0, 1, 0]
    assert table["size unknown"].tolist() == [0, 0, 0, 0, 0, 1, 0, 1]
    # f and h (no width of 0 cm) get the medians of a to g
    assert table.loc["f", ["width_cm", "height_cm", "short_cm", "aspect"]].tolist() == [
        15, 20, 10, 1.25,
    ]  # fmt: skip
    assert table.loc["h", "short_cm"] == 10
    assert table.loc["b", "aspect"] == 2
    assert np.isfinite(table.to_numpy()).all()
    assert short_side(catalogue).tolist()[:5] == [10] * 5
    assert short_side(catalogue)[["f", "h"]].isna().all()


def test_a_technique_that_only_the_test_part_has_is_rare():
    catalogue = pd.DataFrame({"technique": ["Albumin"] * 6 + ["Platin"] * 6}, index=range(12))
    table = print_features(catalogue, list(range(6)))
    assert table["technique: rare"].tolist() == [0] * 6 + [1] * 6
    assert (table["width_cm"] == 0).all()


def test_it_finds_what_the_catalogue_tells(world):
    catalogue, ids, part, authors, years = world
    table = author_by_catalogue(catalogue, ids, part, authors, NONE)
    assert table["hit"].mean() == 1
    assert table["predicted"].tolist() == authors[table.index].tolist()
    dated = year_by_catalogue(catalogue, ids, part, years, NONE)
    assert dated["error"].max() < 1


def test_it_sees_neither_title_nor_maker_nor_date(world):
    catalogue, ids, part, authors, _ = world
    telling = catalogue.assign(
        title=authors, date=authors, date_from=authors, technique="", width_cm=9, height_cm=9
    )
    table = author_by_catalogue(telling, ids, part, authors, NONE)
    assert table["predicted"].nunique() == 1
    assert table["hit"].mean() < 0.8
    # with their order broken, sizes say nothing either
    order = np.random.default_rng(1).permutation(120)
    names = ["technique", "width_cm", "height_cm"]
    shuffled = catalogue.copy()
    shuffled[names] = catalogue[names].to_numpy()[order]
    hits = author_by_catalogue(shuffled, ids, part, authors, NONE)["hit"]
    assert 0.25 < hits.mean() < 0.75


def test_the_queries_are_those_of_the_embeddings(world):
    catalogue, ids, part, authors, years = world
    authors = authors.where(np.arange(120) % 5 > 0, "")
    years = years.where(np.arange(120) % 7 > 0)
    values = np.random.default_rng(2).normal(size=(120, 3))
    told = author_by_catalogue(catalogue, ids, part, authors, NONE)
    assert told.index.equals(author_scores(values, ids, part, authors, NONE).index)
    told = year_by_catalogue(catalogue, ids, part, years, NONE)
    scores = year_scores(values, ids, part, years, NONE)
    assert told.index.equals(scores.index)
    assert list(told.columns) == list(scores.columns)


def test_groups_of_the_test_part_do_not_teach(world):
    catalogue, ids, part, authors, _ = world
    # all of Anna's training pictures share a group with one test picture
    anna = authors.index[(authors == "Anna") & (part == "train")]
    asking = authors.index[(authors == "Anna") & (part == "test")][0]
    groups = pd.Series("g", index=[*anna, asking])
    table = author_by_catalogue(catalogue, ids, part, authors, groups)
    assert set(table["predicted"]) == {"Berta"}
    groups = groups[anna]  # nobody of the group asks: it teaches
    assert author_by_catalogue(catalogue, ids, part, authors, groups)["hit"].mean() == 1


def test_the_order_of_the_rows_changes_nothing(world):
    catalogue, ids, part, _, years = world
    noisy = years + np.random.default_rng(3).normal(scale=5, size=120)
    table = year_by_catalogue(catalogue, ids, part, noisy, NONE)
    turned = year_by_catalogue(catalogue.iloc[::-1], ids[::-1], part, noisy, NONE)
    pd.testing.assert_frame_equal(table, turned.loc[table.index])
    pd.testing.assert_frame_equal(table, year_by_catalogue(catalogue, ids, part, noisy, NONE))


@pytest.mark.parametrize("what", ["author", "year"])
def test_nothing_to_learn_from_is_said(world, caplog, what):
    catalogue, ids, part, authors, years = world
    ask = {
        "author": lambda table, groups: author_by_catalogue(table, ids, part, authors, groups),
        "year": lambda table, groups: year_by_catalogue(table, ids, part, years, groups),
    }[what]
    with caplog.at_level(logging.WARNING):
        empty = catalogue.assign(technique="", width_cm=np.nan, height_cm=np.nan)
        assert ask(empty, NONE) is None
        assert f"{what}: catalogue only left out: no training picture has" in caplog.text
        assert ask(catalogue, pd.Series("g", index=ids)) is None
        assert "every training picture has a companion" in caplog.text
