"""Which collections are cropped, and which decisions about crops wait: told before a run starts.

The tables are only counted here. What is wrong with them is said by the rule that reads them.
"""

from __future__ import annotations

import csv
import glob
import io
from collections.abc import Mapping
from pathlib import Path

SIDES = ("left", "top", "right", "bottom")
RULE = "freeze_crops"


def hand_file(collection: str) -> str:
    """The table of boxes that people drew."""
    return f"resources/{collection}/crops.csv"


def frozen_file(collection: str) -> str:
    """The table of crops that a run uses."""
    return f"results/{collection}/crops.csv"


def kept_file(collection: str) -> str:
    """A copy of the frozen crops beside the pictures.

    Snakemake removes what a rule makes before it runs. A rule that then fails must not leave a
    collection that looks as if it had never been cropped, for that would be packed anew, cards and
    all.
    """
    return f"resources/{collection}/crops-frozen.csv"


def cropped(collection: str, entry: dict, words: list[str]) -> bool:
    """Is a collection cropped in this run?

    Once it is, it stays so. A collection that has been packed already is left as it is until its
    decisions are asked for, so that a click never makes a model be trained again. A table that
    cannot be understood counts as decisions: the rule that reads it says what is wrong.

    Args:
        collection: its name.
        entry: its settings.
        words: of the command line.
    """
    made = (frozen_file(collection), kept_file(collection))
    if any(Path(path).exists() for path in made) or entry["crops"]["accept"] is not None:
        return True
    if decisions(hand_file(collection)) == {}:
        return False
    asked = RULE in words or frozen_file(collection) in words
    return asked or not glob.glob(f"results/{collection}/pack/*.h5")


def decisions(path: str | Path) -> dict[str, tuple[str, ...]] | None:
    """The boxes and turns that hold, by image id; None where the table cannot be understood."""
    try:
        with open(path, encoding="utf-8-sig", newline="") as handle:
            text = handle.read()
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError):
        return None
    header = text.lstrip().partition("\n")[0]
    reader = csv.reader(io.StringIO(text), delimiter=max(",;\t", key=header.count), strict=True)
    try:
        first, *rows = [row for row in reader if any(cell.strip() for cell in row)] or [[]]
    except csv.Error:
        return None
    if not rows:
        return {}
    names = [name.strip() for name in first]
    if not {"image_id", *SIDES} <= set(names):
        return None
    last = {}
    for row in rows:
        said = dict(zip(names, row, strict=False))
        last[said.get("image_id", "").strip()] = said
    cells = {
        name: tuple(_number(said.get(key, "")) for key in (*SIDES, "turn"))
        for name, said in last.items()
    }
    return {name: (*box[:4], box[4] or "0") for name, box in cells.items() if any(box[:4])}


def _number(cell: str) -> str:
    """A cell as the frozen table writes it: a spreadsheet program makes 12.0 or 12,0 of 12."""
    try:
        value = float(cell.strip().replace(",", "."))
        return str(int(value)) if value == int(value) else cell.strip()
    except (ValueError, OverflowError):
        return cell.strip()


def waiting(collection: str) -> int:
    """How many decisions of people are other than what the run uses."""
    frozen = {}
    path = Path(frozen_file(collection))
    if path.exists():
        with path.open(encoding="utf-8", newline="") as handle:
            by_hand = [row["image_id"] for row in csv.DictReader(handle) if row["source"] == "hand"]
        taken = decisions(path) or {}
        frozen = {name: taken[name] for name in by_hand if name in taken}
    now = decisions(hand_file(collection)) or {}
    return sum(now.get(name) != frozen.get(name) for name in now.keys() | frozen.keys())


def sentence(collections: Mapping[str, dict], words: list[str]) -> str:
    """Where decisions wait, and how they are taken over; empty where none do.

    Args:
        collections: settings by name.
        words: of the command line.
    """
    told = []
    for name, entry in collections.items():
        frozen = frozen_file(name)
        if RULE in words or frozen in words:
            continue
        # crops that are not there yet are frozen by the first run that packs
        if not Path(frozen).exists() and cropped(name, entry, words):
            continue
        take = f"`snakemake {frozen} --forcerun {RULE}`"
        if decisions(hand_file(name)) is None:
            told.append(
                f"{hand_file(name)} cannot be understood and counts for nothing; {take} says what"
                " is wrong with it."
            )
        elif count := waiting(name):
            told.append(
                f"Decisions about crops wait: {count} in {hand_file(name)}. {take} takes them over;"
                " the next call packs these pictures anew, and trains anew the models that were"
                " trained on them."
            )
    return " ".join(told)
