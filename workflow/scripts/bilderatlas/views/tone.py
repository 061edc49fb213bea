"""Operations that give each grey level another one: invert, solarize, brightness, contrast, gamma.

They take ``levels`` of any shape (B, ...), whole numbers 0..255 as float32, and round as PIL does.
As the result depends on the level alone, a chain applies them to tables (B, 256) and looks the
pixels up once at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from bilderatlas.views.parameters import chance, check_number, check_range, per_sample, uniform

Mean = Callable[[Tensor], Tensor]


def invert(levels: Tensor, chosen: Tensor) -> Tensor:
    """``torchvision.transforms.functional.invert`` of the chosen (bool, (B,)) samples."""
    return torch.where(per_sample(chosen, levels), 255.0 - levels, levels)


def solarize(levels: Tensor, threshold: float, chosen: Tensor) -> Tensor:
    """``torchvision.transforms.functional.solarize``: levels from the threshold up are inverted."""
    change = per_sample(chosen, levels) & (levels >= threshold)
    return torch.where(change, 255.0 - levels, levels)


def blend(levels: Tensor, other: Tensor | float, factor: Tensor) -> Tensor:
    """``other + factor (levels - other)``, clamped and cut to whole numbers (``PIL.Image.blend``).

    Args:
        levels: float32 (B, ...).
        other: what a factor of 0 would give, of the same shape or a number.
        factor: float (B,); 1 leaves the levels as they are.
    """
    mixed = other + per_sample(factor, levels) * (levels - other)
    return mixed.clamp(0.0, 255.0).floor()


def brightness(levels: Tensor, factor: Tensor) -> Tensor:
    """``torchvision.transforms.functional.adjust_brightness``, factor float (B,)."""
    return blend(levels, 0.0, factor)


def contrast(levels: Tensor, factor: Tensor, mean: Tensor) -> Tensor:
    """``torchvision.transforms.functional.adjust_contrast``.

    Args:
        levels: float32 (B, ...).
        factor: float (B,).
        mean: float (B,), the mean grey level of each picture.
    """
    return blend(levels, per_sample((mean + 0.5).floor(), levels), factor)


def gamma(levels: Tensor, exponent: Tensor, gain: float, chosen: Tensor | None = None) -> Tensor:
    """``torchvision.transforms.functional.adjust_gamma``: gain * level ** exponent on 0..1.

    Args:
        levels: float32 (B, ...).
        exponent: float (B,), not negative.
        gain: factor after the power.
        chosen: bool (B,); the others stay as they are. None: all.
    """
    power = (levels / 255.0) ** per_sample(exponent, levels)
    # 255.999 and cutting is the way torchvision makes its table for PIL
    changed = (255.999 * gain * power).clamp(max=255.0).floor()
    return changed if chosen is None else torch.where(per_sample(chosen, levels), changed, levels)


@dataclass(frozen=True)
class Invert:
    """``torchvision.transforms.RandomInvert``."""

    probability: float = 0.5

    def __post_init__(self):
        check_number("invert.probability", self.probability, 0.0, 1.0)

    def draw(self, sizes: Tensor, generator: torch.Generator) -> dict[str, Tensor]:
        return {"chosen": chance(self.probability, len(sizes), generator)}

    def tone(self, levels: Tensor, mean: Mean, chosen: Tensor) -> Tensor:
        return invert(levels, chosen)


@dataclass(frozen=True)
class Solarize:
    """``torchvision.transforms.RandomSolarize``."""

    threshold: float = 128
    probability: float = 0.5

    def __post_init__(self):
        check_number("solarize.threshold", self.threshold, 0.0, 256.0)
        check_number("solarize.probability", self.probability, 0.0, 1.0)

    def draw(self, sizes: Tensor, generator: torch.Generator) -> dict[str, Tensor]:
        return {"chosen": chance(self.probability, len(sizes), generator)}

    def tone(self, levels: Tensor, mean: Mean, chosen: Tensor) -> Tensor:
        return solarize(levels, self.threshold, chosen)


@dataclass(frozen=True)
class Gamma:
    """``adjust_gamma`` with a uniform exponent, applied with a probability (``RandomApply``)."""

    gamma: Sequence[float] = (0.25, 2.0)
    gain: float = 1.0
    probability: float = 0.5

    def __post_init__(self):
        check_range("gamma.gamma", self.gamma, 0.0)
        check_number("gamma.gain", self.gain, 0.0)
        check_number("gamma.probability", self.probability, 0.0, 1.0)

    def draw(self, sizes: Tensor, generator: torch.Generator) -> dict[str, Tensor]:
        count = len(sizes)
        return {
            "exponent": uniform(*self.gamma, (count,), generator),
            "chosen": chance(self.probability, count, generator),
        }

    def tone(self, levels: Tensor, mean: Mean, exponent: Tensor, chosen: Tensor) -> Tensor:
        return gamma(levels, exponent, self.gain, chosen)
