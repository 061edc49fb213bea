"""Is a file of records what the settings say? Only its beginning is read.

A run would find out as well, but after the dry run that was to tell it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from plan import downloads

# the columns that the readers of published layouts need (a test holds them to the readers)
LAYOUTS = {
    "published_csv": ("id", "title", "date", "author", "technique", "measurement_1"),
    "dew": downloads.COLUMNS,
    "painter_by_numbers": ("artist", "date", "genre", "source", "style", "title", "new_filename"),
    "best_artworks": ("name", "genre", "paintings"),
}
# what tells which picture a row of a user's own table belongs to
NAMING = ("file", "image_id")
READ = 100_000  # bytes


def fault(where: str, entry: dict[str, Any], files: list[str]) -> str | None:
    """What is wrong with a collection's files of records, in one sentence, or None.

    Args:
        where: the key of the collection, for the sentence.
        entry: its settings.
        files: what ``metadata`` names.
    """
    kind, columns = entry["records"], entry["columns"]
    if kind == "table" and not set(NAMING) & set(columns):
        return (
            f"{where}.columns must say which column of {files[0]} names the picture, as `file:"
            f" …` or `image_id: …`{_offered(files[0])}."
        )
    if kind == "lido":
        return _not_lido(where, files)
    for file in files:
        start = _start(file)
        if start.startswith("<"):
            return f"{where} has records: {kind}, but {file} is XML: records: lido reads LIDO."
        if sentence := _lacking(where, file, start, columns.values(), kind):
            return sentence
    return None


def _not_lido(where: str, files: list[str]) -> str | None:
    """A sentence where none of the files looks like XML; one of many is the reader's to list."""
    for file in files:
        start = _start(file)
        if not start or start.startswith("<") or file.lower().endswith(".gz"):
            return None
    return (
        f"{where} has records: lido, but {files[0]} is no XML file: is it a table (records: table)?"
        f" It begins with {_start(files[0])[:40]!r}."
    )


def header(file: str) -> list[str]:
    """The names of the columns of a table; empty where it has none that can be read."""
    return _names(_start(file))


def _lacking(where: str, file: str, start: str, columns: Iterable[str], kind: str) -> str | None:
    names = _names(start)
    needed = columns if kind == "table" else LAYOUTS.get(kind, ())
    missing = [name for name in dict.fromkeys(needed) if name not in names]
    if not names or not missing:
        return None
    said = f"as {where}.columns says" if kind == "table" else f"as records: {kind} needs"
    return f"{file} has no column {', '.join(missing)}, {said}; it has {', '.join(names)}."


def _offered(file: str) -> str:
    names = header(file)
    return f"; it has {', '.join(names)}" if names else ""


def _names(start: str) -> list[str]:
    line = start.partition("\n")[0]
    rows = csv.reader(start.splitlines(keepends=True), delimiter=max(",;\t", key=line.count))
    try:
        return [name.strip() for name in next(rows, []) if name.strip()]
    except csv.Error:
        return []


def _start(file: str) -> str:
    """The beginning of a file; empty where it is not UTF-8 or not to be read (the run says so)."""
    try:
        with Path(file).open("rb") as handle:
            found = handle.read(READ)
    except OSError:
        return ""
    whole = found[: found.rfind(b"\n") + 1] or found if len(found) == READ else found
    try:
        return whole.decode("utf-8-sig").lstrip()
    except UnicodeDecodeError:
        return ""
