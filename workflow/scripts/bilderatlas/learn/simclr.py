"""SimCLR: two views of a picture attract each other, all other pictures of the batch repel.

Chen, Kornblith, Norouzi, Hinton: A simple framework for contrastive learning of visual
representations, ICML 2020. The set-up of the published Zille experiments: ResNet18 with one
channel, projection head 512-512-128 without batch normalisation, NT-Xent with temperature 0.5,
Adam, cosine schedule stepped once an epoch.
"""

from __future__ import annotations

from typing import Any

import pytorch_lightning as pl
import torch
from lightly.loss import NTXentLoss
from lightly.models.modules.heads import SimCLRProjectionHead

from bilderatlas.backbones import FEATURES, build_backbone
from bilderatlas.views import build_views

RECIPE = 1  # raise when the same settings would train another model


class SimCLR(pl.LightningModule):
    """Backbone, projection head and loss; views are drawn on the device that trains.

    Args:
        settings: backbone, head, temperature, views, size, optimiser, schedule, epochs,
            learning_rate, seed, as the workflow hands them over; ``forward`` (apart) where views go
            through the network one by one.
    """

    def __init__(self, settings: dict[str, Any]) -> None:
        super().__init__()
        self.settings = settings
        width, head = FEATURES[settings["backbone"]], settings["head"]
        self.backbone = build_backbone(settings["backbone"])
        self.head = SimCLRProjectionHead(
            width, head["hidden"], head["output"], batch_norm=head["batch_norm"]
        )
        self.loss = NTXentLoss(temperature=settings["temperature"])
        self.views = build_views(settings["views"], settings["size"])
        self.generator: torch.Generator | None = None

    def on_train_epoch_start(self) -> None:
        # seeded by epoch, so that a resumed run draws the views that an unbroken one would
        seed = self.settings["seed"] * 100_003 + self.current_epoch
        self.generator = torch.Generator(self.device).manual_seed(seed)

    def training_step(self, batch: tuple[torch.Tensor, torch.Tensor], _: int) -> torch.Tensor:
        """NT-Xent of two views of each picture; batch as ``Pack.canvas`` gives it."""
        pictures, sizes = batch
        with torch.autocast(self.device.type, enabled=False), torch.no_grad():
            views = [self.views(pictures, sizes, self.generator) for _ in range(2)]
        loss = self.loss(*self.project(views))
        # its mean, once an epoch: to log or show each step's would wait for the device
        self.log(
            "loss_epoch", loss, on_step=False, on_epoch=True, prog_bar=True, batch_size=len(sizes)
        )
        return loss

    def project(self, views: list[torch.Tensor]) -> list[torch.Tensor]:
        """Projections float32 (b, d) of each of some views, each (b, channels, size, size).

        Where the training computes in half precision, the loss multiplies them in it too.

        ``apart``, as published, each goes through the network by itself; ``together`` all at once.
        Batch normalisation has the statistics of one view then, or those of all.
        """
        apart = self.settings.get("forward") == "apart"
        passes = views if apart else [torch.cat(views)]
        found = [
            self.head(self.backbone(one.contiguous(memory_format=torch.channels_last))).float()
            for one in passes
        ]
        return found if apart else list(found[0].chunk(len(views)))

    def configure_optimizers(self) -> dict[str, Any]:
        """The optimiser and a schedule that is stepped once an epoch, down to 0."""
        wanted, schedule = self.settings["optimiser"], self.settings["schedule"]
        kinds = {
            "adam": torch.optim.Adam,
            "adamw": torch.optim.AdamW,
            "sgd": lambda parameters, **more: torch.optim.SGD(parameters, momentum=0.9, **more),
        }
        optimiser = kinds[wanted["name"]](
            self.parameters(),
            lr=self.settings["learning_rate"],
            weight_decay=wanted["weight_decay"],
            # all weights in one kernel; a CPU keeps the plain one, and so the models that it gave
            fused=True if self.device.type == "cuda" else None,
        )
        if schedule["name"] == "constant":
            return {"optimizer": optimiser}
        warmup = schedule["warmup_epochs"]
        curve: Any = torch.optim.lr_scheduler.CosineAnnealingLR(
            optimiser, T_max=max(1, self.settings["epochs"] - warmup)
        )
        if warmup:
            rise = torch.optim.lr_scheduler.LinearLR(
                optimiser, start_factor=1 / (warmup + 1), total_iters=warmup
            )
            curve = torch.optim.lr_scheduler.SequentialLR(optimiser, [rise, curve], [warmup])
        return {"optimizer": optimiser, "lr_scheduler": {"scheduler": curve, "interval": "epoch"}}


def build(settings: dict[str, Any]) -> SimCLR:
    """The Lightning module for these settings."""
    return SimCLR(settings)
