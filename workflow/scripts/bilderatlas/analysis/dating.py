"""Do a picture's neighbours tell its year? The mean year of the nearest in the training part."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from bilderatlas.analysis.knn import K, answers, ask
from bilderatlas.collection.dates.days import Day, decimal_year, length_of_month, ordinal

SCORES = ("error", "error_to_range", "within_5")
_WITHIN = 5.0
_ISO = re.compile(r"(-?\d{4})(?:-(\d\d))?(?:-(\d\d))?")


def date_range(date_from: str, date_to: str) -> tuple[float, float]:
    """First and last instant of a range of days, as decimal years; NaN where it is open.

    ``"1898-06-01", "1898-08-31"`` is 1898.414 to 1898.666. ``YYYY`` and ``YYYY-MM`` stand for
    their first day at the beginning and their last day at the end; a sign stands before years
    below 0 (``-0043`` is 44 BC). What is no such date is open.
    """
    return _instant(date_from, end=False), _instant(date_to, end=True)


def _instant(text: str, end: bool) -> float:
    match = _ISO.fullmatch(str(text).strip())
    if match is None:
        return np.nan
    year, month, day = (int(number) if number else None for number in match.groups())
    try:
        month = month or (12 if end else 1)
        day = day or (length_of_month(year, month) if end else 1)
        return decimal_year(ordinal(Day(year, month, day)) + end)
    except ValueError:
        return np.nan


def date_ranges(catalogue: pd.DataFrame) -> pd.DataFrame:
    """:func:`date_range` of each picture: columns ``low`` and ``high``, indexed like the input."""
    pairs = zip(catalogue["date_from"], catalogue["date_to"], strict=True)
    return pd.DataFrame(
        [date_range(*pair) for pair in pairs], columns=["low", "high"], index=catalogue.index
    )


def year_scores(
    values: np.ndarray,
    image_ids: Sequence[str],
    part: pd.Series,
    years: pd.Series,
    groups: pd.Series,
    ranges: pd.DataFrame | None = None,
    k: int = K,
) -> pd.DataFrame:
    """Errors, in years, of the mean year of the k nearest training pictures.

    Args:
        values: (n, d).
        image_ids: n strings.
        part: part by image id: ``train`` answers, ``test`` asks.
        years: middle of the dating by image id; NaN is unknown.
        groups: group key by image id; a query's own group does not answer.
        ranges: begin and end of the dating (``low``, ``high``) by image id, open sides NaN;
            where it says nothing, the year itself is the range.
        k: neighbours.

    Returns:
        a row a query, indexed by its id: ``year``, ``predicted``, ``error`` (distance to the
        middle year), ``error_to_range`` (0 inside the range, else the distance to its nearer
        end) and ``within_5`` (1.0 where that is 5 years at most). A query that nobody could
        answer is given the median of the training part.
    """
    known = years.reindex(pd.Index(image_ids)).to_numpy(dtype=np.float64, na_value=np.nan)
    asked = ask(image_ids, part, years.notna(), groups)
    near = answers(values, asked, known, k)
    answered = np.isfinite(near)
    total = np.where(answered, near, 0).sum(axis=1)
    few = answered.sum(axis=1)
    fallback = np.median(known[asked.gallery]) if len(asked.gallery) else np.nan
    predicted = np.where(few > 0, total / np.maximum(few, 1), fallback)
    return year_errors(image_ids, asked.queries, known, predicted, ranges)


def year_baseline(
    image_ids: Sequence[str],
    part: pd.Series,
    years: pd.Series,
    groups: pd.Series,
    ranges: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """The constant guess: the median year of the training part, as in :func:`year_scores`."""
    known = years.reindex(pd.Index(image_ids)).to_numpy(dtype=np.float64, na_value=np.nan)
    asked = ask(image_ids, part, years.notna(), groups)
    guess = np.median(known[asked.gallery]) if len(asked.gallery) else np.nan
    predicted = np.full(len(asked.queries), guess)
    return year_errors(image_ids, asked.queries, known, predicted, ranges)


def year_errors(
    image_ids: Sequence[str],
    queries: np.ndarray,
    known: np.ndarray,
    predicted: np.ndarray,
    ranges: pd.DataFrame | None,
) -> pd.DataFrame:
    """The table of :func:`year_scores` for any guesses.

    Args:
        image_ids: n strings.
        queries: rows that ask, (q,).
        known: middle year by row, (n,).
        predicted: guess by query, (q,); NaN is no guess.
        ranges: as in :func:`year_scores`.
    """
    ids = pd.Index([image_ids[row] for row in queries], name="query", dtype=object)
    years = known[queries]
    if ranges is None:
        low = high = years
    else:
        # an open side is open: it is no error to guess beyond it
        asked = ranges.reindex(ids)
        low, high = asked["low"].to_numpy(), asked["high"].to_numpy()
        silent = np.isnan(low) & np.isnan(high)
        low, high = np.where(silent, years, low), np.where(silent, years, high)
    before = np.where(np.isnan(low), 0.0, np.maximum(low - predicted, 0.0))
    after = np.where(np.isnan(high), 0.0, np.maximum(predicted - high, 0.0))
    outside = np.where(np.isnan(predicted), np.nan, np.maximum(before, after))
    return pd.DataFrame(
        {
            "year": years,
            "predicted": predicted,
            "error": np.abs(predicted - years),
            "error_to_range": outside,
            "within_5": (outside <= _WITHIN).astype(np.float64),
        },
        index=ids,
    )
