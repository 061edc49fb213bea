"""Names the pairs of pictures that are worth laying over each other; never all pairs.

Three routes, which have learned nothing from the collection: perceptual hashes that differ in few
bits, nearest whitened copies (and embeddings by a frozen network, where there are any), and shared
words of local features. Each picture is looked up as it is and mirrored. What a route may name is
bounded a picture, so that the work grows with the collection and not with its square.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from bilderatlas.collection.prints.buckets import Index, key_bits, sign_keys
from bilderatlas.collection.prints.features import HASH_BITS
from bilderatlas.collection.prints.words import WordIndex, Words

COLUMNS = ("a", "b", "mirrored", "routes")
# Two hashes that differ in at most 7 bits differ in at most one bit of some quarter.
HASH_DISTANCE = 7
_QUARTERS, _QUARTER_BITS = 4, HASH_BITS // 4
_LARGEST = 64  # a bucket that holds more pictures is of blank sheets
# ASSUME: a picture has few prints; one more has a chance with each of them
HASHES = 8
COPIES = 3
# ASSUME: below this cosine two whitened copies have nothing in common
_LEAST_COSINE = 0.4
_TABLES = 16
SHARED = 12
# Two points that share a word of their own each make 2 votes: chance, now and then. Among 624
# pictures some reach this by chance; the more pictures, the fewer, for votes spread over all.
LEAST_VOTES = 2.6

_Found = tuple[np.ndarray, np.ndarray, np.ndarray]


def propose(
    hashes: np.ndarray,
    copies: np.ndarray,
    words: list[Words],
    frozen: np.ndarray | None = None,
) -> pd.DataFrame:
    """The pairs to be looked at.

    Args:
        hashes: bool (n, 2, 64), of each picture and its mirror.
        copies: float32 (n, 2, 63), the whitened copies, likewise.
        words: of each of the n pictures.
        frozen: (n, d), embeddings by a frozen network; None for none.

    Returns:
        columns :data:`COLUMNS`: rows of the two pictures (a < b), whether b is mirrored first,
        and the routes that named the pair, joined by blanks.
    """
    parts = [_part("hash", mirrored, _by_hash(hashes, mirrored)) for mirrored in (False, True)]
    parts += [
        _part("pixels", mirrored, _by_vectors(copies[:, int(mirrored)], copies[:, 0]))
        for mirrored in (False, True)
    ]
    if frozen is not None:
        parts.append(_part("frozen", False, _by_vectors(frozen, frozen)))
    index = WordIndex(words)
    parts += [
        _part("words", mirrored, _by_words(index, len(words), mirrored))
        for mirrored in (False, True)
    ]
    named = pd.concat(parts, ignore_index=True)
    grouped = named.groupby(["a", "b", "mirrored"], sort=True)["routes"]
    table = grouped.agg(lambda routes: " ".join(dict.fromkeys(routes))).reset_index()
    return table[list(COLUMNS)]


def _part(route: str, mirrored: bool, pairs: tuple[np.ndarray, np.ndarray]) -> pd.DataFrame:
    one, other = pairs
    different = one != other
    low = np.minimum(one, other)[different]
    high = np.maximum(one, other)[different]
    # that b mirrored is like a says as much as that a mirrored is like b
    return pd.DataFrame({"a": low, "b": high, "mirrored": mirrored, "routes": route})


def _by_hash(hashes: np.ndarray, mirrored: bool) -> tuple[np.ndarray, np.ndarray]:
    """Multi-index hashing (Norouzi, Punjani and Fleet 2012), complete up to HASH_DISTANCE."""
    asked = hashes[:, int(mirrored)]
    powers = 1 << np.arange(_QUARTER_BITS, dtype=np.int64)
    flips = np.concatenate([[0], powers])
    found = []
    for quarter in range(_QUARTERS):
        bits = np.s_[:, quarter * _QUARTER_BITS : (quarter + 1) * _QUARTER_BITS]
        index, keys = Index(hashes[:, 0][bits] @ powers), asked[bits] @ powers
        for flip in flips:
            query, gallery, _ = index.join(keys ^ flip, _LARGEST)
            found.append(np.stack([query, gallery]))
    query, gallery = np.unique(np.concatenate(found, axis=1), axis=1)
    apart = (asked[query] != hashes[gallery, 0]).sum(axis=1)
    near = (apart <= HASH_DISTANCE) & (query != gallery)
    return _nearest(query[near], gallery[near], -apart[near].astype(float), HASHES)


def _by_vectors(asked: np.ndarray, gallery: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The nearest vectors among those that share a key."""
    lengths = [
        np.maximum(np.linalg.norm(one, axis=1, keepdims=True), 1e-9) for one in (asked, gallery)
    ]
    asked, gallery = asked / lengths[0], gallery / lengths[1]
    bits = key_bits(len(gallery), 4.0)
    keys = [sign_keys(one, bits, _TABLES) for one in (asked, gallery)]
    found = []
    for table in range(_TABLES):
        query, other, _ = Index(keys[1][:, table]).join(keys[0][:, table], _LARGEST)
        found.append(np.stack([query, other])[:, query != other])
    query, other = np.unique(np.concatenate(found, axis=1), axis=1)
    cosines = np.einsum("ij,ij->i", asked[query], gallery[other])
    near = cosines >= _LEAST_COSINE
    return _nearest(query[near], other[near], cosines[near], COPIES)


def _by_words(index: WordIndex, count: int, mirrored: bool) -> tuple[np.ndarray, np.ndarray]:
    """Of each picture the ones with most votes, whichever of the two asks."""
    blocks = [_above(found) for found in index.votes(mirrored)]
    one, other, votes = (np.concatenate(part) for part in zip(*blocks, strict=True))
    both = np.concatenate([one, other]), np.concatenate([other, one])
    return _nearest(*both, np.concatenate([votes, votes]), SHARED)


def _above(found: _Found) -> _Found:
    enough = found[2] >= LEAST_VOTES
    return tuple(part[enough] for part in found)


def _nearest(
    query: np.ndarray, gallery: np.ndarray, score: np.ndarray, most: int
) -> tuple[np.ndarray, np.ndarray]:
    """Of each query at most so many, the best first; equal ones in the order of the rows."""
    order = np.lexsort((gallery, -score, query))
    query, gallery = query[order], gallery[order]
    first = np.searchsorted(query, query, "left")
    kept = np.arange(len(query)) - first < most
    return query[kept], gallery[kept]
