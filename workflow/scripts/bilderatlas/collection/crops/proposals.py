"""Proposals for a whole collection: a row a picture, the unsure ones first; nothing is done twice.

What was found is kept line by line in a cache outside the results, under the picture's sha256, the
recipe and the aspect that was expected: a killed run goes on where it was, a corrected measurement
costs one picture.
"""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from pathlib import Path

import pandas as pd

from bilderatlas import job
from bilderatlas.collection.crops.propose import Proposal, propose_file
from bilderatlas.errors import InputError
from bilderatlas.files import CROP_PROPOSALS, PROBLEMS, read_table

log = logging.getLogger("bilderatlas")

KEPT = ("box", "cards", "reasons")


def expected_aspects(catalogue: pd.DataFrame) -> dict[str, float]:
    """Width through height of the pictures whose record gives both, by image id."""
    sides = catalogue[["width_cm", "height_cm"]].astype(float)
    known = (sides > 0).all(axis=1)
    aspects = sides["width_cm"][known] / sides["height_cm"][known]
    # ASSUME: no photograph is ten times as long as it is wide: such a record is wrong
    return {name: float(value) for name, value in aspects.items() if 0.1 < value < 10}


def propose_all(
    manifest: pd.DataFrame, aspects: dict[str, float], cache: Path, recipe: int, workers: int = 1
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Propose a crop for every picture.

    Args:
        manifest: columns ``image_id, file, sha256``.
        aspects: expected width through height by image id.
        cache: a file that only grows; begun where it is missing.
        recipe: of the proposals: what was found by another one is found anew.
        workers: processes that look at pictures.

    Returns:
        columns :data:`files.CROP_PROPOSALS`, by confidence; and the pictures that cannot be read,
        columns :data:`files.PROBLEMS`.
    """
    known = _read_cache(cache)
    wanted = {}
    for row in manifest.to_dict("records"):
        aspect = aspects.get(row["image_id"])
        stated = None if aspect is None else round(aspect, 4)
        key = f"{row['sha256']} {recipe} {stated or ''}"
        wanted[row["image_id"]] = (key, row["file"], stated)
    due = list({key: (key, file, stated) for key, file, stated in wanted.values()
                if key not in known}.values())  # fmt: skip
    if due:
        log.info("%d of %d pictures are still to be looked at.", len(due), len(wanted))
        cache.parent.mkdir(parents=True, exist_ok=True)
        with open(cache, "a", encoding="utf-8") as handle:
            if not _ends_in_line(cache):
                handle.write("\n")
            for key, found in job.progress(_found(due, workers), "proposing crops", len(due)):
                known[key] = found
                handle.write(json.dumps({"key": key, **found}, ensure_ascii=False) + "\n")
                handle.flush()
    rows, problems = [], []
    for name, (key, file, stated) in wanted.items():
        found = known[key]
        if "fault" in found:
            problems.append(
                {"file": file, "record": name, "field": "file", "what": found["fault"],
                 "done": "no crop proposed"}
            )  # fmt: skip
        else:
            rows.append(_row(name, found, stated))
    rows.sort(key=lambda row: (row["confidence"], row["image_id"]))
    return (
        pd.DataFrame(rows, columns=list(CROP_PROPOSALS)),
        pd.DataFrame(problems, columns=list(PROBLEMS)),
    )


def read_proposals(path: str | Path) -> dict[str, tuple[Proposal, int]]:
    """The proposals of a table, with the turn of each, by image id, in its order.

    Raises:
        InputError: the file is missing or none of ours.
    """
    table = read_table(path, CROP_PROPOSALS)
    try:
        return {
            row["image_id"]: (
                Proposal(
                    tuple(int(row[side]) for side in ("left", "top", "right", "bottom")),
                    float(row["confidence"]),
                    tuple(filter(None, row["card"].split(" | "))),
                    tuple(row["reason"].split()),
                    int(row["width"]),
                    int(row["height"]),
                ),
                int(row["turn"]),
            )
            for row in table.to_dict("records")
        }
    except ValueError:
        raise InputError(
            f"{path} holds a box that is no whole numbers: delete the file, it is made anew."
        ) from None


def _row(name: str, found: dict, stated: float | None) -> dict:
    left, top, right, bottom = found["box"]
    return {
        "image_id": name, "left": left, "top": top, "right": right, "bottom": bottom,
        # ASSUME: which way is up cannot be seen in a photograph's outline: turning is for people
        "turn": 0,
        "confidence": f"{found['confidence']:.3f}",
        "card": " | ".join(found["cards"]),
        "aspect": f"{(right - left) / (bottom - top):.4f}",
        "expected_aspect": "" if stated is None else f"{stated:.4f}",
        "width": found["width"], "height": found["height"],
        "reason": " ".join(found["reasons"]),
    }  # fmt: skip


def _found(due: list[tuple], workers: int) -> Iterator[tuple[str, dict]]:
    """Key and proposal of each picture, in order, as soon as they are there."""
    if workers <= 1:
        yield from map(_look, due)
        return
    with ProcessPoolExecutor(workers) as pool:
        yield from pool.map(_look, due, chunksize=4)


def _look(task: tuple[str, str, float | None]) -> tuple[str, dict]:
    from PIL import Image

    key, file, aspect = task
    try:
        found = asdict(propose_file(file, aspect))
    # what Pillow raises at bad bytes and at sizes that may be a trap
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        return key, {"fault": f"cannot be read ({error})"}
    found["confidence"] = round(found["confidence"], 4)
    return key, found | {name: list(found[name]) for name in KEPT}


def _read_cache(path: Path) -> dict[str, dict]:
    """What is known already. A line that a killed run left half written counts as not there."""
    known = {}
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return known
    for line in lines:
        try:
            found = json.loads(line)
            sound = "fault" in found or (
                len(found["box"]) == 4 and math.isfinite(found["confidence"])
            )
        except (ValueError, KeyError, TypeError):
            continue
        if sound and "fault" not in found:
            known[found.pop("key", "")] = found
    return known


def _ends_in_line(path: Path) -> bool:
    with open(path, "rb") as handle:
        size = handle.seek(0, 2)
        if not size:
            return True
        handle.seek(size - 1)
        return handle.read(1) == b"\n"
