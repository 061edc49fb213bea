"""Nearest rows in a large gallery: who can be among them, found in float32, exactly.

A float32 product says of nearly all rows that they are too far, with a bound on its own rounding
(Higham 2002, section 3.1: |error| <= m u / (1 - m u) sum |a_i b_i|, in whatever order it adds).
What is left is measured directly in float64. Queries of which this leaves a doubt, because too
many others lie as far as their k-th neighbour, are handed back.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from threadpoolctl import threadpool_info, threadpool_limits

# candidates beyond k whose distance is computed a second time, directly
SPARE = 16
# rows of a tile: a tile of products, 4 MB, stays near the processor
_TILE = 1024
# of so many rows of the gallery, evenly drawn, the k-th nearest bounds that of all from above; of a
# very large one so large a share, or the pairs that are kept would grow faster than the rows
_SAMPLE, _SHARE = 8192, 16
# rows in reach of a query, beyond what k leads to expect, before it is handed back
_CROWD = 512
# numbers of pairs measured directly at once: so few stay near the processor
_PAIRS = 250_000
_ROUNDING = 2.0**-24


def search(queries, gallery, codes, centre, reach, indices, distances) -> np.ndarray:
    """Fill in the queries of which a search in float32 leaves no doubt; give back the others.

    The plain search takes the k + 16 rows of fewest steps and orders them by their direct distance.
    It finds the k of least direct distance wherever no more than k + 16 rows are within ``reach``
    of the k-th: there, and only there, this is its answer too.

    Args:
        queries: float64 (q, d).
        gallery: float64 (n, d); the same object as ``queries`` where a table is searched for its
            own rows, which halves the work.
        codes: int (q,) and (n,): pairs of one code that is not negative do not count; or None.
        centre: float64 (d,), taken off all rows: it changes no distance and lessens rounding.
        reach: how far, in squared distance, two rows count as equally far.
        indices: int64 (q, k), filled in.
        distances: float64 (q, k), likewise.

    Returns:
        the numbers of the queries that are not answered.
    """
    found = _Candidates(queries, gallery, indices.shape[1], codes, centre, reach)

    def settle(first: int) -> None:
        _settle(queries, gallery, *found.of_block(first), reach, indices, distances, found.sure)

    # a product and what follows it want different parts of a processor: two tiles side by side, on
    # one thread each, take less time than one after the other on both
    threads = max(each["num_threads"] for each in [*threadpool_info(), {"num_threads": 1}])
    with threadpool_limits(1, "blas"), ThreadPoolExecutor(threads) as pool:
        found.start(pool)
        settled = []
        for first in range(0, len(queries), _TILE):
            found.compare(pool, first)
            settled.append(pool.submit(settle, first))
        for each in settled:
            each.result()
    return np.flatnonzero(~found.sure)


def _settle(queries, gallery, query, row, reach, indices, distances, sure) -> None:
    """Measure candidates of some queries directly, and keep the k nearest of each."""
    if not len(query):
        return
    k = indices.shape[1]
    direct = np.empty(len(query))
    piece = max(1, _PAIRS // gallery.shape[1])
    for first in range(0, len(query), piece):
        some = slice(first, first + piece)
        apart = gallery[row[some]] - queries[query[some]]
        direct[some] = np.sqrt(np.einsum("ij,ij->i", apart, apart))
    order = np.lexsort((row, direct, query))
    query, row, direct = query[order], row[order], direct[order]
    asked, begin, many = np.unique(query, return_index=True, return_counts=True)
    furthest = direct[begin + k - 1] ** 2 + reach
    alike = np.add.reduceat(direct**2 <= np.repeat(furthest, many), begin)
    sure[asked[alike > k + SPARE]] = False
    places = begin[:, None] + np.arange(k)
    indices[asked], distances[asked] = row[places], direct[places]


class _Candidates:
    """Who can be among the k nearest; arguments as in :func:`search`."""

    def __init__(self, queries, gallery, k, codes, centre, reach):
        self.itself = queries is gallery
        self.k = k
        self.codes = codes
        # a power of two: scaling rounds nothing, and no square leaves the range of float32
        largest = max(np.abs(rows - centre).max(initial=0.0) for rows in _pieces(queries, gallery))
        scale = 2.0 ** -np.ceil(np.log2(largest)) if largest > 0 else 1.0
        self.gallery, square = _folded(gallery, centre, scale, right=True)
        self.queries, own = _folded(queries, centre, scale, right=False)
        # half squared distances: products, two squares, and their rounding to float32
        widest = np.sqrt(square.max())
        terms = queries.shape[1] + 8
        unit = terms * _ROUNDING / (1 - terms * _ROUNDING)
        lengths = np.sqrt(own)
        error = unit * (lengths * widest + (own + square.max()) / 2) + 1e-30
        self.slack = (2 * error + reach * scale**2).astype(np.float32) * np.float32(1.0001)
        self.hits: dict[int, list] = {at: [] for at in range(0, len(queries), _TILE)}
        self._own = threading.local()
        self.found = np.zeros(len(queries), np.int64)
        self.drawn = min(max(_SAMPLE, len(gallery) // _SHARE), len(gallery) // 8)
        self.most = k * max(1, len(gallery) // max(1, self.drawn)) * 8 + _CROWD

    def start(self, pool: ThreadPoolExecutor) -> None:
        """Find by query a nearness that its k-th neighbour has for certain, less the slack.

        The k-th best of the best of k groups and more is no better than the k-th of all.
        """
        count = len(self.gallery)
        groups = max(64, 4 * self.k)
        deep = max(2, self.drawn // groups)
        drawn = np.linspace(0, count - 1, groups * deep).astype(np.int64)
        part = np.ascontiguousarray(self.gallery[drawn])

        def floor(first: int) -> np.ndarray:
            some = slice(first, first + _TILE)
            near = self.queries[some] @ part.T
            if self.codes is not None:
                own = self.codes[0][some, None]
                near[(own == self.codes[1][drawn]) & (own >= 0)] = -np.inf
            best = near.reshape(len(near), deep, groups).max(axis=1)
            best.partition(groups - self.k, axis=1)
            return best[:, -self.k]

        floors = np.concatenate(list(pool.map(floor, range(0, len(self.queries), _TILE))))
        self.sure = np.isfinite(floors)
        self.floor = np.where(self.sure, floors - self.slack, np.inf).astype(np.float32)

    def compare(self, pool: ThreadPoolExecutor, first: int) -> None:
        """Compare a block of queries with all of the gallery that has not been compared with it."""

        def tile(start: int) -> None:
            block = self.queries[first : first + _TILE]
            other = self.gallery[start : start + _TILE]
            # minus half the squared distances
            near = self._paper(len(block), len(other))
            np.matmul(block, other.T, out=near)
            self._note(near, first, start)
            if self.itself and start != first:
                self._note(near.T, start, first)

        list(pool.map(tile, range(first if self.itself else 0, len(self.gallery), _TILE)))

    def _paper(self, rows: int, columns: int) -> np.ndarray:
        """A table of this thread's own: new memory for each tile would cost a fifth of the time."""
        if not hasattr(self._own, "paper"):
            self._own.paper = np.empty(_TILE * _TILE, np.float32)
        return self._own.paper[: rows * columns].reshape(rows, columns)

    def _note(self, near: np.ndarray, first: int, start: int) -> None:
        """Keep the pairs of a tile that are near enough; give up on queries with a crowd."""
        reached = near >= self.floor[first : first + len(near), None]
        if not near.flags.c_contiguous:
            column, row = np.divmod(np.flatnonzero(reached.T), len(near))
        else:
            row, column = np.divmod(np.flatnonzero(reached), near.shape[1])
        if not len(row):
            return
        here = slice(first, first + len(near))
        self.found[here] += np.bincount(row, minlength=len(near))
        crowded = self.found[here] > self.most
        if crowded.any():
            self.sure[here][crowded] = False
            self.floor[here][crowded] = np.inf
            column, row = column[~crowded[row]], row[~crowded[row]]
        self.hits[first].append(
            ((row + first).astype(np.int32), (column + start).astype(np.int32), near[row, column])
        )

    def of_block(self, first: int) -> tuple[np.ndarray, np.ndarray]:
        """Query numbers and rows, int64, of pairs as near as the k-th or within ``reach`` of it.

        A query that is handed back has none, and is False in ``sure``.
        """
        kept = self.hits.pop(first)
        if not kept:
            return np.empty(0, np.int64), np.empty(0, np.int64)
        query, row, near = (np.concatenate(each) for each in zip(*kept, strict=True))
        allowed = self.sure[query]
        if self.codes is not None:
            own = self.codes[0][query]
            allowed &= (own != self.codes[1][row]) | (own < 0)
        query, row, near = query[allowed], row[allowed], near[allowed]
        # one number holds query and distance: to sort plain numbers is many times faster
        far = np.maximum(-near, 0).view(np.int32)
        far = (query.astype(np.int64) << 32) + far
        far.sort()
        asked, begin, many = np.unique(far >> 32, return_index=True, return_counts=True)
        few = many < self.k
        self.sure[asked[few]] = False
        last = far[np.minimum(begin + self.k, begin + many) - 1] & 0xFFFFFFFF
        limit = np.full(len(self.sure), np.inf, np.float32)
        last = -last.astype(np.int32).view(np.float32)
        limit[asked] = np.where(few, np.inf, last - self.slack[asked])
        inside = near >= limit[query]
        return query[inside].astype(np.int64), row[inside].astype(np.int64)


def _pieces(*tables: np.ndarray) -> Iterator[np.ndarray]:
    for table in tables:
        for first in range(0, len(table), _TILE):
            yield table[first : first + _TILE]


def _folded(table, centre, scale, right) -> tuple[np.ndarray, np.ndarray]:
    """Rows in float32 with two columns more, so that a product is minus half a squared distance.

    A query x and a row y become (x, 1, -x.x / 2) and (y, -y.y / 2, 1).
    """
    count, dimensions = table.shape
    folded = np.ones((count, dimensions + 2), np.float32)
    squares = np.empty(count)
    for first in range(0, count, _TILE):
        some = slice(first, first + _TILE)
        rows = (table[some] - centre) * scale
        squares[some] = np.einsum("ij,ij->i", rows, rows)
        folded[some, :dimensions] = rows
    folded[:, dimensions + (not right)] = -squares / 2
    return folded, squares
