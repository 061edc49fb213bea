"""How good the proposed crops are, on scans whose true boxes are known and on whole pictures.

    python tools/measure_crops.py --seeds 202 --count 240
    python tools/measure_crops.py --seeds 202 303 --count 240 --cards ../shared/data/colour_cards \\
        --whole ../shared/data/zille/images ../shared/data/wikiart/images --write docs/crops.md

The record's size is left out for 15 of 100 scans and exchanged for 3 of 100, as in a catalogue.
Seeds that the weights were fitted on are refused, pictures that they were fitted on are told apart.
What was measured is kept in --cache under a digest of the code and the weights.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import random
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "workflow/scripts"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "workflow"))

import crops_page
import numpy as np
import pandas as pd

from bilderatlas import job
from bilderatlas.collection.crops import judge
from bilderatlas.collection.crops.propose import Proposal, overlaps, propose, propose_file
from bilderatlas.collection.measurements import picture_size
from bilderatlas.collection.specimen.plan import Picture, plan_collection, random_state
from bilderatlas.collection.specimen.scanned import draw_scan
from bilderatlas.files import write_atomically
from plan.digests import code_digest

# what a proposal and a scan come from
MEASURED = (
    *(
        f"bilderatlas/collection/crops/{name}"
        for name in (
            "bed.py", "cards.py", "cells.py", "frame.py", "hough.py", "hypotheses.py", "judge.py",
            "judge.npz", "lines.py", "look.py", "propose.py",
        )
    ),
    "bilderatlas/collection/specimen",
)  # fmt: skip
SIDES = ("left", "top", "right", "bottom")


def recorded_aspect(seed: int, picture: Picture) -> float | None:
    """Width through height as a catalogue has it: missing or exchanged now and then."""
    known = random_state(seed, 99, picture.number).random()
    if known < 0.15:
        return None
    aspect = picture.width_cm / picture.height_cm
    return 1 / aspect if known < 0.18 else aspect


def folder_pictures(folder: Path, number: int | None = None) -> Iterator[tuple[Path, float | None]]:
    """Pictures of a folder with the aspect that a record beside it says; some drawn at random."""
    paths = sorted(path for path in folder.rglob("*.jpg"))
    random.Random(3).shuffle(paths)
    aspects = {}
    table = folder.parent / "metadata.csv"
    if table.exists():
        with table.open(encoding="utf-8", newline="") as handle:
            for row in csv.DictReader(handle):
                size = picture_size(row.get("measurement_1", ""))
                if size is not None and size.width_cm and size.height_cm:
                    aspects[row["id"]] = size.width_cm / size.height_cm
    for path in paths[:number]:
        yield path, aspects.get(path.stem)


def folder_name(folder: Path) -> str:
    """What a folder of pictures is called in the weights and on the page: ``zille/images``."""
    return "/".join(folder.resolve().parts[-2:])


def of_seed(task: tuple[int, int, int]) -> dict:
    """A row for one scan of a seed: overlap, the largest error of an edge, what kind it is."""
    seed, count, number = task
    pictures = plan_collection(seed, count)
    picture = pictures[number]
    first = next(p for p in pictures if p.scene == picture.scene and p.cut is None)
    scan = draw_scan(seed, picture, first.aspect)
    found = propose(np.asarray(scan.image), recorded_aspect(seed, picture))
    kind = "mounted" if scan.mounted else "plain"
    if scan.box == (0, 0, *scan.image.size):
        kind = "whole"
    size = np.array([*scan.image.size] * 2)
    return _row(str(number), found, scan.box) | {
        "kind": kind, "error": (np.abs(np.subtract(found.box, scan.box)) / size).max()
    }  # fmt: skip


def of_file(task: tuple[Path, float | None]) -> dict:
    """A row for one picture that is whole: the share of it that would be lost."""
    path, aspect = task
    found = propose_file(path, aspect)
    return _row(path.stem, found, (0, 0, found.width, found.height)) | {"kind": "whole"}


def of_cards(folder: Path) -> pd.DataFrame:
    """A row for each scan with a card; the true box is known where ``boxes.csv`` has it."""
    with (folder / "boxes.csv").open(encoding="utf-8") as handle:
        boxes = {
            row["file"]: tuple(int(row[key]) for key in ("x0", "y0", "x1", "y1"))
            for row in csv.DictReader(handle)
        }
    rows = []
    for path in sorted(folder.rglob("*.jpg")):
        name = path.relative_to(folder).as_posix()
        # the same scan with a rectangle drawn over it
        if "rectangle" not in name:
            found = propose_file(path, None)
            rows.append(_row(name, found, boxes.get(name)) | {"kind": "card"})
    return pd.DataFrame(rows)


def _row(name: str, found: Proposal, true: tuple[int, ...] | None) -> dict:
    left, top, right, bottom = found.box
    overlap = np.nan
    if true is not None:
        overlap = overlaps(np.array([found.box], float), np.array(true, float))[0]
    return {
        "name": name, "overlap": overlap, "confidence": found.confidence,
        "lost": 1 - (right - left) * (bottom - top) / (found.width * found.height),
        "cards": ", ".join(found.cards), "width": found.width, "height": found.height,
        **dict(zip(SIDES, found.box, strict=True)),
        **dict(zip((f"true_{side}" for side in SIDES), true or [np.nan] * 4, strict=True)),
    }  # fmt: skip


def measure(name: str, asked: argparse.Namespace, of, tasks: Iterable) -> pd.DataFrame:
    """The rows of some tasks, from the cache where they were measured before."""
    kept = asked.cache / code_digest(*MEASURED) / f"{name.replace('/', '-')}.csv"
    if not kept.exists():
        tasks = list(tasks)
        with ProcessPoolExecutor(asked.workers) as pool:
            found = pool.map(of, tasks, chunksize=4)
            table = pd.DataFrame(list(job.progress(found, name, len(tasks))))
        kept.parent.mkdir(parents=True, exist_ok=True)
        with write_atomically(kept) as temporary:
            table.to_csv(temporary, index=False)
    return pd.read_csv(kept, dtype={"name": str}).fillna({"cards": ""})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, nargs="+", default=[202])
    parser.add_argument("--count", type=int, default=240)
    parser.add_argument("--cards", type=Path, help="folder of real scans, with boxes.csv")
    parser.add_argument("--whole", type=Path, nargs="*", default=[], help="folders of whole ones")
    parser.add_argument("--write", type=Path, help="the page to write, with its picture beside it")
    parser.add_argument("--cache", type=Path, default=Path(".cache/measure_crops"))
    parser.add_argument("--workers", type=int, default=1)
    asked = parser.parse_args()
    net = judge.weights()
    if seen := set(asked.seeds) & set(net["fitted_seeds"].tolist()):
        parser.error(f"the weights were fitted on seeds {sorted(seen)}: name others")
    scans, whole = {}, {}
    for seed in asked.seeds:
        tasks = ((seed, asked.count, number) for number in range(asked.count))
        scans[seed] = measure(f"{seed}-{asked.count}", asked, of_seed, tasks)
    fitted = dict(one.rsplit(":", 1) for one in net["fitted_whole"].tolist())
    for folder in asked.whole:
        name = folder_name(folder)
        table = measure(name, asked, of_file, folder_pictures(folder))
        drawn = {path.stem for path, _ in folder_pictures(folder, int(fitted.get(name, 0)))}
        whole[name] = table.assign(fitted=table["name"].isin(drawn))
    measured = crops_page.Measured(
        scans,
        of_cards(asked.cards) if asked.cards else None,
        whole,
        net["fitted_seeds"].tolist(),
        int(net["fitted_count"]),
        net["fitted_whole"].tolist(),
        hashlib.sha256(judge.FILE.read_bytes()).hexdigest()[:12],
        code_digest(*MEASURED),
    )
    page = crops_page.page(measured)
    print(page)
    if asked.write:
        with write_atomically(asked.write) as temporary:
            Path(temporary).write_text(page, encoding="utf-8")
        crops_page.draw(measured, asked.write.with_suffix(".png"))


if __name__ == "__main__":
    main()
