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
from bilderatlas.errors import InputError

log = logging.getLogger(__name__)

# neighbours a picture that measures count: agreement, hubs, stability, quality of maps
NEIGHBOURS = 10
# numbers held at once in one working array (32 MB as float64)
_BLOCK = 4_000_000
# squared distances are compared in steps of 2^-40 of the largest possible one: rows are float32,
# so finer differences are noise of the matrix product, and equal rows must count as equal
_STEPS = 2.0**40
# candidates beyond k whose distance is computed a second time, directly
_SPARE = 16


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
    # a common shift leaves distances alone and makes the subtraction below less lossy
    centre = gallery.mean(axis=0)
    queries, gallery = queries - centre, gallery - centre
    squares_q = np.einsum("ij,ij->i", queries, queries)
    squares_g = np.einsum("ij,ij->i", gallery, gallery)
    bound = (np.sqrt(squares_q.max()) + np.sqrt(squares_g.max())) ** 2
    factor = _STEPS / bound if bound > 0 else 0.0
    rows = rows or max(1, _BLOCK // len(gallery))
    for first in range(0, len(queries), rows):
        block = queries[first : first + rows] @ gallery.T
        block *= -2.0
        block += squares_q[first : first + rows, None]
        block += squares_g
        np.maximum(block, 0.0, out=block)
        block *= factor
        yield first, np.rint(block, out=block).astype(np.int64)


def _search(queries, gallery, k, forbidden):
    """The k nearest allowed rows; ``forbidden(first, last)`` gives a bool (rows, n) or None."""
    count = len(gallery)
    take = min(count, k + _SPARE)
    indices = np.full((len(queries), k), -1, dtype=np.int64)
    distances = np.full((len(queries), k), np.inf)
    if not k or not len(queries):
        return indices, distances
    rows = max(1, _BLOCK // max(count, take * gallery.shape[1]))
    for first, steps in distance_steps(queries, gallery, rows):
        last = first + len(steps)
        # one integer holds distance and row number, so that ties fall by row order
        steps *= count
        steps += np.arange(count)
        barred = forbidden(first, last)
        if barred is not None:
            # a query may lose more rows than there are spare ones: they go to the very end
            steps[barred] = np.iinfo(np.int64).max
        chosen = np.argpartition(steps, take - 1, axis=1)[:, :take]
        apart = gallery[chosen] - queries[first:last, None]
        direct = np.sqrt(np.einsum("ijk,ijk->ij", apart, apart))
        if barred is not None:
            direct[np.take_along_axis(barred, chosen, axis=1)] = np.inf
        order = np.lexsort((chosen, direct), axis=-1)[:, :k]
        found = np.take_along_axis(direct, order, axis=1)
        distances[first:last] = found
        near = np.take_along_axis(chosen, order, axis=1)
        indices[first:last] = np.where(np.isfinite(found), near, -1)
    return indices, distances


def nearest(values: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """The k nearest other rows of each row.

    A row is left out of its own list by its number, not by distance zero: two equal rows are
    each other's first neighbour. Rows at one distance come in row order.

    Args:
        values: (n, d), finite.
        k: neighbours a row; more than n - 1 is cut to n - 1, with a warning.

    Returns:
        indices int64 (n, k) and distances float64 (n, k), nearest first.

    Raises:
        InputError: a value is not finite.
    """
    if k < 1:
        raise ValueError(f"k is {k}; it is at least 1")
    values = check_values(values)
    if k > len(values) - 1:
        log.warning("%d neighbours asked of %d pictures: cut to what there is", k, len(values))
        k = max(0, len(values) - 1)

    def oneself(first, last):
        return np.arange(len(values)) == np.arange(first, last)[:, None]

    return _search(values, values, k, oneself)


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
        InputError: a value is not finite.
    """
    queries, gallery = check_values(queries), check_values(gallery)

    def own_group(first, last):
        if query_groups is None or gallery_groups is None:
            return None
        groups = np.asarray(query_groups)[first:last, None]
        return (groups == np.asarray(gallery_groups)) & (groups >= 0)

    return _search(queries, gallery, min(k, len(gallery)), own_group)


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
