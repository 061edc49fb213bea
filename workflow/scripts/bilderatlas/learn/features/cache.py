"""Features that were worked out once: one SQLite file a backbone, a row a picture.

A run with one new picture works out that one. A row belongs to settings, to the numbers that it was
computed in, and to a picture's id and packed pixels. Rows of other settings are dropped when all
features by the new ones are written, not before. Rows in another precision stay: nodes of a cluster
differ, and none is to throw away what another has worked out.
"""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Iterable

import numpy as np

from bilderatlas.job import log
from bilderatlas.kept import KeptFile

_TABLE = (
    "rows (settings TEXT, precision TEXT, key BLOB, value BLOB, crc INTEGER,"
    " PRIMARY KEY (settings, precision, key))"
)


def picture_key(image_id: str, picture: np.ndarray) -> bytes:
    """A digest of a picture's id, size and pixels."""
    digest = hashlib.sha256(f"{image_id}\0{picture.shape}".encode())
    digest.update(np.ascontiguousarray(picture))
    return digest.digest()[:16]


class FeatureCache(KeptFile):
    """Rows of features by key; used by one thread.

    Args:
        path: of the file; made anew where it is damaged.
        settings: digest of all that decides about the features but the pictures and the precision.
        store: float32 or float16.

    Attributes:
        precision: of the rows that are read and written, as the network was computed in.

    Raises:
        InputError: the file cannot be opened, or another run is writing to it.
        DamagedError: from any method; :meth:`anew` mends it.
        OSError: the disk is full, from any method.
    """

    def __init__(self, path: str | os.PathLike, settings: str, store: str) -> None:
        self.settings = f"{settings} {store}"
        self.kind = np.dtype(store)
        self.precision = "32-true"
        super().__init__(path, [_TABLE])

    @property
    def _mine(self) -> tuple[str, str]:
        return self.settings, self.precision

    def counts(self) -> dict[str, int]:
        """Rows of these settings by precision."""
        asked = "SELECT precision, count(*) FROM rows WHERE settings = ? GROUP BY precision"
        with self.told():
            return dict(self.store.execute(asked, (self.settings,)))

    def keys(self) -> set[bytes]:
        """The pictures whose features are here."""
        asked = "SELECT key FROM rows WHERE settings = ? AND precision = ?"
        with self.told():
            return {row[0] for row in self.store.execute(asked, self._mine)}

    def get(self, key: bytes, width: int) -> np.ndarray | None:
        """A row (d,); None where it is not here, is damaged, or is not ``width`` long."""
        asked = "SELECT value, crc FROM rows WHERE settings = ? AND precision = ? AND key = ?"
        with self.told():
            row = self.store.execute(asked, (*self._mine, key)).fetchone()
        if row is None or zlib.crc32(row[0]) != row[1]:
            return None
        return (
            np.frombuffer(row[0], self.kind) if len(row[0]) == width * self.kind.itemsize else None
        )

    def keep(self, keys: Iterable[bytes], rows: np.ndarray) -> None:
        """Keep rows (b, d) in the numbers of the store; on the disk a few seconds later."""
        blobs = [row.tobytes() for row in np.asarray(rows, self.kind)]
        with self.told():
            self.store.executemany(
                "INSERT OR REPLACE INTO rows VALUES (?, ?, ?, ?, ?)",
                [
                    (*self._mine, key, blob, zlib.crc32(blob))
                    for key, blob in zip(keys, blobs, strict=True)
                ],
            )
            self.save_in_time()

    def finish(self, keys: Iterable[bytes]) -> None:
        """Drop what the features just written replace: other settings, and pictures that are gone.

        Args:
            keys: of all pictures that there are.
        """
        with self.told():
            mine, there = (self.settings,), set(keys)
            found = self.store.execute("SELECT precision, key FROM rows WHERE settings = ?", mine)
            self.store.executemany(
                "DELETE FROM rows WHERE settings = ? AND precision = ? AND key = ?",
                [(self.settings, *row) for row in found if row[1] not in there],
            )
            others = self.store.execute("DELETE FROM rows WHERE settings != ?", mine)
            self.store.commit()
        if others.rowcount:
            log.info("%s: dropped %d rows of earlier settings.", self.path, others.rowcount)
