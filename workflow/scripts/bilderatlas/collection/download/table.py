"""The status table: a line an outcome, appended and never changed; what need not be asked again.

A CSV that survives ``kill -9``: each line is one write to the end of the file, and none holds a
line break. A line that was torn all the same (a power cut, a full disk) is not counted, and cut
off before anything is added. Several lines may be about one picture; the latest counts.
"""

from __future__ import annotations

import csv
import fcntl
import hashlib
import io
import os
from array import array
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

import numpy as np

from bilderatlas.collection.download.target import STATUSES, Outcome, Target, host_of
from bilderatlas.errors import InputError

COLUMNS = (
    "image_id", "file", "url", "status", "http", "bytes", "sha256", "tries", "at", "note",
)  # fmt: skip
DEAD = -1  # in place of a size


class StatusTable:
    """A status table open for adding; a context. One run at a time: it is locked.

    Raises:
        InputError: another run has it open, or the file is another kind of table.
    """

    def __init__(self, path: str | os.PathLike) -> None:
        self.path = Path(path)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o666)
        try:
            self._lock()
            self._mend()
        except BaseException:
            os.close(self._file)
            raise

    def __enter__(self) -> StatusTable:
        return self

    def __exit__(self, *error: object) -> None:
        os.close(self._file)

    def add(self, outcome: Outcome) -> None:
        """Append one line; all of it or, where the disk is full, nothing (then OSError)."""
        target = outcome.target
        http = "" if outcome.http is None else outcome.http
        self._write(
            (target.image_id, target.file, target.url, outcome.status, http, outcome.bytes,
             outcome.sha256, outcome.tries, outcome.at, outcome.note)
        )  # fmt: skip

    def _write(self, cells: tuple) -> None:
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerow(
            "".join(sign if sign.isprintable() else " " for sign in str(cell)) for cell in cells
        )
        line = text.getvalue().encode("utf-8", errors="replace")
        size = os.fstat(self._file).st_size
        try:
            written = os.write(self._file, line)
            if written < len(line):  # the rest would not fit either: let the disk say so
                os.write(self._file, line[written:])
        except OSError:
            os.ftruncate(self._file, size)
            raise

    def _lock(self) -> None:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InputError(
                f"{self.path} is in use: another run fetches these pictures; wait for its end."
            ) from None
        except OSError:  # a file system without locks
            pass

    def _mend(self) -> None:
        """Cut off a torn last line; write the header where there is none."""
        size = os.fstat(self._file).st_size
        end = size
        while end and os.pread(self._file, 1, end - 1) != b"\n":
            end -= 1
        if end < size:
            os.ftruncate(self._file, end)
        if not end:
            self._write(COLUMNS)
        elif os.pread(self._file, 4096, 0).partition(b"\n")[0] != ",".join(COLUMNS).encode():
            raise InputError(
                f"{self.path} is no status table of downloads: move it out of the way, and its"
                " pictures are looked at and listed anew."
            )


def read_lines(path: str | os.PathLike) -> Iterator[dict[str, str]]:
    """The lines of a status table in order, as texts by column; torn ones are left out."""
    with open(path, "rb") as handle:
        for line in handle:
            if not line.endswith(b"\n"):
                return
            try:
                cells = next(csv.reader([line.decode("utf-8", errors="replace")], strict=True))
            except (csv.Error, StopIteration):
                continue
            row = dict(zip(COLUMNS, cells, strict=False))
            if len(cells) == len(COLUMNS) and row["status"] in STATUSES:
                yield row


def tables_in(folder: str | os.PathLike) -> list[Path]:
    """The status tables in a folder, by name."""
    return sorted(Path(folder).glob("*.csv"))


class Known:
    """What status tables know of the targets of a run: 16 bytes a picture, no texts.

    Args:
        folder: of the tables; one that is not there yet knows nothing.
        mine: which image ids to remember; all where None.
        placeholders: sha256 of pictures that count as none, even where they were taken before.

    Attributes:
        answered: the hosts that ever gave an answer, be it that there is nothing.
    """

    def __init__(
        self,
        folder: str | os.PathLike,
        mine: Callable[[str], bool] | None = None,
        placeholders: Collection[str] = (),
    ) -> None:
        keys, sizes, files = array("Q"), array("q"), array("Q")
        self.answered: set[str] = set()
        for path in tables_in(folder):
            for row in read_lines(path):
                if row["http"]:
                    self.answered.add(host_of(row["url"]))
                if mine is not None and not mine(row["image_id"]):
                    continue
                ok = row["status"] == "ok"
                if ok:
                    files.append(_key(row["file"]))
                if (ok and row["sha256"] not in placeholders) or row["status"] == "dead":
                    keys.append(_key(row["image_id"], row["url"]))
                    sizes.append(int(row["bytes"]) if ok and row["bytes"].isdecimal() else DEAD)
        order = np.argsort(np.frombuffer(keys, dtype=np.uint64), kind="stable")
        self._keys = np.frombuffer(keys, dtype=np.uint64)[order]
        self._sizes = np.frombuffer(sizes, dtype=np.int64)[order]
        self._files = np.sort(np.frombuffer(files, dtype=np.uint64))

    def is_settled(self, target: Target, folder: Path) -> bool:
        """Whether ``target`` need not be asked for: it is dead, or its file is there, whole."""
        key = np.uint64(_key(target.image_id, target.url))
        first = np.searchsorted(self._keys, key)
        last = np.searchsorted(self._keys, key, side="right")
        if first == last:
            return False
        sizes = self._sizes[first:last]
        if (sizes == DEAD).any():
            return True
        try:
            return os.stat(folder / target.file).st_size in sizes
        except OSError:
            return False

    def lists_file(self, target: Target) -> bool:
        """Whether a line says of this target's file that it was fetched.

        A file without such a line was put there whole by a run that was killed before it could
        write the line.
        """
        key = np.uint64(_key(target.file))
        at = np.searchsorted(self._files, key)
        return bool(at < len(self._files) and self._files[at] == key)


def _key(*texts: str) -> int:
    """64 bits of a hash: among a million pictures, two are alike once in 40 million runs."""
    joined = "\0".join(texts).encode("utf-8", errors="replace")
    return int.from_bytes(hashlib.blake2b(joined, digest_size=8).digest(), "little")
