"""Decisions of people: boxes drawn by hand, in a table that only grows.

The last row of a picture wins.
The table (columns :data:`bilderatlas.files.CROPS`) is written by the desk
(:mod:`bilderatlas.desk.journal`) or in a spreadsheet program: a byte order mark, semicolons and
columns in another order are taken, ``by``, ``checked_at`` and ``turn`` may be missing.
"""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass

from bilderatlas.collection.crops.crop import TURNS, Crop
from bilderatlas.collection.records import read_decided
from bilderatlas.errors import InputError
from bilderatlas.job import log

SIDES = ("left", "top", "right", "bottom")
TOLD = 10  # faults that are told at a time


@dataclass(frozen=True)
class Decision:
    """A row of the table; ``box`` is None where it takes the picture's decision back."""

    image_id: str
    box: tuple[int, int, int, int] | None
    turn: int
    by: str
    checked_at: str
    place: str = ""


def read_decisions(path: str | os.PathLike) -> dict[str, Decision]:
    """The decisions that hold, by image id: the last row of a picture, unless it takes back.

    A file that is not there, or has no rows yet, holds no decision.

    Raises:
        InputError: the file is no such table, or a row has a number that is none; a sentence a
            fault, the first ten.
    """
    rows, faults = read_log(path)
    _raise(faults)
    last = {row.image_id: row for row in rows}
    return {name: row for name, row in last.items() if row.box is not None}


def read_log(path: str | os.PathLike) -> tuple[list[Decision], list[str]]:
    """All rows in their order, and a sentence for each that cannot be understood.

    Raises:
        InputError: the file is no such table.
    """
    rows, faults = [], []
    for place, cells in read_decided(path, ("image_id", *SIDES)):
        try:
            rows.append(_decision(cells, place))
        except ValueError as error:
            faults.append(f"{path}, {place}: {error}")
    return rows, faults


def check_decisions(
    path: str | os.PathLike,
    decisions: Mapping[str, Decision],
    sizes: Mapping[str, tuple[int, int]],
) -> dict[str, Crop]:
    """The crops that decisions stand for, held against the scans.

    A decision about a picture that was withdrawn, or cannot be opened, is told and left out: it may
    come back, and the others hold.

    Args:
        path: of the table, for the sentences.
        decisions: as :func:`read_decisions` gives them.
        sizes: width and height of each scan of the collection as a viewer shows it.

    Raises:
        InputError: a box is no box within its scan; a sentence a fault.
    """
    crops, faults = {}, []
    for name, row in decisions.items():
        if name not in sizes:
            log.warning(
                "%s, %s: the collection has no picture %r that can be opened, so the row is left"
                " out: write the id as the catalogue has it, or let the row be where the picture"
                " was withdrawn.",
                path, row.place, name,
            )  # fmt: skip
            continue
        fault = _fault(row, sizes[name])
        if fault:
            faults.append(f"{path}, {row.place}: {fault}")
        else:
            crops[name] = Crop(*row.box, row.turn, *sizes[name])
    _raise(faults)
    return crops


def _decision(cells: dict[str, str], place: str) -> Decision:
    name = cells["image_id"]
    if not name:
        raise ValueError("no image_id says which picture the box is of.")
    given = [cells[side] for side in SIDES]
    by, at = cells.get("by", ""), cells.get("checked_at", "")
    if not any(given):
        return Decision(name, None, 0, by, at, place)
    left, top, right, bottom = (
        _number(text, side) for text, side in zip(given, SIDES, strict=True)
    )
    turn = _number(cells.get("turn", "") or "0", "turn")
    if turn not in TURNS:
        raise ValueError(f"turn is {turn}; it is 0, 90, 180 or 270 degrees clockwise.")
    return Decision(name, (left, top, right, bottom), turn, by, at, place)


def _number(text: str, name: str) -> int:
    """A whole number of pixels; a spreadsheet program may have written ``12.0`` or ``12,0``."""
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        said = f"is {text!r}" if text else "is empty"
        raise ValueError(f"{name} {said}; it is a whole number of pixels.") from None
    if not math.isfinite(value) or value != round(value):
        raise ValueError(f"{name} is {text!r}; it is a whole number of pixels.")
    return round(value)


def _fault(row: Decision, size: tuple[int, int]) -> str:
    """What is wrong with a decision, or nothing."""
    left, top, right, bottom = row.box
    if left >= right:
        return f"{row.image_id}: left {left} is not left of right {right}."
    if top >= bottom:
        return f"{row.image_id}: top {top} is not above bottom {bottom}."
    if left < 0 or top < 0 or right > size[0] or bottom > size[1]:
        return (
            f"{row.image_id}: the box {left}, {top}, {right}, {bottom} reaches outside the scan,"
            f" which has {size[0]} x {size[1]} pixels."
        )
    return ""


def _raise(faults: list[str]) -> None:
    if faults:
        more = f"\n... and {len(faults) - TOLD} more." if len(faults) > TOLD else ""
        raise InputError("\n".join(faults[:TOLD]) + more)
