"""Does a picture find its companions? Retrieval of pictures of one group.

A group is most often one title and date; one negative or one motif where these are known.

Every picture with at least one companion in the population is a query once; all other pictures
of the population are ranked by their distance to it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from bilderatlas.analysis.neighbours import check_values, distance_steps, id_numbers
from bilderatlas.collection.groups import title_and_date

SCORES = ("average_precision", "precision_at_1", "r_precision", "recall_at_10")
# ASSUME: of so many queries an average is known to a hundredth; each is put to all pictures
MOST_QUERIES = 5_000
_DEPTH = 10
_FEW = 12  # companions: of more, the ranks are had sooner from an order of all than one by one
Pairs = Sequence[tuple[str, str]]


def same_title_groups(catalogue: pd.DataFrame) -> pd.Series:
    """Pictures that carry the same title and the same date, as written.

    Args:
        catalogue: indexed by image id, with the columns ``title`` and ``date``.

    Returns:
        group key by image id, only for pictures in groups of two and more. Pictures without a
        title or without a date are in no group.
    """
    keys = title_and_date(catalogue)
    keys = keys[keys != ""]
    return keys[keys.map(keys.value_counts()) >= 2].rename("group")


def queries(image_ids: Sequence[str], groups: pd.Series, prints: Pairs = ()) -> pd.DataFrame:
    """The pictures with a companion among those given: who asks, without any ranking.

    Args:
        image_ids: n strings.
        groups: group key by image id (others have no companion).
        prints: pairs of ids; either picture of a pair is passed over where the other asks.

    Returns:
        a row a query, in the order of ``image_ids`` and indexed by its id: ``group``,
        ``relevant`` (its companions here, at least one), ``candidates`` (n - 1, less those
        passed over).
    """
    codes = _codes(image_ids, groups)
    passed = _passed_over(image_ids, prints)
    sizes = np.bincount(codes[codes >= 0], minlength=1)
    relevant = np.where(codes >= 0, sizes[codes] - 1, 0)
    candidates = np.full(len(codes), len(codes) - 1)
    for row, others in passed.items():
        candidates[row] -= len(others)
        relevant[row] -= (codes[others] == codes[row]).sum() if codes[row] >= 0 else 0
    rows = np.flatnonzero(relevant > 0)
    ids = pd.Index([image_ids[row] for row in rows], name="query", dtype=object)
    table = {
        "group": groups.reindex(ids).to_numpy(dtype=object),
        "relevant": relevant[rows],
        "candidates": candidates[rows],
    }
    return pd.DataFrame(table, index=ids)


def some_queries(asking: pd.DataFrame, most: int = MOST_QUERIES) -> pd.DataFrame:
    """As many queries of a large collection at most, drawn by whole groups but for the last.

    Groups come in the order of a number scrambled from their key, so a large one is no likelier to
    come early than a small one; the draw hangs on keys and ids alone: every experiment is asked
    the same.

    Args:
        asking: of :func:`queries`.
        most: as many are left at most; all where there are fewer.
    """
    if len(asking) <= most:
        return asking
    group, own = id_numbers(asking["group"]), id_numbers(asking.index)
    kept = np.lexsort((own, group))[:most]
    return asking.iloc[np.sort(kept)]


def retrieval(
    values: np.ndarray,
    image_ids: Sequence[str],
    groups: pd.Series,
    prints: Pairs = (),
    only: pd.Index | None = None,
) -> pd.DataFrame:
    """Scores of every query among the pictures given.

    Pictures at exactly one distance are ordered by a number drawn from the two ids, so neither
    the order of the rows nor that of the catalogue can help: an embedding that puts all
    pictures in one place scores as chance does.

    Args:
        values: (n, d), the population.
        image_ids: n strings.
        groups: group key by image id (others have no companion).
        prints: pairs of ids, as in :func:`queries`: neither companions of each other nor in
            each other's way.
        only: ids of the queries that are asked, of :func:`some_queries`; by default all.

    Returns:
        the table of :func:`queries` and, each in [0, 1], ``average_precision`` (mean over the
        companions of the precision at their rank), ``precision_at_1``, ``r_precision`` (share of
        companions among the first R, R their number), ``recall_at_10`` (companions among the
        first ten, as a share of as many as can be there: of R, or of ten where R is larger).

    Raises:
        InputError: a value is not finite.
    """
    values = check_values(values)
    codes = _codes(image_ids, groups)
    passed = _passed_over(image_ids, prints)
    table = queries(image_ids, groups, prints)
    table = table if only is None else table.loc[only]
    asking = pd.Index(image_ids).get_indexer(table.index)
    numbers = id_numbers(image_ids)
    scores = np.empty((len(asking), len(SCORES)))
    members = _members(codes)
    for first, steps in distance_steps(values[asking], values) if len(asking) else ():
        for row, distance in enumerate(steps, start=first):
            query = asking[row]
            left_out = np.array([query, *passed.get(query, ())])
            wanted = np.setdiff1d(members[codes[query]], left_out)
            scores[row] = _scores(_ranks(distance, wanted, left_out, numbers, query))
    return table.join(pd.DataFrame(scores, columns=list(SCORES), index=table.index))


def _members(codes: np.ndarray) -> dict[int, np.ndarray]:
    """By group, the rows of its pictures."""
    order = np.argsort(codes, kind="stable")
    names, begin = np.unique(codes[order], return_index=True)
    return dict(zip(names.tolist(), np.split(order, begin[1:]), strict=True))


def _ranks(distance, wanted, left_out, numbers, query) -> np.ndarray:
    """The ranks, from 1 and ascending, of the rows ``wanted`` among all but those left out."""
    if len(wanted) <= _FEW:
        # how many are nearer: to count takes no order of all
        far, passed = distance[wanted], distance[left_out]
        near = [np.count_nonzero(distance <= each) - (passed <= each).sum() for each in far]
        strictly = [np.count_nonzero(distance < each) - (passed < each).sum() for each in far]
        if (np.subtract(near, strictly) == 1).all():
            return np.sort(near)
    order = np.lexsort((_mixed(numbers, numbers[query]), distance))
    hits = np.isin(order[~np.isin(order, left_out)], wanted)
    return np.flatnonzero(hits) + 1


def _scores(ranks: np.ndarray) -> tuple[float, float, float, float]:
    """The four scores from the ranks of the relevant pictures, ascending, from 1."""
    found = np.arange(1, len(ranks) + 1)
    return (
        float((found / ranks).mean()),
        float(ranks[0] == 1),
        float((ranks <= len(ranks)).mean()),
        float((ranks <= _DEPTH).sum() / min(len(ranks), _DEPTH)),
    )


def chance(relevant: np.ndarray, candidates: int | np.ndarray) -> pd.DataFrame:
    """What a random order of the candidates scores on average: exact, not simulated.

    With R relevant among N candidates, each place holds a relevant one with probability R/N:
    precision at 1 and R-precision are R/N, recall at 10 is R min(10, N) / (N min(10, R)). A
    relevant picture at rank k has (k - 1)(R - 1)/(N - 1) relevant ones before it on average,
    which gives the expected average precision

        (1/N) * sum_k [1 + (k - 1)(R - 1)/(N - 1)] / k
        = H_N / N + (R - 1)(N - H_N) / (N (N - 1)),     H_N = 1 + 1/2 + ... + 1/N.

    Args:
        relevant: R >= 1 by query, shape (q,).
        candidates: N >= R, one number or by query.

    Returns:
        q rows with the columns of ``SCORES``.
    """
    relevant = np.asarray(relevant, dtype=np.float64)
    candidates = np.broadcast_to(np.asarray(candidates, dtype=np.int64), relevant.shape)
    harmonic = np.cumsum(1.0 / np.arange(1, candidates.max(initial=1) + 1))[candidates - 1]
    spread = (relevant - 1) / np.maximum(candidates - 1, 1)
    precision = (harmonic + spread * (candidates - harmonic)) / candidates
    share = relevant / candidates
    recall = share * np.minimum(_DEPTH, candidates) / np.minimum(_DEPTH, relevant)
    columns = (precision, share, share, recall)
    return pd.DataFrame(dict(zip(SCORES, columns, strict=True)))


def _passed_over(image_ids: Sequence[str], prints: Pairs) -> dict[int, list[int]]:
    """By row, the rows of its prints; pairs with a picture that is not here say nothing."""
    where = {name: row for row, name in enumerate(image_ids)}
    passed: dict[int, set[int]] = {}
    for one, other in prints:
        if one in where and other in where and one != other:
            passed.setdefault(where[one], set()).add(where[other])
            passed.setdefault(where[other], set()).add(where[one])
    return {row: sorted(others) for row, others in passed.items()}


def _codes(image_ids: Sequence[str], groups: pd.Series) -> np.ndarray:
    """A number by picture for its group; -1 where it has no companion among these pictures."""
    keys = groups.reindex(pd.Index(image_ids)).to_numpy(dtype=object)
    codes, _ = pd.factorize(keys)
    sizes = np.bincount(codes[codes >= 0], minlength=codes.max(initial=-1) + 1)
    return np.where((codes >= 0) & (sizes[codes] >= 2), codes, -1) if len(sizes) else codes


def _mixed(numbers: np.ndarray, query: np.uint64) -> np.ndarray:
    """A scrambled number for each pair of the query and a picture (arithmetic modulo 2^64)."""
    mixed = (numbers ^ query) * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0xD6E8FEB86659FD93)
    return mixed ^ (mixed >> np.uint64(32))
