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
import io
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
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


def note_beside(path: str | os.PathLike) -> Path:
    """Where who appends to a table notes it before: ``<length of the table>\\n<the row>``.

    The note is emptied when the row is on the disk, so one that stands is of a row under way, or
    of a writer that was killed.
    """
    return Path(path).with_name(f".{Path(path).name}.lock")


def whole_length(table: bytes, note: bytes) -> int:
    """How many bytes of a table hold: all, but for the beginning of a row as the note has it.

    Only what its writer noted is told from a row that a person left without the end of its line.
    What a power cut did not write of a file that had grown already is nothing but zeros.
    """
    digits, begun, row = note.partition(b"\n")
    if not begun or not digits.isdigit():
        return len(table)
    start = int(digits)
    tail = table[start:]
    torn = tail != row and len(tail) <= len(row)
    torn = torn and all(byte in (0, wanted) for byte, wanted in zip(tail, row, strict=False))
    return start if torn and tail else len(table)


def read_decided(
    path: str | os.PathLike, needed: Iterable[str]
) -> Iterator[tuple[str, dict[str, str]]]:
    """Rows of a table that people and the desk append to, as :func:`read_rows` gives them.

    A row that is being written, or that a killed desk left half, is none. A file that is not there
    has no rows.
    """
    note = note_beside(path)
    while True:
        before = _bytes_of(note)
        table = _bytes_of(Path(path))
        if _bytes_of(note) == before and len(_bytes_of(Path(path))) == len(table):
            break
    table = table[: whole_length(table, before)]
    if sum(bool(line.strip()) for line in table.splitlines()) > 1:
        yield from read_rows(path, needed, Problems(), table)


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
    except IsADirectoryError:
        raise InputError(f"{path} is a folder, not a CSV file.") from None


def read_rows(
    path: str | os.PathLike,
    needed: Iterable[str],
    problems: Problems,
    text: bytes | None = None,
) -> Iterator[tuple[str, dict[str, str]]]:
    """Rows of somebody's CSV, one at a time, as (place in the file, texts by column name).

    The file is UTF-8, with or without a byte order mark; its separator is a comma, or a
    semicolon or tab where the header has more of those. Texts are stripped. ``text`` is what is
    read in the place of the file.

    Raises:
        InputError: the file is missing, empty, only a header, not UTF-8, not CSV, or lacks one
            of the columns ``needed``.
    """
    try:
        opened = open(path, "rb") if text is None else io.BytesIO(text)  # noqa: SIM115  below
        with io.TextIOWrapper(opened, encoding="utf-8-sig", newline="") as handle:
            yield from _read_rows(path, handle, list(needed), problems)
    except FileNotFoundError:
        raise InputError(f"{path} does not exist.") from None
    except IsADirectoryError:
        raise InputError(f"{path} is a folder, not a CSV file.") from None
    except UnicodeDecodeError:
        raise InputError(
            f"{path} is not UTF-8 text: save it again as 'CSV UTF-8' (it may be Latin-1 or UTF-16)."
        ) from None


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
