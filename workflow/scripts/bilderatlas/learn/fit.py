"""One training, whatever the method: fit, log, survive a kill, hand over the model.

A killed training leaves a checkpoint of an epoch not long ago (a training of less than a minute
leaves none) in a folder that Snakemake does not know.
The same job run again goes on from there if it has the same settings, and starts anew if not.
"""

from __future__ import annotations

import json
import logging
import shutil
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytorch_lightning as pl
import torch
from pytorch_lightning.loggers import TensorBoardLogger

from bilderatlas.errors import InputError
from bilderatlas.files import write_atomically, write_table, write_text
from bilderatlas.learn.device import default_precision, make_fast

log = logging.getLogger("bilderatlas")

LOSSES = ("phase", "collection", "epoch", "step", "loss", "learning_rate", "batch_size")
SECONDS_BETWEEN_SAVES = 5  # ASSUME: an epoch that takes less is sooner repeated than saved
SECONDS_OF_A_SAVE = 0.05  # one that takes longer comes the more seldom: saving stays near 1 %
FIRST_SAVE = 0.4  # ASSUME: seconds of the first, of ResNet18 with Adam's two moments to a slow disk


class _Losses(pl.Callback):
    """Collects the loss of every step; goes into checkpoints, so a resumed curve is whole.

    Losses stay on the device until their epoch ends and are fetched in one transfer: to ask for
    each would make the processor wait for the device at every step.
    """

    def __init__(self) -> None:
        self.rows: list[list[float]] = []
        self.steps: list[tuple[int, int, float]] = []
        self.waiting: list[torch.Tensor] = []
        self.rate = 0.0

    def on_train_batch_start(self, trainer, module, batch, batch_index) -> None:
        self.rate = trainer.optimizers[0].param_groups[0]["lr"]

    def on_train_batch_end(self, trainer, module, outputs, batch, batch_index) -> None:
        self.steps.append((trainer.current_epoch, trainer.global_step, self.rate))
        self.waiting.append(outputs["loss"].detach())

    def on_train_epoch_end(self, trainer, module) -> None:
        fetched = torch.stack(self.waiting).tolist()
        for (epoch, step, rate), loss in zip(self.steps, fetched, strict=True):
            self.rows.append([epoch, step, loss, rate])
            trainer.logger.experiment.add_scalar("loss_step", loss, step)
        self.steps, self.waiting = [], []

    def state_dict(self) -> dict[str, Any]:
        return {"rows": self.rows}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.rows = state["rows"]


class _SaveEpochs(pl.Callback):
    """Saves where the training stands after an epoch, atomically; seldom, so it costs little."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.last = time.monotonic()
        self.took = FIRST_SAVE

    # the very last hook of an epoch: the schedule has been stepped by then
    def on_train_epoch_end(self, trainer, module) -> None:
        done = trainer.current_epoch + 1 == trainer.max_epochs
        start = time.monotonic()
        wait = SECONDS_BETWEEN_SAVES * max(1.0, self.took / SECONDS_OF_A_SAVE)
        if done or start - self.last < wait:
            return
        with write_atomically(self.path) as temporary:
            trainer.save_checkpoint(temporary)
        self.last = time.monotonic()
        self.took = self.last - start


def fit(
    module: pl.LightningModule,
    loader: Iterable,
    settings: dict[str, Any],
    inputs: str,
    cache: Path,
    logs: Path,
    device: str,
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Train ``module`` for ``settings["epochs"]`` epochs; resume where a killed run stood.

    Args:
        module: as a method's ``build`` gives it, with its starting weights.
        loader: the training batches, of a known number; its ``sampler`` is told the epoch.
        settings: of this phase; with ``inputs`` and ``device`` they decide whether a checkpoint
            may be resumed.
        inputs: a digest of what went in (list of training pictures, parent model).
        cache: folder for the checkpoint of an unfinished training; gone when it is finished.
        logs: folder for TensorBoard.
        device: cpu, cuda or mps.

    Returns:
        the losses, a row a step (columns ``LOSSES``), and facts for the model file: precision,
        steps, device.
    """
    make_fast(device)
    precision = settings["precision"]
    precision = default_precision(device) if precision == "auto" else precision
    checkpoint = _resumable(cache, {**settings, "precision": precision, "inputs": inputs}, device)
    if checkpoint is None:
        shutil.rmtree(logs, ignore_errors=True)
    losses = _Losses()
    saving = cache / "last.ckpt"
    cache.mkdir(parents=True, exist_ok=True)
    trainer = pl.Trainer(
        max_epochs=settings["epochs"],
        accelerator={"cuda": "gpu"}.get(device, device),
        devices=1,
        precision=precision,
        # the losses as CSV are ours: Lightning's own CSV log forgets what was before a resume
        logger=TensorBoardLogger(logs, name="", version=""),
        callbacks=[losses, _SaveEpochs(saving)],
        enable_checkpointing=False,
        enable_model_summary=False,
        # a log file is no place for a bar: where nobody looks, the losses table tells
        enable_progress_bar=sys.stderr.isatty(),
        log_every_n_steps=1,
        num_sanity_val_steps=0,
    )
    module.to(memory_format=torch.channels_last)
    trainer.logger.log_hyperparams({key: str(value) for key, value in settings.items()})
    trainer.fit(module, loader, ckpt_path=checkpoint)
    table = pd.DataFrame(losses.rows, columns=["epoch", "step", "loss", "learning_rate"])
    table = table.astype({"epoch": int, "step": int})
    table.insert(0, "collection", settings["collection"])
    table.insert(0, "phase", settings["phase"])
    table["batch_size"] = settings["batch_size"]
    if not np.isfinite(table["loss"]).all():
        shutil.rmtree(cache, ignore_errors=True)
        raise InputError(
            f"The {settings['phase']} on {settings['collection']} diverged (its loss is no number"
            f" from step {int(table['step'][~np.isfinite(table['loss'])].iloc[0])} on): lower the"
            " learning_rate of the recipe."
        )
    facts = {"precision": precision, "steps": len(table), "device": device}
    return table, facts


def finish(table: pd.DataFrame, path: str | Path, cache: Path) -> None:
    """Write the losses; throw away the checkpoint of the training that is now finished."""
    write_table(table, path, LOSSES)
    shutil.rmtree(cache, ignore_errors=True)


def _readable(checkpoint: Path) -> bool:
    try:
        torch.load(checkpoint, map_location="cpu", weights_only=False)
    except Exception:  # torch raises many kinds at bytes that are no checkpoint
        return False
    return True


def _resumable(cache: Path, settings: dict[str, Any], device: str) -> Path | None:
    """The checkpoint of a killed run with exactly these settings; anything else is cleared away.

    So is that of another kind of device: an optimiser's state names the kernels that it was made
    with, and the same seed draws other views there.
    """
    text = json.dumps({**settings, "device": device}, sort_keys=True, indent=1)
    note, checkpoint = cache / "settings.json", cache / "last.ckpt"
    before = note.read_text(encoding="utf-8", errors="replace") if note.exists() else None
    if before == text:
        if not checkpoint.exists():
            return None
        if _readable(checkpoint):
            log.info("Going on from the checkpoint %s.", checkpoint)
            return checkpoint
        log.warning("The checkpoint %s is damaged: starting anew.", checkpoint)
    elif before is not None and _but_device(before) == _but_device(text):
        log.warning(
            "The unfinished training ran on another device than %s, or did not note it: starting"
            " anew.",
            device,
        )
    elif before is not None:
        log.info("The settings have changed since the unfinished training: starting anew.")
    shutil.rmtree(cache, ignore_errors=True)
    write_text(text, note)
    return None


def _but_device(note: str) -> dict[str, Any] | None:
    try:
        return {**json.loads(note), "device": None}
    except (ValueError, TypeError):  # a note cut short, or no mapping
        return None
