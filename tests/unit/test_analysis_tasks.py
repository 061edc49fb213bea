"""Which queries a task asks, what depends on what, and what guessing scores."""

import numpy as np
import pandas as pd

from bilderatlas.analysis import retrieval, tasks
from bilderatlas.analysis.tasks import author_task, retrieval_task, year_task

IDS = [f"p{number}" for number in range(8)]
PART = pd.Series(["train"] * 3 + ["test"] * 5, index=IDS)
GROUPS = pd.Series(["g", "g", "g", "h", "h"], index=["p0", "p3", "p4", "p6", "p7"])
AUTHORS = pd.Series(["A", "B", "B", "A", "A", "B", "A", "B"], index=IDS)
YEARS = pd.Series(1900.0 + np.arange(8), index=IDS)
RANGES = pd.DataFrame({"low": YEARS, "high": YEARS})


def together(labels):
    """Which queries share a cluster, as a table of booleans."""
    return np.equal.outer(labels, labels).tolist()


def test_queries_of_a_group_depend_on_each_other_in_every_task():
    expected = together(np.array([0, 0, 1, 2, 2]))
    for task in (
        author_task(IDS, PART, AUTHORS, GROUPS),
        year_task(IDS, PART, YEARS, RANGES, GROUPS),
    ):
        assert task.population == "test"
        assert together(task.clusters) == expected
    retrieval = retrieval_task("all", np.arange(8), IDS, GROUPS)
    assert together(retrieval.clusters) == together(np.array([0, 0, 0, 1, 1]))


def test_answers_and_guesses_have_the_same_queries():
    values = np.random.default_rng(0).normal(size=(8, 2))
    for task in (
        author_task(IDS, PART, AUTHORS, GROUPS),
        year_task(IDS, PART, YEARS, RANGES, GROUPS),
        retrieval_task("test", np.arange(3, 8), IDS, GROUPS),
    ):
        answer = task.answer(values)
        assert task.guesses
        for guess in task.guesses.values():
            assert guess.index.tolist() == answer.index.tolist()
            assert {each.score for each in task.measures} <= set(guess.columns)
        assert len(task.clusters) == len(answer)


def test_retrieval_ranks_only_the_population():
    task = retrieval_task("test", np.array([3, 4, 5]), IDS, GROUPS)
    answer = task.answer(np.arange(8.0)[:, None])
    assert answer.index.tolist() == ["p3", "p4"]
    assert answer["candidates"].tolist() == [2, 2]


def test_nothing_to_ask_gives_no_task():
    assert retrieval_task("test", np.array([0, 5]), IDS, GROUPS) is None
    assert retrieval_task("test", np.array([], dtype=int), IDS, GROUPS) is None
    assert author_task(IDS, PART, AUTHORS * 0 + "A", GROUPS) is None
    assert year_task(IDS, PART.replace("train", "new"), YEARS, RANGES, GROUPS) is None


def test_a_large_collection_is_asked_in_part_and_says_so(monkeypatch, caplog):
    ids = [f"p{number}" for number in range(60)]
    groups = pd.Series([f"g{number // 3}" for number in range(60)], index=ids)
    whole = retrieval_task("all", np.arange(60), ids, groups)
    monkeypatch.setattr(tasks, "some_queries", lambda asking: retrieval.some_queries(asking, 15))
    task = retrieval_task("all", np.arange(60), ids, groups)
    answer = task.answer(np.random.default_rng(0).normal(size=(60, 3)))
    assert len(answer) == len(task.clusters) == len(task.guesses["chance"]) == 15
    assert "population all: 15 of 60 queries are asked" in caplog.text
    # a part of the queries, put to all pictures
    assert answer["candidates"].eq(59).all()
    assert len(whole.clusters) == 60
