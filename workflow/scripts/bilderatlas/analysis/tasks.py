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
from bilderatlas.analysis.catalogue_only import author_by_catalogue, year_by_catalogue
from bilderatlas.analysis.dating import year_baseline, year_scores
from bilderatlas.analysis.retrieval import Pairs, chance, queries, retrieval, some_queries

log = logging.getLogger(__name__)

# how the scores of the queries become one number
BY_QUERY, BY_GROUP, BY_CLASS, BY_MEDIAN = "query", "group", "class", "median"


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
# the same, exact prints passed over: of them any embedding says that they are alike
WITHOUT_PRINTS = tuple(each._replace(metric=f"{each.metric}_without_prints") for each in RETRIEVAL)
NEGATIVE = (
    Measure("same_negative_map", "average_precision"),
    Measure("same_negative_p_at_1", "precision_at_1"),
)
# prints that were found: all of them, then those that differ by a mirror, by a cut, by neither
FOUND = (
    Measure("found_print_map", "average_precision"),
    Measure("found_print_p_at_1", "precision_at_1"),
    Measure("found_print_recall_at_10", "recall_at_10"),
)
FOUND_MIRRORED, FOUND_CUT, FOUND_PLAIN = (
    (
        Measure(f"found_{kind}_print_map", "average_precision"),
        Measure(f"found_{kind}_print_recall_at_10", "recall_at_10"),
    )
    for kind in ("mirrored", "cut", "plain")
)
MOTIF = (Measure("same_motif_map", "average_precision"),)
AUTHOR = (
    Measure("author_accuracy", "hit"),
    Measure("author_balanced_accuracy", "hit", BY_CLASS),
)
YEAR = (
    Measure("year_mae", "error"),
    Measure("year_median_error", "error", BY_MEDIAN),
    Measure("year_error_to_range", "error_to_range"),
    Measure("year_within_5", "within_5"),
)


@dataclass(frozen=True)
class Task:
    """One question on one population.

    Attributes:
        population: ``test``, ``test_small`` or ``all``.
        measures: what is reported.
        answer: scores by query (a column a score) of values of shape (n, d).
        guesses: scores by query of the controls that see no picture (``catalogue``,
            ``constant``, ``chance``).
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
    population: str,
    rows: np.ndarray,
    image_ids: Sequence[str],
    groups: pd.Series,
    measures: tuple[Measure, ...] = RETRIEVAL,
    what: str = "same title",
    prints: Pairs = (),
    dependent: pd.Series | None = None,
) -> Task | None:
    """Retrieval of pictures of one group among ``rows``; None where no group has two.

    Args:
        population: its name.
        rows: the pictures, as row numbers.
        image_ids: of all rows.
        groups: group key by image id.
        measures: what is reported.
        what: the kind of group, for messages.
        prints: pairs that are passed over (see :func:`bilderatlas.analysis.retrieval.queries`).
        dependent: cluster by image id for the bootstrap; by default the group.
    """
    ids = [image_ids[row] for row in rows]
    asking = queries(ids, groups, prints)
    if asking.empty:
        log.warning("%s, population %s: no two pictures share it, left out", what, population)
        return None
    log.info(
        "%s, population %s: %d queries in %d groups among %d pictures",
        what,
        population,
        len(asking),
        asking["group"].nunique(),
        len(ids),
    )
    few = some_queries(asking)
    only = few.index if len(few) < len(asking) else None
    if only is not None:
        log.warning(
            "%s, population %s: %d of %d queries are asked, in whole groups; `n` says so",
            what, population, len(few), len(asking),
        )  # fmt: skip
        asking = few
    guesses = chance(asking["relevant"].to_numpy(), asking["candidates"].to_numpy())
    return Task(
        population,
        measures,
        lambda values: retrieval(values[rows], ids, groups, prints, only),
        {"chance": guesses.set_index(asking.index)},
        (asking["group"] if dependent is None else dependent.reindex(asking.index)).to_numpy(),
    )


def author_task(
    image_ids: Sequence[str],
    part: pd.Series,
    authors: pd.Series,
    groups: pd.Series,
    catalogue: pd.DataFrame | None = None,
    population: str = "test",
) -> Task | None:
    """Authors of the test part from the training part; None where there is nothing to tell.

    With a ``catalogue``, what its techniques and print sizes tell is a control.
    """
    table = author_baselines(image_ids, part, authors, groups)
    training = part.reindex(pd.Index(image_ids)).eq("train")
    names = authors.reindex(training.index[training]).fillna("")
    known = sorted(set(names) - {""})
    if len(known) < 2 or table.empty:
        log.warning(
            "author, population %s, left out: %d author(s) known in the training part, %d pictures "
            "to ask about in the test part",
            population,
            len(known),
            len(table),
        )
        return None
    guesses = {name: table[[name]].rename(columns={name: "hit"}) for name in ("constant", "chance")}
    if catalogue is not None:
        told = author_by_catalogue(catalogue, image_ids, part, authors, groups)
        guesses |= {} if told is None else {"catalogue": told}
    return Task(
        population,
        AUTHOR,
        lambda values: author_scores(values, image_ids, part, authors, groups),
        guesses,
        _clusters(table.index, groups),
        table["author"].to_numpy(),
    )


def year_task(
    image_ids: Sequence[str],
    part: pd.Series,
    years: pd.Series,
    ranges: pd.DataFrame,
    groups: pd.Series,
    catalogue: pd.DataFrame | None = None,
) -> Task | None:
    """Years of the test part from the training part; None where dates are missing.

    With a ``catalogue``, what its techniques and print sizes tell is a control.
    """
    table = year_baseline(image_ids, part, years, groups, ranges)
    if table.empty or table["predicted"].isna().any():
        log.warning("year left out: no dated pictures in the training part or in the test part")
        return None
    guesses = {"constant": table}
    if catalogue is not None:
        told = year_by_catalogue(catalogue, image_ids, part, years, groups, ranges)
        guesses |= {} if told is None else {"catalogue": told}
    return Task(
        "test",
        YEAR,
        lambda values: year_scores(values, image_ids, part, years, groups, ranges),
        guesses,
        _clusters(table.index, groups),
    )


def _clusters(queries: pd.Index, groups: pd.Series) -> np.ndarray:
    """The group of each query; a query without one stands alone."""
    keys = groups.reindex(queries)
    # a pair cannot be mistaken for a group key
    alone = pd.Series([("alone", name) for name in queries], index=queries, dtype=object)
    labels = keys.where(keys.notna(), alone)
    return pd.factorize(labels.to_numpy(dtype=object))[0]
