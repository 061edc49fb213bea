"""The shape that every source is read into, and the list of what was wrong with it.

A *record* is a plain dict with the keys of :data:`FIELDS`: the catalogue's columns (but ``file``
and ``sha256``, which belong to the picture), ``record_id``, ``images``, a list of file names,
stems or links, and ``other_ids``, a list of further ids by which a picture may be called. Texts
are empty where unknown; ``width_cm`` and ``height_cm`` are floats or empty. A reader is a function
that yields records; what matches them to pictures is
:func:`bilderatlas.collection.catalogue.build_catalogue`.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd

from bilderatlas import files
from bilderatlas.errors import InputError

FIELDS = (*files.RECORDS, "other_ids")


def new_record(**values: Any) -> dict[str, Any]:
    """A record with these values; everything else is unknown.

    Raises:
        ValueError: a key is none of :data:`FIELDS`.
    """
    strange = sorted(set(values) - set(FIELDS))
    if strange:
        raise ValueError(f"a record has no field {', '.join(strange)}")
    return dict.fromkeys(FIELDS, "") | {"images": [], "other_ids": []} | values


def join(values: Iterable[str]) -> str:
    """Several values in one cell: the distinct ones that are not empty, in order, by `` | ``."""
    return " | ".join(dict.fromkeys(value.strip() for value in values if value.strip()))


class Problems:
    """What a source said that could not be taken as it is, row by row."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, str, str, str, str]] = []
        self._files: dict[str, str] = {}

    def __len__(self) -> int:
        return len(self.rows)

    def locate(self, record: str, file: str | os.PathLike) -> None:
        """Say which of several files holds a record: its problems then name that file.

        What is found later than reading knows no more than the folder of all files.
        """
        self._files[record] = os.fspath(file)

    def add(self, file: str | os.PathLike, record: str, field: str, what: str, done: str) -> None:
        """Note one problem.

        Args:
            file: the source that holds it; for a column, what :meth:`locate` says before it.
            record: id of the record or picture.
            field: column of the catalogue that it concerns.
            what: what is wrong.
            done: what was done about it.
        """
        # without a column it may be a picture, called as a record is that does not describe it
        held = self._files.get(str(record)) if field else None
        self.rows.append((held or str(file), str(record), field, what, done))

    def frame(self) -> pd.DataFrame:
        """All problems, columns :data:`bilderatlas.files.PROBLEMS`, texts only."""
        return pd.DataFrame(self.rows, columns=list(files.PROBLEMS), dtype=str)


def read_rows(
    path: str | os.PathLike, needed: Iterable[str], problems: Problems
) -> Iterator[tuple[str, dict[str, str]]]:
    """Rows of somebody's CSV, one at a time, as (place in the file, texts by column name).

    The file is UTF-8, with or without a byte order mark; its separator is a comma, or a
    semicolon or tab where the header has more of those. Texts are stripped.

    Raises:
        InputError: the file is missing, empty, only a header, not UTF-8, not CSV, or lacks one
            of the columns ``needed``.
    """
    try:
        with open(path, encoding="utf-8-sig", newline="") as handle:
            yield from _read_rows(path, handle, list(needed), problems)
    except FileNotFoundError:
        raise InputError(f"{path} does not exist.") from None
    except IsADirectoryError:
        raise InputError(f"{path} is a folder, not a CSV file.") from None
    except UnicodeDecodeError:
        raise InputError(
            f"{path} is not UTF-8 text: save it again as 'CSV UTF-8' (it may be Latin-1 or UTF-16)."
        ) from None


def has_rows(path: str | os.PathLike) -> bool:
    """Is there more than a header line? A file that is not there has none.

    Raises:
        InputError: it is a folder.
    """
    try:
        with open(path, "rb") as handle:
            return sum(bool(line.strip()) for line in handle) > 1
    except FileNotFoundError:
        return False
    except IsADirectoryError:
        raise InputError(f"{path} is a folder, not a CSV file.") from None


def _read_rows(
    path: str | os.PathLike, handle: Any, needed: list[str], problems: Problems
) -> Iterator[tuple[str, dict[str, str]]]:
    header = handle.readline()
    handle.seek(0)
    reader = csv.reader(handle, delimiter=max(",;\t", key=header.count), strict=True)
    try:
        names = [name.strip() for name in next(reader, [])]
        yield from _checked_rows(path, reader, names, needed, problems)
    except csv.Error as error:
        raise InputError(
            f"{path} is not a CSV file: {error} (near line {reader.line_num})."
        ) from None


def _checked_rows(
    path: str | os.PathLike, reader: Any, names: list[str], needed: list[str], problems: Problems
) -> Iterator[tuple[str, dict[str, str]]]:
    if not any(names):
        raise InputError(f"{path} is empty: it needs a header line with {', '.join(needed)}.")
    missing = [name for name in needed if name not in names]
    if missing:
        raise InputError(
            f"{path} lacks the column(s) {', '.join(missing)}; it has {', '.join(names)}."
        )
    repeated = [name for name in needed if names.count(name) > 1]
    if repeated:
        raise InputError(f"{path} has the column {repeated[0]} twice: rename one of them.")
    count = 0
    for row in reader:
        if not any(cell.strip() for cell in row):
            continue
        count += 1
        line = f"line {reader.line_num}"
        if len(row) > len(names):
            raise InputError(
                f"{path}, {line}, has {len(row)} cells for {len(names)} columns: put texts that "
                f"hold the separator into double quotes."
            )
        if len(row) < len(names):
            problems.add(path, line, "", f"{len(row)} of {len(names)} cells", "rest left empty")
            row += [""] * (len(names) - len(row))
        yield line, dict(zip(names, (cell.strip() for cell in row), strict=True))
    if not count:
        raise InputError(f"{path} has a header line but no rows: it describes no picture.")
