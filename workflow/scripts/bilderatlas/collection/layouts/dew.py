"""The table ``meta.csv`` of "Date Estimation in the Wild" (Müller, Springstein, Ewerth 2017).

A row is a photograph on Flickr: ``GT`` is the year that the authors take for true; ``date_taken``
is what the uploader said, to a precision (``date_granularity``) of Flickr's: 0 second, 4 month,
6 year, 8 "circa". A file is named as the last part of its address.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pandas as pd

from bilderatlas.collection.layouts.present import rows_of_pictures
from bilderatlas.collection.manifest import SUFFIXES
from bilderatlas.collection.records import Problems, new_record, read_rows
from bilderatlas.errors import InputError

COLUMNS = (
    "img_id", "GT", "date_taken", "date_granularity", "url", "username", "title", "license",
    "license_url",
)  # fmt: skip
# characters of date_taken that a precision vouches for
_PRECISION = {"0": 10, "4": 7, "6": 4, "8": 4}
_CIRCA = "8"
_YEAR = re.compile(r"\d{4}")
_TAKEN = re.compile(r"\d{4}-\d\d-\d\d(?: \d\d:\d\d:\d\d)?")
_UNKNOWN = ("NaN", "nan")  # how pandas writes an empty cell


def read_records(
    path: str | os.PathLike, manifest: pd.DataFrame, until: int, problems: Problems
) -> Iterator[dict[str, Any]]:
    """Yield a record a row of a year up to ``until`` whose picture is here.

    ``date`` is ``date_taken`` as far as its precision goes; where it is no date of the year
    ``GT``, that year. Title and uploader are Flickr's, with their spelling.

    Args:
        path: the table.
        manifest: the pictures.
        until: the last year that is taken.
        problems: takes rows without a year, without a picture's name, or that come again.

    Raises:
        InputError: the file is missing, is no such table, or no row is left.
    """
    rows = rows_of_pictures(_until(path, until, problems), _file, manifest, path, problems)
    known: set[str] = set()
    for place, row in rows:
        identity = row["img_id"]
        if not identity or identity in known:
            what = f"the id {identity} comes again" if identity else "the row has no id"
            problems.add(path, place, "record_id", what, "left out")
            continue
        known.add(identity)
        yield new_record(
            record_id=identity,
            images=[_file(row)],
            title=_text(row["title"]),
            makers=_text(row["username"]),
            date=_date(row, path, problems),
            date_kind="exposure",
            rights_image=" ".join(filter(None, map(_text, (row["license"], row["license_url"])))),
        )


def _until(
    path: str | os.PathLike, until: int, problems: Problems
) -> Iterator[tuple[str, dict[str, str]]]:
    early = 0
    for place, row in read_rows(path, COLUMNS, problems):
        # a column of whole numbers with a gap is written as 1930.0
        year = row["GT"].removesuffix(".0")
        if not _YEAR.fullmatch(year):
            problems.add(path, row["img_id"] or place, "date", f"GT {row['GT']!r}", "row left out")
        elif int(year) <= until:
            early += 1
            yield place, row | {"GT": year}
    if not early:
        raise InputError(f"{path} has no row up to {until}: raise `until`, or is it cut off?")


def _file(row: dict[str, str]) -> str:
    """The last part of the address where it is a picture's name; else nothing."""
    try:
        name = urlsplit(row["url"]).path.rpartition("/")[2]
    except ValueError:
        return ""
    return name if name.lower().endswith(SUFFIXES) else ""


def _date(row: dict[str, str], path: str | os.PathLike, problems: Problems) -> str:
    taken, precision = row["date_taken"], row["date_granularity"].removesuffix(".0")
    if not _TAKEN.fullmatch(taken) or precision not in _PRECISION or taken[:4] != row["GT"]:
        what = f"taken {taken!r} to precision {precision!r}, but GT {row['GT']}"
        problems.add(path, row["img_id"], "date", what, "GT taken")
        return row["GT"]
    date = taken[: _PRECISION[precision]]
    return f"circa {date}" if precision == _CIRCA else date


def _text(cell: str) -> str:
    return "" if cell in _UNKNOWN else cell
