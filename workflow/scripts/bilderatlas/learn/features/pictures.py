"""Packed pictures as a network takes them in: squares of one size, 8-bit, in batches."""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

FITS = ("squeeze", "crop")


def square(picture: np.ndarray, size: int, fit: str) -> Tensor:
    """One picture as a square, antialiased.

    Stands for torchvision's ``resize`` of a PIL picture (bilinear, antialiased), which it keeps to
    within a grey level.

    Args:
        picture: uint8 (height, width, 1 or 3), as it lies in a pack.
        size: side of the square in pixels.
        fit: ``squeeze`` the whole picture into the square, or ``crop`` its middle square first.

    Returns:
        uint8 (size, size, 3).
    """
    if fit == "crop":
        height, width = picture.shape[:2]
        side = min(height, width)
        top, left = (height - side) // 2, (width - side) // 2
        picture = picture[top : top + side, left : left + side]
    elif fit != "squeeze":
        raise ValueError(f"fit must be one of {', '.join(FITS)}, not {fit!r}")
    # channels last, as the pack has them: torch's fastest way through 8-bit pictures
    whole = torch.from_numpy(picture).permute(2, 0, 1)[None]
    if picture.shape[:2] != (size, size):
        whole = F.interpolate(whole, (size, size), mode="bilinear", antialias=True)
    return whole[0].permute(1, 2, 0).expand(-1, -1, 3)


def batch(squares: list[Tensor], pinned: bool) -> Tensor:
    """Squares as a batch, uint8 (b, 3, size, size), channels last in memory.

    ``pinned`` memory is copied to a GPU while the GPU computes.
    """
    stacked = torch.empty((len(squares), *squares[0].shape), dtype=torch.uint8, pin_memory=pinned)
    # not by torch: its copy would start a second team of threads in the thread that calls, and with
    # more threads than cores the team of the network goes to sleep at each of its barriers
    np.stack([one.numpy() for one in squares], out=stacked.numpy())
    return stacked.permute(0, 3, 1, 2)
