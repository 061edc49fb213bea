"""Features that were worked out once: one SQLite file a backbone, a row a picture.

It lies beside the collection's other undeclared state, so a killed run loses the last few
pictures, and a run with one new picture works out that one. A key is a digest of the picture's id
and packed pixels; the settings that all rows belong to stand in the file.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import sqlite3
import time
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from bilderatlas.errors import InputError
from bilderatlas.job import log

_TABLES = ("about (settings TEXT)", "features (key BLOB PRIMARY KEY, value BLOB, crc INTEGER)")
_SECONDS = 5.0  # ASSUME: what is worked out in less is sooner repeated than brought to the disk
_PATIENCE = 60.0  # seconds to wait for another run's writes


class DamagedError(Exception):
    """The file of the cache is damaged."""


def picture_key(image_id: str, picture: np.ndarray) -> bytes:
    """A digest of a picture's id, size and pixels."""
    digest = hashlib.sha256(f"{image_id}\0{picture.shape}".encode())
    digest.update(np.ascontiguousarray(picture))
    return digest.digest()[:16]


class FeatureCache:
    """Rows of features by key; used by one thread.

    Args:
        path: of the file; made anew where it is damaged or belongs to other settings.
        settings: digest of all that decides about the features but the pictures.
        store: float32 or float16.

    Raises:
        InputError: the file cannot be opened, or another run is writing to it.
        DamagedError: from any method; :meth:`anew` mends it.
        OSError: the disk is full, from any method.
    """

    def __init__(self, path: str | os.PathLike, settings: str, store: str) -> None:
        self.path = Path(path)
        self.settings = f"{settings} {store}"
        self.kind = np.dtype(store)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._saved = time.monotonic()
        self._store: sqlite3.Connection | None = None
        try:
            self._open()
        except DamagedError as error:
            self.anew(f"is damaged ({error})")

    def _open(self) -> None:
        with self._told():
            self._store = sqlite3.connect(self.path, timeout=_PATIENCE)
            for table in _TABLES:
                self._store.execute(f"CREATE TABLE IF NOT EXISTS {table}")
            found = self._store.execute("SELECT settings FROM about").fetchone()
            if found is None:
                self._store.execute("INSERT INTO about VALUES (?)", (self.settings,))
            self._store.commit()
        if found is not None and found[0] != self.settings:
            self.anew("belongs to other settings")

    def anew(self, why: str) -> None:
        """Throw everything away and begin again."""
        log.warning("%s %s: it is made anew.", self.path, why)
        self._store.close()
        for end in ("", "-journal"):
            self.path.with_name(self.path.name + end).unlink(missing_ok=True)
        self._open()

    def __enter__(self) -> FeatureCache:
        return self

    def __exit__(self, kind: type | None, *_: object) -> None:
        # after an error, what can still be saved is
        with contextlib.suppress(sqlite3.Error) if kind else self._told():
            self._store.commit()
        self._store.close()

    def keys(self) -> set[bytes]:
        """The pictures whose features are here."""
        with self._told():
            return {row[0] for row in self._store.execute("SELECT key FROM features")}

    def get(self, key: bytes, width: int) -> np.ndarray | None:
        """A row (d,); None where it is not here, is damaged, or is not ``width`` long."""
        with self._told():
            asked = "SELECT value, crc FROM features WHERE key = ?"
            row = self._store.execute(asked, (key,)).fetchone()
        if row is None or zlib.crc32(row[0]) != row[1]:
            return None
        return (
            np.frombuffer(row[0], self.kind) if len(row[0]) == width * self.kind.itemsize else None
        )

    def keep(self, keys: Iterable[bytes], rows: np.ndarray) -> None:
        """Keep rows (b, d) in the numbers of the store; on the disk a few seconds later."""
        blobs = [row.tobytes() for row in np.asarray(rows, self.kind)]
        with self._told():
            self._store.executemany(
                "INSERT OR REPLACE INTO features VALUES (?, ?, ?)",
                [(key, blob, zlib.crc32(blob)) for key, blob in zip(keys, blobs, strict=True)],
            )
            if time.monotonic() - self._saved > _SECONDS:
                self._store.commit()
                self._saved = time.monotonic()

    def forget(self, keys: Iterable[bytes]) -> None:
        """Drop the features of pictures that are no longer there."""
        with self._told():
            self._store.executemany("DELETE FROM features WHERE key = ?", [(key,) for key in keys])
            self._store.commit()

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
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
