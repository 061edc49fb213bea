"""How fast training is: against the published pipeline, and against its own bare step.

Three runs in turn over as many steps: the published pipeline, end to end in Lightning; ours, end
to end in Lightning; and the bare step of ours (same network, precision and batch), whose views
are in memory already.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from benchmarks import pairs, reference
from benchmarks.machine import cores
from benchmarks.pictures import packed, pictures
from benchmarks.settings import training
from bilderatlas import job, learn
from bilderatlas.data.batches import PackedPictures, training_loader
from bilderatlas.data.pack import Pack, read_pack
from bilderatlas.learn import fit
from bilderatlas.learn.device import default_precision

EPOCHS, ROUNDS, PART = 3, 3, 0.7
DTYPES = {"bf16-mixed": torch.bfloat16, "16-mixed": torch.float16}


def fit_ours(
    pack: Pack,
    rows: list[int],
    settings: dict[str, Any],
    device: str = "cpu",
    backbone: dict[str, torch.Tensor] | None = None,
):
    """Train as the workflow does; give the module.

    Args:
        pack: of the collection.
        rows: of the training part.
        settings: as :func:`benchmarks.settings.training` gives them.
        device: ``cpu`` or ``cuda``.
        backbone: first weights; None: drawn with the seed.
    """
    import pytorch_lightning as pl

    pl.seed_everything(settings["seed"], verbose=False)
    module = learn.method("simclr").build(settings)
    if backbone is not None:
        module.backbone.load_state_dict(backbone)
    loader = training_loader(
        PackedPictures(pack, rows), settings["batch_size"], settings["seed"], "benchmark"
    )
    with tempfile.TemporaryDirectory() as place:
        fit.fit(module, loader, settings, "", Path(place, "cache"), Path(place, "logs"), device)
    return module


def bare_steps(settings: dict[str, Any], steps: int, device: str = "cpu") -> Callable[[], object]:
    """``steps`` optimiser steps on one batch of views in memory, as training takes them."""
    precision = settings["precision"]
    precision = default_precision(device) if precision == "auto" else precision
    module = learn.method("simclr").build(settings).to(device, memory_format=torch.channels_last)
    optimiser = module.configure_optimizers()["optimizer"]
    size = settings["size"]
    views = torch.randn(2 * settings["batch_size"], 1, size, size, device=device)
    views = views.contiguous(memory_format=torch.channels_last)
    dtype = DTYPES.get(precision)

    def run() -> None:
        for _ in range(steps):
            with torch.autocast(device, dtype or torch.bfloat16, enabled=dtype is not None):
                projected = module.head(module.backbone(views)).float()
                loss = module.loss(*projected.chunk(2))
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
        pack = read_pack(path)
        rows = list(range(int(PART * len(pack))))
        batch = min(128, len(rows) // 2)
        settings = training(epochs=EPOCHS, batch_size=batch)
        reads = EPOCHS * (len(rows) // batch) * batch
        from benchmarks.pictures import linked

        with linked(of.listed["file"].iloc[rows]) as folder:
            spent = pairs.in_turn(
                {
                    "reference": lambda: reference.train(folder, logs, EPOCHS, batch),
                    "ours": lambda: fit_ours(pack, rows, settings),
                    "bare": bare_steps(settings, reads // batch),
                },
                ROUNDS,
            )
        about = (
            f"{reads} reads of {len(rows)} of {of.about}, two views of 128 px each, batch {batch},"
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
