"""What may be shown to the public: the one filter that every public page goes through.

A picture is kept back whose catalogue says ``publish: no`` or leaves a note there, whose image has
no right named, or whose image, object or record has a right that is not among the allowed ones.
``publish: yes`` names no right and opens nothing by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from bilderatlas.collection.rights import FREE, KINDS, name_of
from bilderatlas.files import WITHHELD

YES = ("yes", "ja", "oui", "true", "1")
NO = ("no", "nein", "non", "false", "0")
# the image's right must be named; the others must be allowed where they are named
COLUMNS = ("rights_image", "rights_object", "rights_metadata")


@dataclass(frozen=True)
class Rules:
    """What is allowed.

    Attributes:
        allowed: short names of rights (see :mod:`rights`), or texts just as the catalogue has them.
        notes: is a note in ``publish``, neither yes nor no, to be published all the same?
    """

    allowed: tuple[str, ...] = FREE
    notes: bool = False


def publishable(catalogue: pd.DataFrame, rules: Rules) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows that may be shown, and the others with their reasons.

    Args:
        catalogue: with the columns of :data:`files.CATALOGUE`; its index is kept.
        rules: what is allowed.

    Returns:
        the rows to be shown; a table with the columns :data:`files.WITHHELD`, a row for each
        reason: ``publish`` (no), ``note``, ``no right``, ``right`` (not allowed), ``kind of
        right`` (named without what may be done), with the column and value that decided.
    """
    allowed = frozenset(map(_key, rules.allowed)) - {""}
    rows, keep = [], []
    told: dict[str, str] = {}
    for picture in catalogue[["image_id", "title", "publish", *COLUMNS]].itertuples(index=False):
        reasons = _wish(picture.publish, rules.notes)
        if not picture.rights_image.strip():
            reasons.append(("no right", "rights_image", ""))
        for column in COLUMNS:
            value = getattr(picture, column)
            if value not in told:
                told[value] = _judge(value, allowed)
            if told[value]:
                reasons.append((told[value], column, value))
        keep.append(not reasons)
        rows += [(picture.image_id, picture.title, *reason) for reason in reasons]
    left_out = pd.DataFrame(rows, columns=list(WITHHELD), dtype=str)
    return catalogue[pd.Series(keep, index=catalogue.index, dtype=bool)], left_out


def _wish(publish: str, notes: bool) -> list[tuple[str, str, str]]:
    wish = publish.strip().casefold()
    if wish in NO:
        return [("publish", "publish", publish)]
    if wish and wish not in YES and not notes:
        return [("note", "publish", publish)]
    return []


def _judge(value: str, allowed: Iterable[str]) -> str:
    """Why a cell of rights is not allowed; empty where it is, or says nothing."""
    rights = [one for one in value.split(" | ") if one.strip()]
    if not rights or _key(value) in allowed:
        return ""
    deciding = [one for one in rights if _key(one) not in KINDS or _key(one) in allowed]
    if not deciding:
        return "kind of right"
    free = all(_key(one) in allowed or name_of(one) in allowed for one in deciding)
    return "" if free else "right"


def _key(text: str) -> str:
    return " ".join(text.split()).casefold()
