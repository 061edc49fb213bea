"""How finding prints grows with the collection: `python -m benchmarks.prints`.

A picture is a quarter of a specimen, 160 px with 200 points, so that sixteen thousand of them take
minutes and not hours; fewer prints are found in such pictures than in those of 480 px. Everything
else is as in the workflow. For each size: seconds of the processor for measuring, proposing and
comparing (a busy machine does not count); candidates; the pairs of prints that were planned (cut
ones left aside), and how many of them were called so; memory.
"""

from __future__ import annotations

import argparse
import itertools
import logging
import resource
import tempfile
import time
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import doc_tables
import numpy as np

from bilderatlas import job
from bilderatlas.collection.prints import find
from bilderatlas.collection.prints.cache import Cache
from bilderatlas.collection.prints.find import Pictures, find_pairs
from bilderatlas.collection.specimen import drawing
from bilderatlas.collection.specimen.plan import Picture, plan_collection

LONG_SIDE, CANVAS, POINTS, SEED = 320, 400, 200, 7


def draw(picture: Picture, aspect: float) -> list[np.ndarray]:
    """The quarters of one specimen, grey: left and right of the upper half, then of the lower."""
    drawing.CANVAS = CANVAS
    small = replace(picture, long_side=LONG_SIDE, border=False)
    whole = np.asarray(drawing.draw_picture(SEED, small, aspect).convert("L"))
    height, width = (side // 2 for side in whole.shape)
    return [whole[y : y + height, x : x + width] for y in (0, height) for x in (0, width)]


def draw_all(plan: list[Picture], workers: int) -> list[np.ndarray]:
    """The quarters of all pictures of a plan."""
    aspects = {picture.scene: picture.aspect for picture in plan if picture.cut is None}
    with ProcessPoolExecutor(workers) as pool:
        drawn = pool.map(draw, plan, [aspects[one.scene] for one in plan], chunksize=50)
        return list(itertools.chain(*job.progress(drawn, "drawing", total=len(plan))))


def planned_prints(plan: list[Picture]) -> set[tuple[str, str]]:
    """Pairs of quarters of one negative; in the mirror left and right change places."""
    negatives = defaultdict(list)
    for picture in plan:
        if picture.cut is None:
            negatives[picture.negative].append(picture)
    return {
        tuple(sorted((f"{a.image_id}-{part}", f"{b.image_id}-{part ^ (a.mirrored != b.mirrored)}")))
        for group in negatives.values()
        for a, b in itertools.combinations(group, 2)
        for part in range(4)
    }


class Told(logging.Handler):
    """Keeps the numbers that the search writes to its log."""

    def emit(self, record: logging.LogRecord) -> None:
        if "candidates" in record.msg:
            self.numbers = record.args


def measured(size: int, told: Told, workers: int) -> list[float]:
    """One row of :data:`HEADER` for so many pictures."""
    plan = plan_collection(SEED, size // 4)
    drawn = draw_all(plan, workers)
    ids = [f"{picture.image_id}-{part}" for picture in plan for part in range(4)]
    with tempfile.TemporaryDirectory() as place, Cache(Path(place, "prints.db")) as cache:
        pictures = Pictures(ids, [""] * len(ids), drawn.__getitem__)
        table = find_pairs(pictures, cache, POINTS, workers)
    _, measure, candidates, propose, _, compare = told.numbers
    planned = planned_prints(plan)
    prints = table[table["relation"] == "print"]
    found = planned & set(zip(prints["image_a"], prints["image_b"], strict=True))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    times = measure, propose, compare, measure + propose + compare
    return [size, *times, candidates, len(found), len(planned), memory]


HEADER = (
    "pictures", "measure s", "propose s", "compare s", "together s", "candidates", "a picture",
    "prints found", "memory MB",
)  # fmt: skip


def told_as_text(rows: list[list[float]]) -> str:
    """The rows as a table, and how the numbers grow: slopes of logarithms."""
    lines = [
        (
            f"{size:,}", *(f"{seconds:.1f}" for seconds in times), f"{candidates:,}",
            f"{candidates / size:.1f}", f"{found} of {planned}", f"{memory:.0f}",
        )
        for size, *times, candidates, found, planned, memory in rows
    ]  # fmt: skip
    text = doc_tables.table(HEADER, lines)
    if len(rows) > 1:
        logs = np.log([[row[0], row[4], row[5], row[8]] for row in rows])
        slopes = [np.polyfit(logs[:, 0], logs[:, column], 1)[0] for column in (1, 2, 3)]
        text += (
            f"\n\nFitted exponents over these {len(rows)} sizes: seconds {slopes[0]:.2f},"
            f" candidates {slopes[1]:.2f}, memory {slopes[2]:.2f}"
            " (1 is proportional, 2 would be all pairs)."
        )
    return text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sizes", type=int, nargs="*", default=[1000, 4000, 16000])
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--write", type=Path, help="a note whose block `growth` takes the table")
    given = parser.parse_args()
    find.time = SimpleNamespace(monotonic=time.process_time)
    told = Told()
    job.log.addHandler(told)
    job.log.setLevel(logging.INFO)
    rows = []
    for size in given.sizes:
        rows.append(measured(size, told, given.workers))
        # after each: a run that is ended early has said what it knew
        text = told_as_text(rows)
        print(text, flush=True)
        if given.write:
            doc_tables.write_block(given.write, "growth", text)


if __name__ == "__main__":
    main()
