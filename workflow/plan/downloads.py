"""What is to be fetched from addresses in a table: how many pictures, how much, how long."""

from __future__ import annotations

import csv
import functools
import os

# img_id,GT,… as "Date Estimation in the Wild" has them
COLUMNS = (
    "img_id", "GT", "date_taken", "date_granularity", "url", "username", "title", "license",
    "license_url",
)  # fmt: skip
# ASSUME: of the 98,227 pictures up to 1950, the published study could still fetch 54,114
STILL_THERE = 54_114 / 98_227


def fault_of_meta(where: str, entry: dict) -> str:
    """What is wrong with a collection's ``meta``, in one sentence; empty where nothing is."""
    key, meta = f"{where}.meta", entry["meta"]
    if meta is None:
        return ""
    if entry["source"] != "dew":
        return f"{key} is for source: dew; for another table, see `records: table`."
    if not os.path.isfile(meta):
        return f"{key} is {meta}, which is no file."
    missing = missing_columns(meta)
    if missing:
        return (
            f"{key}: {meta} lacks the column(s) {', '.join(missing)}; its first line must name"
            f" {','.join(COLUMNS)}."
        )
    return ""


def missing_columns(meta: str | os.PathLike) -> list[str]:
    """The columns that a table of addresses lacks; only its first line is read."""
    with open(meta, encoding="utf-8-sig", errors="replace", newline="") as handle:
        line = handle.readline(100_000)
    separator = max(",;\t", key=line.count)
    found = {name.strip().strip('"') for name in line.split(separator)}
    return [name for name in COLUMNS if name not in found]


def rows(meta: str | os.PathLike, until: int) -> int:
    """How many rows of a table of addresses are about pictures up to a year."""
    state = os.stat(meta)
    return _rows(str(meta), until, state.st_size, state.st_mtime_ns)


@functools.cache
def _rows(meta: str, until: int, size: int, time: int) -> int:
    with open(meta, encoding="utf-8-sig", errors="replace", newline="") as handle:
        line = handle.readline()
        handle.seek(0)
        reader = csv.reader(handle, delimiter=max(",;\t", key=line.count))
        try:
            year = [name.strip() for name in next(reader)].index("GT")
            return sum(
                len(row) > year and row[year].strip().isdecimal() and int(row[year]) <= until
                for row in reader
            )
        except (csv.Error, StopIteration, ValueError):  # the rule that reads it says what is wrong
            return 0


def megabytes(entry: dict, download: dict) -> float:
    """What a collection's pictures take at most, on the disk and from the network, in MB."""
    return rows(entry["meta"], entry["until"]) * download["mean_kb"] / 1000


def sentence(names: list[str], collections: dict, download: dict) -> str:
    """What the fetching that is due will cost; empty where none is.

    Args:
        names: collections whose pictures are fetched from a table of addresses.
        collections: their settings.
        download: the settings block of that name.
    """
    if not names:
        return ""
    entries = [collections[name] for name in names]
    count = sum(rows(entry["meta"], entry["until"]) for entry in entries)
    size = sum(megabytes(entry, download) for entry in entries)
    hours = count / download["rate"] / 3600
    time = f"{hours:.1f} h" if hours >= 1 else f"{max(1, hours * 60):.0f} min"
    return (
        f"Before it starts: {count:,} pictures of {', '.join(names)} are to be asked for, up to"
        f" {size / 1000:.1f} GB from the network and of disk, about {time}; what an earlier run"
        " has is not asked for again."
    )
