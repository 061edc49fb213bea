"""Connections between pictures, as people judged them: the project's own table, and others'.

Columns ``image_a, image_b, kind, source, by, at``. A pair may come several times: each row is one
judgement. ``kind`` keeps the word of the source (``print``, ``POSITIVE``, ``WRONG``).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import datetime

import pandas as pd

from bilderatlas import files
from bilderatlas.collection.records import Problems, read_rows

_Row = tuple[str, str, str, str, str, str]
# image ids, the judgement, when, and the cluster that proposed the pair
MORPHOGRAPH = ("uid_connection", "type", "img1", "img2", "date", "cluster_file", "cluster")
_MORPHOGRAPH_TIME = "%d-%m-%Y_%H:%M:%S"


def read_connections(path: str | os.PathLike, layout: str, problems: Problems) -> pd.DataFrame:
    """The connections of a file, columns :data:`bilderatlas.files.CONNECTIONS`, in its order.

    Left out, and noted: rows that lack a picture or a kind, and pictures connected with
    themselves. A time that cannot be read is left empty.

    Args:
        path: a CSV.
        layout: one of :data:`LAYOUTS`.
        problems: takes what is wrong.

    Raises:
        InputError: the file is missing or is no such table.
        KeyError: the layout is unknown.
    """
    rows: list[_Row] = []
    for place, row in LAYOUTS[layout](path, problems):
        one, other, kind, *_ = row
        if not (one and other and kind):
            problems.add(path, place, "", "a picture or the kind is missing", "left out")
        elif one == other:
            problems.add(path, place, "image_b", f"{one} is connected with itself", "left out")
        else:
            rows.append(row)
    return pd.DataFrame(rows, columns=list(files.CONNECTIONS), dtype=str)


def _own(path: str | os.PathLike, problems: Problems) -> Iterator[tuple[str, _Row]]:
    for place, row in read_rows(path, files.CONNECTIONS, problems):
        at = _time(row["at"], datetime.fromisoformat, path, place, problems)
        yield place, (*(row[name] for name in files.CONNECTIONS[:-1]), at)


def _morphograph(path: str | os.PathLike, problems: Problems) -> Iterator[tuple[str, _Row]]:
    """The morphograph's table; ``source`` is the clustering that proposed the pair."""

    def read(text: str) -> datetime:
        return datetime.strptime(text, _MORPHOGRAPH_TIME)

    for place, row in read_rows(path, MORPHOGRAPH, problems):
        at = _time(row["date"], read, path, place, problems)
        cluster = row["cluster"].removesuffix(".0")
        source = " ".join(filter(None, (row["cluster_file"], cluster and f"cluster {cluster}")))
        yield place, (row["img1"], row["img2"], row["type"], source, "", at)


def _time(
    text: str,
    read: Callable[[str], datetime],
    path: str | os.PathLike,
    place: str,
    problems: Problems,
) -> str:
    """A time as ISO 8601 writes it, to the second; empty where there is none."""
    if not text:
        return ""
    try:
        return read(text).isoformat(timespec="seconds")
    except ValueError:
        problems.add(path, place, "at", f"cannot read {text!r}", "left empty")
        return ""


LAYOUTS = {"own": _own, "morphograph": _morphograph}
