"""The records that a IIIF source was read into: written by an acquire rule, read as any other."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from bilderatlas.collection.records import Problems, join, new_record
from bilderatlas.files import PROBLEMS, RECORDS, read_table, write_table


def write_records(
    records: Iterable[dict[str, Any]], problems: Problems, path: str | os.PathLike
) -> int:
    """Write records as a table with the columns ``files.RECORDS``; their number.

    What could not be read goes into a second table beside it, ``{stem}-problems.csv``.
    """
    rows = [{**record, "images": join(record["images"])} for record in records]
    write_table(problems.frame(), problems_of(path), PROBLEMS)
    write_table(pd.DataFrame(rows, columns=list(RECORDS)), path, RECORDS)
    return len(rows)


def read_records(path: str | os.PathLike, problems: Problems) -> Iterator[dict[str, Any]]:
    """Yield the records that :func:`write_records` wrote; what it noted goes into ``problems``."""
    for row in read_table(problems_of(path), PROBLEMS).itertuples(index=False):
        problems.add(row.file, row.record, row.field, row.what, row.done)
    for row in read_table(path, RECORDS)[list(RECORDS)].to_dict("records"):
        for name in ("height_cm", "width_cm"):
            row[name] = "" if pd.isna(row[name]) else row[name]
        yield new_record(**row | {"images": list(filter(None, [row["images"]]))})


def problems_of(path: str | os.PathLike) -> Path:
    """Where the problems of a table of records lie."""
    return Path(path).with_name(f"{Path(path).stem}-problems.csv")
