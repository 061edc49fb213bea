"""Edges instead of tones: the magnitude of the Sobel gradient."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from bilderatlas.views.parameters import chance, check_number, per_sample


def sobel(pictures: Tensor) -> Tensor:
    """Gradient magnitude by the 3 x 3 Sobel operator, borders repeated, each channel alone.

    The kernels are divided by 4, so that a straight step from 0 to 255 gives 255; steeper
    corners are clamped. Torchvision has no such operation; ``scipy.ndimage.sobel`` (mode
    "nearest") gives the same two gradients, times 4.

    Args:
        pictures: float32 (B, C, H, W) in 0..255.

    Returns:
        float32 (B, C, H, W) in 0..255.
    """
    padded = F.pad(pictures, (1, 1, 1, 1), mode="replicate")
    across = padded[..., 2:] - padded[..., :-2]
    across = across[..., :-2, :] + 2.0 * across[..., 1:-1, :] + across[..., 2:, :]
    down = padded[..., 2:, :] - padded[..., :-2, :]
    down = down[..., :-2] + 2.0 * down[..., 1:-1] + down[..., 2:]
    return (torch.hypot(across, down) / 4.0).clamp_(max=255.0)


@dataclass(frozen=True)
class Sobel:
    """The gradient magnitude in place of the picture, with a probability."""

    probability: float = 1.0

    def __post_init__(self):
        check_number("sobel.probability", self.probability, 0.0, 1.0)

    def draw(self, sizes: Tensor, generator: torch.Generator) -> dict[str, Tensor]:
        return {"chosen": chance(self.probability, len(sizes), generator)}

    def apply(self, pictures: Tensor, chosen: Tensor) -> Tensor:
        edges = sobel(pictures)
        if self.probability == 1:
            return edges
        return torch.where(per_sample(chosen, pictures), edges, pictures)
