"""Gaussian blur with one standard deviation a picture."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from bilderatlas.errors import InputError
from bilderatlas.views import dense, place
from bilderatlas.views.parameters import chance, check_number, check_range, uniform
from bilderatlas.views.resample import both_axes

SHARP = 1e-3  # a standard deviation in pixels that puts all the weight on the pixel itself


def gaussian_taps(sigma: Tensor, reach: int, size: int) -> tuple[Tensor, Tensor]:
    """Taps int64 and weights float32, both (B, size, 2 reach + 1), reflected at the ends."""
    offsets = torch.arange(-reach, reach + 1, device=sigma.device)
    taps = (torch.arange(size, device=sigma.device).view(-1, 1) + offsets).abs()
    taps = (size - 1) - ((size - 1) - taps).abs()
    weights = torch.exp(-0.5 * (offsets / sigma.view(-1, 1)) ** 2)
    weights = weights / weights.sum(1, keepdim=True)
    shape = (len(sigma), size, len(offsets))
    return taps.expand(shape), weights.view(-1, 1, len(offsets)).expand(shape)


def cut_reach(kernel: int, largest: float) -> int:
    """Pixels to each side in which a Gaussian of ``largest`` pixels or less has any weight.

    Beyond six standard deviations the weights are below 2e-8, less than float32 resolves.
    """
    reach = kernel // 2
    return min(reach, math.ceil(6 * largest)) if math.isfinite(largest) else reach


def blur(
    pictures: Tensor,
    sigma: Tensor,
    kernel: int = 21,
    chosen: Tensor | None = None,
    largest: float = math.inf,
) -> Tensor:
    """``torchvision.transforms.functional.gaussian_blur`` with reflected borders.

    Args:
        pictures: float32 (B, C, H, W); H and W larger than kernel // 2.
        sigma: float32 (B,), standard deviation in pixels, above 0.
        kernel: odd number of pixels.
        chosen: bool (B,); the others stay as they are. None: all.
        largest: no sigma exceeds this; see :func:`cut_reach`.

    Returns:
        float32 (B, C, H, W).
    """
    reach = cut_reach(kernel, largest)
    if chosen is not None:
        sigma = torch.where(chosen, sigma, SHARP)
    height, width = pictures.shape[2:]
    if not place.on_cpu(pictures):
        vertical = dense.gaussian_matrix(sigma, reach, height)
        horizontal = vertical if width == height else dense.gaussian_matrix(sigma, reach, width)
        return dense.both_axes(pictures, vertical, horizontal)
    vertical = gaussian_taps(sigma, reach, height)
    horizontal = gaussian_taps(sigma, reach, width)
    return both_axes(pictures, vertical, horizontal)


@dataclass(frozen=True)
class Blur:
    """``torchvision.transforms.GaussianBlur``, sigma uniform; always, unless a probability says."""

    kernel: int = 21
    sigma: Sequence[float] = (0.1, 1.0)
    probability: float = 1.0

    def __post_init__(self):
        odd = isinstance(self.kernel, int) and self.kernel > 0 and self.kernel % 2 == 1
        if not odd:
            raise InputError(f"views: blur.kernel is {self.kernel!r}; it must be odd and above 0.")
        check_range("blur.sigma", self.sigma, 0.0, open_low=True)
        check_number("blur.probability", self.probability, 0.0, 1.0)

    def draw(self, sizes: Tensor, generator: torch.Generator) -> dict[str, Tensor]:
        count = len(sizes)
        return {
            "sigma": uniform(*self.sigma, (count,), generator),
            "chosen": chance(self.probability, count, generator),
        }

    def matrix(self, size: int, sigma: Tensor, chosen: Tensor) -> Tensor:
        """The blur along an axis of ``size`` pixels as full matrices, float32 (B, size, size)."""
        sigma = torch.where(chosen, sigma, SHARP)
        return dense.gaussian_matrix(sigma, cut_reach(self.kernel, self.sigma[1]), size)

    def apply(self, pictures: Tensor, sigma: Tensor, chosen: Tensor) -> Tensor:
        everyone = self.probability == 1
        return blur(pictures, sigma, self.kernel, None if everyone else chosen, self.sigma[1])
