"""How time and memory grow with the collection, rule by rule, in the workflow itself.

Collections of 1,000, 4,000 and 16,000 small pictures (quarters of drawn specimens, 160 px, so that
sixteen thousand take minutes and not hours) go through the rules: catalogue, pack, frozen
features, embeddings, neighbours, prints, maps, clusters, measures, figures. Counted are seconds of
the processor, which a busy machine does not lengthen, and the largest memory of the rule's process.
"""

from __future__ import annotations

import argparse
import csv
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import yaml
from PIL import Image

from benchmarks import pairs
from benchmarks.checkout import copy_tracked, snakemake
from benchmarks.imports import hook_environment, read
from benchmarks.machine import cores
from benchmarks.prints import draw_all
from bilderatlas.collection.specimen.plan import plan_collection

SIZES, SEED = (1000, 4000, 16000), 7
NAME = "growing"
STUDY = f"results/{NAME}/simclr"
TARGETS = (
    f"results/{NAME}/duplicates.csv",
    f"results/{NAME}/features/resnet18.h5",
    f"{STUDY}/0/neighbours.csv",
    f"{STUDY}/0/clusters.csv",
    f"{STUDY}/figures/maps",
    f"{STUDY}/figures/clusters",
    f"{STUDY}/figures/neighbours",
    f"{STUDY}/tables/metrics.csv",
)
# what is counted, its unit, and what must be added from the smallest to the largest size to tell
COUNTED = (("time", "s", 2.0), ("memory", "MB", 50.0))


def collection(folder: Path, count: int) -> None:
    """Draw ``count`` pictures with a table of titles, dates and makers; write the overlay."""
    plan = plan_collection(SEED, count // 4)
    images = folder / "pictures"
    images.mkdir(parents=True)
    drawn = draw_all(plan, cores())
    rows = []
    for number, picture in enumerate(drawn):
        of, part = plan[number // 4], number % 4
        name = f"{of.image_id}-{part}.jpg"
        Image.fromarray(picture).save(images / name, quality=90)
        rows.append([name, f"{of.negative} {part}", 1880 + number % 41, f"maker {number % 7}"])
    with open(folder / "records.csv", "w", newline="", encoding="utf-8") as table:
        csv.writer(table).writerows([["file", "title", "year", "maker"], *rows])
    overlay = {
        "collections": {
            NAME: {
                "source": "local",
                "path": str(images),
                "metadata": str(folder / "records.csv"),
                "records": "table",
                "columns": {"file": "file", "title": "title", "date": "year", "makers": "maker"},
                "title": {"de": "wachsend", "en": "growing"},
            }
        },
        "weights": {"standin": {"steps": 20}},
        "simclr": {
            "roles": {"zille": NAME, "dew": "dew", "pretrained": "standin"},
            "selected": ["0"],
            "size": 64,
            "neighbours": {"queries": [], "seeded": 6},
        },
    }
    (folder / "growing.yaml").write_text(yaml.safe_dump(overlay), encoding="utf-8")


def measured(count: int) -> dict[str, tuple[float, float]]:
    """By rule: seconds of the processor and megabytes at most, for so many pictures."""
    with tempfile.TemporaryDirectory() as place:
        folder = copy_tracked(Path(place) / "checkout")
        collection(folder, count)
        told = Path(place) / "told"
        told.mkdir()
        snakemake(
            folder, *TARGETS, "--cores", str(cores()), "--resources", "gpu=1",
            "--configfile", "growing.yaml", **hook_environment(told),
        )  # fmt: skip
        used: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
        for row in read(told):
            used[row["script"]][0] += row["cpu_s"]
            used[row["script"]][1] = max(used[row["script"]][1], row["memory_mb"])
        return {rule: (cpu, memory) for rule, (cpu, memory) in used.items()}


def exponent(sizes: Sequence[int], values: Sequence[float], least: float) -> float | None:
    """The power with which values grow: 1 is proportional, 2 would be all pairs.

    What does not grow (a script's start, the libraries' memory) is left out: fitted are the
    increments from size to size, which of ``a + b n^c`` grow as ``n^c`` where sizes go up by one
    factor.

    Args:
        sizes: of the collections, rising by one factor; three at least.
        values: at each.
        least: from the smallest to the largest size values must grow by as much.

    Returns:
        the power; None where too little was added, or where something became less.
    """
    added = np.diff(values)
    if values[-1] - values[0] < least or (added <= 0).any():
        return None
    return float(np.polyfit(np.log(sizes[1:]), np.log(added), 1)[0])


def lines(found: dict[int, dict[str, tuple[float, float]]]) -> list[pairs.Line]:
    """Two lines a rule: exponents of time and of memory, with the numbers in the detail.

    Where a rule's growth is too little to tell, the exponent is 0 and the detail says so.
    """
    sizes = sorted(found)
    rules = [rule for rule in found[sizes[-1]] if all(rule in found[size] for size in sizes)]
    made = []
    for rule in sorted(rules, key=lambda rule: -found[sizes[-1]][rule][0]):
        for column, (kind, unit, least) in enumerate(COUNTED):
            values = [found[size][rule][column] for size in sizes]
            power = exponent(sizes, values, least)
            about = ", ".join(
                f"{v:.1f} {unit} at {n:,}" for n, v in zip(sizes, values, strict=True)
            )
            detail = {
                "rule": rule, "of": unit, "sizes": sizes, "values": values,
                "told": power is not None,
            }  # fmt: skip
            made.append(
                pairs.summary(f"growth_{kind}_{rule}", [power or 0.0], "exponent", about, detail)
            )
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sizes", type=int, nargs="*", default=list(SIZES))
    given = parser.parse_args()
    found: dict[int, dict[str, tuple[float, float]]] = {}
    for size in given.sizes:
        print(f"growth: {size:,} pictures", flush=True)
        found[size] = measured(size)
        for rule, (seconds, memory) in found[size].items():
            print(f"  {rule}: {seconds:.1f} s, {memory:.0f} MB", flush=True)
    if len(found) < 3:
        raise SystemExit("growth: exponents need three sizes; nothing is written.")
    pairs.write("growth", lines(found))


if __name__ == "__main__":
    main()
