"""The leak report in words: what a network has all but seen, a row a split."""

from __future__ import annotations

import pandas as pd

from bilderatlas.analysis.leaks import BY_PRINT, BY_TITLE, EITHER
from bilderatlas.show import markdown
from bilderatlas.show.labels import NOTHING, count, label, number

KINDS = (BY_PRINT, BY_TITLE, EITHER)


def leaks_text(leaks: pd.DataFrame, collection: str, language: str) -> str:
    """A page of one table and a sentence a split, as Markdown.

    Args:
        leaks: columns :data:`bilderatlas.files.LEAKS`.
        collection: what the collection is called.
        language: ``de`` or ``en``.
    """

    def say(key: str, **values: object) -> str:
        return label(f"leaks.{key}", language, **values)

    head = [say("split"), say("n"), *[say(key) for key in ("print", "title", "either")]]
    rows = []
    for split, part in leaks.groupby("split", sort=False):
        of = part.set_index("kind")
        n = int(of["n"].iloc[0])
        cells = [f"{counted(of, kind, language)} ({percent(of, kind, language)})" for kind in KINDS]
        rows.append([f"`{markdown.code(split)}`", count(n, language), *cells])
    lines = [
        f"# {markdown.escape(say('heading', collection=collection))}",
        say("text"),
        markdown.table(head, rows),
        "\n".join(f"- {line}" for line in leak_lines(leaks, language)),
        say("after"),
    ]
    return "\n\n".join(lines) + "\n"


def leak_lines(leaks: pd.DataFrame, language: str) -> list[str]:
    """A sentence a split, as Markdown."""
    lines = []
    for split, part in leaks.groupby("split", sort=False):
        of = part.set_index("kind")
        form = "leak" if of.loc[EITHER, "leaking"] else "leak_none"
        values = {
            f"{name}_{what}": write(of, kind, language)
            for name, kind in zip(("print", "title", "either"), KINDS, strict=True)
            for what, write in (("count", counted), ("share", percent))
        }
        total = count(int(of["n"].iloc[0]), language)
        lines.append(
            label(f"results.{form}", language, split=markdown.code(split), total=total, **values)
        )
    return lines


def counted(of: pd.DataFrame, kind: str, language: str) -> str:
    """How many test pictures of a split leak."""
    return count(int(of.loc[kind, "leaking"]), language)


def percent(of: pd.DataFrame, kind: str, language: str) -> str:
    """Their share."""
    share = of.loc[kind, "share"]
    return NOTHING if pd.isna(share) else f"{number(100 * float(share), language, 0)} %"
