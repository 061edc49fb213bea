"""Pixels of an open pack, read past HDF5 where they lie in its file as they are.

A batch of a shuffled epoch is as many single reads. Through HDF5 they take nearly twice the
processor time of plain ones, in the order of the file too; plain ones also let go of the
interpreter's lock, which the training needs to go on. ``python -m benchmarks.reading`` compares
them.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from bilderatlas.data.pack import Pack
from bilderatlas.errors import InputError

if TYPE_CHECKING:
    import h5py


@contextlib.contextmanager
def read_directly(pack: Pack) -> Iterator[Pack]:
    """The same pack with pixels that are read past HDF5; as it is where they are packed otherwise.

    Args:
        pack: as :func:`~bilderatlas.data.pack.open_pack` gives it; stays open meanwhile.

    Raises:
        InputError: when a picture is asked for and the file ends before it.
    """
    found = _places(pack.pixels)
    if found is None:
        yield pack
        return
    path = pack.pixels.file.filename
    file = os.open(path, os.O_RDONLY)
    try:
        yield replace(pack, pixels=_Direct(path, file, *found))
    finally:
        os.close(file)


def _places(pixels: h5py.Dataset) -> tuple[np.ndarray, int] | None:
    """Where each chunk begins in the file, and its length; None where bytes are not the pixels."""
    compressed = pixels.id.get_create_plist().get_nfilters() > 0
    if compressed or pixels.dtype != np.uint8 or pixels.file.userblock_size:
        return None
    if pixels.chunks is None:
        start = pixels.id.get_offset()
        return None if start is None else (np.array([start]), pixels.size)
    if not hasattr(pixels.id, "chunk_iter"):  # an HDF5 before 1.12.3
        return None
    length = pixels.chunks[0]
    places = np.full(-(-pixels.size // length), -1, np.int64)

    def note(chunk) -> None:
        places[chunk.chunk_offset[0] // length] = chunk.byte_offset

    pixels.id.chunk_iter(note)
    return None if (places < 0).any() else (places, length)


class _Direct:
    """Stands for the flat pixels of a pack; gives slices with both ends."""

    def __init__(self, path: str, file: int, places: np.ndarray, length: int) -> None:
        self.path = path
        self.file, self.places, self.length = file, places.tolist(), length

    def __getitem__(self, part: slice) -> np.ndarray:
        here, stop, pieces = int(part.start), int(part.stop), []
        while here < stop:
            chunk, inside = divmod(here, self.length)
            wanted = min(self.length - inside, stop - here)
            piece = os.pread(self.file, wanted, self.places[chunk] + inside)
            if not piece:
                raise InputError(
                    f"{self.path} ends before its last picture: delete it, and it is made anew."
                )
            pieces.append(piece)
            here += len(piece)
        return np.frombuffer(b"".join(pieces), np.uint8)
