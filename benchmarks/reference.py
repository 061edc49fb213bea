"""The published pipeline, of public libraries alone: what ours is measured against.

lightly's dataset, projection head and loss, torchvision's transforms on PIL pictures that are
decoded anew for each read, a DataLoader with two workers, Lightning, 32 bit, TensorBoard. Source:
the published Zille experiments (ResNet18 with one channel, batch 128, Adam 5e-4, cosine).
"""

from __future__ import annotations

from pathlib import Path

import pytorch_lightning as pl
import torch
from lightly.data import LightlyDataset
from lightly.loss import NTXentLoss
from lightly.models.modules.heads import SimCLRProjectionHead
from lightly.transforms.multi_view_transform import MultiViewTransform
from pytorch_lightning.loggers import TensorBoardLogger
from torch import nn
from torch.utils.data import DataLoader
from torchvision import transforms as T
from torchvision.models import resnet18
from torchvision.transforms import functional as TF

MEAN, STD = 0.449, 0.226


class RandomGamma(nn.Module):
    """``adjust_gamma`` with an exponent drawn for each picture."""

    def forward(self, picture):
        return TF.adjust_gamma(picture, float(torch.empty(1).uniform_(0.025, 2.0)), gain=1.05)


def views(size: int) -> T.Compose:
    """The published chain on one PIL picture."""
    return T.Compose(
        [
            T.RandomResizedCrop(size, scale=(0.5, 1.0), ratio=(0.5, 2.0)),
            T.Grayscale(1),
            T.GaussianBlur(21, (0.1, 1.0)),
            T.RandomInvert(0.2),
            T.RandomSolarize(128, 0.2),
            T.RandomApply([T.ColorJitter((0.2, 1.8), (0.2, 2.2))], 0.5),
            T.RandomApply([RandomGamma()], 0.5),
            T.ToTensor(),
            T.Normalize(MEAN, STD),
        ]
    )


def loader(folder: str | Path, size: int, batch_size: int, workers: int = 2) -> DataLoader:
    """Two views of each picture of a folder, shuffled, the last incomplete batch dropped."""
    chain = views(size)
    pictures = LightlyDataset(str(folder), transform=MultiViewTransform([chain, chain]))
    return DataLoader(
        pictures, batch_size=batch_size, shuffle=True, drop_last=True, num_workers=workers
    )


class Reference(pl.LightningModule):
    """ResNet18 with one channel, head 512-512-128, NT-Xent, Adam and a cosine schedule."""

    def __init__(self, epochs: int):
        super().__init__()
        self.epochs = epochs
        self.backbone = resnet18(weights=None)
        self.backbone.fc = nn.Identity()
        self.backbone.conv1 = nn.Conv2d(1, 64, kernel_size=7, stride=2, padding=3, bias=False)
        self.head = SimCLRProjectionHead(512, 512, 128, batch_norm=False)
        self.criterion = NTXentLoss(temperature=0.5)

    def training_step(self, batch, _):
        (first, second), _, _ = batch
        loss = self.criterion(self.head(self.backbone(first)), self.head(self.backbone(second)))
        self.log("loss", loss, on_step=True, on_epoch=True, batch_size=len(first))
        return loss

    def configure_optimizers(self):
        optimiser = torch.optim.Adam(self.parameters(), lr=5e-4, weight_decay=1e-6)
        schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, T_max=self.epochs)
        return [optimiser], [schedule]


def train(
    folder: str | Path,
    logs: str | Path,
    epochs: int,
    batch_size: int = 128,
    size: int = 128,
    seed: int = 2022,
    device: str = "cpu",
    backbone: dict[str, torch.Tensor] | None = None,
) -> Reference:
    """Train on the pictures of a folder, as published.

    Args:
        folder: holds the pictures of the training part, nothing else.
        logs: folder for TensorBoard.
        epochs: passes over the folder.
        batch_size: pictures a step.
        size: side of the views in pixels.
        seed: of weights, order and views.
        device: ``cpu`` or ``cuda``.
        backbone: first weights; None: drawn with the seed.
    """
    pl.seed_everything(seed, workers=True, verbose=False)
    module = Reference(epochs)
    if backbone is not None:
        module.backbone.load_state_dict(backbone)
    trainer = pl.Trainer(
        max_epochs=epochs,
        accelerator={"cuda": "gpu"}.get(device, device),
        devices=1,
        precision="32-true",
        logger=TensorBoardLogger(logs, name="", version=""),
        log_every_n_steps=1,
        enable_checkpointing=False,
        enable_model_summary=False,
        enable_progress_bar=False,
    )
    trainer.fit(module, loader(folder, size, batch_size))
    return module.cpu().eval()
