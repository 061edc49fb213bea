"""Where training pictures lie: all in the memory of the device, or in their file."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from torch.utils.data import DataLoader

from bilderatlas.data.batches import PackedPictures, training_loader
from bilderatlas.data.direct import read_directly
from bilderatlas.data.pack import Pack, open_pack, read_pack
from bilderatlas.data.resident import ResidentPictures
from bilderatlas.data.streaming import ReadAhead
from bilderatlas.errors import InputError

log = logging.getLogger("bilderatlas")

# ASSUME: the other half is enough for the network, its gradients and a batch's activations
SHARE = 0.5  # of a GPU's free memory that pictures may take

# What a job on a CPU asks for beside the pictures, in MB, as `plan.cost` does (a test compares)
LIBRARIES_MB = 1500  # with the network, its gradients and the optimiser
PICTURE_MB = 12  # a picture of a batch: two views and their activations


def room(device: str, free: int, taken: int, batch_size: int) -> int:
    """Bytes that the pictures may take, so that all else of a training has its own.

    Args:
        device: cpu, cuda or mps.
        free: bytes of its memory that nothing takes.
        taken: bytes of the processor's memory that this process has: the libraries in it are
            loaded, and not reckoned a second time.
        batch_size: pictures a step.
    """
    if device != "cpu":
        return int(SHARE * free)
    return free + taken - (LIBRARIES_MB + PICTURE_MB * batch_size) * 10**6


def place(wanted: str, needed: int, free: int, allowed: int, what: str) -> str:
    """``resident`` or ``streamed``.

    Args:
        wanted: ``auto``, or one of the two.
        needed: bytes of the pictures.
        free: bytes of the device's memory that nothing takes.
        allowed: bytes that the pictures may take (:func:`room`).
        what: names the pictures in the error.

    Raises:
        InputError: ``resident`` is wanted and the pictures do not fit at all.
    """
    if wanted == "resident" and needed >= free:
        raise InputError(
            f"{what} takes {needed / 1e9:.1f} GB, and {free / 1e9:.1f} GB of memory are free where"
            " it is trained on: set `learning: {pictures: streamed}` or `auto`."
        )
    if wanted != "auto":
        return wanted
    return "resident" if needed <= allowed else "streamed"


@contextlib.contextmanager
def training_batches(
    path: str | Path,
    image_ids: Sequence[str],
    batch_size: int,
    seed: int,
    what: str,
    device: str,
    free: int,
    wanted: str = "auto",
    taken: int = 0,
) -> Iterator[tuple[DataLoader | ReadAhead, int]]:
    """Shuffled batches of a pack's pictures, and how many pictures they are drawn from.

    The batches and their order are the same wherever the pictures lie.

    Args:
        path: the pack.
        image_ids: the training part; those that are not in the pack are left out.
        batch_size: pictures a step.
        seed: of the order.
        what: names phase, collection and split in errors.
        device: cpu, cuda or mps.
        free: bytes of that device's free memory.
        wanted: ``auto`` (resident where they fit beside all else, see :func:`room`), ``resident``,
            ``streamed``.
        taken: bytes of memory that this process has already.

    Raises:
        InputError: no pack, a batch that is too large, or pictures that do not fit.
    """
    with contextlib.ExitStack() as stack:
        opened = stack.enter_context(open_pack(path))
        rows = opened.rows(image_ids)
        allowed = room(device, free, taken, batch_size)
        where = place(wanted, _needed(opened, rows, device), free, allowed, str(path))
        log.info("The pictures of %s are %s on %s.", path, where, device)
        if where == "streamed":
            pictures = PackedPictures(stack.enter_context(read_directly(opened)), rows)
        elif device == "cpu":
            pictures = PackedPictures(read_pack(path), rows)
        else:
            pictures = ResidentPictures(opened, rows, device)
        loader = training_loader(pictures, batch_size, seed, what)
        yield (ReadAhead(loader, device) if where == "streamed" else loader), len(rows)


def _needed(pack: Pack, rows: Sequence[int], device: str) -> int:
    """Bytes: on a CPU the whole pack is read, to another device the training part is sent."""
    areas = pack.sizes.astype(np.int64).prod(1)
    return int((areas if device == "cpu" else areas[list(rows)]).sum()) * pack.channels


def placed(loader: DataLoader | ReadAhead) -> str:
    """Where the pictures of these batches lie: ``resident`` or ``streamed``."""
    return "streamed" if isinstance(loader, ReadAhead) else "resident"
