"""Pixels read past HDF5 are the pixels that HDF5 gives, or are read through it."""

import os

import h5py
import numpy as np
import pytest

from bilderatlas.data.batches import PackedPictures
from bilderatlas.data.direct import _Direct, read_directly
from bilderatlas.data.pack import open_pack
from bilderatlas.data.placement import training_batches
from bilderatlas.data.streaming import ReadAhead
from bilderatlas.errors import InputError


@pytest.fixture(params=["grey", "rgb"])
def pack(request, make_pack):
    return make_pack(23, request.param)


def write(pack, path, grow=False, file=None, **layout):
    """A pack as a file; ``grow``: written as the workflow does, picture by picture."""
    with h5py.File(path, "w", **(file or {})) as store:
        if grow:
            pixels = store.create_dataset("pixels", (0,), np.uint8, maxshape=(None,), **layout)
            for row in range(len(pack)):
                pixels.resize((pack.offsets[row + 1],))
                pixels[pack.offsets[row] :] = pack.picture(row).ravel()
                store.require_group("between").create_group(str(row))  # metadata among the chunks
        else:
            store.create_dataset("pixels", data=pack.pixels, **layout)
        store["offsets"], store["sizes"] = pack.offsets, pack.sizes
        store.create_dataset("image_ids", data=pack.image_ids, dtype=h5py.string_dtype("utf-8"))
        store.attrs.update(mode=pack.mode, side=48)
    return path


@pytest.mark.parametrize(
    ("layout", "past"),
    [
        ({}, True),  # in one piece
        ({"grow": True, "chunks": (48 * 48,)}, True),
        ({"grow": True, "chunks": (100,)}, True),  # a picture lies in many chunks
        ({"grow": True, "chunks": (10**6,)}, True),  # all in one, which is not full
        ({"grow": True, "chunks": (5000,), "file": {"libver": "latest"}}, True),
        ({"chunks": (5000,), "compression": "gzip"}, False),
        ({"chunks": (5000,), "shuffle": True}, False),
        ({"chunks": (5000,), "file": {"userblock_size": 512}}, False),
    ],
)
def test_the_same_pictures(pack, tmp_path, layout, past):
    path = write(pack, tmp_path / "pack.h5", **layout)
    with open_pack(path) as opened, read_directly(opened) as direct:
        assert isinstance(direct.pixels, _Direct) == past
        for row in range(len(pack)):
            np.testing.assert_array_equal(direct.picture(row), pack.picture(row))
        rows = [7, 0, 22, 7, 3]
        for one, other in zip(direct.canvas(rows), pack.canvas(rows), strict=True):
            np.testing.assert_array_equal(one, other)


def test_chunks_that_were_never_written_are_read_through_the_library(pack, tmp_path):
    """The library gives zeros for them; they have no place in the file."""
    path = write(pack, tmp_path / "pack.h5")
    with h5py.File(path, "a") as store:
        del store["pixels"]
        store.create_dataset("pixels", (pack.pixels.size,), np.uint8, chunks=(1000,))
        store["pixels"][:1000] = 7
    with open_pack(path) as opened, read_directly(opened) as direct:
        assert not isinstance(direct.pixels, _Direct)
        assert direct.picture(0).ravel()[0] == 7 and not direct.picture(22).any()


def test_a_pack_that_lost_its_end_while_open_is_said(pack, tmp_path):
    path = write(pack, tmp_path / "pack.h5")
    with open_pack(path) as opened, read_directly(opened) as direct:
        direct.picture(22)
        with open(path, "r+b") as file:
            file.truncate(direct.pixels.places[0] + int(pack.offsets[5]))
        np.testing.assert_array_equal(direct.picture(4), pack.picture(4))
        with pytest.raises(InputError, match=r"pack\.h5 ends before its last picture: delete it"):
            direct.picture(5)


def test_streamed_batches_are_read_past_the_library(pack, tmp_path):
    path = write(pack, tmp_path / "pack.h5", grow=True, chunks=(5000,))
    how = (path, pack.image_ids, 5, 3, "x", "cpu", 10**11, "streamed")
    with training_batches(*how) as (loader, _):
        assert isinstance(loader, ReadAhead)
        assert isinstance(loader.loader.dataset, PackedPictures)
        file = loader.loader.dataset.pack.pixels.file
        assert len(list(loader)) == 4
    with pytest.raises(OSError):  # closed with the pack
        os.pread(file, 1, 0)
