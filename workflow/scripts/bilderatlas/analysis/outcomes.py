"""What technical measures work on and give back: a sample of pictures, a value, its draws.

Intervals are percentile bootstraps as in :mod:`bilderatlas.analysis.intervals`: whole groups of
pictures are drawn. Many of these measures are no averages of scores by query, so each keeps the
value of every draw; equal pictures get equal draws, and two embeddings are compared draw by draw.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np
import pandas as pd

from bilderatlas.analysis.intervals import LEVEL, MINIMUM_CLUSTERS, RESAMPLES, Interval
from bilderatlas.analysis.neighbours import NEIGHBOURS
from bilderatlas.analysis.retrieval import queries

# fewer pictures have no ten neighbours each and one to spare
MINIMUM = NEIGHBOURS + 2


class LeftOut(Exception):  # noqa: N818 - no error: the reason why there is no number
    """A measure has no meaning here; the message says why, without a full stop."""


@dataclass(frozen=True)
class Outcome:
    """One number.

    Attributes:
        metric: its name.
        n: what it rests on (pictures, pairs or seeds; each measure says which).
        value: on the pictures as they are.
        draws: its value in each draw of the bootstrap; None where there is no bootstrap.
        guesses: value by control that sees no embedding (``constant``, ``chance``).
    """

    metric: str
    n: int
    value: float
    draws: np.ndarray | None = None
    guesses: Mapping[str, float] = field(default_factory=dict)

    @property
    def interval(self) -> Interval:
        """The value and its interval; the bounds are NaN without a bootstrap."""
        return Interval(self.value, *bounds(self.draws))

    def minus(self, other: Outcome | float) -> Interval:
        """The difference to another embedding's value on the same pictures, or to a number."""
        if not isinstance(other, Outcome):
            draws = None if self.draws is None else self.draws - other
            return Interval(self.value - other, *bounds(draws))
        paired = self.draws is not None and other.draws is not None and self.n == other.n
        draws = self.draws - other.draws if paired else None
        return Interval(self.value - other.value, *bounds(draws))


def bounds(draws: np.ndarray | None) -> tuple[float, float]:
    """The ends of the interval; draws that have no value do not count."""
    if draws is None or np.isnan(draws).all():
        return np.nan, np.nan
    edge = (1 - LEVEL) / 2
    low, high = np.nanquantile(draws, (edge, 1 - edge))
    return float(low), float(high)


class Draws:
    """How often each unit is drawn, clusters of units as wholes.

    Args:
        clusters: (n,) labels.
        seed: equal seeds give equal draws for as many clusters.
        resamples: how many draws.

    Attributes:
        times: float64 (resamples, n); None with fewer than six clusters, which allow no interval.
    """

    def __init__(self, clusters: Sequence, seed: int, resamples: int = RESAMPLES):
        codes, names = pd.factorize(np.asarray(clusters))
        self.times = None
        if len(names) >= MINIMUM_CLUSTERS:
            self.times = _picked(len(names), seed, resamples)[:, codes]

    def mean(self, scores: np.ndarray) -> np.ndarray | None:
        """The average of ``scores`` (n,) in each draw."""
        return None if self.times is None else self.times @ scores / self.times.sum(axis=1)


# all measures of all embeddings of as many groups share them
@lru_cache(maxsize=16)
def _picked(many: int, seed: int, resamples: int) -> np.ndarray:
    """How often each of ``many`` clusters is drawn, float64 (resamples, many)."""
    generator = np.random.default_rng(seed)
    drawn = generator.multinomial(many, np.full(many, 1 / many), size=resamples)
    return drawn.astype(np.float64)


class Companions(NamedTuple):
    """The pictures of a sample that share title and date with another one of it.

    Attributes:
        rows: int (q,), their row numbers.
        codes: int (q,), a number for the group of each, from 0.
    """

    rows: np.ndarray
    codes: np.ndarray


@dataclass(frozen=True)
class Sample:
    """An embedding of some pictures.

    Attributes:
        values: float64 (n, d), rows of length 1 (a row of zeros stays one).
        image_ids: n strings.
        clusters: (n,) labels: pictures of one label are drawn together and kept in one fold.
        titles: group key by image id, as ``retrieval.same_title_groups`` gives it.
        seed: of draws and of k-means.
        resamples: draws of the bootstrap.
    """

    values: np.ndarray
    image_ids: list[str]
    clusters: np.ndarray
    titles: pd.Series
    seed: int = 0
    resamples: int = RESAMPLES

    def __len__(self) -> int:
        return len(self.image_ids)

    @cached_property
    def similarity(self) -> np.ndarray:
        """Cosine of each two pictures, float64 (n, n)."""
        return np.clip(self.values @ self.values.T, -1.0, 1.0)

    @cached_property
    def distances(self) -> np.ndarray:
        """Euclidean distance of each two pictures, float64 (n, n), exactly 0 on the diagonal."""
        from sklearn.metrics import pairwise_distances

        return pairwise_distances(self.values)

    @cached_property
    def companions(self) -> Companions:
        """Who shares title and date with whom.

        Raises:
            LeftOut: nobody with anybody.
        """
        asking = queries(self.image_ids, self.titles)
        if asking.empty:
            raise LeftOut("no two pictures share title and date")
        rows = pd.Index(self.image_ids).get_indexer(asking.index)
        return Companions(rows, pd.factorize(asking["group"])[0])

    @cached_property
    def draws(self) -> Draws:
        """Draws of the pictures by their clusters."""
        return self.draws_of(self.clusters)

    def draws_of(self, clusters: np.ndarray) -> Draws:
        """Draws of some pictures, or of other units, by their labels."""
        return Draws(clusters, self.seed, self.resamples)


def unit(values: np.ndarray) -> np.ndarray:
    """Rows as float64 of length 1; rows of zeros stay zero."""
    values = np.asarray(values, dtype=np.float64)
    length = np.linalg.norm(values, axis=1, keepdims=True)
    return values / np.where(length > 0, length, 1.0)


def need_pictures(count: int, least: int = MINIMUM) -> None:
    """Raise :class:`LeftOut` with fewer than ``least`` pictures."""
    if count < least:
        raise LeftOut(f"{count} pictures are too few, it needs {least}")
