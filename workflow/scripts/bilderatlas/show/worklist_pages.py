"""The pages of a registrar's worklist: one a kind of case, with the pictures inside."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from bilderatlas.analysis.worklist import KINDS, ORIENTATION, PIXELS, RECORDS, TITLE
from bilderatlas.files import PRINT
from bilderatlas.show.labels import NOTHING, count, label, name_of, number, size_of
from bilderatlas.show.pages import write_page
from bilderatlas.show.pictures import Pictures
from bilderatlas.show.thumbnails import SIDES, thumbnails

# ASSUME: nobody reads further in one page; the table has all
LISTED = 400
# prints are compared here: larger than elsewhere, in a page that still opens at once
WIDE, BUDGET = (256, 208, *SIDES), 8_000_000
FIELDS = ("title", "date", "makers", "technique", "size", "inventory_number")


def write_worklist(
    worklist: pd.DataFrame,
    pictures: Pictures,
    folder: str | os.PathLike,
    collection: str,
    language: str,
    looked: Mapping[str, int],
) -> None:
    """Write ``index.html`` and a page a kind of case into ``folder``, which must exist.

    Args:
        worklist: columns :data:`bilderatlas.files.WORKLIST`.
        pictures: the originals.
        folder: for the pages; they load nothing from elsewhere.
        collection: what the collection is called.
        language: ``de`` or ``en``.
        looked: how many negatives, titles and measurements were looked at, by kind.
    """
    listed = []
    for kind in KINDS:
        rows = worklist[worklist["kind"] == kind]
        cases = list(dict.fromkeys(rows["case"]))
        shown = rows[rows["case"].isin(set(cases[:LISTED]))]
        small = thumbnails(shown["image_id"], pictures, BUDGET, WIDE)
        write_page(
            "worklist-cases.html.j2",
            Path(folder) / f"{kind}.html",
            language,
            title=label(f"worklist.{kind}_heading", language, collection=collection),
            about=label(f"worklist.{kind}_text", language),
            cases=[_case(part, small, language) for _, part in shown.groupby("case", sort=False)],
            more=count(len(cases) - LISTED, language) if len(cases) > LISTED else "",
        )
        line = label(
            f"worklist.{kind}_count",
            language,
            count=count(len(cases), language),
            looked=count(looked[kind], language),
        )
        listed.append((f"{kind}.html", line))
    write_page(
        "worklist-index.html.j2",
        Path(folder) / "index.html",
        language,
        title=label("worklist.heading", language, collection=collection),
        pages=listed,
    )


def _case(rows: pd.DataFrame, small: Mapping[str, str], language: str) -> dict[str, Any]:
    """What the template shows of a case: its pictures side by side, a line a field."""
    differs = set(filter(None, rows["differs"].iloc[0].split(" | ")))
    kind, first = rows["kind"].iloc[0], rows.iloc[0]
    heads = [
        {
            "id": row["image_id"],
            "picture": small.get(row["image_id"], ""),
            "marks": _marks(row, kind, language),
            "beside": row["beside"],
        }
        for _, row in rows.iterrows()
    ]
    fields = []
    for name in FIELDS:
        values = [_value(row, name, language) for _, row in rows.iterrows()]
        if not any(values):
            continue
        apart = name in differs
        empty = label("worklist.empty", language) if apart else NOTHING
        marked = [_parts(value or empty, values if apart else []) for value in values]
        if kind == TITLE and name == "title":
            marked[0] = _found(values[0], first["note"])
        fields.append(
            {"name": label(f"worklist.{name}", language), "apart": apart, "cells": marked}
        )
    return {
        "name": first["image_id"],
        "pictures": heads,
        "fields": fields,
        "note": _note(first, language) if kind == ORIENTATION else "",
        "address": first["record_url"] if _is_address(first["record_url"]) else "",
    }


def _marks(row: pd.Series, kind: str, language: str) -> list[str]:
    """The words above a picture: how it stands to the first one."""
    if not row["beside"]:
        key = {RECORDS: "reference", TITLE: "asked"}.get(kind)
        return [label(f"worklist.{key}", language)] if key else []
    if row["source"] == PIXELS:
        return [label("worklist.near", language, score=number(row["score"], language, 2))]
    known = kind == RECORDS and row["relation"] == PRINT  # as all of this page are
    words = [] if known else [name_of("relation", row["relation"], language)]
    words += [label(f"worklist.{name}", language) for name in MARKED if row[name] == "yes"]
    if row["source"] == "hand":
        words.append(label("worklist.hand", language))
    elif pd.notna(row["score"]):
        words.append(label("worklist.score", language, score=number(row["score"], language, 2)))
    return words


MARKED = ("mirrored", "cut")


def _value(row: pd.Series, name: str, language: str) -> str:
    return size_of(row, language) if name == "size" else str(row[name] or "").strip()


def _parts(value: str, others: list[str]) -> list[tuple[str, bool]]:
    """The words of a value, each with whether another record of the case lacks it."""
    if not others:
        return [(value, False)]
    bare = [{_bare(word) for word in other.split()} for other in others]
    # where punctuation alone differs, that is it
    write = _bare if any(one != other for one in bare for other in bare) else str
    sets = [{write(word) for word in other.split()} for other in others]
    words = [(word, not all(write(word) in words for words in sets)) for word in value.split()]
    spaced = [part for word in words for part in (word, (" ", False))]
    return spaced[:-1]


def _bare(word: str) -> str:
    return word.strip(".,;:()[]\"'„“”»«-–") or word


def _found(title: str, word: str) -> list[tuple[str, bool]]:
    """A title parted at the word of doubt."""
    before, found, after = title.partition(word)
    return [part for part in ((before, False), (found, True), (after, False)) if part[0]]


def _note(row: pd.Series, language: str) -> str:
    """How a picture lies, from the note of the table: ``stated lying, seen upright: why``."""
    stated, _, rest = row["note"].removeprefix("stated ").partition(", seen ")
    seen, _, why = rest.partition(": ")
    return label(
        "worklist.lies",
        language,
        stated=name_of("orientation", stated, language),
        seen=name_of("orientation", seen, language),
        why=name_of("orientation", why, language),
    )


def _is_address(text: str) -> bool:
    return str(text).startswith(("https://", "http://"))
