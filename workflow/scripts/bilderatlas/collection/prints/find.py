"""From pictures to compared pairs: measure, name candidates, lay over each other."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import lru_cache, partial
from typing import Any

import cv2
import numpy as np
import pandas as pd

from bilderatlas import job
from bilderatlas.collection.prints import alignment, features, matching, relations
from bilderatlas.collection.prints.cache import Cache
from bilderatlas.collection.prints.candidates import propose
from bilderatlas.collection.prints.features import Features
from bilderatlas.collection.prints.words import Words, words_of
from bilderatlas.files import MATCHES, SAME_FILE

RECIPE = 1  # raise when the same two pictures would compare otherwise: pairs are compared anew
_KEPT = 512  # pictures whose features stay at hand
_BLOCK = 256


@dataclass(frozen=True)
class Pictures:
    """The pictures of a collection.

    Attributes:
        image_ids: n strings.
        sha256: n strings, of the files; empty where unknown.
        load: the picture in a row, uint8 (height, width), grey, its long side some 500 px.
    """

    image_ids: Sequence[str]
    sha256: Sequence[str]
    load: Callable[[int], np.ndarray]


def find_pairs(
    pictures: Pictures,
    cache: Cache,
    points: int,
    workers: int = 1,
    frozen: np.ndarray | None = None,
) -> pd.DataFrame:
    """All pairs of pictures that can be laid over each other, and how they agree.

    Pictures with the same bytes or pixels are compared once, as one; each is listed with the first.

    Args:
        pictures: of one collection.
        cache: takes and gives what was measured before.
        points: local features a picture at most.
        workers: threads.
        frozen: (n, d), embeddings by a frozen network in the order of the pictures; or None.

    Returns:
        columns :data:`bilderatlas.files.MATCHES`, sorted by the pair.
    """
    cv2.setNumThreads(1)  # threads are ours: `workers` of them, each with a picture of its own
    with ThreadPoolExecutor(max(1, workers)) as pool:
        begun = time.monotonic()
        keys, hashes, copies, words = _measure(pictures, cache, points, pool)
        measured = time.monotonic()
        first, copied = _same(pictures, keys)
        named = propose(
            hashes[first],
            copies[first],
            [words[row] for row in first],
            None if frozen is None else frozen[first],
        )
        proposed = time.monotonic()
        compared = list(_compare_all(pictures, cache, points, keys, first, named, pool))
    job.log.info(
        "%d pictures (%.1f s), %d candidates (%.1f s), %d of them pairs (%.1f s)",
        len(keys), measured - begun, len(named), proposed - measured, len(compared),
        time.monotonic() - proposed,
    )  # fmt: skip
    table = pd.DataFrame([*copied, *compared], columns=list(MATCHES))
    return table.sort_values(["image_a", "image_b"], ignore_index=True)


def _measure(
    pictures: Pictures, cache: Cache, points: int, pool: ThreadPoolExecutor
) -> tuple[list[str], np.ndarray, np.ndarray, list[Words]]:
    """Keys, hashes, whitened copies and words of all pictures; descriptors do not stay."""

    def measure(row: int) -> tuple[str, np.ndarray, np.ndarray, Words]:
        picture = pictures.load(row)
        key = pixel_key(picture)
        found = _features(cache, key, points, lambda: picture)
        return key, found.hashes, found.small, words_of(found)

    rows = range(len(pictures.image_ids))
    bar = job.progress(_ahead(pool, measure, rows), "measuring pictures", total=len(rows))
    keys, hashes, copies, words = zip(*bar, strict=True)
    return list(keys), np.stack(hashes), np.stack(copies), list(words)


def pixel_key(picture: np.ndarray) -> str:
    """A digest of a picture's size and pixels."""
    digest = hashlib.sha256(f"{picture.shape[0]}x{picture.shape[1]} ".encode())
    digest.update(np.ascontiguousarray(picture))
    return digest.hexdigest()[:32]


def _features(cache: Cache, key: str, points: int, load: Callable[[], np.ndarray]) -> Features:
    name = f"{key}-{features.RECIPE}-{points}"
    found = cache.features(name)
    if found is None:
        found = features.extract(load(), points)
        cache.keep_features(name, found)
    return found


def _same(pictures: Pictures, keys: list[str]) -> tuple[list[int], list[dict[str, Any]]]:
    """The first row of each picture, and rows of the table for those that it is there again."""
    names: dict[str, int] = {}
    first, copied = [], []
    for row in sorted(range(len(keys)), key=lambda row: pictures.image_ids[row]):
        sha256 = pictures.sha256[row]
        labels = [name for name in (f"file {sha256}" if sha256 else "", keys[row]) if name]
        earlier = next((names[label] for label in labels if label in names), None)
        for label in labels:
            names.setdefault(label, row if earlier is None else earlier)
        if earlier is None:
            first.append(row)
        else:
            pair = {"image_a": pictures.image_ids[earlier], "image_b": pictures.image_ids[row]}
            copied.append(pair | _COPY)
    return first, copied


_COPY = {
    "relation": SAME_FILE, "mirrored": "no", "cut": "no", "score": 1.0,
    "routes": "bytes", "correlation": 1.0, "apart": 0.0, "cluster": 0.0, "moved": 0.0, "shift": 0.0,
    "covered_a": 1.0, "covered_b": 1.0, "transform": "1 0 0 0 1 0 0 0 1",
}  # fmt: skip


def _compare_all(
    pictures: Pictures,
    cache: Cache,
    points: int,
    keys: list[str],
    first: list[int],
    named: pd.DataFrame,
    pool: ThreadPoolExecutor,
) -> Iterator[dict[str, Any]]:
    """Rows of the table, for the candidates that turn out to be something."""

    @lru_cache(_KEPT)
    def of(row: int) -> Features:
        return _features(cache, keys[row], points, lambda: pictures.load(row))

    ids = pictures.image_ids
    # both ways of a pair are compared together; a is the smaller id, as text
    pairs = [
        (*sorted((first[a], first[b]), key=lambda row: ids[row]), rows)
        for (a, b), rows in named.groupby(["a", "b"], sort=True)
    ]

    def compare(pair: tuple[int, int, pd.DataFrame]) -> dict[str, Any]:
        a, b, rows = pair
        ways = sorted(rows["mirrored"].tolist())
        key = f"{keys[a]}-{keys[b]}-{''.join('NM'[way] for way in ways)}-{RECIPE}"
        key += f"-{features.RECIPE}-{points}"
        found = cache.pair(key)
        if found is None:
            loads = partial(pictures.load, a), partial(pictures.load, b)
            found = compare_two(of(a), of(b), ways, *loads)
            cache.keep_pair(key, found)
        # judged here and not in the cache: another limit measures nothing anew
        verdict = relations.judge(found) if found else None
        if verdict is None:
            return {}
        routes = " ".join(dict.fromkeys(" ".join(rows["routes"]).split()))
        pair = {"image_a": ids[a], "image_b": ids[b], "routes": routes}
        return pair | asdict(verdict) | found

    bar = job.progress(_ahead(pool, compare, pairs), "comparing pairs", total=len(pairs))
    return (row for row in bar if row)


def compare_two(
    a: Features,
    b: Features,
    ways: Iterable[bool],
    load_a: Callable[[], np.ndarray],
    load_b: Callable[[], np.ndarray],
) -> dict[str, Any]:
    """Lay b over a, as it is or mirrored as ``ways`` say; empty where they do not agree.

    Args:
        a: features of the one picture.
        b: of the other.
        ways: whether b is mirrored, for each way that is tried; the one with more inliers counts.
        load_a: gives the one picture; called only where points agree.
        load_b: gives the other, likewise.

    Returns:
        the measured columns of :data:`bilderatlas.files.MATCHES`.
    """
    tried = (matching.match(a, b, mirrored) for mirrored in ways)
    best = max(
        (found for found in tried if found and found.inliers >= relations.FEWEST_INLIERS),
        key=lambda found: found.inliers,
        default=None,
    )
    if best is None:
        return {}
    one, other = load_a(), load_b()
    if best.mirrored:
        other = np.ascontiguousarray(other[:, ::-1])
    agreement = alignment.compare(one, other, best.homography)
    numbers = {name: round(value, 5) for name, value in asdict(agreement).items()}
    place = matching.normalised(best.homography, one.shape, other.shape)
    return numbers | {
        "mirrored": "yes" if best.mirrored else "no",
        "matches": best.matches,
        "inliers": best.inliers,
        "transform": " ".join(f"{value:.6g}" for value in place.ravel()),
    }


def _ahead(pool: ThreadPoolExecutor, work: Callable, items: Sequence) -> Iterator:
    """``work`` of each item, in order; a block at a time, so that little waits in memory."""
    for start in range(0, len(items), _BLOCK):
        yield from pool.map(work, items[start : start + _BLOCK])
