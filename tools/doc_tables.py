"""Numbers of a run put into a note, between two marks, so that nobody types them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from pathlib import Path

from bilderatlas.show import markdown


def write_block(path: Path, name: str, text: str) -> None:
    """Put ``text`` between ``<!-- name -->`` and ``<!-- end name -->`` of a note.

    Raises:
        SystemExit: the note lacks the marks.
    """
    begin, end = f"<!-- {name} -->", f"<!-- end {name} -->"
    note = path.read_text(encoding="utf-8")
    if begin not in note or end not in note:
        raise SystemExit(f"{path} lacks the marks {begin} and {end}: write them where it belongs.")
    before, rest = note.split(begin, 1)
    after = rest.split(end, 1)[1]
    path.write_text(f"{before}{begin}\n\n{text.strip()}\n\n{end}{after}", encoding="utf-8")


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table of numbers and words that hold no markup."""
    return markdown.table(header, [[str(cell) for cell in row] for row in rows])


def share(right: int, of: int) -> str:
    """``right`` of ``of``, as a share with its 95 % interval (Wilson 1927, score interval)."""
    if not of:
        return "0 of 0"
    low, high = wilson(right, of)
    return f"{right} of {of}: {right / of:.3f} ({low:.3f}-{high:.3f})"


def wilson(right: int, of: int, z: float = 1.959964) -> tuple[float, float]:
    """Wilson's score interval of a share, 95 % where ``z`` is left as it is."""
    middle = (right + z * z / 2) / (of + z * z)
    half = z * math.sqrt(right * (of - right) / of + z * z / 4) / (of + z * z)
    return max(0.0, middle - half), min(1.0, middle + half)
