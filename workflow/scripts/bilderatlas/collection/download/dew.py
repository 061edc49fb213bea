"""The rows of "Date Estimation in the Wild" (Müller, Springstein and Ewerth 2017), shared out.

Its ``meta.csv`` names a million Flickr photographs by address; the pictures themselves have to be
fetched from there.
"""

from __future__ import annotations

import csv
import os
import re
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from urllib.parse import urlsplit

from bilderatlas.collection.download.target import Target
from bilderatlas.collection.manifest import SUFFIXES
from bilderatlas.collection.records import Problems, read_rows
from bilderatlas.errors import InputError
from bilderatlas.files import write_atomically

COLUMNS = (
    "img_id", "GT", "date_taken", "date_granularity", "url", "username", "title", "license",
    "license_url",
)  # fmt: skip
_YEAR = re.compile(r"\d{4}")
_NAME = re.compile(r"\w[\w.-]{0,149}", re.ASCII)


def read_meta(path: str | os.PathLike, until: int, problems: Problems) -> Iterator[dict[str, str]]:
    """Yield the rows of ``meta.csv`` up to the year ``until``, texts by column.

    Rows that cannot be fetched are noted and left out: a year that is none, an address without
    a picture's file name, and an id or file name that an earlier row has already (the first row
    is kept: a picture has one record).

    Raises:
        InputError: the file is missing or is no such table; no row is left.
    """
    ids, stems = set(), set()
    for place, row in read_rows(path, COLUMNS, problems):
        if not _YEAR.fullmatch(row["GT"]):
            problems.add(path, place, "GT", f"{row['GT']!r} is no year", "left out")
            continue
        if int(row["GT"]) > until:
            continue
        name = file_name(row["url"])
        stem = name.rpartition(".")[0].lower()
        if not row["img_id"] or not name:
            what = f"no id, or no picture's name at the end of {row['url']!r}"
            problems.add(path, row["img_id"] or place, "url", what, "left out")
        elif row["img_id"] in ids or stem in stems:
            what = f"an earlier row has the id {row['img_id']} or the file {name}"
            problems.add(path, row["img_id"], "url", what, "the first row kept")
        else:
            ids.add(row["img_id"])
            stems.add(stem)
            yield {column: row[column] for column in COLUMNS}
    if not ids:
        raise InputError(f"{path} has no picture up to {until}: raise `until`, or is it cut off?")


def file_name(url: str) -> str:
    """The last part of an address where it is a picture's plain file name; else nothing."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    name = parts.path.rpartition("/")[2]
    fits = parts.scheme in ("http", "https") and parts.netloc and _NAME.fullmatch(name)
    return name if fits and name.lower().endswith(SUFFIXES) else ""


def target_of(row: dict[str, str]) -> Target:
    """What to fetch for a row: its picture, in a folder of its year."""
    return Target(row["img_id"], row["url"], f"{row['GT']}/{file_name(row['url'])}")


def shard_of(image_id: str, shards: int) -> int:
    """The shard, from 0, that a picture belongs to: the same in every run."""
    return zlib.crc32(image_id.encode("utf-8")) % shards


def scatter(
    path: str | os.PathLike, until: int, shards: Sequence[str | os.PathLike], problems: Problems
) -> list[int]:
    """Share the rows of ``meta.csv`` out among files of :data:`COLUMNS`; how many each has.

    Rows are read one at a time and written as they come; all files appear at the end, or none.

    Raises:
        InputError: see :func:`read_meta`.
    """
    counts = [0] * len(shards)
    with ExitStack() as stack:
        writers = []
        for shard in shards:
            temporary = stack.enter_context(write_atomically(shard))
            handle = stack.enter_context(open(temporary, "w", encoding="utf-8", newline=""))
            writers.append(csv.DictWriter(handle, COLUMNS, lineterminator="\n"))
            writers[-1].writeheader()
        for row in read_meta(path, until, problems):
            shard = shard_of(row["img_id"], len(shards))
            counts[shard] += 1
            writers[shard].writerow(row)
    return counts


def read_shard(path: str | os.PathLike) -> Iterator[dict[str, str]]:
    """The rows of a file that :func:`scatter` wrote, one at a time."""
    with open(path, encoding="utf-8", newline="") as handle:
        yield from csv.DictReader(handle)
