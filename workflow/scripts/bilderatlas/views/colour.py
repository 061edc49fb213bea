"""Operations that look at colour: grey, saturation, hue, and the jitter that mixes four."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from bilderatlas.views import place
from bilderatlas.views.parameters import chance, check_number, check_range, per_sample, uniform
from bilderatlas.views.tone import Mean, blend, brightness, contrast

LUMA = (0.299, 0.587, 0.114)  # ITU-R 601, as PIL's conversion to "L"


def grey(pictures: Tensor) -> Tensor:
    """``torchvision.transforms.functional.rgb_to_grayscale`` to one channel, without rounding.

    Args:
        pictures: uint8 or float32 (B, C, H, W), C 1 or 3.

    Returns:
        float32 (B, 1, H, W).
    """
    if pictures.shape[1] == 1:
        return pictures.float()
    red, green, blue = pictures.split(1, 1)
    return (red * LUMA[0]).add_(green, alpha=LUMA[1]).add_(blue, alpha=LUMA[2])


def whole_grey(pictures: Tensor) -> Tensor:
    """Grey in whole numbers, as PIL makes it: (B, 1, H, W)."""
    return (grey(pictures) + 0.5).floor_()


def saturation(levels: Tensor, factor: Tensor) -> Tensor:
    """``torchvision.transforms.functional.adjust_saturation`` of (B, 3, H, W), factor (B,)."""
    return blend(levels, whole_grey(levels), factor)


def hue(levels: Tensor, shift: Tensor) -> Tensor:
    """``torchvision.transforms.functional.adjust_hue``: turn the colour circle.

    Args:
        levels: float32 (B, 3, H, W) in 0..255.
        shift: float (B,) in [-0.5, 0.5], share of the circle.
    """
    red, green, blue = levels.unbind(1)
    value = levels.amax(1)
    chroma = value - levels.amin(1)
    safe = chroma.clamp(min=1e-6)
    sector = torch.where(
        value == red,
        (green - blue) / safe,
        torch.where(value == green, 2.0 + (blue - red) / safe, 4.0 + (red - green) / safe),
    )
    # PIL keeps the hue in eight bits: the shift is cut to 255ths
    turned = sector + per_sample((shift * 255.0).trunc() * (6.0 / 255.0), sector)
    channels = []
    for offset in (5.0, 3.0, 1.0):  # red, green, blue as three shifted trapezia of one curve
        place = (turned + offset) % 6.0
        channels.append(value - chroma * torch.minimum(place, 4.0 - place).clamp(0.0, 1.0))
    return torch.stack(channels, 1).round().clamp(0.0, 255.0)


def jitter(levels: Tensor, order: Tensor, factors: Tensor, chosen: Tensor, mean: Mean) -> Tensor:
    """``torchvision.transforms.ColorJitter``: four changes, each sample in its own order.

    Args:
        levels: whole numbers 0..255 as float32, (B, 3, H, W) pixels, or anything (B, ...) of one
            channel, where saturation and hue change nothing.
        order: int64 (B, 4), permutations of 0 brightness, 1 contrast, 2 saturation, 3 hue.
        factors: float (B, 4), in that numbering; 1, 1, 1, 0 change nothing.
        chosen: bool (B,); the others stay as they are.
        mean: gives the mean grey level (b,) of chosen levels, called with (levels, rows), rows
            an index or a slice.
    """
    coloured = levels.dim() == 4 and levels.shape[1] == 3
    if place.on_cpu(levels):
        return _jitter_in_groups(levels, order, factors, chosen, mean, coloured)
    return _jitter_at_once(levels, order, factors, chosen, mean, coloured)


def _jitter_in_groups(
    levels: Tensor, order: Tensor, factors: Tensor, chosen: Tensor, mean: Mean, coloured: bool
) -> Tensor:
    """Each change to the samples whose turn it is, and to no other: the least work."""
    levels = levels.clone()
    for position in range(4):
        for kind in range(4 if coloured else 2):
            rows = (chosen & (order[:, position] == kind)).nonzero().squeeze(1)
            if len(rows) == 0:
                continue
            part, factor = levels[rows], factors[rows, kind]
            if kind == 0:
                part = brightness(part, factor)
            elif kind == 1:
                part = contrast(part, factor, mean(part, rows))
            else:
                part = saturation(part, factor) if kind == 2 else hue(part, factor)
            levels[rows] = part
    return levels


def _jitter_at_once(
    levels: Tensor, order: Tensor, factors: Tensor, chosen: Tensor, mean: Mean, coloured: bool
) -> Tensor:
    """All changes to all samples, then a choice: how many are in a group is a question to the
    device, for whose answer the processor would wait."""
    for position in range(4):
        kind = order[:, position]
        factor = factors.gather(1, kind.unsqueeze(1)).squeeze(1)
        # brightness, contrast and saturation are one blend, with black, mean and grey
        mid = (mean(levels, slice(None)) + 0.5).floor()
        other = per_sample(torch.where(kind == 1, mid, 0.0), levels)
        if coloured:
            other = torch.where(per_sample(kind == 2, levels), whole_grey(levels), other)
        changed = blend(levels, other, factor)
        if coloured:
            turned = hue(levels, factor)
            changed = torch.where(per_sample(kind == 3, levels), turned, changed)
        touched = chosen if coloured else chosen & (kind < 2)
        levels = torch.where(per_sample(touched, levels), changed, levels)
    return levels


@dataclass(frozen=True)
class Grey:
    """``torchvision.transforms.Grayscale(1)``; with a probability below 1 ``RandomGrayscale``."""

    probability: float = 1.0

    def __post_init__(self):
        check_number("grey.probability", self.probability, 0.0, 1.0)

    def draw(self, sizes: Tensor, generator: torch.Generator) -> dict[str, Tensor]:
        return {"chosen": chance(self.probability, len(sizes), generator)}

    def apply(self, pictures: Tensor, chosen: Tensor) -> Tensor:
        if self.probability == 1:
            return grey(pictures)
        return torch.where(per_sample(chosen, pictures), grey(pictures), pictures)


@dataclass(frozen=True)
class Jitter:
    """``torchvision.transforms.ColorJitter`` with explicit ranges and a probability."""

    brightness: Sequence[float] = (1.0, 1.0)
    contrast: Sequence[float] = (1.0, 1.0)
    saturation: Sequence[float] = (1.0, 1.0)
    hue: Sequence[float] = (0.0, 0.0)
    probability: float = 1.0

    def __post_init__(self):
        for name in ("brightness", "contrast", "saturation"):
            check_range(f"jitter.{name}", getattr(self, name), 0.0)
        check_range("jitter.hue", self.hue, -0.5, 0.5)
        check_number("jitter.probability", self.probability, 0.0, 1.0)

    @property
    def coloured(self) -> bool:
        """Whether pixels of three channels change otherwise than by a table of levels."""
        return tuple(self.saturation) != (1, 1) or tuple(self.hue) != (0, 0)

    def draw(self, sizes: Tensor, generator: torch.Generator) -> dict[str, Tensor]:
        count = len(sizes)
        ranges = (self.brightness, self.contrast, self.saturation, self.hue)
        return {
            "order": uniform(0.0, 1.0, (count, 4), generator).argsort(1),
            "factors": torch.cat([uniform(*r, (count, 1), generator) for r in ranges], 1),
            "chosen": chance(self.probability, count, generator),
        }

    def tone(self, levels: Tensor, mean: Mean, **drawn: Tensor) -> Tensor:
        return jitter(levels, mean=mean, **drawn)

    def apply(self, pictures: Tensor, **drawn: Tensor) -> Tensor:
        def mean(part: Tensor, rows: Tensor | slice) -> Tensor:
            return whole_grey(part).mean((1, 2, 3))

        return jitter(pictures.round(), mean=mean, **drawn)
