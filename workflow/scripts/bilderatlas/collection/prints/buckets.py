"""Look-up by keys: what falls into the same bucket is compared, nothing else.

Vectors get keys by the sides of random planes that they lie on (Charikar 2002, "Similarity
estimation techniques from rounding algorithms", section 3): the smaller the angle between two
vectors, the more likely is an equal key. Work and memory grow with the number of keys, and
with the buckets' sizes, which are bounded.
"""

from __future__ import annotations

import numpy as np

_SEED = 20221
_MOST_BITS = 30


def key_bits(count: int, per_bucket: float) -> int:
    """Bits of a key for about ``per_bucket`` of ``count`` vectors a bucket."""
    return int(np.clip(np.ceil(np.log2(max(count, 1) / per_bucket)), 4, _MOST_BITS))


def sign_keys(vectors: np.ndarray, bits: int, tables: int) -> np.ndarray:
    """Keys by random planes through the origin, the same planes in every run.

    Args:
        vectors: (n, d).
        bits: planes a key, at most 30.
        tables: keys a vector.

    Returns:
        int64 (n, tables).
    """
    rng = np.random.default_rng([_SEED, vectors.shape[1]])
    # drawn a table at a time: more tables, or bits, leave the first ones as they are
    planes = np.stack([rng.standard_normal((_MOST_BITS, vectors.shape[1])) for _ in range(tables)])
    planes = planes[:, :bits].reshape(-1, vectors.shape[1]).astype(np.float32)
    sides = (vectors.astype(np.float32) @ planes.T > 0).reshape(len(vectors), tables, bits)
    return sides @ (1 << np.arange(bits, dtype=np.int64))


def join(gallery: np.ndarray, queries: np.ndarray, largest: int) -> tuple[np.ndarray, ...]:
    """All pairs of a query and a gallery row with one key, but for crowded buckets.

    Args:
        gallery: int64 (n,), keys.
        queries: int64 (m,), keys.
        largest: a bucket that holds more gallery rows than this says nothing and is left out.

    Returns:
        three int64 arrays of equal length: the query's row, the gallery's row, and how many
        gallery rows the bucket holds.
    """
    return Index(gallery).join(queries, largest)


class Index:
    """Gallery keys in order, for several joins.

    Args:
        keys: int64 (n,).
    """

    def __init__(self, keys: np.ndarray) -> None:
        self.order = np.argsort(keys, kind="stable")
        self.keys = keys[self.order]

    def join(self, queries: np.ndarray, largest: int) -> tuple[np.ndarray, ...]:
        """As :func:`join`."""
        first = np.searchsorted(self.keys, queries, "left")
        held = np.searchsorted(self.keys, queries, "right") - first
        held[held > largest] = 0
        query = np.repeat(np.arange(len(queries)), held)
        step = np.arange(len(query)) - np.repeat(np.cumsum(held) - held, held)
        return query, self.order[np.repeat(first, held) + step], np.repeat(held, held)
