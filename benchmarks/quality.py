"""Does the fast way train as good a network? Each experiment both ways, three seeds each.

The published experiment 7 (untrained, trained on the Zille photographs) by the reference pipeline
in 32 bit, by ours in 32 bit (``exact``) and by ours as it comes: the same first weights, pictures,
batch, epochs and schedule; the views come from other streams of chance. All are embedded by the
same code and measured by the workflow's own measures. Trained networks are kept in
``benchmarks/results/quality``, so that a run that was ended goes on.
"""

from __future__ import annotations

import hashlib
import json
import statistics
import tempfile
from collections.abc import Callable
from functools import partial
from importlib.metadata import version
from pathlib import Path

import pandas as pd
import torch

from benchmarks import ROOT, pairs, reference
from benchmarks.checkout import copy_tracked, snakemake
from benchmarks.machine import cores
from benchmarks.pictures import ZILLE, linked
from benchmarks.settings import training
from bilderatlas import job
from bilderatlas.analysis.metrics import measure
from bilderatlas.backbones import initial_state
from bilderatlas.collection.dates import middle_years
from bilderatlas.collection.negatives import pairs_within
from bilderatlas.data.pack import Pack, read_pack
from bilderatlas.files import (
    DUPLICATES,
    Embeddings,
    read_catalogue,
    read_split,
    read_table,
    sha256_of,
    write_atomically,
)
from bilderatlas.learn.device import default_precision
from bilderatlas.learn.embed import embed
from bilderatlas.models import save

SEEDS = (2022, 1, 2)
WAYS = ("reference", "exact", "ours")
PACKAGE = ROOT / "workflow/scripts/bilderatlas"
# of the workflow's own results on the real photographs
NEEDED = {
    "catalogue": "catalogue.csv",
    "pack": "pack/grey-320.h5",
    "split": "splits/published.csv",
    "duplicates": "duplicates.csv",
}
# what decides about a trained network: a kept one is used again as long as none of it changes
CODE = {
    "reference": ("benchmarks/reference.py",),
    "exact": ("benchmarks/simclr.py", "learn", "views", "data", "backbones.py"),
    "ours": ("benchmarks/simclr.py", "learn", "views", "data", "backbones.py"),
}
# what is compared: population, measure and its name in tables
MEASURES = {
    ("all", "found_print_map"): "prints, mAP",
    ("all", "same_title_map"): "companions, mAP",
    ("test", "author_balanced_accuracy"): "photographer, balanced accuracy",
    ("test", "year_mae"): "year, mean absolute error",
}


def prepare(folder: Path) -> dict[str, Path]:
    """Catalogue, pack, split and prints of the real photographs, by the workflow, in a copy."""
    copy = copy_tracked(folder / "checkout")
    (folder / "shared").symlink_to(ROOT.parent / "shared")
    targets = {name: f"results/zille/{path}" for name, path in NEEDED.items()}
    snakemake(
        copy, *targets.values(), "--cores", str(cores()),
        "--configfile", "config/zille-local.yaml",
    )  # fmt: skip
    return {name: copy / path for name, path in targets.items()}


def by_reference(seed: int, epochs: int, files: list[str]) -> dict[str, torch.Tensor]:
    """The backbone that the published pipeline trains."""
    state = initial_state("resnet18", seed, "mean", None)
    with linked(files) as folder, tempfile.TemporaryDirectory() as logs:
        return reference.train(
            folder, logs, epochs, seed=seed, backbone=state
        ).backbone.state_dict()


def by_ours(
    seed: int, epochs: int, pack: Path, image_ids: list[str], precision: str
) -> dict[str, torch.Tensor]:
    """The backbone that the workflow trains from the same weights on the same pictures."""
    from benchmarks.simclr import fit_ours

    settings = training(seed=seed, epochs=epochs, precision=precision)
    state = initial_state("resnet18", seed, "mean", None)
    return fit_ours(pack, image_ids, settings, backbone=state).cpu().backbone.state_dict()


# of which the reference consists, beside what ``job.versions`` names
LIBRARIES = ("lightly", "pytorch-lightning", "pillow")


def digest(way: str, settings: dict, image_ids: list[str], pixels: str) -> str:
    """Of all that decides about a network: code, settings, pictures, versions.

    Args:
        way: one of ``WAYS``.
        settings: of the training, precision and all.
        image_ids: of the training part.
        pixels: sha256 of the pack, whose pixels come from the same files as the reference's.
    """
    files = [
        file
        for place in CODE[way]
        for path in [ROOT / place if "/" in place else PACKAGE / place]
        for file in (sorted(path.rglob("*.py")) if path.is_dir() else [path])
    ]
    versions = job.versions() | {name: version(name) for name in LIBRARIES}
    told = hashlib.sha256(json.dumps([settings, sorted(image_ids), pixels, versions]).encode())
    for file in files:
        told.update(file.read_bytes())
    return told.hexdigest()[:12]


def trained(name: str, train: Callable[[], dict]) -> dict[str, torch.Tensor]:
    """A kept backbone of that name, or a new one, which is kept."""
    path = pairs.RESULTS / "quality" / f"{name}.pt"
    if path.exists():
        return torch.load(path, weights_only=True)
    print(f"  training: {name}", flush=True)
    state = train()
    path.parent.mkdir(parents=True, exist_ok=True)
    with write_atomically(path) as temporary:
        save(state, temporary)
    return state


def measured(
    states: dict[tuple[str, int], dict], pack: Pack, made: dict[str, Path]
) -> pd.DataFrame:
    """The measures of ``MEASURES`` for each network: way, seed, population, metric, n, value."""
    part = read_split(made["split"])
    catalogue = read_catalogue(made["catalogue"])
    duplicates = read_table(made["duplicates"], DUPLICATES)
    parts = [part.get(name, "new") for name in pack.image_ids]
    embeddings = {
        f"{way} {seed}": Embeddings(
            embed(state, "resnet18", pack, 128), pack.image_ids, parts, {"collection": "zille"}
        )
        for (way, seed), state in states.items()
    }
    table = measure(
        embeddings,
        {},
        catalogue,
        dict.fromkeys(embeddings, part),
        "quality",
        "zille",
        seed=0,
        years=middle_years(catalogue),
        found=pairs_within(duplicates, catalogue.index.tolist()),
    )
    table = table.drop_duplicates(["experiment", "population", "metric"])
    table[["way", "seed"]] = table["experiment"].str.split(" ", expand=True)
    return table


def lines(table: pd.DataFrame, about: str) -> list[pairs.Line]:
    """One line a measure: the difference of the means, and both ways' values and spreads."""
    found = []
    for (population, metric), name in MEASURES.items():
        rows = table[(table["population"] == population) & (table["metric"] == metric)]
        values = {way: rows.loc[rows["way"] == way, "value"].tolist() for way in WAYS}
        if not all(values.values()):
            raise SystemExit(f"The measures know no {metric} on {population}: see MEASURES.")
        ours, theirs = values["ours"], values["reference"]
        # the larger of the two ranges over the seeds
        spread = max(max(each) - min(each) for each in (ours, theirs))
        differences = [a - statistics.mean(theirs) for a in ours]
        detail = {
            "measure": name, "n": int(rows["n"].iloc[0]), "ours": ours, "theirs": theirs,
            "exact": values["exact"],
            "spread": spread,
            "agree": abs(statistics.mean(ours) - statistics.mean(theirs)) <= spread,
        }  # fmt: skip
        found.append(pairs.summary(f"quality_{metric}", differences, "difference", about, detail))
    return found


def main(epochs: int = 20) -> None:
    if not ZILLE.is_dir():
        print("quality: left out, it needs ../shared/data/zille beside the checkout.")
        return
    torch.set_num_threads(cores())
    with tempfile.TemporaryDirectory() as place:
        made = prepare(Path(place))
        pack = read_pack(made["pack"])
        part = read_split(made["split"])
        rows = pack.rows(part.index[part == "train"])
        names = [pack.image_ids[row] for row in rows]
        files = [str(ZILLE / "images" / f"{name}.jpg") for name in names]
        pixels = sha256_of(made["pack"])
        states = {}
        for seed in SEEDS:
            ours = partial(by_ours, seed, epochs, made["pack"], names)
            fast = default_precision("cpu")
            for way, precision, train in (
                ("reference", "32-true", partial(by_reference, seed, epochs, files)),
                ("exact", "32-true", partial(ours, "32-true")),
                ("ours", fast, partial(ours, fast)),
            ):
                settings = training(seed=seed, epochs=epochs, precision=precision)
                name = f"{way}-s{seed}-{digest(way, settings, names, pixels)}"
                states[way, seed] = trained(name, train)
        table = measured(states, pack, made)
    about = f"experiment 7, {epochs} epochs of {len(rows)} photographs, seeds {SEEDS}"
    pairs.write("quality", lines(table, about))


if __name__ == "__main__":
    main()
