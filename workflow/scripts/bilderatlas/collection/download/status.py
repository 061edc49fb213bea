"""A table that only grows, safe from being cut off: the last line of a key is its row."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any


class Status:
    """Rows by key, kept in a file of JSON lines; use it as a context.

    A line that was cut off by a kill is skipped when it is read, and ended before the next one
    is written. Where most lines are out of date, the file is written anew.
    """

    def __init__(self, path: str | os.PathLike) -> None:
        self.path = Path(path)
        self.rows: dict[str, dict[str, Any]] = {}
        self._lines = 0

    def __enter__(self) -> Status:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        cut = False
        if self.path.exists():
            with open(self.path, "rb") as handle:
                for line in handle:
                    self._lines += 1
                    self._read(line)
                    cut = not line.endswith(b"\n")
        if self._lines > 2 * len(self.rows) + 1000:
            self._write_anew()
            cut = False
        self._handle = open(self.path, "ab")
        if cut:
            self._handle.write(b"\n")
        return self

    def __exit__(self, *_: object) -> None:
        self._handle.close()

    def of(self, key: str) -> dict[str, Any]:
        """The row of a key; empty where there is none."""
        return self.rows.get(key, {})

    def note(self, key: str, row: dict[str, Any]) -> None:
        """Take down a row; it is handed to the system before this returns."""
        self.rows[key] = row
        self._handle.write(_line(key, row))
        self._handle.flush()

    def _read(self, line: bytes) -> None:
        try:
            key, row = json.loads(line)
        except (ValueError, TypeError):
            return
        if isinstance(key, str) and isinstance(row, dict):
            self.rows[key] = row

    def _write_anew(self) -> None:
        from bilderatlas.files import write_atomically

        with write_atomically(self.path) as temporary, open(temporary, "wb") as handle:
            handle.writelines(_line(key, row) for key, row in self.rows.items())


def _line(key: str, row: dict[str, Any]) -> bytes:
    return json.dumps([key, row]).encode() + b"\n"
