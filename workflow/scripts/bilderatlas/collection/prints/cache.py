"""What was measured once is not measured again: features by picture, comparisons by pair.

One SQLite file beside the collection's other undeclared state. A killed run loses the last few
pictures; a run with twenty new pictures measures those and compares their pairs. Keys are digests
of pixels and of the settings, so nothing in it ever becomes wrong, only unused.
"""

from __future__ import annotations

import io
import json
import os
import threading
from typing import Any

import numpy as np

from bilderatlas.collection.prints.features import Features
from bilderatlas.kept import DamagedError, KeptFile

_TABLES = (
    "features (key TEXT PRIMARY KEY, value BLOB)",
    "pairs (key TEXT PRIMARY KEY, value TEXT)",
)
_EVERY = 64  # writes between two commits
_ARRAYS = ("points", "sizes", "angles", "descriptors", "hashes", "small")


class Cache(KeptFile):
    """Features and comparisons that are kept; safe to be used by several threads.

    Args:
        path: of the file; made where it is missing, and made anew where it is damaged.

    Raises:
        InputError: the file cannot be opened, or another run is writing to it.
        OSError: the disk is full.
    """

    def __init__(self, path: str | os.PathLike) -> None:
        self._lock = threading.Lock()
        self._written = 0
        super().__init__(path, _TABLES)

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
        asked = f"SELECT value FROM {table} WHERE key = ?"
        with self._lock:
            try:
                with self.told():
                    row = self.store.execute(asked, (key,)).fetchone()
            except DamagedError as error:
                self.anew(f"is damaged ({error})")
                return None
        return row[0] if row else None

    def _write(self, table: str, key: str, value: bytes | str) -> None:
        with self._lock:
            try:
                self._put(table, key, value)
            except DamagedError as error:
                self.anew(f"is damaged ({error})")
                self._put(table, key, value)

    def _put(self, table: str, key: str, value: bytes | str) -> None:
        with self.told():
            self.store.execute(f"INSERT OR REPLACE INTO {table} VALUES (?, ?)", (key, value))
            self._written += 1
            if self._written % _EVERY == 0:
                self.store.commit()
