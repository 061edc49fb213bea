"""A CSV of decisions that only grows: a row is on the disk before anybody is told that it is.

Several tabs, several servers and a person with an editor may write to the same file. Rows are
appended at one go under a lock between processes, then flushed to the disk. The lock file holds the
row that is being written (:func:`bilderatlas.collection.records.note_beside`): by it, what a power
cut left of a row is known, cut off and kept in ``<name>.torn`` beside the table; a row that a
person left without the end of its line stays.
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
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bilderatlas.collection.records import note_beside, whole_length
from bilderatlas.desk.saying import SaidError
from bilderatlas.files import write_atomically

log = logging.getLogger(__name__)


class Journal:
    """One table of decisions.

    Args:
        path: of the CSV; it is begun with the first row.
        columns: what a row of ours holds. A file that lacks some of them (drawn up by hand) gets
            them with the first row that is added; its order and separator stay.
    """

    def __init__(self, path: str | os.PathLike, columns: Sequence[str]) -> None:
        self.path = Path(path)
        self.columns = tuple(columns)
        self._note = note_beside(self.path)
        # LibreOffice puts it beside a file that it has open, and later writes what it has read
        self.spreadsheet = self.path.with_name(f".~lock.{self.path.name}#")
        self._threads = threading.Lock()

    def append(self, row: Mapping[str, str]) -> None:
        """Add a row and wait until it lies on the disk.

        Raises:
            SaidError: the file has no header that could take the row, is not UTF-8, is open in a
                spreadsheet program, or cannot be written; nothing of the row is then left in it.
        """
        strange = set(row) - set(self.columns)
        if strange:
            raise ValueError(f"{self.path}: columns {sorted(strange)} are not part of this table")
        # half of a row with a line end in it would look like a whole one
        for name, cell in row.items():
            if "\n" in cell or "\r" in cell or "\0" in cell:
                raise SaidError("refused_cell", path=self.path, name=name, cell=repr(cell))
        with self._alone() as note:
            if self.is_open_elsewhere():
                raise SaidError("refused_open", path=self.path, lock=self.spreadsheet)
            self._mend(note)
            names, separator = self._layout()
            lacking = [name for name in self.columns if name not in names]
            if names and lacking:
                self._widen([*names, *lacking], separator)
            line = io.StringIO()
            if self._lacks_end():
                line.write("\n")
            writer = csv.writer(line, delimiter=separator, lineterminator="\n")
            if not names:
                writer.writerow(self.columns)
            order = [*names, *lacking] if names else self.columns
            writer.writerow([row.get(name, "") for name in order])
            self._write(line.getvalue().encode("utf-8"), note)

    def is_open_elsewhere(self) -> bool:
        """Has a spreadsheet program the table open? It would overwrite rows added meanwhile."""
        return self.spreadsheet.exists()

    def mend(self) -> None:
        """Cut off what a power cut left of a row, if it left something.

        Raises:
            SaidError: the file cannot be read or written.
        """
        if self.path.exists():
            with self._alone() as note:
                self._mend(note)

    @contextlib.contextmanager
    def _alone(self) -> Iterator[int]:
        """No other thread and no other process writes meanwhile; gives the note, opened.

        The lock is a file of its own: the table itself is replaced where columns are added.
        """
        with self._threads:
            try:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                note = os.open(self._note, os.O_RDWR | os.O_CREAT, 0o666)
                try:
                    fcntl.flock(note, fcntl.LOCK_EX)
                    yield note
                finally:
                    os.close(note)
            except OSError as error:
                raise _cannot(self.path, error) from None

    def _write(self, line: bytes, note: int) -> None:
        begun = self.path.exists()
        handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
        try:
            before = os.fstat(handle).st_size
            try:
                _write_all(note, f"{before}\n".encode() + line)
                os.fsync(note)
                if not begun:  # a power cut must not leave the table without its note
                    _sync_folder(self.path.parent)
                _write_all(handle, line)
                os.fsync(handle)
            except OSError:
                os.ftruncate(handle, before)
                raise
        finally:
            os.close(handle)
        os.ftruncate(note, 0)

    def _mend(self, note: int) -> None:
        """Cut off what the note shows to be the beginning of a row."""
        noted = b""
        while part := os.read(note, 1 << 16):
            noted += part
        if noted and self.path.exists():
            with open(self.path, "rb+") as handle:
                table = handle.read()
                whole = whole_length(table, noted)
                if whole < len(table):
                    with open(self.path.with_name(f"{self.path.name}.torn"), "ab") as torn:
                        torn.write(table[whole:] + b"\n")
                        torn.flush()
                        os.fsync(torn.fileno())
                    handle.truncate(whole)
                    log.warning(
                        "%s ended within a row: it was cut off and is kept in %s.torn",
                        self.path,
                        self.path.name,
                    )
                os.fsync(handle.fileno())
        os.ftruncate(note, 0)
        os.lseek(note, 0, os.SEEK_SET)

    def _lacks_end(self) -> bool:
        """Did an editor leave out the end of the last line?"""
        try:
            with open(self.path, "rb") as handle:
                handle.seek(max(0, handle.seek(0, os.SEEK_END) - 1))
                return handle.read() not in (b"", b"\n", b"\r")
        except FileNotFoundError:
            return False

    def _layout(self) -> tuple[list[str], str]:
        """Columns and separator of the file; no columns where it is not begun."""
        try:
            with open(self.path, encoding="utf-8-sig", newline="") as handle:
                header = handle.readline()
        except FileNotFoundError:
            header = ""
        except UnicodeDecodeError:
            raise SaidError("refused_utf8", path=self.path) from None
        if not header.strip():
            return [], ","
        separator = max(",;\t", key=header.count)
        names = [name.strip() for name in next(csv.reader([header], delimiter=separator))]
        if self.columns[0] not in names:
            columns = ", ".join(self.columns)
            raise SaidError("refused_header", path=self.path, name=self.columns[0], columns=columns)
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


def _write_all(handle: int, data: bytes) -> None:
    if os.write(handle, data) != len(data):
        raise OSError(errno.ENOSPC, "the row was written in part")


def _cannot(path: Path, error: OSError) -> SaidError:
    if error.errno == errno.ENOSPC:
        return SaidError("refused_full", path=path)
    return SaidError("refused_write", path=path, why=error.strerror)
