"""Drawing per-sample parameters from one generator, and checking the ranges that config gives."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Real

import torch
from torch import Tensor

from bilderatlas.errors import InputError


def uniform(low: float, high: float, shape: Sequence[int], generator: torch.Generator) -> Tensor:
    """Float32 numbers, uniform in [low, high), on the generator's device."""
    return torch.rand(shape, generator=generator, device=generator.device) * (high - low) + low


def chance(probability: float, count: int, generator: torch.Generator) -> Tensor:
    """Bool (count,): True with the given probability, on the generator's device."""
    return torch.rand(count, generator=generator, device=generator.device) < probability


def per_sample(values: Tensor, like: Tensor) -> Tensor:
    """Shape (B,) as (B, 1, ..., 1), so that it broadcasts over ``like`` (B, ...)."""
    return values.view(-1, *(1,) * (like.dim() - 1))


def check_number(name: str, value: object, low: float, high: float = float("inf")) -> float:
    """``value`` as a float in [low, high].

    Raises:
        InputError: it is not a number, or lies outside.
    """
    number = isinstance(value, Real) and not isinstance(value, bool)
    if not number or not low <= value <= high:
        raise InputError(f"views: {name} is {value!r}; it must be a number in [{low}, {high}].")
    return float(value)


def check_range(
    name: str, value: object, low: float, high: float = float("inf"), open_low: bool = False
) -> tuple[float, float]:
    """``value`` as (minimum, maximum) with low <= minimum <= maximum <= high.

    Raises:
        InputError: it is not such a pair (``open_low``: the minimum must exceed ``low``).
    """
    pair = isinstance(value, Sequence) and not isinstance(value, str) and len(value) == 2
    if not pair or not all(isinstance(end, Real) for end in value):
        raise InputError(f"views: {name} is {value!r}; it must be two numbers [minimum, maximum].")
    first, last = float(value[0]), float(value[1])
    if not low <= first <= last <= high or (open_low and first == low):
        bracket = "(" if open_low else "["
        raise InputError(
            f"views: {name} is {value!r}; minimum and maximum must be in order and lie in "
            f"{bracket}{low}, {high}]."
        )
    return first, last
