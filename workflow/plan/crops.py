"""Which collections are cropped, and which decisions about crops wait: told before a run starts.

The tables are only counted here. What is wrong with them is said by the rule that reads them.
"""

from __future__ import annotations

import csv
import glob
from pathlib import Path

SIDES = ("left", "top", "right", "bottom")
RULE = "freeze_crops"


def hand_file(collection: str) -> str:
    """The table of boxes that people drew."""
    return f"resources/{collection}/crops.csv"


def frozen_file(collection: str) -> str:
    """The table of crops that a run uses."""
    return f"results/{collection}/crops.csv"


def cropped(collection: str, entry: dict, words: list[str]) -> bool:
    """Is a collection cropped in this run?

    Once it is, it stays so. A collection that has been packed already is left as it is until its
    decisions are asked for, so that a click never makes a model be trained again.

    Args:
        collection: its name.
        entry: its settings.
        words: of the command line.
    """
    if Path(frozen_file(collection)).exists() or entry["crops"]["accept"] is not None:
        return True
    if not decisions(hand_file(collection)):
        return False
    asked = RULE in words or frozen_file(collection) in words
    return asked or not glob.glob(f"results/{collection}/pack/*.h5")


def decisions(path: str | Path) -> dict[str, tuple[str, ...]]:
    """The boxes and turns that hold, by image id; empty where the table cannot be understood."""
    try:
        with open(path, encoding="utf-8-sig", newline="") as handle:
            header = handle.readline()
            handle.seek(0)
            rows = list(csv.DictReader(handle, delimiter=max(",;\t", key=header.count)))
    except (OSError, UnicodeDecodeError, csv.Error):
        return {}
    last = {(row.get("image_id") or "").strip(): row for row in rows}
    cells = {
        name: tuple((row.get(key) or "").strip() for key in (*SIDES, "turn"))
        for name, row in last.items()
    }
    return {name: (*box[:4], box[4] or "0") for name, box in cells.items() if any(box[:4])}


def waiting(collection: str) -> int:
    """How many decisions of people are other than what the run uses."""
    frozen = {}
    path = Path(frozen_file(collection))
    if path.exists():
        with path.open(encoding="utf-8", newline="") as handle:
            by_hand = [row["image_id"] for row in csv.DictReader(handle) if row["source"] == "hand"]
        taken = decisions(path)
        frozen = {name: taken[name] for name in by_hand if name in taken}
    now = decisions(hand_file(collection))
    return sum(now.get(name) != frozen.get(name) for name in now.keys() | frozen.keys())


def sentence(collections: list[str], words: list[str]) -> str:
    """Where decisions wait, and how they are taken over; empty where none do."""
    if RULE in words:
        return ""
    found = {name: count for name in collections if (count := waiting(name))}
    if not found:
        return ""
    named = ", ".join(f"{count} in {hand_file(name)}" for name, count in found.items())
    return (
        f"Decisions about crops wait: {named}. `--forcerun {RULE}` takes them over; models that"
        " were trained on these pictures are then trained anew."
    )
