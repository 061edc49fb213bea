"""From shards and status tables to a manifest, the rows of what is there, and a summary."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from bilderatlas.collection.download.dew import COLUMNS, read_shard, target_of
from bilderatlas.collection.download.table import read_lines, tables_in
from bilderatlas.collection.manifest import normalise
from bilderatlas.errors import InputError
from bilderatlas.files import DOWNLOADS, MANIFEST

MISSING = "missing"  # never asked for, or fetched and gone since
ALIKE = 10  # pictures with the same bytes from which on they look like a placeholder


@dataclass
class Gathered:
    """What came of a whole collection.

    Attributes:
        manifest: the pictures that are there, columns ``files.MANIFEST``, by id.
        metadata: the rows of ``meta.csv`` that belong to them, in the same order.
        summary: pictures and bytes by year, host and status, columns ``files.DOWNLOADS``.
        alike: sha256 of bytes that came for many addresses, and for how many.
    """

    manifest: pd.DataFrame
    metadata: pd.DataFrame
    summary: pd.DataFrame
    alike: dict[str, int]

    def sentence(self, collection: str) -> str:
        """How many pictures there are and what became of the others, in one sentence."""
        counts = self.summary.groupby("status")["count"].sum().sort_values(ascending=False)
        size = self.summary["bytes"].sum() / 1e9
        others = ", ".join(
            f"{count:,} {status}" for status, count in counts.items() if status != "ok"
        )
        return (
            f"{collection}: {counts.get('ok', 0):,} of {counts.sum():,} pictures are there"
            f" ({size:.1f} GB)" + (f"; {others}." if others else ".")
        )


def gather(
    shards: Iterable[str | os.PathLike],
    tables: str | os.PathLike,
    folder: str | os.PathLike,
    placeholders: Collection[str] = (),
) -> Gathered:
    """Look up what came of every row; nothing is fetched, and no picture read.

    Args:
        shards: the files of :func:`dew.scatter`.
        tables: the folder of the status tables.
        folder: where the pictures are.
        placeholders: sha256 of pictures that count as none, even where they were taken before.

    Raises:
        InputError: no picture is there.
    """
    latest = _latest(tables)
    folder = Path(folder)
    counts: Counter[tuple[str, str, str]] = Counter()
    sizes: Counter[tuple[str, str, str]] = Counter()
    manifest, metadata, sums = [], [], defaultdict(int)
    for shard in shards:
        for row in read_shard(shard):
            target = target_of(row)
            _, status, size, sha256 = latest.get(
                (target.image_id, target.url), ("", MISSING, 0, "")
            )
            if status == "ok" and sha256 in placeholders:
                status = "placeholder"
            path = folder / target.file
            if status == "ok" and not _has_size(path, size):
                status = MISSING
            key = (row["GT"], target.host, status)
            counts[key] += 1
            if status == "ok":
                sizes[key] += size
                sums[sha256] += 1
                manifest.append((normalise(path.stem), path.as_posix(), size, sha256))
                metadata.append(tuple(row[column] for column in COLUMNS))
    if not manifest:
        states = Counter()
        for (_, _, status), count in counts.items():
            states[status] += count
        said = ", ".join(f"{count:,} {status}" for status, count in states.most_common())
        raise InputError(
            f"None of the pictures of {tables} is there ({said}): is there a network? Its tables"
            " say why; ask again with `snakemake --forcerun fetch_dew_shard`."
        )
    order = sorted(range(len(manifest)), key=lambda number: manifest[number][0])
    return Gathered(
        pd.DataFrame([manifest[number] for number in order], columns=list(MANIFEST)),
        pd.DataFrame([metadata[number] for number in order], columns=list(COLUMNS)),
        pd.DataFrame(
            [(*key, count, sizes[key]) for key, count in sorted(counts.items())],
            columns=list(DOWNLOADS),
        ),
        {sha256: count for sha256, count in sums.items() if count >= ALIKE},
    )


def _latest(tables: str | os.PathLike) -> dict[tuple[str, str], tuple[str, str, int, str]]:
    """When, status, size and sha256 of the latest line about each picture and address."""
    latest: dict[tuple[str, str], tuple[str, str, int, str]] = {}
    for path in tables_in(tables):
        for row in read_lines(path):
            key = (row["image_id"], row["url"])
            size = int(row["bytes"]) if row["bytes"].isdecimal() else 0
            found = (row["at"], row["status"], size, row["sha256"])
            if key not in latest or latest[key][0] <= found[0]:
                latest[key] = found
    return latest


def _has_size(path: Path, size: int) -> bool:
    try:
        return path.stat().st_size == size
    except OSError:
        return False
