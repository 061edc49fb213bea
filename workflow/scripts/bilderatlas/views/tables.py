"""Grey levels of a batch as look-up tables."""

from __future__ import annotations

import functools

import torch
from torch import Tensor

from bilderatlas.views.colour import LUMA


@functools.cache
def luma(channels: int, device: torch.device) -> Tensor:
    """Weights of the channels in grey, float32 (channels, 1); sent to the device only once."""
    return torch.tensor(LUMA if channels == 3 else (1.0,), device=device).view(-1, 1)


class Tables:
    """Grey levels of pictures as look-up tables that tone operations change, and the pixels.

    Attributes:
        levels: float32 (B, 256), what each of the pixels' levels has become.
    """

    def __init__(self, pictures: Tensor):
        self.shape = pictures.shape
        self.pixels = pictures.add(0.5).clamp_(0.0, 255.0).long().flatten(1)
        levels = torch.arange(256, dtype=torch.float32, device=pictures.device)
        self.levels = levels.repeat(len(pictures), 1)
        self._shares: Tensor | None = None

    def shares(self) -> Tensor:
        """How large a share each level has in the grey picture: float32 (B, 256)."""
        if self._shares is None:
            count, channels = self.shape[:2]
            planes = self.pixels.view(count * channels, -1)
            # whole numbers below 2^24 are exact in whatever order a GPU adds them: the same seed
            # gives the same views without torch's deterministic algorithms, which nothing asks for
            one = torch.ones((), device=planes.device).expand_as(planes)
            shares = torch.zeros(len(planes), 256, device=planes.device)
            shares = shares.scatter_add_(1, planes, one) / planes.shape[1]
            weights = luma(channels, planes.device)
            self._shares = (shares.view(count, channels, 256) * weights).sum(1)
        return self._shares

    def mean(self, levels: Tensor, rows: Tensor | slice) -> Tensor:
        """Mean grey level (b,) of the pictures ``rows`` under the tables ``levels``."""
        return (self.shares()[rows] * levels).sum(1)

    def look_up(self) -> Tensor:
        """The pictures with their levels replaced: float32, the shape that came in."""
        return self.levels.gather(1, self.pixels).view(self.shape)
