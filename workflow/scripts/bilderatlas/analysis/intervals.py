"""Bootstrap intervals for averages over queries that may depend on each other.

Percentile bootstrap (Efron 1979): whole clusters of queries are drawn with replacement, the
average (or median) is formed anew, and the middle 95 % of 2,000 such averages is the interval.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

RESAMPLES = 2000
LEVEL = 0.95
# Fewer clusters allow no interval: were there no difference at all, five clusters would all lie
# on one side in 2 of 2^5 cases, more often than 1 in 20; six would in 2 of 2^6.
MINIMUM_CLUSTERS = 6
_BLOCK = 4_000_000


class Interval(NamedTuple):
    """An average and its interval; the bounds are NaN where there are too few clusters."""

    value: float
    low: float
    high: float


def intervals(
    values: np.ndarray,
    clusters: np.ndarray | None = None,
    *,
    equal_clusters: bool = False,
    classes: np.ndarray | None = None,
    median: bool = False,
    pairs: Sequence[tuple[int, int]] = (),
    resamples: int = RESAMPLES,
    seed: int = 0,
    level: float = LEVEL,
) -> list[Interval]:
    """Averages and intervals of several columns, all over the same draws.

    Args:
        values: (n, m), a row a query.
        clusters: (n,) labels; queries with one label are drawn together. By default every query
            stands alone.
        equal_clusters: every cluster counts the same, however many queries it has.
        classes: (n,) labels; the average is that of the averages of each class (balanced
            accuracy). A class that a draw misses is left out of that draw.
        median: the median over the queries, not their average; of two middle ones their mean.
        pairs: numbers (a, b) of two columns: the average of a minus the average of b, both on
            one draw, is asked too. For medians this is the difference of the two medians, not
            the median of the differences, which is another quantity.
        resamples: how many draws.
        seed: of the draws; equal seeds give equal draws for as many clusters.
        level: share of the draws within the interval.

    Returns:
        m intervals, then one a pair.
    """
    values = np.asarray(values, dtype=np.float64)
    if values.ndim != 2 or not len(values):
        raise ValueError(f"values have a row a query and a column a measure, not {values.shape}")
    if median and (equal_clusters or classes is not None):
        raise ValueError("a median has no weights: neither equal clusters nor classes go with it")
    count = len(values)
    of_query, names = pd.factorize(np.arange(count) if clusters is None else np.asarray(clusters))
    if len(of_query) != count or (of_query < 0).any():
        raise ValueError("every query needs a cluster")
    weights = 1.0 / np.bincount(of_query)[of_query] if equal_clusters else np.ones(count)
    if classes is None:
        strata = [np.arange(count)]
    else:
        labels, kinds = pd.factorize(np.asarray(classes))
        strata = [np.flatnonzero(labels == label) for label in range(len(kinds))]

    def form(times: np.ndarray) -> np.ndarray:
        found = _medians(times, values) if median else _averages(times, values, weights, strata)
        apart = [found[:, a] - found[:, b] for a, b in pairs]
        return np.column_stack([found, *apart])

    points = form(np.ones((1, count)))[0]
    if len(names) < MINIMUM_CLUSTERS:
        return [Interval(float(point), np.nan, np.nan) for point in points]
    generator = np.random.default_rng(seed)
    draws = []
    rows = max(1, _BLOCK // count)
    for first in range(0, resamples, rows):
        times = _times(generator, min(rows, resamples - first), len(names))
        draws.append(form(times[:, of_query]))
    edge = (1 - level) / 2
    low, high = np.quantile(np.concatenate(draws), (edge, 1 - edge), axis=0)
    return [Interval(*map(float, each)) for each in zip(points, low, high, strict=True)]


def _times(generator: np.random.Generator, draws: int, clusters: int) -> np.ndarray:
    """How often each cluster was drawn, float64 (draws, clusters)."""
    picks = generator.integers(clusters, size=(draws, clusters))
    picks += np.arange(draws)[:, None] * clusters
    times = np.bincount(picks.ravel(), minlength=draws * clusters)
    return times.reshape(draws, clusters).astype(np.float64)


def _averages(times, values, weights, strata) -> np.ndarray:
    """(draws, m): averages of ``values`` where query i counts times[:, i] * weights[i]."""
    total = np.zeros((len(times), values.shape[1]))
    met = np.zeros((len(times), 1))
    for rows in strata:
        here = times[:, rows]
        size = here @ weights[rows, None]
        present = size > 0
        total += np.where(
            present, here @ (weights[rows, None] * values[rows]) / np.where(present, size, 1), 0
        )
        met += present
    return total / met


def _medians(times, values) -> np.ndarray:
    """(draws, m): medians of ``values`` where query i stands times[:, i] times in its draw."""
    found = np.empty((len(times), values.shape[1]))
    for column, own in enumerate(values.T):
        order = np.argsort(own, kind="stable")
        reached = times[:, order].cumsum(axis=1)
        total = reached[:, -1:]
        # places of the two middle ones, counted from 0; they are one where the total is odd
        middle = [(reached > place).argmax(axis=1) for place in ((total - 1) // 2, total // 2)]
        found[:, column] = own[order][np.stack(middle)].mean(axis=0)
    return found
