"""Resizing and blurring as products with dense matrices, one an axis and a picture, for a GPU.

Both are linear along an axis, so a blur that follows a crop is folded into it: ``blur @ resize`` is
one matrix. A CPU takes the taps of :mod:`bilderatlas.views.resample`, with which this is held
together by tests; how fast it is on a GPU has not been measured yet. Nothing here asks the device
for a value, so the processor never waits for it.
"""

from __future__ import annotations

import torch
from torch import Tensor


def bilinear_matrix(start: Tensor, length: Tensor, canvas: int, size: int) -> Tensor:
    """``torchvision.transforms.functional.resized_crop`` along one axis, as Pillow resizes.

    As :func:`bilderatlas.views.resample.bilinear_taps`, with the weights in their columns.

    Args:
        start: int64 (B,), first pixel of the stretch.
        length: int64 (B,), its pixels, at least 1; start + length <= canvas.
        canvas: pixels of the whole axis.
        size: pixels of the result.

    Returns:
        float32 (B, size, canvas); rows sum to 1.
    """
    device = start.device
    scale = (length.float() / size).view(-1, 1, 1)
    support = scale.clamp(min=1.0)
    centres = (torch.arange(size, device=device).view(1, -1, 1) + 0.5) * scale
    position = torch.arange(canvas, device=device).view(1, 1, -1) - start.view(-1, 1, 1)
    weights = (1.0 - (position + 0.5 - centres).abs() / support).clamp(min=0.0)
    weights = weights * ((position >= 0) & (position < length.view(-1, 1, 1)))
    return weights / weights.sum(-1, keepdim=True)


def gaussian_matrix(sigma: Tensor, reach: int, size: int) -> Tensor:
    """``torchvision.transforms.functional.gaussian_blur`` along one axis, reflected at its ends.

    As :func:`bilderatlas.views.blur.gaussian_taps`, with the weights in their columns.

    Args:
        sigma: float32 (B,), standard deviation in pixels, above 0.
        reach: pixels to each side, below ``size``.
        size: pixels of the axis.

    Returns:
        float32 (B, size, size); rows sum to 1.
    """
    pixel = torch.arange(size, device=sigma.device)
    here, there = pixel.view(-1, 1), pixel.view(1, -1)
    # a column stands for its own pixel and, but for the outermost, for its two reflections
    left = torch.where(there > 0, -there, size + reach)
    right = torch.where(there < size - 1, 2 * (size - 1) - there, size + 2 * reach)
    spread = sigma.view(-1, 1, 1)
    weights = torch.zeros(len(sigma), size, size, device=sigma.device)
    for column in (there, left, right):
        away = column - here
        near = torch.exp(-0.5 * (away / spread) ** 2)
        weights += torch.where(away.abs() <= reach, near, 0.0)
    return weights / weights.sum(-1, keepdim=True)


def both_axes(pictures: Tensor, vertical: Tensor, horizontal: Tensor) -> Tensor:
    """``vertical @ picture @ horizontal.T`` for each picture and channel.

    Args:
        pictures: float (B, C, H, W).
        vertical: float (B, O, H).
        horizontal: float (B, P, W).

    Returns:
        float (B, C, O, P).
    """
    rows = torch.matmul(vertical.unsqueeze(1), pictures)
    return torch.matmul(rows, horizontal.transpose(1, 2).unsqueeze(1))
