"""How fast training is: against the published pipeline, and against its own bare step.

Three runs in turn over as many steps: the published pipeline, end to end in Lightning; ours, end
to end in Lightning; and the bare step of ours (same network, precision and batch), whose views
are in memory already.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch

from benchmarks import pairs, reference
from benchmarks.machine import cores
from benchmarks.pictures import linked, packed, pictures
from benchmarks.settings import training
from bilderatlas import job, learn
from bilderatlas.data.placement import training_batches
from bilderatlas.learn import fit
from bilderatlas.learn.device import default_precision, free_memory

EPOCHS, ROUNDS, PART = 2, 3, 0.7
DTYPES = {"bf16-mixed": torch.bfloat16, "16-mixed": torch.float16}


def fit_ours(
    pack: Path,
    image_ids: Sequence[str],
    settings: dict[str, Any],
    device: str = "cpu",
    backbone: dict[str, torch.Tensor] | None = None,
):
    """Train as the workflow does, reading the pack included; give the module.

    Args:
        pack: the file.
        image_ids: the training part.
        settings: as :func:`benchmarks.settings.training` gives them.
        device: ``cpu`` or ``cuda``.
        backbone: first weights; None: drawn with the seed.
    """
    import pytorch_lightning as pl

    pl.seed_everything(settings["seed"], verbose=False)
    module = learn.method("simclr").build(settings)
    if backbone is not None:
        module.backbone.load_state_dict(backbone)
    with (
        tempfile.TemporaryDirectory() as place,
        training_batches(
            pack, image_ids, settings["batch_size"], settings["seed"], "benchmark", device,
            free_memory(device),
        ) as (loader, _),
    ):  # fmt: skip
        fit.fit(module, loader, settings, "", Path(place, "cache"), Path(place, "logs"), device)
    return module


def bare_steps(settings: dict[str, Any], steps: int, device: str = "cpu") -> Callable[[], object]:
    """``steps`` optimiser steps on one batch of views in memory, as training takes them."""
    precision = settings["precision"]
    precision = default_precision(device) if precision == "auto" else precision
    module = learn.method("simclr").build(settings).to(device, memory_format=torch.channels_last)
    optimiser = module.configure_optimizers()["optimizer"]
    size = settings["size"]
    batch = settings["batch_size"]
    views = [
        torch.randn(batch, 1, size, size, device=device).to(memory_format=torch.channels_last)
        for _ in range(2)
    ]
    dtype = DTYPES.get(precision)

    def run() -> None:
        for _ in range(steps):
            with torch.autocast(device, dtype or torch.bfloat16, enabled=dtype is not None):
                loss = module.loss(*module.project(views))
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        if device == "cuda":
            torch.cuda.synchronize()

    return run


def main() -> None:
    job.quiet_libraries()
    torch.set_num_threads(cores())
    with pictures() as of, packed(of) as path, tempfile.TemporaryDirectory() as logs:
        trained = of.listed.head(int(PART * len(of.listed)))
        batch = min(128, len(trained) // 2)
        settings = training(epochs=EPOCHS, batch_size=batch)
        reads = EPOCHS * (len(trained) // batch) * batch
        with linked(trained["file"]) as folder:
            spent = pairs.in_turn(
                {
                    "reference": lambda: reference.train(folder, logs, EPOCHS, batch),
                    "ours": lambda: fit_ours(path, trained["image_id"], settings),
                    "bare": bare_steps(settings, reads // batch),
                },
                ROUNDS,
            )
        about = (
            f"{reads} reads of {len(trained)} of {of.about}, two views of 128 px, batch {batch},"
            f" {default_precision('cpu')} against 32 bit"
        )
        units = (reads, reads)
        pairs.write(
            "simclr",
            [
                pairs.ratio(
                    "simclr_vs_reference",
                    spent["reference"],
                    spent["ours"],
                    about,
                    units,
                    "pictures",
                ),
                pairs.ratio(
                    "simclr_vs_bare_step", spent["bare"], spent["ours"], about, units, "pictures"
                ),
            ],
        )


if __name__ == "__main__":
    main()
