"""Products of banded weight matrices with pictures, one matrix a sample.

Resizing and blurring are linear along an axis: ``result = weights @ picture``. Each row of the
weight matrix has only a few entries beside zero (6 of 320 when 320 pixels become 128), so the
matrix is kept as its taps (column numbers) and their weights. That is the way of a CPU, as most
entries of the full matrices of :mod:`bilderatlas.views.dense`, the way of a GPU, are zero.
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor


def weighted_rows(pictures: Tensor, taps: Tensor, weights: Tensor) -> Tensor:
    """Weighted sums of rows: ``result[n, o] = sum_k w[n, o, k] * pictures[n, taps[n, o, k]]``.

    This is a batched product of sparse matrices with pictures. An embedding bag with weights is
    the same sum, without the zeros of the dense ``torch.bmm``.

    Args:
        pictures: float (N, H, W).
        taps: int64 (N, O, K), row numbers in 0..H-1.
        weights: float (N, O, K), the w above.

    Returns:
        float (N, O, W).
    """
    count, height, width = pictures.shape
    _, outputs, reach = taps.shape
    starts = torch.arange(count, device=pictures.device).view(-1, 1, 1) * height
    sums = F.embedding_bag(
        (taps + starts).view(-1, reach),
        pictures.reshape(count * height, width),
        mode="sum",
        per_sample_weights=weights.reshape(-1, reach),
    )
    return sums.view(count, outputs, width)


def both_axes(pictures: Tensor, vertical: tuple, horizontal: tuple) -> Tensor:
    """Apply (taps, weights), each (B, O, K), along the height and then along the width.

    Args:
        pictures: float (B, C, H, W).
        vertical: taps and weights along the height.
        horizontal: taps and weights along the width.

    Returns:
        float (B, C, O of vertical, O of horizontal), not contiguous in memory.
    """
    count, channels = pictures.shape[:2]
    result = pictures.flatten(0, 1)
    for taps, weights in (vertical, horizontal):
        if channels > 1:
            taps = taps.repeat_interleave(channels, 0)
            weights = weights.repeat_interleave(channels, 0)
        result = weighted_rows(result, taps, weights).transpose(1, 2)
    return result.unflatten(0, (count, channels))


def bilinear_taps(start: Tensor, length: Tensor, canvas: int, size: int) -> tuple[Tensor, Tensor]:
    """Antialiased bilinear weights of Pillow's ``Image.resize`` for a stretch of an axis.

    A triangle as wide as the reduction (never narrower than one pixel to each side) around the
    centre of each output pixel, cut at the ends of the stretch and normalised to sum 1.

    Args:
        start: int64 (B,), first pixel of the stretch.
        length: int64 (B,), its pixels, at least 1; start + length <= canvas.
        canvas: pixels of the whole axis.
        size: pixels of the result.

    Returns:
        taps int64 and weights float32, both (B, size, K).
    """
    device = start.device
    reach = math.ceil(2 * max(1.0, canvas / size)) + 1
    scale = (length.float() / size).view(-1, 1, 1)
    support = scale.clamp(min=1.0)
    centres = (torch.arange(size, device=device).view(1, -1, 1) + 0.5) * scale
    position = (centres - support + 0.5).floor() + torch.arange(reach, device=device)
    weights = (1.0 - (position + 0.5 - centres).abs() / support).clamp(min=0.0)
    weights = weights * ((position >= 0) & (position < length.view(-1, 1, 1)))
    weights = weights / weights.sum(-1, keepdim=True)
    taps = (position.long() + start.view(-1, 1, 1)).clamp(0, canvas - 1)
    return taps, weights
