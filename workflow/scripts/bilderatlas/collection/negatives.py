"""Prints of one negative, from the pairs of ``duplicates.csv``: components, and how they lie.

A pair says how two prints lie on each other; three prints and more hang together by chains of
pairs. What no row says of two prints of one negative follows from the chain between them: a
mirrored print of a mirrored print is none, a part of a part is a part.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bilderatlas.files import PRINT, SAME_FILE

log = logging.getLogger("bilderatlas")

# relations by which pictures are of one negative
ONE_NEGATIVE = (SAME_FILE, PRINT)
YES = "yes"
# left and right exchanged, in coordinates from 0 to 1
_FLIP = np.array([[-1.0, 0.0, 1.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])


def of_one_negative(duplicates: pd.DataFrame, image_ids: Iterable[str]) -> pd.DataFrame:
    """The rows of prints and of equal files whose two pictures are both among ``image_ids``."""
    known = set(image_ids)
    rows = duplicates[duplicates["relation"].isin(ONE_NEGATIVE)]
    return rows[rows["image_a"].isin(known) & rows["image_b"].isin(known)]


def components(image_ids: Sequence[str], pairs: Iterable[tuple[str, str]]) -> pd.Series:
    """What is connected by a chain of pairs.

    Args:
        image_ids: n different strings.
        pairs: of these ids; pairs with another id say nothing.

    Returns:
        by image id, a number that all of one component share: the row of its first picture.
    """
    root = list(range(len(image_ids)))
    place = {name: row for row, name in enumerate(image_ids)}

    def find(row: int) -> int:
        while root[row] != row:
            root[row] = root[root[row]]  # halves the path for the next one
            row = root[row]
        return row

    for one, other in pairs:
        if one in place and other in place:
            low, high = sorted((find(place[one]), find(place[other])))
            root[high] = low
    return pd.Series(map(find, root), index=pd.Index(list(image_ids), dtype=object), dtype=int)


@dataclass(frozen=True)
class Placed:
    """How a print lies on the print that it is compared with.

    Attributes:
        relation: ``same_file`` or ``print``.
        mirrored: left and right are exchanged between the two.
        cut: one shows less than the other.
        matrix: float (3, 3), homography of normalised coordinates (x right, y down, 0 to 1 of
            width and height) of this print, as it is, to those of the other; None where unknown.
        score: the weakest score of the chain, 0 to 1; 1 where a person said so.
        source: ``rule``, or ``hand`` where a person had a say in the chain.
    """

    relation: str
    mirrored: bool
    cut: bool
    matrix: np.ndarray | None
    score: float
    source: str

    def after(self, step: Placed) -> Placed:
        """Where ``step`` leads from a further print to this one: that print on the other."""
        both = self.matrix is not None and step.matrix is not None
        matrix = self.matrix @ step.matrix if both else None
        return Placed(
            PRINT if PRINT in (self.relation, step.relation) else SAME_FILE,
            self.mirrored != step.mirrored,
            self.cut or step.cut,
            matrix,
            float(np.fmin(self.score, step.score)),
            "hand" if "hand" in (self.source, step.source) else self.source,
        )


_ITSELF = Placed(SAME_FILE, False, False, np.eye(3), np.nan, "rule")


@dataclass(frozen=True)
class Negative:
    """The prints of one negative.

    Attributes:
        reference: the print that shows most; the others are compared with it.
        prints: by image id how a print lies on the reference, which comes first.
    """

    reference: str
    prints: dict[str, Placed]


def find_negatives(duplicates: pd.DataFrame, image_ids: Sequence[str]) -> list[Negative]:
    """All negatives with two prints or more, by the first id of each.

    Args:
        duplicates: columns :data:`bilderatlas.files.DUPLICATES`.
        image_ids: the pictures there are.
    """
    rows = of_one_negative(duplicates, image_ids)
    steps = _steps(rows)
    ids = sorted(steps)
    label = components(ids, zip(rows["image_a"], rows["image_b"], strict=True))
    found = []
    for _, members in label.groupby(label, sort=False):
        reference = _showing_most(list(members.index), steps)
        found.append(Negative(reference, reached(reference, steps)))
    return sorted(found, key=lambda negative: min(negative.prints))


def pairs_within(duplicates: pd.DataFrame, image_ids: Sequence[str]) -> pd.DataFrame:
    """Each two prints of one negative, those that only a chain connects included.

    Two of which a person said another word (variant) are left out, whatever the chain says.

    Returns:
        columns ``image_a``, ``image_b`` (image_a < image_b), ``relation``, ``mirrored``, ``cut``
        (bool), ``negative`` (first id of its prints).
    """
    steps = _steps(of_one_negative(duplicates, image_ids))
    by_hand = duplicates[
        (duplicates["source"] == "hand") & ~duplicates["relation"].isin(ONE_NEGATIVE)
    ]
    denied = set(zip(by_hand["image_a"], by_hand["image_b"], strict=True))
    rows = []
    for one in sorted(steps):
        prints = reached(one, steps)
        first = min(prints)
        rows += [
            (one, other, how.relation, how.mirrored, how.cut, first)
            for other, how in sorted(prints.items())
            if one < other and (one, other) not in denied
        ]
    names = ["image_a", "image_b", "relation", "mirrored", "cut", "negative"]
    return pd.DataFrame(rows, columns=names).astype({"mirrored": bool, "cut": bool})


def reached(start: str, steps: dict[str, dict[str, Placed]]) -> dict[str, Placed]:
    """All prints of the negative of ``start`` by the shortest chain, ``start`` itself first."""
    found, waiting = {start: _ITSELF}, deque([start])
    while waiting:
        here = waiting.popleft()
        for other, step in sorted(steps[here].items()):
            if other not in found:
                found[other] = found[here].after(step)
                waiting.append(other)
    return found


def _steps(rows: pd.DataFrame) -> dict[str, dict[str, Placed]]:
    """By print and by its direct neighbour, how the neighbour lies on the print."""
    steps: dict[str, dict[str, Placed]] = {}
    for row in rows.itertuples(index=False):
        mirrored, cut = row.mirrored == YES, row.cut == YES
        flip = _FLIP if mirrored else np.eye(3)
        matrix = read_matrix(row.transform)
        forward = None if matrix is None else matrix @ flip
        backward = None if forward is None else np.linalg.inv(forward)
        about = (float(row.score), row.source)
        steps.setdefault(row.image_a, {})[row.image_b] = Placed(
            row.relation, mirrored, cut, forward, *about
        )
        steps.setdefault(row.image_b, {})[row.image_a] = Placed(
            row.relation, mirrored, cut, backward, *about
        )
    return steps


def read_matrix(text: str) -> np.ndarray | None:
    """Nine numbers parted by blanks as a (3, 3) matrix; None where there is none to be used."""
    try:
        matrix = np.array([float(word) for word in str(text).split()]).reshape(3, 3)
    except ValueError:
        return None
    largest = np.abs(matrix).max()
    if not np.isfinite(matrix).all() or not largest:
        return None
    # one that folds a picture into a line cannot be turned round
    return matrix if abs(np.linalg.det(matrix / largest)) > 1e-9 else None


def outline(matrix: np.ndarray) -> np.ndarray | None:
    """The corners of a whole print on the other, float (4, 2), clockwise from the upper left.

    None where the homography sends a corner to infinity.
    """
    corners = np.array([[0, 0, 1], [1, 0, 1], [1, 1, 1], [0, 1, 1]], dtype=float)
    moved = corners @ matrix.T
    if (moved[:, 2] * np.sign(moved[0, 2]) < 1e-6).any():
        return None
    return moved[:, :2] / moved[:, 2:]


def area(corners: np.ndarray) -> float:
    """Area of a polygon, float (n, 2)."""
    x, y = corners.T
    return float(abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2)


def _showing_most(members: Sequence[str], steps: dict[str, dict[str, Placed]]) -> str:
    """The print that shows more of the negative than its neighbours do; else the first id."""

    def smaller(name: str) -> tuple[int, int]:
        corners = [outline(step.matrix) for step in steps[name].values() if step.matrix is not None]
        # below 1: the neighbour covers only a part of this print
        parts = sum(found is not None and area(found) < 0.97 for found in corners)
        larger = sum(found is not None and area(found) > 1.03 for found in corners)
        return larger - parts, -len(steps[name])

    return min(sorted(members), key=smaller)
