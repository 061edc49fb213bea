"""How finding prints grows with the collection: `python tools/bench_prints.py 1000 4000 16000`.

Specimens are drawn small, 160 px with 200 points each, so that sixteen thousand of them take
minutes and not hours; fewer prints are found in such pictures than in those of 480 px. Everything
else is as in the workflow. For each size: seconds of the processor for measuring, proposing and
comparing (a busy machine does not count); candidates; the pairs of prints that were planned, and
how many of them were called so; memory.
"""

from __future__ import annotations

import argparse
import itertools
import logging
import resource
import sys
import tempfile
import time
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "workflow/scripts"))

import numpy as np

from bilderatlas import job
from bilderatlas.collection.prints import find
from bilderatlas.collection.prints.cache import Cache
from bilderatlas.collection.prints.find import Pictures, find_pairs
from bilderatlas.collection.specimen import drawing
from bilderatlas.collection.specimen.plan import Picture, plan_collection

LONG_SIDE, CANVAS, POINTS, SEED = 160, 240, 200, 7


def draw(picture: Picture, aspect: float) -> np.ndarray:
    """One picture, grey, small."""
    drawing.CANVAS = CANVAS
    small = replace(picture, long_side=LONG_SIDE)
    return np.asarray(drawing.draw_picture(SEED, small, aspect).convert("L"))


def draw_all(plan: list[Picture], workers: int) -> list[np.ndarray]:
    """All pictures of a plan."""
    aspects = {picture.scene: picture.aspect for picture in plan if picture.cut is None}
    with ProcessPoolExecutor(workers) as pool:
        drawn = pool.map(draw, plan, [aspects[one.scene] for one in plan], chunksize=50)
        return list(job.progress(drawn, "drawing", total=len(plan)))


class Told(logging.Handler):
    """Keeps the numbers that the search writes to its log."""

    def emit(self, record: logging.LogRecord) -> None:
        if "candidates" in record.msg:
            self.numbers = record.args


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sizes", type=int, nargs="*", default=[1000, 4000, 16000])
    parser.add_argument("--workers", type=int, default=1)
    given = parser.parse_args()
    find.time = SimpleNamespace(monotonic=time.process_time)
    told = Told()
    job.log.addHandler(told)
    job.log.setLevel(logging.INFO)
    print(
        "pictures  measure s  propose s  compare s  candidates  a picture  prints found  memory MB"
    )
    for size in given.sizes:
        plan = plan_collection(SEED, size)
        drawn = draw_all(plan, given.workers)
        ids = [picture.image_id for picture in plan]
        with tempfile.TemporaryDirectory() as place, Cache(Path(place, "prints.db")) as cache:
            pictures = Pictures(ids, [""] * size, lambda row, drawn=drawn: drawn[row])
            table = find_pairs(pictures, cache, POINTS, given.workers)
        _, measure, candidates, propose, _, compare = told.numbers
        negatives = defaultdict(list)
        for picture in plan:
            negatives[picture.negative].append(picture.image_id)
        planned = {
            tuple(sorted(pair))
            for group in negatives.values()
            for pair in itertools.combinations(group, 2)
        }
        prints = table[table["relation"] == "print"]
        found = planned & set(zip(prints["image_a"], prints["image_b"], strict=True))
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{size:8d}  {measure:9.1f}  {propose:9.1f}  {compare:9.1f}  {candidates:10d}"
            f"  {candidates / size:9.1f}  {len(found):5d}/{len(planned):5d}  {memory:9.0f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
