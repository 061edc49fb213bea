"""Rows that a search found, put in order; and rows that are equal, for which one search serves."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

_FEW = 128  # equal rows ordered at once


def ordered(queries, gallery, near, k, barred=None) -> tuple[np.ndarray, np.ndarray]:
    """The k of the rows ``near`` (q, m) that are least far by direct distance; -1 where barred."""
    apart = gallery[near] - queries[:, None]
    direct = np.sqrt(np.einsum("ijk,ijk->ij", apart, apart))
    if barred is not None:
        direct[barred] = np.inf
    order = np.lexsort((near, direct), axis=-1)[:, :k]
    found = np.take_along_axis(direct, order, axis=1)
    rows = np.take_along_axis(near, order, axis=1)
    return np.where(np.isfinite(found), rows, -1), found


def equal_rows(table: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The first of each kind of equal rows, and by row its kind: both int.

    Equal rows lie as far from all others: one search serves them all.
    """
    whole = np.ascontiguousarray(table[rows])
    whole = whole.view(np.dtype((np.void, whole.itemsize * whole.shape[1]))).ravel()
    _, first, kind = np.unique(whole, return_index=True, return_inverse=True)
    return rows[first], kind


def without_itself(
    rows: np.ndarray, kind: np.ndarray, near: np.ndarray
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """By block of ``rows``: their numbers, and what is nearest to each without itself.

    Args:
        rows: int (q,).
        kind: int (q,), which row of ``near`` is theirs.
        near: int (kinds, m), the furthest last.

    Yields:
        int (b,) and (b, m - 1). A row that is not among its own, for as many equal ones come
        before it, loses the furthest.
    """
    for at in range(0, len(rows), _FEW):
        here = rows[at : at + _FEW]
        mine = near[kind[at : at + _FEW]]
        own = mine == here[:, None]
        own[~own.any(axis=1), -1] = True
        yield here, mine[~own].reshape(len(here), -1)
