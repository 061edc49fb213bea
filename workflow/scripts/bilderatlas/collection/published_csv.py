"""The published CSV of the Zille collection, and any of the same layout.

Columns: an unnamed row number, ``id, title, date, author, technique, measurement_1`` to
``measurement_5``. The first measurement is the picture's own (Bildmaß, height x width); the
others (sheet, mount, frame) are not the picture's and are left where they are.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

from bilderatlas.collection.measurements import parse_size
from bilderatlas.collection.records import Problems, new_record, read_rows

COLUMNS = ("id", "title", "date", "author", "technique", "measurement_1")


def read_records(path: str | os.PathLike, problems: Problems) -> Iterator[dict[str, Any]]:
    """Yield a record a row; ids are strings, ``images`` is the id (a file's stem).

    The date stays as written: :func:`bilderatlas.collection.catalogue.build_catalogue` reads
    it, and lists it where it cannot be read. A row without an id, a second row of one id and a
    measurement that cannot be read become problems.

    Raises:
        InputError: the file is missing, empty, without rows, not UTF-8 CSV, or lacks a column.
    """
    places: dict[str, str] = {}
    for place, row in read_rows(path, COLUMNS, problems):
        identity = row["id"]
        if not identity:
            problems.add(path, place, "image_id", "the row has no id", "row left out")
            continue
        if identity in places:
            what = f"a second row of {identity}"
            problems.add(path, place, "image_id", what, f"the first row kept ({places[identity]})")
            continue
        places[identity] = place
        size = parse_size(row["measurement_1"])
        if size is None and row["measurement_1"]:
            problems.add(
                path, identity, "height_cm", f"cannot read {row['measurement_1']!r}", "left empty"
            )
        yield new_record(
            record_id=identity,
            image_id=identity,
            images=[identity],
            title=row["title"],
            date=row["date"],
            makers=row["author"],
            technique=row["technique"],
            height_cm=size.height_cm if size else "",
            width_cm=size.width_cm if size else "",
        )
