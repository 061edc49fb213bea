"""A CSV of decisions that only grows: a row is on the disk before anybody is told that it is.

Several tabs, several servers and a person with an editor may write to the same file. Rows are
appended at one go under a lock between processes, then flushed to the disk. What a power cut left
of a row (a last line without its end) is cut off and kept in ``<name>.torn`` beside the table.
"""

from __future__ import annotations

import contextlib
import csv
import errno
import fcntl
import io
import logging
import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from bilderatlas.errors import InputError
from bilderatlas.files import write_atomically

log = logging.getLogger(__name__)


class Journal:
    """One table of decisions.

    Args:
        path: of the CSV; it is begun with the first row.
        columns: what a row of ours holds. A file that lacks some of them (drawn up by hand) gets
            them with the first row that is added; its order and separator stay.
        whole: is a row, the last of the file and without the end of its line, all the same a
            whole one? An editor may leave out the end of the last line; so does a power cut.
    """

    def __init__(
        self,
        path: str | os.PathLike,
        columns: Sequence[str],
        whole: Callable[[Mapping[str, str]], bool],
    ) -> None:
        self.path = Path(path)
        self.columns = tuple(columns)
        self.whole = whole
        self._threads = threading.Lock()

    def append(self, row: Mapping[str, str]) -> None:
        """Add a row and wait until it lies on the disk.

        Raises:
            InputError: the file has no header that could take the row, is not UTF-8, or cannot
                be written; nothing of the row is then left in it.
        """
        strange = set(row) - set(self.columns)
        if strange:
            raise ValueError(f"{self.path}: columns {sorted(strange)} are not part of this table")
        # half of a row with a line end in it would look like a whole one
        for name, cell in row.items():
            if "\n" in cell or "\r" in cell or "\0" in cell:
                raise InputError(f"{self.path} cannot hold the {name} {cell!r}: rename it.")
        with self._alone():
            self._mend()
            names, separator = self._layout()
            lacking = [name for name in self.columns if name not in names]
            if names and lacking:
                self._widen([*names, *lacking], separator)
            line = io.StringIO()
            writer = csv.writer(line, delimiter=separator, lineterminator="\n")
            if not names:
                writer.writerow(self.columns)
            order = [*names, *lacking] if names else self.columns
            writer.writerow([row.get(name, "") for name in order])
            self._write(line.getvalue().encode("utf-8"))

    def mend(self) -> None:
        """Cut off what a power cut left of a row, if it left something.

        Raises:
            InputError: the file cannot be read or written.
        """
        if self.path.exists():
            with self._alone():
                self._mend()

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """No other thread and no other process writes meanwhile.

        The lock is a file of its own: the table itself is replaced where columns are added.
        """
        with self._threads:
            try:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                with open(self.path.with_name(f".{self.path.name}.lock"), "ab") as handle:
                    fcntl.flock(handle, fcntl.LOCK_EX)
                    yield
            except OSError as error:
                raise InputError(_cannot(self.path, error)) from None

    def _write(self, line: bytes) -> None:
        begun = self.path.exists()
        handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
        try:
            before = os.fstat(handle).st_size
            try:
                if os.write(handle, line) != len(line):
                    raise OSError(errno.ENOSPC, "the row was written in part")
                os.fsync(handle)
            except OSError:
                os.ftruncate(handle, before)
                raise
        finally:
            os.close(handle)
        if not begun:
            _sync_folder(self.path.parent)

    def _mend(self) -> None:
        """End the last line, or cut it off where it is no whole row."""
        if not self.path.exists():
            return
        with open(self.path, "rb+") as handle:
            text = handle.read()
            if not text or text.endswith((b"\n", b"\r")):
                return
            kept = text.rfind(b"\n") + 1
            tail = text[kept:]
            if kept == 0 and ",".join(self.columns).encode().startswith(tail):
                handle.truncate(0)  # not even the header was finished
            elif kept == 0 or self._is_whole(tail):
                handle.seek(0, os.SEEK_END)
                handle.write(b"\n")
            else:
                with open(self.path.with_name(f"{self.path.name}.torn"), "ab") as torn:
                    torn.write(tail + b"\n")
                    torn.flush()
                    os.fsync(torn.fileno())
                handle.truncate(kept)
                log.warning(
                    "%s ended within a row: it was cut off and is kept in %s.torn",
                    self.path,
                    self.path.name,
                )
            handle.flush()
            os.fsync(handle.fileno())

    def _is_whole(self, tail: bytes) -> bool:
        names, separator = self._layout()
        try:
            cells = next(csv.reader([tail.decode("utf-8")], delimiter=separator, strict=True))
        except (UnicodeDecodeError, csv.Error, StopIteration):
            return False
        if b"\0" in tail or len(cells) != len(names):
            return False
        return self.whole(dict(zip(names, cells, strict=True)))

    def _layout(self) -> tuple[list[str], str]:
        """Columns and separator of the file; no columns where it is not begun."""
        try:
            with open(self.path, encoding="utf-8-sig", newline="") as handle:
                header = handle.readline()
        except FileNotFoundError:
            header = ""
        except UnicodeDecodeError:
            raise InputError(
                f"{self.path} is not UTF-8 text: save it again as 'CSV UTF-8'."
            ) from None
        if not header.strip():
            return [], ","
        separator = max(",;\t", key=header.count)
        names = [name.strip() for name in next(csv.reader([header], delimiter=separator))]
        if self.columns[0] not in names:
            raise InputError(
                f"{self.path} has no column {self.columns[0]}: its first line must name"
                f" {', '.join(self.columns)}."
            )
        return names, separator

    def _widen(self, names: list[str], separator: str) -> None:
        """Write the table anew with further columns, all its rows kept."""
        with open(self.path, encoding="utf-8-sig", newline="") as handle:
            _, *rows = csv.reader(handle, delimiter=separator)
        with (
            write_atomically(self.path) as temporary,
            open(temporary, "w", encoding="utf-8", newline="") as handle,
        ):
            writer = csv.writer(handle, delimiter=separator, lineterminator="\n")
            writer.writerow(names)
            writer.writerows(row + [""] * (len(names) - len(row)) for row in rows if any(row))


def _sync_folder(folder: Path) -> None:
    """Make sure that the name of a new file outlives a power cut too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _cannot(path: Path, error: OSError) -> str:
    if error.errno == errno.ENOSPC:
        return f"{path}: the disk is full, nothing was kept; free some space and decide again."
    return f"{path} cannot be written ({error.strerror}): nothing was kept."
