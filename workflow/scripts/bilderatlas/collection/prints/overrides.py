"""The word of people on pairs: a table that only grows, whose last row of a pair wins."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import TypeVar

import pandas as pd

from bilderatlas.collection.negatives import components
from bilderatlas.collection.records import read_decided
from bilderatlas.errors import InputError
from bilderatlas.files import PRINT, SAME_FILE, VARIANT
from bilderatlas.job import log

NO, UNDO = "no", "undo"
ALLOWED = (PRINT, VARIANT, NO, SAME_FILE, UNDO)
YES_NO = ("", "yes", "no")
NEEDED = ("image_a", "image_b", "relation")
Row = TypeVar("Row")


@dataclass(frozen=True)
class Decision:
    """What a person said of a pair.

    Attributes:
        relation: print, variant, same_file, or no (they have nothing to do with each other).
        mirrored, cut: yes, no, or empty where the person left that to the rule.
    """

    relation: str
    mirrored: str
    cut: str


def read_decisions(
    path: str | os.PathLike, image_ids: Collection[str]
) -> dict[tuple[str, str], Decision]:
    """The decisions that hold, by pair of ids (the smaller first, as text).

    ``undo`` takes a pair's last row back (where there is none, nothing: two may have undone one
    click). Rows on pictures that the collection does not have (any more) are told in the log and
    left out.

    Args:
        path: a CSV with the columns :data:`bilderatlas.files.PRINTS`, from the desk or a
            spreadsheet (byte order mark, semicolons); all but the pair and its relation may be
            missing. A file that is not there or has no rows holds no decision.
        image_ids: the collection's pictures.

    Raises:
        InputError: the file is no such table, or a row names an unknown relation, one picture
            twice, or anything but yes and no.
    """
    known = set(image_ids)
    said: dict[tuple[str, str], list[Decision]] = {}
    for place, row in read_decided(path, NEEDED):
        pair, decision = _understood(row, f"{place.capitalize()} of {path}")
        strange = [name for name in pair if name not in known]
        if strange:
            log.warning(
                "%s, %s: no picture is called %s, so the row is left out: write the id as the"
                " catalogue has it, or let the row be where the picture was withdrawn.",
                path, place, strange[0],
            )  # fmt: skip
            continue
        said.setdefault(pair, []).append(decision)
    holds = {pair: standing(rows, lambda row: row.relation) for pair, rows in said.items()}
    return {pair: row for pair, row in holds.items() if row is not None}


def standing(rows: Iterable[Row], relation: Callable[[Row], str]) -> Row | None:
    """The last of a pair's rows that no ``undo`` after it has withdrawn; None where none is left.

    An undo withdraws one row; where none is left, nothing.
    """
    left: list[Row] = []
    for row in rows:
        if relation(row) != UNDO:
            left.append(row)
        elif left:
            left.pop()
    return left[-1] if left else None


def _understood(row: dict[str, str], where: str) -> tuple[tuple[str, str], Decision]:
    """The pair, smaller id first, and what is said of it."""
    one, other = sorted((row["image_a"], row["image_b"]))
    said = Decision(row["relation"], row.get("mirrored", ""), row.get("cut", ""))
    if not one or not other:
        raise InputError(f"{where} lacks a picture: fill in image_a and image_b.")
    if one == other:
        raise InputError(f"{where} pairs {one} with itself: name two pictures.")
    if said.relation not in ALLOWED:
        raise InputError(
            f"{where} has the relation {said.relation!r}; allowed are {', '.join(ALLOWED)}."
        )
    for column, word in (("mirrored", said.mirrored), ("cut", said.cut)):
        if word not in YES_NO:
            raise InputError(f"{where} has {word!r} under {column}: write yes, no, or nothing.")
    return (one, other), said


def apply_decisions(
    duplicates: pd.DataFrame, decisions: dict[tuple[str, str], Decision]
) -> pd.DataFrame:
    """Duplicates as the rule found them, with the word of people put first.

    Args:
        duplicates: columns :data:`bilderatlas.files.DUPLICATES`; a pair stands once.
        decisions: as :func:`read_decisions` gives them.

    Returns:
        the same columns. ``no`` removes a pair; any other word makes its ``source`` hand and its
        ``score`` 1, and adds the pair where the rule had none. Where a person contradicts the rule
        on the mirror, the rule's measures are of another pair of pictures and are emptied.
    """
    rows = duplicates.to_dict("records")
    found = {(row["image_a"], row["image_b"]): row for row in rows}
    for pair, decision in sorted(decisions.items()):
        if decision.relation == NO:
            found.pop(pair, None)
            continue
        empty = dict.fromkeys(duplicates.columns, "")
        empty |= {"inliers": float("nan"), "correlation": float("nan")}
        empty |= {"mirrored": "no", "cut": "no"}
        row = found.get(pair, empty)
        if decision.mirrored and decision.mirrored != row["mirrored"]:
            row = empty
        found[pair] = row | {
            "image_a": pair[0],
            "image_b": pair[1],
            "relation": decision.relation,
            "mirrored": decision.mirrored or row["mirrored"],
            "cut": decision.cut or row["cut"],
            "score": 1.0,
            "source": "hand",
        }
    return pd.DataFrame([found[pair] for pair in sorted(found)], columns=duplicates.columns)


def contradicted(
    duplicates: pd.DataFrame, decisions: dict[tuple[str, str], Decision]
) -> list[tuple[str, str]]:
    """Pairs that people called no prints, though a chain of prints joins the two pictures.

    One of the links must be wrong, and which one is for people: none is cut here.

    Args:
        duplicates: as :func:`apply_decisions` gives them.
        decisions: by pair of ids.
    """
    prints = duplicates[duplicates["relation"].isin((PRINT, SAME_FILE))]
    links = list(zip(prints["image_a"], prints["image_b"], strict=True))
    negative = components(sorted({name for link in links for name in link}), links)
    return [
        (one, other)
        for (one, other), decision in sorted(decisions.items())
        if decision.relation in (NO, VARIANT)
        and one in negative.index
        and other in negative.index
        and negative[one] == negative[other]
    ]
