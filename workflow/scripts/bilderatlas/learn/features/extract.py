"""Features of a pack: pictures read and fitted ahead of the device, a batch at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from bilderatlas.data.pack import Pack
from bilderatlas.learn.device import default_precision
from bilderatlas.learn.features.ahead import ahead
from bilderatlas.learn.features.fused import fuse_for_processor
from bilderatlas.learn.features.networks import Frozen
from bilderatlas.learn.features.pictures import batch, square

RECIPE = 1  # raise when the same network and pictures would give other features

# On a processor weights are laid out once, so a small batch costs nothing, and its maps stay in the
# cache: 8 took .93 to .95 of the processor time of 32 for ResNet18 and VGG16; Inception about 1.
BATCH = {"cpu": 8, "cuda": 256, "mps": 32}
AHEAD = 2  # batches that wait for the device
# numbers that network and pictures are turned into; features are always 32 bit
KINDS = {"32-true": torch.float32, "bf16-mixed": torch.bfloat16, "16-mixed": torch.float16}


@dataclass(frozen=True)
class How:
    """How a network looks at pictures.

    Attributes:
        size: side in pixels of what it sees.
        fit: squeeze or crop.
        device: cpu, cuda or mps.
        precision: a key of :data:`KINDS`, or auto.
        batch_size: pictures at once; None for what suits the device.
        workers: threads that fit pictures.
    """

    size: int
    fit: str = "squeeze"
    device: str = "cpu"
    precision: str = "auto"
    batch_size: int | None = None
    workers: int = 1

    @property
    def count(self) -> int:
        """Pictures at once, decided."""
        return self.batch_size or BATCH[self.device]

    @property
    def settled(self) -> str:
        """The precision, decided."""
        return default_precision(self.device) if self.precision == "auto" else self.precision


def ready(network: Frozen, how: How) -> Frozen:
    """The network on the device, its weights converted once to the numbers it computes in.

    Weights in half precision measured faster than autocast, which converts them in each batch;
    on a processor, convolutions fused with what follows them faster again. The factors of the
    normalisation stay 32 bit.
    """
    kind = KINDS[how.settled]
    network.to(how.device)
    network.body.to(kind, memory_format=torch.channels_last)
    if how.device == "cpu":
        noise = torch.randn(2, 3, how.size, how.size, generator=torch.Generator().manual_seed(0))
        example = noise.to(kind, memory_format=torch.channels_last)
        network.body = fuse_for_processor(network.body, example, how.count)
    return network


def forward(network: Frozen, pictures: Tensor, how: How) -> Tensor:
    """Features float32 (b, d), on the device, of a batch of uint8 (b, 3, size, size)."""
    views = network.normalise(pictures.to(how.device, non_blocking=True), KINDS[how.settled])
    return network(views)


def shape_of(network: Frozen, how: How) -> tuple[int, ...]:
    """The shape of what is read of one picture: (channels,), or (h, w, channels)."""
    nothing = torch.zeros(1, 3, how.size, how.size, dtype=torch.uint8)
    with torch.inference_mode():
        forward(network, nothing, how)
    return network.shape


def extract(
    pack: Pack,
    network: Frozen,
    how: How,
    rows: Iterable[int] | None = None,
) -> Iterator[tuple[list[int], np.ndarray]]:
    """Features of a pack's pictures, a batch at a time.

    Args:
        pack: in memory, or open (:func:`~bilderatlas.data.pack.open_pack`): then only the pictures
            of some batches are in memory.
        network: as :func:`ready` gives it.
        how: how it looks at them.
        rows: of the pack; all where None. Read in the thread that fits the pictures.

    Yields:
        the rows of a batch, and float32 (b, d), in the order of ``rows``.
    """
    wanted = range(len(pack)) if rows is None else rows
    with (
        ThreadPoolExecutor(max(1, how.workers)) as pool,
        torch.inference_mode(),
    ):
        # features are fetched one batch late, so that a GPU has the next one in hand
        before: tuple[list[int], Tensor] | None = None
        for numbers, pictures in ahead(_batches(pack, wanted, how, pool), AHEAD):
            found = numbers, forward(network, pictures, how)
            if before is not None:
                yield before[0], before[1].cpu().numpy()
            before = found
        if before is not None:
            yield before[0], before[1].cpu().numpy()


def _batches(
    pack: Pack, rows: Iterable[int], how: How, pool: ThreadPoolExecutor
) -> Iterator[tuple[list[int], Tensor]]:
    numbers: list[int] = []
    squares: list[Future[Tensor]] = []
    for row in rows:
        numbers.append(row)
        # the file is read by one thread at a time in any case
        squares.append(pool.submit(square, pack.picture(row), how.size, how.fit))
        if len(numbers) == how.count:
            yield numbers, batch([one.result() for one in squares], how.device == "cuda")
            numbers, squares = [], []
    if numbers:
        yield numbers, batch([one.result() for one in squares], how.device == "cuda")
