"""Does the fast way train as good a network? Each experiment both ways, three seeds each.

The published experiment 7 (untrained, trained on the Zille photographs) by the reference pipeline
in 32 bit, by ours in 32 bit (``exact``) and by ours as it comes: the same first weights, pictures,
batch, epochs and schedule; the views come from other streams of chance. All are embedded by the
same code and measured by the workflow's own measures. Trained networks are kept in
``benchmarks/results/quality``, so that a run that was ended goes on.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile

import pandas as pd
import torch

from benchmarks import ROOT, pairs, reference
from benchmarks.machine import cores
from benchmarks.pictures import ZILLE, linked
from benchmarks.settings import training
from bilderatlas.analysis.metrics import measure
from bilderatlas.backbones import initial_state
from bilderatlas.collection.dates import middle_years
from bilderatlas.collection.negatives import pairs_within
from bilderatlas.data.pack import read_pack
from bilderatlas.files import DUPLICATES, Embeddings, read_catalogue, read_split, read_table
from bilderatlas.learn.embed import embed
from bilderatlas.models import save

SEEDS = (2022, 1, 2)
WAYS = ("reference", "exact", "ours")
RESULTS = ROOT / "results/zille"
NEEDED = {
    "catalogue": RESULTS / "catalogue.csv",
    "pack": RESULTS / "pack/grey-320.h5",
    "split": RESULTS / "splits/published.csv",
    "duplicates": RESULTS / "duplicates.csv",
}
# what is compared: population, measure and its name in tables
MEASURES = {
    ("all", "found_print_map"): "prints, mAP",
    ("all", "same_title_map"): "companions, mAP",
    ("test", "author_balanced_accuracy"): "photographer, balanced accuracy",
    ("test", "year_mae"): "year, mean absolute error",
}


def prepare() -> None:
    """Catalogue, pack, split and prints of the real photographs, by the workflow itself."""
    subprocess.run(
        [sys.executable, "-m", "snakemake", *(str(p.relative_to(ROOT)) for p in NEEDED.values()),
         "--cores", str(cores()), "--configfile", "config/zille-local.yaml", "--quiet", "all"],
        cwd=ROOT, check=True,
    )  # fmt: skip


def by_reference(seed: int, epochs: int, files: list[str]) -> dict[str, torch.Tensor]:
    """The backbone that the published pipeline trains."""
    state = initial_state("resnet18", seed, "mean", None)
    with linked(files) as folder, tempfile.TemporaryDirectory() as logs:
        return reference.train(
            folder, logs, epochs, seed=seed, backbone=state
        ).backbone.state_dict()


def by_ours(
    seed: int, epochs: int, image_ids: list[str], precision: str
) -> dict[str, torch.Tensor]:
    """The backbone that the workflow trains from the same weights on the same pictures."""
    from benchmarks.simclr import fit_ours

    settings = training(seed=seed, epochs=epochs, precision=precision)
    state = initial_state("resnet18", seed, "mean", None)
    return fit_ours(NEEDED["pack"], image_ids, settings, backbone=state).cpu().backbone.state_dict()


def trained(way: str, seed: int, epochs: int, train) -> dict[str, torch.Tensor]:
    """A kept backbone, or a new one, which is kept."""
    path = pairs.RESULTS / "quality" / f"{way}-{epochs}-s{seed}.pt"
    if path.exists():
        return torch.load(path, weights_only=True)
    print(f"  training: {way}, seed {seed}", flush=True)
    state = train()
    path.parent.mkdir(parents=True, exist_ok=True)
    # under another name first: what is kept is whole
    save(state, path.with_suffix(".new"))
    path.with_suffix(".new").replace(path)
    return state


def measured(states: dict[tuple[str, int], dict], pack) -> pd.DataFrame:
    """The measures of ``MEASURES`` for each network: way, seed, population, metric, n, value."""
    part = read_split(NEEDED["split"])
    catalogue = read_catalogue(NEEDED["catalogue"])
    duplicates = read_table(NEEDED["duplicates"], DUPLICATES)
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
        # the spread of a way: half of its range over the seeds
        spread = max((max(v) - min(v)) for v in values.values())
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
    prepare()
    pack = read_pack(NEEDED["pack"])
    part = read_split(NEEDED["split"])
    rows = pack.rows(part.index[part == "train"])
    names = [pack.image_ids[row] for row in rows]
    files = [str(ZILLE / "images" / f"{name}.jpg") for name in names]
    states = {}
    for seed in SEEDS:
        for way, train in (
            ("reference", lambda seed=seed: by_reference(seed, epochs, files)),
            ("exact", lambda seed=seed: by_ours(seed, epochs, names, "32-true")),
            ("ours", lambda seed=seed: by_ours(seed, epochs, names, "auto")),
        ):
            states[way, seed] = trained(way, seed, epochs, train)
    about = f"experiment 7, {epochs} epochs of {len(rows)} photographs, seeds {SEEDS}"
    pairs.write("quality", lines(measured(states, pack), about))


if __name__ == "__main__":
    main()
