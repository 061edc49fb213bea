"""What was measured once is not measured again: features by picture, comparisons by pair.

One SQLite file beside the collection's other undeclared state. A killed run loses the last few
pictures; a run with twenty new pictures measures those and compares their pairs. Keys are digests
of pixels and of the settings, so nothing in it ever becomes wrong, only unused.
"""

from __future__ import annotations

import io
import json
import os
import sqlite3
import threading
from pathlib import Path
from typing import Any

import numpy as np

from bilderatlas.collection.prints.features import Features
from bilderatlas.errors import InputError
from bilderatlas.job import log

_TABLES = (
    "features (key TEXT PRIMARY KEY, value BLOB)",
    "pairs (key TEXT PRIMARY KEY, value TEXT)",
)
_EVERY = 64  # writes between two commits
_PATIENCE = 60.0  # seconds to wait for another run's writes
_IN_USE = (
    "{} cannot be written ({}): let another run on this collection end first, and see that the disk"
    " has room and the folder is yours."
)
_ARRAYS = ("points", "sizes", "angles", "descriptors", "hashes", "small")


class Cache:
    """Features and comparisons that are kept; safe to be used by several threads.

    Args:
        path: of the file; made where it is missing, and made anew where it is damaged.

    Raises:
        InputError: the file cannot be opened, or another run is writing to it.
    """

    def __init__(self, path: str | os.PathLike) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._written = 0
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        try:
            self._store = self._open(path)
        except sqlite3.OperationalError as error:
            # locked, or out of reach: nothing is wrong with what it holds
            raise InputError(_IN_USE.format(path, error)) from None
        except sqlite3.DatabaseError as error:
            log.warning("%s is damaged (%s): it is made anew.", path, error)
            Path(path).unlink()
            self._store = self._open(path)

    @staticmethod
    def _open(path: str | os.PathLike) -> sqlite3.Connection:
        store = sqlite3.connect(path, check_same_thread=False, timeout=_PATIENCE)
        try:
            for table in _TABLES:
                store.execute(f"CREATE TABLE IF NOT EXISTS {table}")
            store.execute("SELECT key FROM features LIMIT 1").fetchall()
        except sqlite3.DatabaseError:
            store.close()
            raise
        return store

    def __enter__(self) -> Cache:
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._store.commit()
            self._store.close()

    def features(self, key: str) -> Features | None:
        """The features of a picture, or None."""
        value = self._read("features", key)
        if value is None:
            return None
        with np.load(io.BytesIO(value)) as arrays:
            height, width = arrays["size"].tolist()
            return Features(height, width, *(arrays[name] for name in _ARRAYS))

    def keep_features(self, key: str, features: Features) -> None:
        """Keep the features of a picture."""
        value = io.BytesIO()
        arrays = {name: getattr(features, name) for name in _ARRAYS}
        np.savez(value, size=np.array([features.height, features.width]), **arrays)
        self._write("features", key, value.getvalue())

    def pair(self, key: str) -> dict[str, Any] | None:
        """What a comparison found (empty: nothing), or None where there was none."""
        value = self._read("pairs", key)
        return None if value is None else json.loads(value)

    def keep_pair(self, key: str, found: dict[str, Any]) -> None:
        """Keep what a comparison found."""
        self._write("pairs", key, json.dumps(found))

    def _read(self, table: str, key: str) -> Any:
        with self._lock:
            row = self._store.execute(f"SELECT value FROM {table} WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None

    def _write(self, table: str, key: str, value: bytes | str) -> None:
        with self._lock:
            try:
                self._store.execute(f"INSERT OR REPLACE INTO {table} VALUES (?, ?)", (key, value))
            except sqlite3.OperationalError as error:
                raise InputError(_IN_USE.format(self._path, error)) from None
            self._written += 1
            if self._written % _EVERY == 0:
                self._store.commit()
