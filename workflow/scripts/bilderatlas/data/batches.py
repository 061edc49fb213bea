"""Batches of packed pictures for training, in an order that a resumed run repeats."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import torch
from torch.utils.data import DataLoader, Dataset, Sampler

from bilderatlas.data.pack import Pack
from bilderatlas.errors import InputError


class PackedPictures(Dataset):
    """Pictures of a pack, fetched a batch at a time: (canvas, sizes) as ``Pack.canvas`` gives."""

    def __init__(self, pack: Pack, rows: Sequence[int]) -> None:
        self.pack = pack
        self.rows = list(rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitems__(self, indices: Sequence[int]) -> tuple[torch.Tensor, torch.Tensor]:
        canvas, sizes = self.pack.canvas([self.rows[index] for index in indices])
        return torch.from_numpy(canvas), torch.from_numpy(sizes)


class SeededShuffle(Sampler[int]):
    """A permutation that depends on seed and epoch alone, so a resumed run sees the same order."""

    def __init__(self, count: int, seed: int) -> None:
        self.count = count
        self.seed = seed
        self.epoch = 0

    def set_epoch(self, epoch: int) -> None:
        """Called by Lightning before each epoch."""
        self.epoch = epoch

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[int]:
        generator = torch.Generator().manual_seed(self.seed * 100_003 + self.epoch)
        yield from torch.randperm(self.count, generator=generator).tolist()


def training_loader(pictures: PackedPictures, batch_size: int, seed: int, what: str) -> DataLoader:
    """Shuffled batches; the last, incomplete one is dropped (the published ``drop_last``).

    Args:
        pictures: the training part.
        batch_size: pictures a step.
        seed: of the order.
        what: names phase, collection and split in the error.

    Raises:
        InputError: the batch is larger than the training part, so no step would be taken.
    """
    if batch_size > len(pictures):
        raise InputError(
            f"The batch of {batch_size} pictures is larger than the training part of"
            f" {len(pictures)} pictures ({what}): set a smaller batch_size for this collection."
        )
    return DataLoader(
        pictures,
        batch_size=batch_size,
        sampler=SeededShuffle(len(pictures), seed),
        drop_last=True,
        collate_fn=lambda batch: batch,
    )


def in_batches(
    pack: Pack, rows: Sequence[int], size: int
) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """Pictures in their order, ``size`` at a time, for embedding."""
    for start in range(0, len(rows), size):
        canvas, sizes = pack.canvas(rows[start : start + size])
        yield torch.from_numpy(canvas), torch.from_numpy(sizes)
