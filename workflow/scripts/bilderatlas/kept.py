"""What is kept between runs: an SQLite file beside a collection's other undeclared state.

A killed run loses what it kept in the last few seconds. A damaged file is made anew; one that
another run writes to is left alone.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Self

from bilderatlas.errors import InputError
from bilderatlas.job import log

SECONDS = 5.0  # ASSUME: what is worked out in less is sooner repeated than brought to the disk
PATIENCE = 60.0  # seconds to wait for another run's writes


class DamagedError(Exception):
    """The file is damaged."""


class KeptFile:
    """A file of tables; threads that share one take turns by a lock of their own.

    Args:
        path: of the file; made where it is missing, and made anew where it is damaged.
        tables: as ``CREATE TABLE`` takes them.

    Raises:
        InputError: the file cannot be opened, or another run is writing to it.
        DamagedError: from any method; :meth:`anew` mends it.
        OSError: the disk is full, from any method.
    """

    def __init__(self, path: str | os.PathLike, tables: Sequence[str]) -> None:
        self.path = Path(path)
        self.tables = tables
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._saved = time.monotonic()
        try:
            self._open()
        except DamagedError as error:
            self.anew(f"is damaged ({error})")

    def _open(self) -> None:
        new = not self.path.exists()
        with self.told():
            self.store = sqlite3.connect(self.path, timeout=PATIENCE, check_same_thread=False)
        try:
            with self.told():
                if new:  # what is dropped is given back to the disk
                    self.store.execute("PRAGMA auto_vacuum = FULL")
                for table in self.tables:
                    self.store.execute(f"CREATE TABLE IF NOT EXISTS {table}")
                    name = table.split(" ", 1)[0]
                    self.store.execute(f"SELECT * FROM {name} LIMIT 1").fetchall()
                self.store.commit()
        except BaseException:
            self.store.close()
            raise

    def anew(self, why: str) -> None:
        """Throw everything away and begin again."""
        log.warning("%s %s: it is made anew.", self.path, why)
        self.store.close()
        for end in ("", "-journal"):
            self.path.with_name(self.path.name + end).unlink(missing_ok=True)
        self._open()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type | None, *_: object) -> None:
        # after an error, what can still be saved is
        with contextlib.suppress(sqlite3.Error) if kind else self.told():
            self.store.commit()
        self.store.close()

    def save_in_time(self) -> None:
        """Bring what was written to the disk, every few seconds."""
        if time.monotonic() - self._saved > SECONDS:
            self.store.commit()
            self._saved = time.monotonic()

    @contextlib.contextmanager
    def told(self) -> Iterator[None]:
        """Say in the words of this package what SQLite finds wrong."""
        try:
            yield
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_FULL:
                raise OSError(errno.ENOSPC, "No space left on device", str(self.path)) from None
            raise InputError(
                f"{self.path} cannot be written ({error}): let another run on this collection end"
                " first, and see that the folder is yours."
            ) from None
        except sqlite3.DatabaseError as error:
            raise DamagedError(str(error)) from None
