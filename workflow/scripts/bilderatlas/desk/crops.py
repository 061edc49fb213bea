"""The page of crops: what of a scan is the photograph. Two clicks, or the rule's proposal."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from bilderatlas.collection.crops.crop import TURNS
from bilderatlas.collection.crops.decisions import SIDES, read_log
from bilderatlas.desk.holdings import Holdings
from bilderatlas.desk.journal import Journal
from bilderatlas.desk.page import RefusedError, is_time, now, whole_number
from bilderatlas.desk.previews import Previews
from bilderatlas.errors import InputError
from bilderatlas.files import CROP_PROPOSALS, CROPS, read_table
from bilderatlas.show.crop_words import crop_words, split_cards


class Crops:
    """Boxes on scans; an item is a picture, its key the image id."""

    name: ClassVar[str] = "crops"
    # packs and models hang on crops: a click must not make them due
    taken_over = "--forcerun freeze_crops"

    def __init__(self, holdings: Holdings, previews: Previews) -> None:
        self.holdings = holdings
        self.previews = previews
        self.journal = Journal(holdings.resources / "crops.csv", CROPS, _whole)
        self.proposals = holdings.results / "crop_proposals.csv"

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

    def row(self, asked: Mapping[str, Any], rows_of: Mapping[str, int]) -> dict[str, str]:
        """A box within the scan as it is now, or none (``box: null`` takes the decision back)."""
        image_id = asked.get("key")
        if not isinstance(image_id, str) or image_id not in self.holdings.pictures:
            raise RefusedError(f"The collection has no picture {image_id!r}.")
        row = {"image_id": image_id, "by": self.holdings.by, "checked_at": now(), "turn": "0"}
        box = asked.get("box")
        if box is None:
            return row | dict.fromkeys(SIDES, "")
        if not isinstance(box, list) or len(box) != 4:
            raise RefusedError("A box has four sides: left, top, right, bottom.")
        left, top, right, bottom = (
            whole_number(dict(zip(SIDES, box, strict=True)), side) for side in SIDES
        )
        turn = whole_number(asked, "turn")
        if turn not in TURNS:
            raise RefusedError(f"turn is {turn}; it is 0, 90, 180 or 270.")
        try:
            seen = self.previews.look(self.holdings.pictures[image_id])
        except InputError as error:
            raise RefusedError(str(error)) from None
        if asked.get("stamp") != seen.stamp:
            raise RefusedError(
                f"{image_id} is another picture than the one that was shown: load the page anew.",
                conflict=True,
            )
        if not (0 <= left < right <= seen.width and 0 <= top < bottom <= seen.height):
            raise RefusedError(
                f"The box {left}, {top}, {right}, {bottom} is none within the scan of"
                f" {seen.width} x {seen.height} pixels."
            )
        sides = zip(SIDES, map(str, (left, top, right, bottom)), strict=True)
        return row | dict(sides) | {"turn": str(turn)}

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


def _number(text: Any, whole: bool = True) -> float | int | None:
    """A number of the proposals; None where there is none."""
    try:
        value = float(text)
    except (TypeError, ValueError):
        return None
    if not math.isfinite(value):
        return None
    return round(value) if whole else round(value, 4)


def _whole(cells: Mapping[str, str]) -> bool:
    """Is a row without the end of its line a whole one?

    The desk writes the turn, its last cell, in every row, so that no beginning of a row looks
    whole; a person may leave the turn out, and then names no time either.
    """
    turn, at = cells.get("turn", ""), cells.get("checked_at", "")
    if turn:
        return turn in {str(one) for one in TURNS}
    return not at or ("turn" not in cells and is_time(at))
