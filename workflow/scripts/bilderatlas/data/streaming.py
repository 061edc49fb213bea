"""Batches read ahead by a thread, for pictures that do not fit into memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import torch
from torch import Tensor
from torch.utils.data import DataLoader

AHEAD = 2  # batches that are read, or on their way, while one is trained on


class ReadAhead:
    """The batches of a loader in its order, each read while the ones before are trained on.

    The loader's pictures may lie in a file (``open_pack``): memory then holds ``AHEAD`` + 2
    batches, however many pictures there are. For a CUDA device the thread also sends them, from
    pinned memory and beside the training, which waits for its own batch only.

    Args:
        loader: batches of tensors; its sampler decides the order.
        device: that trains.
    """

    def __init__(self, loader: DataLoader, device: str) -> None:
        self.loader = loader
        where = torch.device(device)
        # one for all epochs: memory stays with the stream that it was taken for
        self.send = _Sender(where) if where.type == "cuda" else None

    @property
    def sampler(self) -> Any:
        """The loader's, which Lightning tells the epoch."""
        return self.loader.sampler

    def __len__(self) -> int:
        return len(self.loader)

    def __iter__(self) -> Iterator[tuple[Tensor, ...]]:
        batches = iter(self.loader)
        send = self.send

        def read() -> Any:
            batch = next(batches, None)
            return batch if send is None or batch is None else send(batch)

        # one thread: batches are read one after the other, and so in order
        with ThreadPoolExecutor(1, "read ahead") as reader:
            waiting = deque(reader.submit(read) for _ in range(AHEAD))
            while (batch := waiting.popleft().result()) is not None:
                waiting.append(reader.submit(read))
                yield batch if send is None else send.arrived(*batch)


class _Sender:
    """Sends batches to a CUDA device on a stream of their own."""

    def __init__(self, device: torch.device) -> None:
        self.device = device
        self.stream = torch.cuda.Stream(device)

    def __call__(self, batch: tuple[Tensor, ...]) -> tuple[tuple[Tensor, ...], torch.cuda.Event]:
        with torch.cuda.stream(self.stream):
            sent = tuple(x.pin_memory().to(self.device, non_blocking=True) for x in batch)
            return sent, self.stream.record_event()

    def arrived(self, sent: tuple[Tensor, ...], event: torch.cuda.Event) -> tuple[Tensor, ...]:
        current = torch.cuda.current_stream(self.device)
        current.wait_event(event)  # the device waits, not the processor
        for tensor in sent:
            tensor.record_stream(current)  # else its memory might be given away too early
        return sent
