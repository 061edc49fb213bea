"""The vote on the author: by hand, against a loop, and its baselines."""

from collections import Counter

import numpy as np
import pandas as pd
import pytest

from bilderatlas.analysis.author import author_baselines, author_scores

NONE = pd.Series(dtype=object)


def setting(train, test):
    """(position, author) pairs on a line -> arguments of the functions."""
    rows = [*train, *test]
    ids = [f"p{number}" for number in range(len(rows))]
    values = np.array([[float(position)] for position, _ in rows])
    part = pd.Series(["train"] * len(train) + ["test"] * len(test), index=ids)
    return values, ids, part, pd.Series([author for _, author in rows], index=ids)


def test_the_majority_of_five_decides():
    train = [(0, "A"), (1, "B"), (2, "B"), (3, "A"), (4, "B"), (5, "A"), (6, "A")]
    values, ids, part, authors = setting(train, [(-1, "B")])
    table = author_scores(values, ids, part, authors, NONE)
    assert table["predicted"].tolist() == ["B"]
    assert table["hit"].tolist() == [1.0]
    assert author_scores(values, ids, part, authors, NONE, k=7)["predicted"].tolist() == ["A"]


def test_equal_votes_go_to_the_nearest():
    train = [(0, "C"), (1, "B"), (2, "A"), (3, "A"), (4, "B")]
    values, ids, part, authors = setting(train, [(-1, "B")])
    assert author_scores(values, ids, part, authors, NONE)["predicted"].tolist() == ["B"]


def test_the_own_group_does_not_answer():
    train = [(0, "A")] * 6 + [(5, "B")] * 5
    values, ids, part, authors = setting(train, [(0, "A")])
    assert author_scores(values, ids, part, authors, NONE)["hit"].tolist() == [1.0]
    groups = pd.Series("g", index=[*ids[:6], ids[-1]])
    table = author_scores(values, ids, part, authors, groups)
    assert table["predicted"].tolist() == ["B"]
    assert table["hit"].tolist() == [0.0]


def test_nobody_left_to_answer_is_a_miss():
    values, ids, part, authors = setting([(0, "A"), (1, "A")], [(0, "A")])
    table = author_scores(values, ids, part, authors, pd.Series("g", index=ids))
    assert table["predicted"].tolist() == [""]
    assert table["hit"].tolist() == [0.0]


def test_unknown_and_unseen_authors_are_not_asked():
    train = [(0, "A"), (1, "B"), (2, "")]
    values, ids, part, authors = setting(train, [(0, "A"), (1, "Z"), (2, "")])
    table = author_scores(values, ids, part, authors, NONE, k=1)
    assert table.index.tolist() == ["p3"]
    part["p3"] = "validation"
    assert author_scores(values, ids, part, authors, NONE).empty
    assert author_baselines(ids, part, authors, NONE).empty


def test_as_a_loop_says():
    generator = np.random.default_rng(0)
    ids = [f"p{number}" for number in range(90)]
    values = generator.normal(size=(90, 3))
    authors = pd.Series(generator.choice(list("ABCD"), 90), index=ids)
    part = pd.Series(generator.choice(["train", "test", "validation"], 90), index=ids)
    groups = pd.Series(generator.integers(0, 20, 60).astype(str), index=ids[:60])
    table = author_scores(values, ids, part, authors, groups)
    for query in part.index[part == "test"]:
        own = values[ids.index(query)]
        near = sorted(
            (
                other
                for other in ids
                if part[other] == "train" and groups.get(query, 0) != groups.get(other, 1)
            ),
            key=lambda other: ((own - values[ids.index(other)]) ** 2).sum(),
        )[:5]
        # Counter keeps the order of arrival among equals: the nearest first
        expected = Counter(authors[near]).most_common(1)[0][0]
        assert table.loc[query, "predicted"] == expected
    assert len(table) == (part == "test").sum()


def test_baselines():
    train = [(0, "B")] * 3 + [(0, "A")] * 1
    _, ids, part, authors = setting(train, [(0, "A"), (0, "B"), (0, "B")])
    table = author_baselines(ids, part, authors, NONE)
    assert table["constant"].tolist() == [0, 1, 1]
    assert table["chance"].tolist() == [0.25, 0.75, 0.75]
    # balanced: a random training picture names each of two authors with 1/2 on average
    assert table.groupby("author")["chance"].mean().mean() == pytest.approx(0.5)


def test_the_constant_of_equals_does_not_depend_on_row_order():
    _, ids, part, authors = setting([(0, "B"), (0, "A")], [(0, "A"), (0, "B")])
    assert author_baselines(ids, part, authors, NONE)["constant"].tolist() == [1, 0]
    ids = ids[::-1]
    assert author_baselines(ids, part, authors, NONE)["constant"].to_dict() == {"p2": 1, "p3": 0}
