"""The table ``all_data_info.csv`` of "Painter by Numbers" (Kaggle, 2016), made from WikiArt.

A row is a painting: its file is ``new_filename``, its date a number as pandas writes it
(``1912.0``), or a text (``c.1912``).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

import pandas as pd

from bilderatlas.collection.layouts.present import rows_of_pictures
from bilderatlas.collection.records import Problems, join, new_record, read_rows

COLUMNS = (
    "artist", "date", "genre", "pixelsx", "pixelsy", "size_bytes", "source", "style", "title",
    "artist_group", "in_train", "new_filename",
)  # fmt: skip
# The training and test part, and their sizes, are the competition's: no part of a catalogue.
NEEDED = ("artist", "date", "genre", "source", "style", "title", "new_filename")
_UNKNOWN = ("NaN", "nan")  # how pandas writes an empty cell


def read_records(
    path: str | os.PathLike, manifest: pd.DataFrame, problems: Problems
) -> Iterator[dict[str, Any]]:
    """Yield a record a row whose picture is here; ``subjects`` are its genre and style.

    The date stays as written, without the ``.0`` of a number.

    Raises:
        InputError: the file is missing, is no such table, or none of its rows is of a picture
            that is here.
    """
    rows = read_rows(path, NEEDED, problems)
    for _, row in rows_of_pictures(rows, _file, manifest, path, problems):
        cells = {name: "" if row[name] in _UNKNOWN else row[name] for name in NEEDED}
        yield new_record(
            record_id=cells["new_filename"],
            images=[cells["new_filename"]],
            title=cells["title"],
            makers=cells["artist"],
            date=cells["date"].removesuffix(".0"),
            subjects=join((cells["genre"], cells["style"])),
            credit_line=cells["source"],
        )


def _file(row: dict[str, str]) -> str:
    # a name and no way: "../1.jpg" is the file 1.jpg
    return PurePosixPath(row["new_filename"]).name
