"""Exact nearest neighbours, in blocks: no n x n matrix is ever held.

Distances are Euclidean on the rows as given. Where all rows have length 1, as embeddings have,
their order is that of cosine similarity.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from bilderatlas import files
from bilderatlas.analysis import quick
from bilderatlas.analysis.ordering import equal_rows, ordered, without_itself
from bilderatlas.analysis.quick import SPARE
from bilderatlas.errors import InputError

log = logging.getLogger(__name__)

# neighbours a picture that measures count: agreement, hubs, stability, quality of maps
NEIGHBOURS = 10
# numbers held at once in one working array (32 MB as float64)
_BLOCK = 4_000_000
# squared distances are compared in steps of 2^-40 of the largest possible one: rows are float32,
# so finer differences are noise of the matrix product, and equal rows must count as equal
_STEPS = 2.0**40
# of more rows distance and row number do not fit into one integer together
_MOST = 2**23 - 1
_ROWS = 4096  # centred at once
# a gallery as large, asked by as many for as few, is searched in float32 first
_LARGE, _MANY, _SHALLOW = 8192, 64, 128


def check_values(values: np.ndarray) -> np.ndarray:
    """``values`` as float64 of shape (n, d).

    Raises:
        InputError: a value is not finite.
        ValueError: not a table of rows.
    """
    values = np.asarray(values, dtype=np.float64)
    if values.ndim != 2:
        raise ValueError(f"embeddings have rows and columns, not the shape {values.shape}")
    wrong = ~np.isfinite(values).all(axis=1)
    if wrong.any():
        raise InputError(
            f"The embeddings hold values that are not finite in {wrong.sum()} of {len(values)} "
            f"rows (first: row {wrong.argmax()}): compute them anew."
        )
    return values


def id_numbers(image_ids: Sequence[str]) -> np.ndarray:
    """A scrambled number by id, uint64 (n,): an order that has nothing to do with the catalogue."""
    digests = (hashlib.blake2b(str(name).encode(), digest_size=8).digest() for name in image_ids)
    return np.frombuffer(b"".join(digests), dtype=np.uint64)


def distance_steps(
    queries: np.ndarray, gallery: np.ndarray, rows: int | None = None
) -> Iterator[tuple[int, np.ndarray]]:
    """Squared distances of all queries to all of the gallery, by blocks of queries.

    Args:
        queries: float64 (q, d).
        gallery: float64 (n, d).
        rows: queries a block; by default as many as 32 MB hold.

    Yields:
        first row of the block, int64 (rows, n): squared distances in steps of 2^-40 of their
        upper bound. Only their order means something.
    """
    centre, bound = _scale(queries, gallery)
    yield from _steps(queries, gallery, centre, bound, rows)


def _scale(queries: np.ndarray, gallery: np.ndarray) -> tuple[np.ndarray, float]:
    """A common shift, which makes products less lossy, and the largest squared distance there is.

    Both have all queries in view: a part of them must be measured in the same steps.
    """
    centre = gallery.mean(axis=0)
    longest = []
    for table in (queries, gallery):
        pieces = (table[at : at + _ROWS] - centre for at in range(0, len(table), _ROWS))
        longest.append(max(np.einsum("ij,ij->i", rows, rows).max() for rows in pieces))
    return centre, float((np.sqrt(longest[0]) + np.sqrt(longest[1])) ** 2)


def _steps(queries, gallery, centre, bound, rows=None):
    gallery = gallery - centre
    squares = np.einsum("ij,ij->i", gallery, gallery)
    factor = _STEPS / bound if bound > 0 else 0.0
    rows = rows or max(1, _BLOCK // len(gallery))
    for first in range(0, len(queries), rows):
        asking = queries[first : first + rows] - centre
        block = asking @ gallery.T
        block *= -2.0
        block += np.einsum("ij,ij->i", asking, asking)[:, None]
        block += squares
        np.maximum(block, 0.0, out=block)
        block *= factor
        yield first, np.rint(block, out=block).astype(np.int64)


def _search(queries, gallery, k, codes=None, itself=False):
    """The k nearest rows; a pair of one code, int (q,) and (n,), counts not: below 0 is no code.

    ``itself``: both tables are one, and the codes bar no more than the row itself.
    """
    if len(gallery) > _MOST:
        raise InputError(
            f"{len(gallery):,} pictures are too many for exact neighbours (up to {_MOST:,}): ask an"
            " inverted index (faiss), or a part of them."
        )
    indices = np.full((len(queries), k), -1, dtype=np.int64)
    distances = np.full((len(queries), k), np.inf)
    if not k or not len(queries):
        return indices, distances
    centre, bound = _scale(queries, gallery)
    rest = np.arange(len(queries))
    take = min(len(gallery), k + SPARE)
    if len(gallery) >= _LARGE and len(queries) >= _MANY and k <= _SHALLOW:
        # what makes two rows equally far: a step at either end, and the rounding of the product
        reach = bound * (4.0 / _STEPS + (gallery.shape[1] + 8) * 2.0**-51)
        rest = quick.search(queries, gallery, codes, centre, reach, indices, distances)
        if itself and len(rest):
            first, kind = equal_rows(gallery, rest)
            found = _fewest_steps(gallery, gallery, first, take + 1, None, centre, bound)
            near = np.concatenate([rows for _, rows, _ in found])
            for here, rows in without_itself(rest, kind, near):
                indices[here], distances[here] = ordered(gallery[here], gallery, rows, k)
            return indices, distances
    for here, near, barred in _fewest_steps(queries, gallery, rest, take, codes, centre, bound):
        indices[here], distances[here] = ordered(queries[here], gallery, near, k, barred)
    return indices, distances


def _fewest_steps(queries, gallery, rest, take, codes, centre, bound):
    """By block of the queries ``rest``: their numbers, the nearest rows, and who is barred."""
    count = len(gallery)
    rows = max(1, _BLOCK // max(count, take * gallery.shape[1]))
    asking = queries if np.array_equal(rest, np.arange(len(queries))) else queries[rest]
    for first, steps in _steps(asking, gallery, centre, bound, rows) if len(rest) else ():
        here = rest[first : first + len(steps)]
        # one integer holds distance and row number, so that ties fall by row order
        steps *= count
        steps += np.arange(count)
        barred = None
        if codes is not None:
            own = codes[0][here, None]
            barred = (own == codes[1]) & (own >= 0)
            # a query may lose more rows than there are spare ones: they go to the very end
            steps[barred] = np.iinfo(np.int64).max
        # the furthest of them stands last
        near = np.argpartition(steps, take - 1, axis=1)[:, :take]
        if barred is not None:
            barred = np.take_along_axis(barred, near, axis=1)
        yield here, near, barred


def nearest(
    values: np.ndarray, k: int, rows: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """The k nearest other rows of each row.

    A row is left out of its own list by its number, not by distance zero: two equal rows are
    each other's first neighbour. Rows at one distance come in row order.

    Args:
        values: (n, d), finite.
        k: neighbours a row; more than n - 1 is cut to n - 1, with a warning.
        rows: int (q,), the rows that ask; by default all of them.

    Returns:
        indices int64 (q, k) and distances float64 (q, k), nearest first.

    Raises:
        InputError: a value is not finite, or there are more rows than ``_MOST``.
    """
    if k < 1:
        raise ValueError(f"k is {k}; it is at least 1")
    values = check_values(values)
    if k > len(values) - 1:
        log.warning("%d neighbours asked of %d pictures: cut to what there is", k, len(values))
        k = max(0, len(values) - 1)
    numbers = np.arange(len(values))
    if rows is None:
        return _search(values, values, k, (numbers, numbers), itself=True)
    return _search(values[rows], values, k, (np.asarray(rows), numbers))


def nearest_between(
    queries: np.ndarray,
    gallery: np.ndarray,
    k: int,
    query_groups: np.ndarray | None = None,
    gallery_groups: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """The k nearest rows of a gallery that the queries are not part of.

    Args:
        queries: (q, d), finite.
        gallery: (n, d), finite.
        k: neighbours a query; more than n is cut to n.
        query_groups: int (q,): rows of the query's own group are left out; negative is no group.
        gallery_groups: int (n,), as above.

    Returns:
        indices int64 (q, k) and distances float64 (q, k), nearest first; -1 and infinity where
        fewer than k rows were allowed.

    Raises:
        InputError: a value is not finite, or the gallery has more rows than ``_MOST``.
    """
    queries, gallery = check_values(queries), check_values(gallery)
    codes = None
    if query_groups is not None and gallery_groups is not None:
        codes = np.asarray(query_groups), np.asarray(gallery_groups)
    return _search(queries, gallery, min(k, len(gallery)), codes)


def neighbour_table(embeddings: files.Embeddings, k: int = 30) -> pd.DataFrame:
    """The k nearest neighbours of every picture, in the columns of ``files.NEIGHBOURS``.

    Population ``test`` looks only among the test part, ``all`` among all pictures. Ranks start
    at 1; the picture itself is not in its list.

    Raises:
        InputError: an embedding is not finite.
    """
    tables = []
    for population, part in (("test", "test"), ("all", None)):
        chosen = embeddings.select(part)
        if len(chosen.image_ids) < 2:
            log.warning("neighbours among %s: fewer than two pictures, left out", population)
            continue
        indices, distances = nearest(chosen.values, k)
        ids = np.asarray(chosen.image_ids, dtype=object)
        many = indices.shape[1]
        tables.append(
            pd.DataFrame(
                {
                    "population": population,
                    "query": np.repeat(ids, many),
                    "rank": np.tile(np.arange(1, many + 1), len(ids)),
                    "neighbour": ids[indices.ravel()],
                    "distance": distances.ravel(),
                }
            )
        )
    if not tables:
        return pd.DataFrame(columns=list(files.NEIGHBOURS))
    return pd.concat(tables, ignore_index=True)[list(files.NEIGHBOURS)]
