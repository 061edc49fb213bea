"""Tables that describe more pictures than are here."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import PurePosixPath

import pandas as pd

from bilderatlas.collection.manifest import normalise
from bilderatlas.collection.records import Problems
from bilderatlas.errors import InputError

_Row = tuple[str, dict[str, str]]


def rows_of_pictures(
    rows: Iterable[_Row],
    name_of: Callable[[dict[str, str]], str],
    manifest: pd.DataFrame,
    path: str | os.PathLike,
    problems: Problems,
) -> Iterator[_Row]:
    """Those rows whose picture is in the collection; how many are not is one problem.

    A published table has a hundred thousand rows and a folder often a part of them: a problem a
    row would bury the others.

    Args:
        rows: as :func:`bilderatlas.collection.records.read_rows` yields them.
        name_of: the file name that a row gives; empty where it gives none, which is a problem.
        manifest: the pictures, column ``file``.
        path: the table, for messages.
        problems: takes rows without a file name, a second row of one file, the count.

    Raises:
        InputError: no row belongs to a picture.
    """
    here = {PurePosixPath(normalise(file)).name for file in manifest["file"]}
    seen: set[str] = set()
    total = absent = 0
    for place, row in rows:
        total += 1
        name = normalise(name_of(row))
        if not name:
            problems.add(path, place, "images", "the row names no picture", "left out")
        elif name not in here:
            absent += 1
        elif name in seen:
            problems.add(path, place, "images", f"a second row of {name}", "the first row kept")
        else:
            seen.add(name)
            yield place, row
    if not seen:
        raise InputError(
            f"{path}: none of its {total} rows is of a picture that is here: the files must keep"
            f" the names that the table gives them."
        )
    if absent:
        what = f"{absent} of {total} rows are of pictures that are not here"
        problems.add(path, "", "images", what, "left out")
