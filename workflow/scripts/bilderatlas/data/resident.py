"""Training pictures that lie on the device that trains, sent there once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import Dataset

from bilderatlas import job
from bilderatlas.data.pack import Pack

# Pixels gathered at once: their places take eight bytes each, 128 MB. A batch of 1,024 canvases in
# one go would take 840.
GATHERED = 2**24


class ResidentPictures(Dataset):
    """Pictures of a pack on a device, fetched a batch at a time as ``Pack.canvas`` gives them.

    Where a picture lies and how large it is stays in the processor's memory, so the size of a
    batch's canvas is known without a question to the device. A batch costs one small transfer.

    Args:
        pack: in memory, or open (the pixels are then read from the file in pieces).
        rows: of the training part, in the order of the sampler's indices.
        device: that trains.
    """

    def __init__(self, pack: Pack, rows: Sequence[int], device: str | torch.device) -> None:
        self.channels = pack.channels
        self.device = torch.device(device)
        self.sizes = pack.sizes[list(rows)].astype(np.int64)
        areas = self.sizes.prod(1)
        # one behind the other in the order of the file, which is then read from front to back
        order = np.argsort(np.asarray(rows, np.int64), kind="stable")
        self.starts = np.zeros(len(areas), np.int64)
        self.starts[order] = np.cumsum(areas[order]) - areas[order]
        self.pixels = torch.empty(
            (int(areas.sum()), self.channels), dtype=torch.uint8, device=self.device
        )
        for index in job.progress(order.tolist(), "pictures to the device"):
            start = self.starts[index]
            picture = torch.from_numpy(np.ascontiguousarray(pack.picture(rows[index])))
            target = self.pixels[start : start + areas[index]]
            target.copy_(picture.view(-1, self.channels))

    def __len__(self) -> int:
        return len(self.sizes)

    def __getitems__(self, indices: Sequence[int]) -> tuple[Tensor, Tensor]:
        sizes = self.sizes[list(indices)]
        height, width = sizes.max(axis=0).tolist()
        places = torch.from_numpy(np.column_stack([self.starts[list(indices)], sizes]))
        if self.device.type == "cuda":
            places = places.pin_memory()
        places = places.to(self.device, non_blocking=True)
        piece = max(1, GATHERED // (height * width))
        pieces = [self._canvas(part, height, width) for part in places.split(piece)]
        return torch.cat(pieces) if len(pieces) > 1 else pieces[0], places[:, 1:].contiguous()

    def _canvas(self, places: Tensor, height: int, width: int) -> Tensor:
        """uint8 (b, channels, height, width) for places (b, 3): start, height and width of each."""
        start, rows, columns = places.view(-1, 3, 1, 1).unbind(1)
        row = torch.arange(height, device=self.device).view(1, -1, 1)
        column = torch.arange(width, device=self.device).view(1, 1, -1)
        inside = (row < rows) & (column < columns)
        where = torch.where(inside, start + row * columns + column, 0)
        levels = self.pixels[where.flatten()].view(*where.shape, self.channels)
        levels = torch.where(inside.unsqueeze(-1), levels, 0)
        return levels.permute(0, 3, 1, 2).contiguous()
