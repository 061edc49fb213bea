"""The questions that embeddings are asked, each with its queries and what needs no pictures.

A task fixes the pictures (rows), the queries among them, the clusters that the bootstrap draws,
and the scores of guessing. Experiments and controls then answer the same task.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from bilderatlas.analysis.author import author_baselines, author_scores
from bilderatlas.analysis.dating import year_baseline, year_scores
from bilderatlas.analysis.retrieval import chance, queries, retrieval

log = logging.getLogger(__name__)

# how the scores of the queries become one number
BY_QUERY, BY_GROUP, BY_CLASS = "query", "group", "class"


class Measure(NamedTuple):
    """A metric: its name, the score it averages, and what counts equally in the average."""

    metric: str
    score: str
    by: str = BY_QUERY


RETRIEVAL = (
    Measure("same_title_map", "average_precision"),
    Measure("same_title_p_at_1", "precision_at_1"),
    Measure("same_title_r_precision", "r_precision"),
    Measure("same_title_recall_at_10", "recall_at_10"),
    # one sitting of many pictures would otherwise decide
    Measure("same_title_map_by_group", "average_precision", BY_GROUP),
)
AUTHOR = (
    Measure("author_accuracy", "hit"),
    Measure("author_balanced_accuracy", "hit", BY_CLASS),
)
YEAR = (
    Measure("year_mae", "error"),
    Measure("year_error_to_range", "error_to_range"),
    Measure("year_within_5", "within_5"),
)


@dataclass(frozen=True)
class Task:
    """One question on one population.

    Attributes:
        population: ``test`` or ``all``.
        measures: what is reported.
        answer: scores by query (a column a score) of values of shape (n, d).
        guesses: scores by query of the controls that see no picture (``constant``, ``chance``).
        clusters: label by query; queries of one label depend on each other.
        classes: label by query, for averages by class.
    """

    population: str
    measures: tuple[Measure, ...]
    answer: Callable[[np.ndarray], pd.DataFrame]
    guesses: dict[str, pd.DataFrame]
    clusters: np.ndarray
    classes: np.ndarray | None = None


def retrieval_task(
    population: str, rows: np.ndarray, image_ids: Sequence[str], groups: pd.Series
) -> Task | None:
    """Retrieval of pictures of one title and date among ``rows``; None where none has any."""
    ids = [image_ids[row] for row in rows]
    asking = queries(ids, groups)
    if asking.empty:
        log.warning("same title, population %s: no two pictures share title and date", population)
        return None
    log.info(
        "same title, population %s: %d queries in %d groups among %d pictures",
        population,
        len(asking),
        asking["group"].nunique(),
        len(ids),
    )
    return Task(
        population,
        RETRIEVAL,
        lambda values: retrieval(values[rows], ids, groups),
        {"chance": chance(asking["relevant"].to_numpy(), len(ids) - 1).set_index(asking.index)},
        asking["group"].to_numpy(),
    )


def author_task(
    image_ids: Sequence[str], part: pd.Series, authors: pd.Series, groups: pd.Series
) -> Task | None:
    """Authors of the test part from the training part; None where there is nothing to tell."""
    table = author_baselines(image_ids, part, authors, groups)
    training = part.reindex(pd.Index(image_ids)).eq("train")
    names = authors.reindex(training.index[training]).fillna("")
    known = sorted(set(names) - {""})
    if len(known) < 2 or table.empty:
        log.warning(
            "author left out: %d author(s) known in the training part, %d pictures to ask about "
            "in the test part",
            len(known),
            len(table),
        )
        return None
    return Task(
        "test",
        AUTHOR,
        lambda values: author_scores(values, image_ids, part, authors, groups),
        {name: table[[name]].rename(columns={name: "hit"}) for name in ("constant", "chance")},
        _clusters(table.index, groups),
        table["author"].to_numpy(),
    )


def year_task(
    image_ids: Sequence[str],
    part: pd.Series,
    years: pd.Series,
    ranges: pd.DataFrame,
    groups: pd.Series,
) -> Task | None:
    """Years of the test part from the training part; None where dates are missing."""
    table = year_baseline(image_ids, part, years, groups, ranges)
    if table.empty or table["predicted"].isna().any():
        log.warning("year left out: no dated pictures in the training part or in the test part")
        return None
    return Task(
        "test",
        YEAR,
        lambda values: year_scores(values, image_ids, part, years, groups, ranges),
        {"constant": table},
        _clusters(table.index, groups),
    )


def _clusters(queries: pd.Index, groups: pd.Series) -> np.ndarray:
    """The group of each query; a query without one stands alone."""
    keys = groups.reindex(queries)
    # a pair cannot be mistaken for a group key
    alone = pd.Series([("alone", name) for name in queries], index=queries, dtype=object)
    labels = keys.where(keys.notna(), alone)
    return pd.factorize(labels.to_numpy(dtype=object))[0]
