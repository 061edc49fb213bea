"""What changed in a catalogue, in words: a short Markdown text for the people who keep it."""

from __future__ import annotations

import pandas as pd

from bilderatlas.show.labels import count, label
from bilderatlas.show.markdown import escape, table

LISTED = 40  # rows a table at most; all are in changes.csv
LONGEST = 120  # signs of a text


def changes_text(
    changes: pd.DataFrame, before: int, now: int, collection: str, language: str
) -> str:
    """A page of counts, lists and before-and-after.

    Args:
        changes: columns :data:`bilderatlas.files.CHANGES`.
        before: pictures of the catalogue before; 0 where there was none.
        now: pictures of the catalogue.
        collection: what the collection is called.
        language: ``de`` or ``en``.
    """
    lines = [f"# {escape(label('changes.title', language, collection=collection))}", ""]
    if not before:
        lines.append(label("changes.first", language, count=count(now, language)))
        return "\n".join(lines) + "\n"
    if changes.empty:
        lines.append(label("changes.none", language, count=count(now, language)))
        return "\n".join(lines) + "\n"
    edited = changes[changes["kind"] == "changed"]
    counted = {
        "new": int((changes["kind"] == "new").sum()),
        "withdrawn": int((changes["kind"] == "withdrawn").sum()),
        "changed": edited["image_id"].nunique(),
    }
    numbers = {name: count(value, language) for name, value in counted.items()}
    sizes = {"before": count(before, language), "now": count(now, language)}
    lines.append(label("changes.counts", language, **numbers, **sizes))
    for kind, cell in (("new", "after"), ("withdrawn", "before")):
        rows = changes[changes["kind"] == kind]
        if len(rows):
            head = [label("changes.picture", language), label("changes.name", language)]
            cells = [
                (escape(name), _short(title)) for name, title in rows[["image_id", cell]].values
            ]
            lines += [
                "",
                f"## {label(f'changes.{kind}', language)}",
                "",
                *_table(head, cells, language),
            ]
    if len(edited):
        keys = ("picture", "field", "before", "after")
        head = [label(f"changes.{key}", language) for key in keys]
        cells = [
            (escape(row.image_id), escape(row.field), _short(row.before), _short(row.after))
            for row in edited.itertuples()
        ]
        lines += [
            "",
            f"## {label('changes.changed', language)}",
            "",
            *_table(head, cells, language),
        ]
    return "\n".join(lines) + "\n"


def _table(head: list[str], cells: list[tuple[str, ...]], language: str) -> list[str]:
    lines = [table(head, cells[:LISTED])]
    if len(cells) > LISTED:
        more = count(len(cells) - LISTED, language)
        lines += ["", label("changes.more", language, count=more)]
    return lines


def _short(text: str) -> str:
    return escape(text if len(text) <= LONGEST else f"{text[:LONGEST]}…")
