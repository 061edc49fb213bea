"""The page of crops: what of a scan is the photograph. Two clicks, or the rule's proposal."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from bilderatlas.collection.crops.crop import TURNS
from bilderatlas.collection.crops.decisions import SIDES, read_log
from bilderatlas.desk.holdings import Holdings
from bilderatlas.desk.journal import Journal
from bilderatlas.desk.page import now, whole_number
from bilderatlas.desk.previews import Previews
from bilderatlas.desk.saying import ConflictError, RefusedError, SaidError
from bilderatlas.files import CROP_PROPOSALS, CROPS, read_table
from bilderatlas.show.crop_words import crop_words, split_cards


class Crops:
    """Boxes on scans; an item is a picture, its key the image id."""

    name: ClassVar[str] = "crops"

    def __init__(self, holdings: Holdings, previews: Previews) -> None:
        self.holdings = holdings
        self.previews = previews
        self.journal = Journal(holdings.resources / "crops.csv", CROPS)
        self.proposals = holdings.results / "crop_proposals.csv"
        # packs and models hang on crops: a click must not make them due
        frozen = holdings.target(holdings.results / "crops.csv")
        self.taken_over = f"{frozen} --forcerun freeze_crops"

    def items(self) -> tuple[list[dict[str, Any]], str]:
        """Pictures with a proposal, unsure first as the rule sorted them; then the others."""
        proposed = []
        lacking = ""
        target = self.holdings.target(self.proposals)
        if self.proposals.exists():
            proposed = read_table(self.proposals, CROP_PROPOSALS).to_dict("records")
        else:
            lacking = self.holdings.command(target)
        known = self.holdings.pictures
        items = {row["image_id"]: self._item(row) for row in proposed if row["image_id"] in known}
        for image_id in known:
            items.setdefault(image_id, self._item({"image_id": image_id}))
        return list(items.values()), lacking

    def read(self) -> tuple[list[dict[str, Any]], list[str]]:
        """All rows of ``crops.csv``."""
        rows, faults = read_log(self.journal.path)
        return [
            {
                "key": row.image_id, "box": row.box, "turn": row.turn,
                "by": row.by, "at": row.checked_at,
            }
            for row in rows
        ], faults  # fmt: skip

    def stand(self, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
        """The last row wins; without a box it takes the picture's decision back."""
        last = rows[-1]
        return {name: last[name] for name in ("box", "turn", "by", "at")} if last["box"] else None

    def row(
        self, asked: Mapping[str, Any], history: Callable[[str], Sequence[Mapping[str, Any]]]
    ) -> dict[str, str] | None:
        """A box within the scan as it is now; or ``undo`` of what the browser has seen (``rows``).

        Undo says the decision before once more, with its own name and time, and by an empty box
        that there was none.
        """
        image_id = asked.get("key")
        if not isinstance(image_id, str) or image_id not in self.holdings.pictures:
            raise RefusedError("refused_picture", id=repr(image_id))
        rows = history(image_id)
        standing = self.stand(rows) if rows else None
        if asked.get("undo") is True:
            if standing is None:
                raise RefusedError("refused_undo")
            if asked.get("rows") != len(rows):
                raise ConflictError("refused_meanwhile")
            return self._said(image_id, before(rows))
        box = asked.get("box")
        if not isinstance(box, list) or len(box) != 4:
            raise RefusedError("refused_sides")
        left, top, right, bottom = (
            whole_number(dict(zip(SIDES, box, strict=True)), side) for side in SIDES
        )
        turn = whole_number(asked, "turn")
        if turn not in TURNS:
            raise RefusedError("refused_turn", turn=turn)
        try:
            seen = self.previews.look(self.holdings.pictures[image_id])
        except SaidError as error:
            raise RefusedError(error.key, **error.values) from None
        if asked.get("stamp") != seen.stamp:
            raise ConflictError("refused_exchanged", id=image_id)
        if not (0 <= left < right <= seen.width and 0 <= top < bottom <= seen.height):
            box = ", ".join(map(str, (left, top, right, bottom)))
            raise RefusedError("refused_box", box=box, width=seen.width, height=seen.height)
        made = {
            "box": (left, top, right, bottom), "turn": turn, "by": self.holdings.by, "at": now(),
        }  # fmt: skip
        # a browser that heard no answer says it again
        if standing and all(standing[name] == made[name] for name in ("box", "turn", "by")):
            return None
        return self._said(image_id, made)

    def _said(self, image_id: str, decision: Mapping[str, Any] | None) -> dict[str, str]:
        if decision is None:
            decision = {"box": ("",) * 4, "turn": 0, "by": self.holdings.by, "at": now()}
        sides = dict(zip(SIDES, map(str, decision["box"]), strict=True))
        told = {"turn": str(decision["turn"]), "by": decision["by"]}
        return {"image_id": image_id, **sides, **told, "checked_at": decision["at"]}

    def _item(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """A picture of the worklist; ``box`` is None where the rule proposes none."""
        image_id = row["image_id"]
        sides = [_number(row.get(side)) for side in SIDES]
        turn = _number(row.get("turn")) or 0
        return {
            "key": image_id,
            "id": image_id,
            "title": self.holdings.title_of(image_id),
            "counts": True,
            "box": sides if None not in sides else None,
            "turn": int(turn) if turn in TURNS else 0,
            "confidence": _number(row.get("confidence"), whole=False),
            "expected": _number(row.get("expected_aspect"), whole=False),
            "note": crop_words(
                split_cards(row.get("card", "")),
                row.get("reason", "").split(),
                self.holdings.language,
            ),
            "width": _number(row.get("width")),
            "height": _number(row.get("height")),
        }


def before(rows: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """What held of a picture before the decision that stands; None: nothing.

    A row that is said again to the letter, with its name and time, took back all between.
    """
    stood: list[Mapping[str, Any]] = []
    for row in rows:
        if not row["box"]:
            stood.clear()
        elif row in stood:
            del stood[stood.index(row) + 1 :]
        else:
            stood.append(row)
    return stood[-2] if len(stood) > 1 else None


def _number(text: Any, whole: bool = True) -> float | int | None:
    """A number of the proposals; None where there is none."""
    try:
        value = float(text)
    except (TypeError, ValueError):
        return None
    if not math.isfinite(value):
        return None
    return round(value) if whole else round(value, 4)
