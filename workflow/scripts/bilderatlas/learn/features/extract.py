"""Features of a pack: pictures read and fitted ahead of the device, a batch at a time."""

from __future__ import annotations

import contextlib
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
# cache.
BATCH = {"cpu": 8, "cuda": 256, "mps": 32}
LARGEST = 320  # side in pixels above which batches get smaller, so that their maps do not grow
AHEAD = 2  # batches that wait for the device
# numbers that network and pictures are turned into, wholly: float16 would overflow in some layers.
# Features are always 32 bit
KINDS = {"32-true": torch.float32, "bf16-mixed": torch.bfloat16}


@dataclass(frozen=True)
class How:
    """How a network looks at pictures.

    Attributes:
        size: side in pixels of what it sees.
        fit: squeeze or crop.
        device: cpu, cuda or mps.
        precision: a key of :data:`KINDS`, or auto.
        batch_size: pictures at once; None for what suits the device and the size.
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
        share = min(1.0, (LARGEST / self.size) ** 2)
        return self.batch_size or max(1, int(BATCH[self.device] * share))

    @property
    def settled(self) -> str:
        """The precision, decided; 32 bit where a device would train in float16."""
        found = default_precision(self.device) if self.precision == "auto" else self.precision
        return found if found in KINDS else "32-true"


def computes_in(device: str, precision: str) -> bool:
    """Can a device compute in a precision, be it slowly?"""
    # a processor emulates bf16; cards and Macs do so for some operators only
    return precision == "32-true" or device == "cpu" or default_precision(device) == precision


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
        generator = torch.Generator().manual_seed(0)
        noise = torch.randn(min(2, how.count), 3, how.size, how.size, generator=generator)
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


def read(pack: Pack, rows: Iterable[int] | None = None) -> Iterator[tuple[int, np.ndarray]]:
    """Rows of a pack (all where None) with their pictures, read as they are asked for."""
    for row in range(len(pack)) if rows is None else rows:
        yield row, pack.picture(row)


def extract(
    pictures: Iterable[tuple[int, np.ndarray]], network: Frozen, how: How
) -> Iterator[tuple[list[int], np.ndarray]]:
    """Features of pictures, a batch at a time.

    Args:
        pictures: rows and pictures as :func:`read` gives them. They are asked for in another
            thread, a few batches ahead, and each is let go when it is fitted: of an open pack
            (:func:`~bilderatlas.data.pack.open_pack`) only some batches are in memory.
        network: as :func:`ready` gives it.
        how: how it looks at them.

    Yields:
        the rows of a batch, and float32 (b, d), in the order of ``pictures``.
    """
    with (
        ThreadPoolExecutor(max(1, how.workers)) as pool,
        contextlib.closing(ahead(_batches(pictures, how, pool), AHEAD)) as waiting,
    ):
        # features are taken one batch late, when a GPU has the next one in hand
        before: tuple[list[int], _Returning] | None = None
        for numbers, squares in waiting:
            # not around the yield: the caller's own tensors are none of its business
            with torch.inference_mode():
                found = _Returning(forward(network, squares, how), how.device == "cuda")
            if before is not None:
                yield before[0], before[1].taken()
            before = numbers, found
        if before is not None:
            yield before[0], before[1].taken()


class _Returning:
    """Features on their way back from a device.

    A CUDA device copies them to pinned memory right behind the batch that they belong to, and an
    event tells when: a plain copy would be asked for later, and queue behind the next batch.
    """

    def __init__(self, found: Tensor, cuda: bool) -> None:
        self.event: torch.cuda.Event | None = None
        self.found = found
        if cuda:
            pinned = torch.empty(found.shape, dtype=found.dtype, pin_memory=True)
            self.found = pinned.copy_(found, non_blocking=True)
            self.event = torch.cuda.Event(blocking=True)  # the processor has pictures to fit
            self.event.record()

    def taken(self) -> np.ndarray:
        if self.event is not None:
            self.event.synchronize()
        return self.found.cpu().numpy()


def _batches(
    pictures: Iterable[tuple[int, np.ndarray]], how: How, pool: ThreadPoolExecutor
) -> Iterator[tuple[list[int], Tensor]]:
    numbers: list[int] = []
    squares: list[Future[Tensor]] = []
    for row, picture in pictures:
        numbers.append(row)
        # the file is read by one thread at a time in any case
        squares.append(pool.submit(square, picture, how.size, how.fit))
        if len(numbers) == how.count:
            yield numbers, batch([one.result() for one in squares], how.device == "cuda")
            numbers, squares = [], []
    if numbers:
        yield numbers, batch([one.result() for one in squares], how.device == "cuda")
