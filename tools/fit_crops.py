"""Fit the network that judges proposed crops, and write it beside its module.

    python tools/fit_crops.py --seeds 1 2 3 4 5 6 7 --count 160 \\
        --whole ../shared/data/zille/images:100 --whole ../shared/data/wikiart/images:60

Scans are drawn from the seeds; of each folder of pictures that have been cut already so many are
drawn at random and count as whole. What was seen is kept in --cache, so a second call only fits.
The loss is the logarithm of the chance that all rectangles near the true one have together.
"""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "workflow/scripts"))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import numpy as np
import torch
from measure_crops import folder_name, folder_pictures, recorded_aspect
from PIL import Image

from bilderatlas import job
from bilderatlas.collection.crops import hypotheses, judge
from bilderatlas.collection.crops.look import look
from bilderatlas.collection.crops.propose import has_card, overlaps, read_reduced
from bilderatlas.collection.specimen.plan import plan_collection
from bilderatlas.collection.specimen.scanned import draw_scan
from bilderatlas.files import write_atomically

NEAR, HARD, FAR = 60, 700, 300  # rectangles of a scan: next to the true one, likely, any
RIGHT = 0.98  # overlap from which on a rectangle is the true one
HIDDEN, EPOCHS, RATE, DECAY, BATCH = 16, 30, 4e-3, 0.1, 8
WHOLE_WEIGHT = 0.5  # pictures from folders: they are all of one kind


def gather(rgb: np.ndarray, aspect: float | None, box: np.ndarray) -> dict[str, np.ndarray]:
    """Features and overlaps of some rectangles of a scan."""
    seen = look(rgb)
    chosen = hypotheses.combine(seen.lines)
    boxes, large = hypotheses.boxes_of(seen.lines, chosen, rgb.shape[:2])
    chosen, boxes = chosen[large], boxes[large]
    shares = overlaps(boxes, box)
    rng = np.random.default_rng(0)
    kept = {*np.argsort(-shares)[:NEAR], *rng.integers(0, len(boxes), FAR)}
    kept |= set(np.nonzero((chosen == 0).all(axis=1))[0])
    found = judge.features(seen.lines, chosen, boxes, seen.evidence, aspect, has_card(seen))
    # the network that is there knows which are hard to tell; without one, those with clear sides
    likely = judge.scores(found) if judge.FILE.exists() else found.sides[..., 0].sum(axis=1)
    rows = np.array(sorted(kept | set(np.argsort(-likely)[:HARD])))
    whole, sides = found.whole[rows].astype(np.float32), found.sides[rows].astype(np.float32)
    return {"whole": whole, "sides": sides, "shares": shares[rows].astype(np.float32)}


def from_seed(seed: int, count: int, number: int, cache: Path) -> Path:
    """Scan ``number`` of a seed; the file with what was seen."""
    kept = cache / f"{seed}-{count}-{number}.npz"
    if not kept.exists():
        pictures = plan_collection(seed, count)
        picture = pictures[number]
        aspects = {p.scene: p.aspect for p in pictures if p.cut is None}
        scan = draw_scan(seed, picture, aspects[picture.scene])
        found = gather(
            np.asarray(scan.image), recorded_aspect(seed, picture), np.array(scan.box, float)
        )
        with write_atomically(kept) as temporary:
            np.savez(temporary, **found, weight=np.float32(1))
    return kept


def from_folder(path: Path, aspect: float | None, cache: Path) -> Path:
    """A picture that is whole; the file with what was seen."""
    kept = cache / f"whole-{path.parent.parent.name}-{path.stem}.npz"
    if not kept.exists():
        with Image.open(path) as picture:
            rgb, _ = read_reduced(picture)
        box = np.array([0, 0, rgb.shape[1], rgb.shape[0]], float)
        with write_atomically(kept) as temporary:
            np.savez(temporary, **gather(rgb, aspect, box), weight=np.float32(WHOLE_WEIGHT))
    return kept


class Judge(torch.nn.Module):
    """The network of :mod:`bilderatlas.collection.crops.judge`, to be fitted."""

    def __init__(self) -> None:
        super().__init__()
        whole, sides = len(judge.FEATURES) + 1, len(judge.SIDE_FEATURES)
        layer, bent = torch.nn.Linear, torch.nn.Tanh()
        self.sides = torch.nn.Sequential(layer(sides, HIDDEN), bent, layer(HIDDEN, 2))
        self.whole = torch.nn.Sequential(layer(whole, HIDDEN), bent, layer(HIDDEN, 1))
        self.linear = layer(whole, 1, bias=False)

    def forward(self, whole: torch.Tensor, sides: torch.Tensor) -> torch.Tensor:
        """Scores (n,) of rectangles (n, 21), (n, 4, 18)."""
        seen = self.sides(sides)
        both = torch.cat([whole, seen[..., 1].amin(dim=1)[:, None]], dim=1)
        return seen[..., 0].sum(dim=1) + self.whole(both)[:, 0] + self.linear(both)[:, 0]


def fit(files: list[Path]) -> dict[str, np.ndarray]:
    """The weights that make the true rectangles likely."""
    torch.manual_seed(0)
    scans = [{key: torch.from_numpy(value) for key, value in np.load(f).items()} for f in files]
    every = torch.cat([scan["whole"] for scan in scans])
    mean, spread = every.mean(dim=0), every.std(dim=0) + 1e-2
    net = Judge()
    optimiser = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=DECAY)
    steps = EPOCHS * (len(scans) // BATCH + 1)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=steps + 1)
    for epoch in job.progress(range(EPOCHS), "fitting"):
        order = np.random.default_rng(epoch).permutation(len(scans))
        for batch in np.array_split(order, len(scans) // BATCH + 1):
            for scan in (scans[index] for index in batch):
                score = net((scan["whole"] - mean) / spread, scan["sides"])
                right = scan["shares"] >= min(RIGHT, float(scan["shares"].max()) - 1e-6)
                chance = torch.logsumexp(torch.log_softmax(score, 0)[right], 0)
                (-chance * scan["weight"] / BATCH).backward()
            optimiser.step()
            optimiser.zero_grad()
            schedule.step()
    found = {"mean": mean, "spread": spread, "linear": net.linear.weight[0]}
    for name, part in (("sides", net.sides), ("whole", net.whole)):
        for layer, place in ((part[0], "in"), (part[2], "out")):
            found |= {f"{name}_{place}": layer.weight.T, f"{name}_{place}_shift": layer.bias}
    return {name: value.detach().numpy().astype(np.float32) for name, value in found.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3, 4, 5, 6, 7])
    parser.add_argument("--count", type=int, default=160)
    parser.add_argument("--whole", action="append", default=[], help="folder:number")
    parser.add_argument("--cache", type=Path, default=Path(".cache/fit_crops"))
    parser.add_argument("--workers", type=int, default=1)
    asked = parser.parse_args()
    asked.cache.mkdir(parents=True, exist_ok=True)
    parted = (one.rpartition(":") for one in asked.whole)
    whole = [(Path(folder), int(number)) for folder, _, number in parted]
    with ProcessPoolExecutor(asked.workers) as pool:
        waiting = [
            pool.submit(from_seed, seed, asked.count, number, asked.cache)
            for seed in asked.seeds
            for number in range(asked.count)
        ]
        waiting += [
            pool.submit(from_folder, path, aspect, asked.cache)
            for folder, number in whole
            for path, aspect in folder_pictures(folder, number)
        ]
        files = [done.result() for done in job.progress(waiting, "scans", len(waiting))]
    # measuring asks what must not be measured on
    seen = {
        "fitted_seeds": np.array(asked.seeds),
        "fitted_count": np.array(asked.count),
        "fitted_whole": np.array([f"{folder_name(at)}:{number}" for at, number in whole]),
    }
    with write_atomically(judge.FILE) as temporary:
        np.savez(temporary, **fit(files), **seen)
    print(f"{len(files)} scans; written to {judge.FILE}")


if __name__ == "__main__":
    main()
