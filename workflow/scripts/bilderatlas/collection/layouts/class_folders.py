"""A folder a class: the name of the folder that a picture lies in says what it is, or by whom."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

import pandas as pd

from bilderatlas.collection import folder as folders
from bilderatlas.collection.records import Problems

FIELDS = ("makers", "subjects")


def read_records(
    manifest: pd.DataFrame, folder: str | os.PathLike, field: str, problems: Problems
) -> Iterator[dict[str, Any]]:
    """Yield a record a picture; the class is the innermost folder, underscores made spaces.

    Args:
        manifest: the pictures.
        folder: the collection's folder: what lies in it directly has no class.
        field: what a class says, one of :data:`FIELDS`.
        problems: takes pictures without a class.

    Raises:
        ValueError: ``field`` is none of those.
    """
    if field not in FIELDS:
        raise ValueError(f"a class is one of {', '.join(FIELDS)}, not {field!r}")
    top = PurePosixPath(os.fspath(folder).replace(os.sep, "/"))
    for record in folders.read_records(manifest, problems):
        way = PurePosixPath(record["images"][0]).parent
        if way == top:
            problems.add(folder, record["record_id"], field, "lies in no class", "left empty")
            yield record
        else:
            yield record | {field: " ".join(way.name.replace("_", " ").split())}
