"""Features of a whole collection, written to a file: what is known is not worked out again."""

from __future__ import annotations

import contextlib
import dataclasses
import math
import os
import time
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from bilderatlas import job
from bilderatlas.data.pack import Pack
from bilderatlas.feature_files import as_stored, write_features
from bilderatlas.kept import DamagedError
from bilderatlas.learn.features.cache import FeatureCache, picture_key
from bilderatlas.learn.features.extract import How, computes_in, extract, read, ready, shape_of
from bilderatlas.learn.features.networks import Frozen

_BLOCK = 8 << 20  # bytes that are written at once


def collect(
    pack: Pack,
    network: Frozen,
    how: How,
    cache: FeatureCache,
    attributes: dict[str, Any],
    path: str | os.PathLike,
) -> int:
    """Write the features of all pictures of a pack; return how many had to be worked out.

    Args:
        pack: best an open one (:func:`~bilderatlas.data.pack.open_pack`).
        network: as :func:`~bilderatlas.learn.features.networks.build` gives it.
        how: how it looks at the pictures; see :func:`as_kept`.
        cache: takes and gives what was worked out before; its kind of numbers is written.
        attributes: of the file, but for shape and precision.
        path: the file.

    Raises:
        InputError: features are not finite, or too large for the cache's kind of numbers.
        OSError: the disk is full.
    """
    how = as_kept(how, cache, len(pack))
    cache.precision = how.settled
    ready(network, how)
    shape = shape_of(network, how)
    run = _Run(pack, network, how, cache, path, math.prod(shape))
    try:
        run.work_out()
        run.write(attributes | {"shape": list(shape), "precision": how.settled})
        cache.finish(run.keys)
    except DamagedError as error:
        cache.anew(f"is damaged ({error})")
        run.work_out()
        run.write(attributes | {"shape": list(shape), "precision": how.settled})
    return run.done


def as_kept(how: How, cache: FeatureCache, count: int) -> How:
    """``how`` with its precision settled: auto follows what is known of most pictures.

    A file has one precision, and the nodes of a cluster do not all compute in the same: a new
    picture is worked out as the others were, be it slower here.

    Args:
        how: how a network looks at pictures.
        cache: what is known.
        count: pictures that there are.
    """
    if how.precision != "auto":
        return how
    settled, known = how.settled, cache.counts()
    most = max(known, key=known.get, default=settled)
    if (
        most != settled
        and known[most] > known.get(settled, 0)
        and 2 * known[most] >= count
        and computes_in(how.device, most)
    ):
        job.log.info(
            "%d of %d pictures are known in %s: the others are worked out in it too, not in %s.",
            known[most], count, most, settled,
        )  # fmt: skip
        settled = most
    return dataclasses.replace(how, precision=settled)


class _Run:
    def __init__(self, pack, network, how, cache, path, width) -> None:
        self.pack, self.network, self.how = pack, network, how
        self.cache, self.path, self.width = cache, path, width
        self.keys: list[bytes] = []
        self.done = 0

    def work_out(self) -> None:
        """Bring into the cache what is not there."""
        begun, known = time.monotonic(), self.cache.keys()
        self.keys.clear()
        self._extract(self._unknown(known))
        seconds = time.monotonic() - begun
        job.log.info(
            "%d of %d pictures worked out (%s), in %.1f s (%.1f a second); the others were known.",
            self.done, len(self.pack), self.how.settled, seconds, self.done / max(seconds, 1e-9),
        )  # fmt: skip

    def write(self, attributes: dict[str, Any]) -> None:
        """All rows from the cache into the file."""
        store = self.cache.kind.name
        write_features(
            self._blocks(), self.pack.image_ids, self.width, store, attributes, self.path
        )

    def _unknown(self, known: set[bytes]) -> Iterator[tuple[int, np.ndarray]]:
        """Rows and pictures that are not known; each is read once."""
        for row, picture in job.progress(read(self.pack), "extracting features", len(self.pack)):
            self.keys.append(picture_key(self.pack.image_ids[row], picture))
            if self.keys[row] not in known:
                yield row, picture

    def _extract(self, pictures: Iterable[tuple[int, np.ndarray]]) -> None:
        # closed at an error here too: its thread reads from a pack that the caller then closes
        with contextlib.closing(extract(pictures, self.network, self.how)) as batches:
            for numbers, found in batches:
                names = [self.pack.image_ids[row] for row in numbers]
                stored = as_stored(found, self.cache.kind.name, names, self.path)
                self.cache.keep([self.keys[row] for row in numbers], stored)
                self.done += len(numbers)

    def _blocks(self) -> Iterator[np.ndarray]:
        count = max(1, _BLOCK // (self.width * self.cache.kind.itemsize))
        for start in range(0, len(self.keys), count):
            rows = range(start, min(start + count, len(self.keys)))
            found = {row: self.cache.get(self.keys[row], self.width) for row in rows}
            if holes := [row for row in rows if found[row] is None]:
                job.log.warning(
                    "%s held %d damaged rows: they are worked out again.",
                    self.cache.path, len(holes),
                )  # fmt: skip
                self._extract(read(self.pack, holes))
                found |= {row: self.cache.get(self.keys[row], self.width) for row in holes}
            yield np.stack([found[row] for row in rows])
