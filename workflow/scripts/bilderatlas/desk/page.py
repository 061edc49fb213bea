"""What a page of the desk is, and the decisions that stand on it at a moment.

A page shows a worklist, one thing after the other, and takes one decision on each. To add a page,
write one file with a class that does what :class:`Page` says, a template and a script of the same
name, and name it in ``registry.py``.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any, ClassVar, Protocol

from bilderatlas.desk.holdings import Holdings
from bilderatlas.desk.journal import Journal
from bilderatlas.desk.previews import Previews
from bilderatlas.desk.saying import RefusedError

PAUSE = 180  # seconds: a longer gap between two decisions was a pause, not work
PACE_OF = 40  # the last gaps that the pace is taken from


class Page(Protocol):
    """A page of the desk.

    Attributes:
        name: in addresses, of its template (``{name}.html.j2``) and script (``{name}.js``).
        taken_over: the target with which a run takes its decisions over.
        journal: where its decisions go.
    """

    name: ClassVar[str]
    taken_over: str
    journal: Journal

    def __init__(self, holdings: Holdings, previews: Previews) -> None: ...

    def items(self) -> tuple[list[dict[str, Any]], str]:
        """The worklist, first things first; and the command that makes it, where it is missing.

        An item has a ``key``, a ``title``, and ``counts``: is it part of what progress is told of.
        """

    def read(self) -> tuple[list[dict[str, Any]], list[str]]:
        """All rows of the table of decisions, and a sentence for each that is not understood.

        A row has ``key`` (of the item), ``by`` and ``at``.
        """

    def stand(self, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
        """What holds of one item after all its rows, the oldest first; None: nothing."""

    def row(
        self, asked: Mapping[str, Any], history: Callable[[str], Sequence[Mapping[str, Any]]]
    ) -> dict[str, str] | None:
        """The row of a decision that a browser asks for; None where just that stands already.

        Args:
            asked: what the browser sent; anything may be in it.
            history: all rows of an item, by its key.

        Raises:
            RefusedError: it is no decision that may be taken.
        """


class Standing:
    """The decisions of a page as they are on the disk now, whoever wrote them.

    What a browser has seen is told by a *mark*: a name of this reading and a number of rows. The
    answer to it holds only what changed since; where the table was changed otherwise than by
    rows at its end, it holds everything under a new name.
    """

    def __init__(self, page: Page) -> None:
        self._page = page
        self._lock = threading.Lock()
        self._rows: list[dict[str, Any]] = []
        self._faults: list[str] = []
        self._state: tuple[int, ...] | None = None
        self._reading = secrets.token_hex(4)

    def since(self, reading: str = "", count: int = 0) -> dict[str, Any]:
        """What changed after a mark: ``reading, count, standing, faults, pace, open``.

        ``standing`` is, by key, ``decision`` (None: nothing stands) and ``rows``, how many rows
        the item has. ``pace`` is the usual time between two decisions in seconds, or None;
        ``open``, does a spreadsheet program have the table open.
        """
        with self._lock:
            self._follow()
            known = reading == self._reading and 0 <= count <= len(self._rows)
            changed = {row["key"] for row in self._rows[count if known else 0 :]}
            of: dict[str, list[dict[str, Any]]] = {key: [] for key in changed}
            for row in self._rows if changed else ():
                if row["key"] in changed:
                    of[row["key"]].append(row)
            return {
                "reading": self._reading,
                "count": len(self._rows),
                "whole": not known,
                "standing": {
                    key: {"decision": self._page.stand(rows), "rows": len(rows)}
                    for key, rows in of.items()
                },
                "faults": self._faults,
                "pace": pace([row["at"] for row in self._rows]),
                "open": self._page.journal.is_open_elsewhere(),
            }

    def decided(self) -> set[str]:
        """The keys of the items that have a decision which stands."""
        told = self.since()["standing"].items()
        return {key for key, one in told if one["decision"] is not None}

    def history(self, key: str) -> list[dict[str, Any]]:
        """All rows of an item, the oldest first."""
        with self._lock:
            self._follow()
            return [row for row in self._rows if row["key"] == key]

    def _follow(self) -> None:
        """Read the table again where the file is another than before."""
        state = _state(self._page.journal.path)
        if state == self._state:
            return
        rows, faults = self._page.read() if state else ([], [])
        if rows[: len(self._rows)] != self._rows:
            self._reading = secrets.token_hex(4)
        self._rows, self._faults, self._state = rows, faults, state


def pace(times: Sequence[str]) -> float | None:
    """The usual time from one decision to the next in seconds; None where too few are known.

    Args:
        times: of the decisions, ISO with time zone, oldest first; others are left out.
    """
    read = []
    for text in times[-4 * PACE_OF :]:
        try:
            when = datetime.fromisoformat(text)
        except ValueError:
            continue
        if when.tzinfo is not None:
            read.append(when.timestamp())
    gaps = [later - earlier for earlier, later in pairwise(read)]
    gaps = [gap for gap in gaps if 0 <= gap <= PAUSE][-PACE_OF:]
    return round(median(gaps), 1) if len(gaps) >= 3 else None


def now() -> str:
    """The time for a row: UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def whole_number(asked: Mapping[str, Any], name: str) -> int:
    """A whole number that a browser sent.

    Raises:
        RefusedError: there is none under that name.
    """
    value = asked.get(name)
    if isinstance(value, bool) or not isinstance(value, int):
        raise RefusedError("refused_number", name=name, value=repr(value))
    return value


def _state(path: Path) -> tuple[int, ...] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns
