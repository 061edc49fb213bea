"""Words from catalogues and tables, made safe for a Markdown page."""

from __future__ import annotations

import re
from collections.abc import Sequence

# what Markdown (with GitHub's tables and strike-through) reads as markup inside a line; an
# underscore within a word is none, and escaping it would break addresses
_MARKUP = re.compile(r"([\\`*\[\]|~$#]|(?<!\w)_|_(?!\w))")


def escape(text: object) -> str:
    """``text`` as plain words: no markup, no HTML, no line break, nothing that splits a cell."""
    words = " ".join(str(text).split())
    words = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _MARKUP.sub(r"\\\1", words)


def code(text: object) -> str:
    """``text`` for a place between backquotes, also inside a table, where a bar must be escaped."""
    return " ".join(str(text).split()).replace("`", "'").replace("|", "\\|")


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table from cells that are escaped already; a cell may be empty.

    Raises:
        ValueError: a row has more or fewer cells than the heading.
    """
    lines = [head, ["---"] * len(head), *rows]
    if any(len(line) != len(head) for line in lines):
        raise ValueError(f"a row of the table does not have {len(head)} cells")
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
