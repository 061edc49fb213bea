"""Collections without a catalogue of their own: a folder alone, or with anybody's CSV."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

import pandas as pd

from bilderatlas.collection.manifest import normalise
from bilderatlas.collection.measurements import parse_length, picture_size
from bilderatlas.collection.records import Problems, new_record, read_rows
from bilderatlas.errors import InputError
from bilderatlas.files import RECORDS

LENGTHS = ("height_cm", "width_cm")
# ``size`` is height and width in one text, "20,7 x 26,2 cm"
TABLE_KEYS = ("file", "size", *(name for name in RECORDS if name != "images"))


def read_records(manifest: pd.DataFrame, problems: Problems) -> Iterator[dict[str, Any]]:
    """Yield a record a picture of a manifest; its title is its file name made readable.

    ``problems`` is there because every reader takes it; a folder alone has none.
    """
    for image_id, file in zip(manifest["image_id"], manifest["file"], strict=True):
        stem = PurePosixPath(file).stem
        title = " ".join(stem.replace("_", " ").replace("-", " ").split())
        yield new_record(record_id=image_id, image_id=image_id, images=[file], title=title or stem)


def read_table_records(
    path: str | os.PathLike, columns: dict[str, str], problems: Problems
) -> Iterator[dict[str, Any]]:
    """Yield a record a row of a CSV with the user's own column names.

    Args:
        path: the CSV, UTF-8, separated by commas, semicolons or tabs.
        columns: the user's column for each field that the table holds, for instance
            ``{"file": "file", "title": "title", "date": "year", "makers": "artist"}``. The
            keys are :data:`TABLE_KEYS`; ``file`` or ``image_id`` must be among them. ``file``
            is a file name, with as many of its folders as it takes to tell it from others;
            ``size`` is read by :func:`measurements.picture_size` where a length is empty.
        problems: takes rows that name no picture, all rows of a picture but the first, and
            lengths that cannot be read.

    Raises:
        InputError: a key is unknown, both ways to a picture are missing, the table lacks a
            column, its column for ``record_id`` says the same of two pictures, or it is no
            readable table (see :func:`records.read_rows`).
    """
    strange = [key for key in columns if key not in TABLE_KEYS]
    if strange:
        raise InputError(
            f"The columns for {path} name the field {strange[0]!r}; allowed are "
            f"{', '.join(TABLE_KEYS)}."
        )
    if not {"file", "image_id"} & set(columns):
        raise InputError(f"The columns for {path} must say which one holds 'file' or 'image_id'.")
    pictures: dict[str, str] = {}
    identities: dict[str, str] = {}
    for place, row in read_rows(path, dict.fromkeys(columns.values()), problems):
        values: dict[str, Any] = {field: row[column] for field, column in columns.items()}
        file = values.pop("file", "")
        picture = normalise(values.get("image_id") or file)
        identity = values.get("record_id") or values.get("image_id") or file
        number = values.get("inventory_number", "")
        if not picture and not identity:
            identity = f"{number} ({place})" if number in identities else number
        if not picture:
            done = "record in records.csv alone" if identity else "left out"
            problems.add(path, identity or place, "file", "the row names no picture", done)
            if not identity:
                continue
        elif picture in pictures:
            what = f"a second row of {picture}"
            problems.add(path, place, "file", what, f"the first row kept ({pictures[picture]})")
            continue
        if identity in identities:
            raise InputError(
                f"{path}, {place}: the column {columns['record_id']!r}, given as record_id, says"
                f" {identity!r} as {identities[identity]} does: give each row an id of its own, or"
                " leave record_id out of the columns."
            )
        identities[identity] = place
        if picture:
            pictures[picture] = place
        for field in LENGTHS:
            text = values.get(field, "")
            if text:
                length = parse_length(text)
                values[field] = "" if length is None else length
                if length is None:
                    problems.add(path, identity, field, f"cannot read {text!r}", "left empty")
        text = values.pop("size", "")
        if text and not (values.get("height_cm") or values.get("width_cm")):
            size = picture_size(text)
            if size is None:
                problems.add(path, identity, "height_cm", f"cannot read {text!r}", "left empty")
            else:
                values |= {"height_cm": size.height_cm, "width_cm": size.width_cm}
        yield new_record(**values | {"record_id": identity, "images": [file] if file else []})
