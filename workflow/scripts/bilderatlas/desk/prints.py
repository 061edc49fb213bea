"""The page of prints: are two pictures prints of one negative, variants, or neither?"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from bilderatlas.collection.prints.overrides import ALLOWED, NEEDED, NO, UNDO, standing
from bilderatlas.collection.records import read_decided
from bilderatlas.desk.holdings import Holdings
from bilderatlas.desk.journal import Journal
from bilderatlas.desk.page import now
from bilderatlas.desk.previews import Previews
from bilderatlas.desk.saying import ConflictError, RefusedError
from bilderatlas.files import (
    DUPLICATES,
    PRINT,
    PRINTS,
    SAME_FILE,
    SERIES,
    VARIANT,
    read_table,
)

# what is worth a look first: of pairs with the same bytes and of series there is little to see
ORDER = (PRINT, VARIANT, SAME_FILE, SERIES)


class Prints:
    """Pairs of pictures; the key of a pair is its two ids, the smaller first."""

    name: ClassVar[str] = "prints"

    def __init__(self, holdings: Holdings, previews: Previews) -> None:
        self.holdings = holdings
        self.journal = Journal(holdings.resources / "prints.csv", PRINTS)
        self.duplicates = holdings.results / "duplicates.csv"
        self.taken_over = holdings.target(self.duplicates)

    def items(self) -> tuple[list[dict[str, Any]], str]:
        """Pairs that the rule found, prints and variants first, of each the unsure first.

        Then the pairs that only people named.
        """
        found: list[dict[str, Any]] = []
        lacking = ""
        if self.duplicates.exists():
            found = read_table(self.duplicates, DUPLICATES).to_dict("records")
        else:
            lacking = self.holdings.command(self.holdings.target(self.duplicates))
        known = self.holdings.pictures
        items = {
            item["key"]: item
            for item in map(self._item, found)
            if item["a"] in known and item["b"] in known
        }
        for row in self.read()[0]:
            pair = {"image_a": row["a"], "image_b": row["b"]}
            if row["a"] in known and row["b"] in known and row["key"] not in items:
                items[row["key"]] = self._item(pair)
        return sorted(items.values(), key=_place), lacking

    def read(self) -> tuple[list[dict[str, Any]], list[str]]:
        """All rows of ``prints.csv``."""
        rows: list[dict[str, Any]] = []
        faults = []
        path = self.journal.path
        for place, cells in read_decided(path, NEEDED):
            a, b = sorted((cells["image_a"], cells["image_b"]))
            relation = cells["relation"]
            if not a or a == b or relation not in ALLOWED:
                faults.append(
                    f"{path}, {place}: it needs two pictures, and one of the relations"
                    f" {', '.join(ALLOWED)}."
                )
                continue
            rows.append(
                {
                    "key": key_of(a, b), "a": a, "b": b, "relation": relation,
                    "mirrored": cells.get("mirrored") == "yes", "cut": cells.get("cut") == "yes",
                    "by": cells.get("by", ""), "at": cells.get("at", ""),
                }
            )  # fmt: skip
        return rows, faults

    def stand(self, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
        """The last row that no ``undo`` after it has withdrawn."""
        row = standing(rows, lambda row: row["relation"])
        if row is None:
            return None
        return {name: row[name] for name in ("relation", "mirrored", "cut", "by", "at")}

    def row(
        self, asked: Mapping[str, Any], history: Callable[[str], Sequence[Mapping[str, Any]]]
    ) -> dict[str, str] | None:
        """A relation, or ``undo``; that only of what the browser has seen (``rows``)."""
        a, b = asked.get("a"), asked.get("b")
        for image_id in (a, b):
            if not isinstance(image_id, str) or image_id not in self.holdings.pictures:
                raise RefusedError("refused_picture", id=repr(image_id))
        if a == b:
            raise RefusedError("refused_pair")
        a, b = sorted((a, b))
        relation = asked.get("relation")
        if relation not in ALLOWED:
            raise RefusedError(
                "refused_relation", relation=repr(relation), allowed=", ".join(ALLOWED)
            )
        rows = history(key_of(a, b))
        if relation == UNDO:
            if not rows:
                raise RefusedError("refused_undo")
            if asked.get("rows") != len(rows):
                raise ConflictError("refused_meanwhile")
        said = {name: asked.get(name) is True for name in ("mirrored", "cut")}
        stands = self.stand(rows)
        # a browser that heard no answer says it again
        if stands and all(
            stands[name] == value
            for name, value in ({"relation": relation, "by": self.holdings.by} | said).items()
            if relation != NO or name not in said
        ):
            return None
        told = {name: "yes" if value else "no" for name, value in said.items()}
        if relation in (NO, UNDO):
            told = {"mirrored": "", "cut": ""}
        return {
            "image_a": a, "image_b": b, "relation": relation, **told,
            "by": self.holdings.by, "at": now(),
        }  # fmt: skip

    def _item(self, row: Mapping[str, Any]) -> dict[str, Any]:
        a, b = row["image_a"], row["image_b"]
        return {
            "key": key_of(a, b),
            "a": a,
            "b": b,
            "title": self.holdings.title_of(a),
            "title_b": self.holdings.title_of(b),
            # the other pairs are many, and there is little to decide on them
            "counts": row.get("relation", "") in (PRINT, VARIANT, ""),
            "relation": row.get("relation", ""),
            "mirrored": row.get("mirrored") == "yes",
            "cut": row.get("cut") == "yes",
            "score": _number(row.get("score")),
            "inliers": _number(row.get("inliers")),
            "correlation": _number(row.get("correlation")),
            "transform": read_transform(str(row.get("transform", ""))),
            "source": row.get("source", ""),
        }


def key_of(a: str, b: str) -> str:
    """The key of a pair whose smaller id is ``a``; a tab stands in no id of a file."""
    return f"{a}\t{b}"


def read_transform(text: str) -> list[float] | None:
    """Nine finite numbers of a homography, row by row; None where there is none."""
    try:
        numbers = [float(word) for word in text.split()]
    except ValueError:
        return None
    return numbers if len(numbers) == 9 and all(map(math.isfinite, numbers)) else None


def _place(item: Mapping[str, Any]) -> tuple[int, float, str]:
    relation = item["relation"]
    rank = ORDER.index(relation) if relation in ORDER else len(ORDER)
    # prints and variants are one list to work through: the least sure of both come first
    rank = 1 if rank == 0 else rank
    return rank, item["score"] if item["score"] is not None else 0.0, item["key"]


def _number(value: Any) -> float | None:
    if not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return round(float(value), 4)
