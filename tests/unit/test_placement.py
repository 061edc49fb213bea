"""Where training pictures lie decides about memory and speed, and about nothing else."""

import threading
import time
import tracemalloc

import h5py
import numpy as np
import pytest
import torch

from bilderatlas.data import resident
from bilderatlas.data.batches import PackedPictures, training_loader
from bilderatlas.data.pack import open_pack
from bilderatlas.data.placement import SHARE, place, training_batches
from bilderatlas.data.resident import ResidentPictures
from bilderatlas.data.streaming import AHEAD, ReadAhead
from bilderatlas.errors import InputError
from bilderatlas.learn import device

PLENTY = 10**9


def write(pack, path):
    """A pack in memory as a file."""
    with h5py.File(path, "w") as store:
        store["pixels"], store["offsets"], store["sizes"] = pack.pixels, pack.offsets, pack.sizes
        store.create_dataset("image_ids", data=pack.image_ids, dtype=h5py.string_dtype("utf-8"))
        store.attrs.update(mode=pack.mode, side=48)
    return path


@pytest.fixture(params=["grey", "rgb"])
def stored(request, tmp_path, make_pack):
    """A pack, its file, and a training part in another order than the file's."""
    pack = make_pack(23, request.param)
    shuffled = np.random.default_rng(1).permutation(23)[:17].tolist()
    return pack, write(pack, tmp_path / "pack.h5"), [pack.image_ids[row] for row in shuffled]


def epochs(loader, count=2, first=0):
    """All batches of some epochs."""
    found = []
    for epoch in range(first, first + count):
        loader.sampler.set_epoch(epoch)
        found.append([tuple(x.clone() for x in batch) for batch in loader])
    return found


def same(one, other):
    assert len(one) == len(other)
    for left, right in zip(one, other, strict=True):
        assert len(left) == len(right) > 0
        for (pictures, sizes), (others, their) in zip(left, right, strict=True):
            assert pictures.dtype == others.dtype == torch.uint8
            assert torch.equal(pictures, others) and torch.equal(sizes, their)
            assert pictures.is_contiguous() and sizes.dtype == torch.int64


# --- the same batches


def test_resident_streamed_and_packed_batches_are_the_same(stored):
    pack, path, names = stored
    wanted = epochs(training_loader(PackedPictures(pack, pack.rows(names)), 5, 3, "x"))
    there = training_loader(ResidentPictures(pack, pack.rows(names), "cpu"), 5, 3, "x")
    same(epochs(there), wanted)
    for how in ("streamed", "resident", "auto"):
        with training_batches(path, names, 5, 3, "x", "cpu", PLENTY, how) as (loader, count):
            assert count == 17 and len(loader) == 3
            assert isinstance(loader, ReadAhead) == (how == "streamed")
            same(epochs(loader), wanted)
    with open_pack(path) as opened:
        there = ResidentPictures(opened, opened.rows(names), "cpu")
        same(epochs(training_loader(there, 5, 3, "x")), wanted)


def test_a_run_that_goes_on_reads_what_an_unbroken_one_would(stored):
    _, path, names = stored
    with training_batches(path, names, 5, 3, "x", "cpu", PLENTY, "streamed") as (loader, _):
        unbroken = epochs(loader, 4)
    with training_batches(path, names, 5, 3, "x", "cpu", PLENTY, "streamed") as (loader, _):
        loader.sampler.set_epoch(2)
        next(iter(loader))  # killed in the middle of an epoch, with batches under way
        same(epochs(loader, 2, first=2), unbroken[2:])


def test_canvases_are_gathered_in_pieces(stored, monkeypatch):
    pack, _, names = stored
    pictures = ResidentPictures(pack, pack.rows(names), "cpu")
    whole = pictures.__getitems__([3, 0, 9, 9, 4])
    monkeypatch.setattr(resident, "GATHERED", 2 * 48 * 44)  # two canvases
    same([[pictures.__getitems__([3, 0, 9, 9, 4])]], [[whole]])
    canvas, sizes = pack.canvas([pack.rows(names)[index] for index in (3, 0, 9, 9, 4)])
    np.testing.assert_array_equal(whole[0].numpy(), canvas)
    np.testing.assert_array_equal(whole[1].numpy(), sizes)


def test_only_the_training_part_is_sent(stored):
    pack, _, names = stored
    rows = pack.rows(names)
    pictures = ResidentPictures(pack, rows, "cpu")
    assert pictures.pixels.numel() == sum(pack.picture(row).size for row in rows)
    assert len(pictures) == 17


def test_pictures_that_are_not_in_the_pack_are_left_out(stored):
    _, path, names = stored
    with training_batches(path, [*names, "gone"], 5, 3, "x", "cpu", PLENTY) as (_, count):
        assert count == 17


@pytest.mark.parametrize("how", ["resident", "streamed"])
def test_bad_files_and_batches_are_said(stored, tmp_path, how):
    _, path, names = stored
    (tmp_path / "none.h5").write_text("no pack")
    with (
        pytest.raises(InputError, match=r"none\.h5 is not a pack"),
        training_batches(tmp_path / "none.h5", names, 5, 3, "x", "cpu", PLENTY, how),
    ):
        pass
    with (
        pytest.raises(InputError, match="batch of 18 pictures is larger"),
        training_batches(path, names, 18, 3, "x", "cpu", PLENTY, how),
    ):
        pass


# --- which of them


def test_pictures_lie_on_the_device_where_they_take_at_most_half_of_it():
    assert SHARE == 0.5
    assert place("auto", 50, 100, "pack") == "resident"
    assert place("auto", 51, 100, "pack") == "streamed"
    assert place("resident", 99, 100, "pack") == "resident"
    assert place("streamed", 1, 100, "pack") == "streamed"
    with pytest.raises(InputError, match=r"dew.h5 takes 3.0 GB, and 2.0 GB of memory .*streamed"):
        place("resident", 3 * 10**9, 2 * 10**9, "dew.h5")


def test_what_is_counted(stored):
    """On a CPU the whole pack is read; a GPU gets the training part."""
    pack, path, names = stored
    whole = 2 * pack.pixels.size
    with training_batches(path, names, 5, 3, "x", "cpu", whole) as (loader, _):
        assert not isinstance(loader, ReadAhead)
    with training_batches(path, names, 5, 3, "x", "cpu", whole - 1) as (loader, _):
        assert isinstance(loader, ReadAhead)
    part = 2 * sum(pack.picture(row).size for row in pack.rows(names))
    with training_batches(path, names, 5, 3, "x", "meta", part) as (loader, _):
        assert isinstance(loader.dataset, ResidentPictures)
    with training_batches(path, names, 5, 3, "x", "meta", part - 1) as (loader, _):
        assert isinstance(loader, ReadAhead)


def test_free_memory_of_the_processor(tmp_path, monkeypatch):
    assert 0 < device.free_memory("cpu") < 2**50
    files = {
        "/proc/meminfo": "MemTotal:  900 kB\nMemAvailable:  700 kB\n",
        "/proc/self/cgroup": "0::/jobs/one\n",
        "/sys/fs/cgroup/memory.max": "max\n",
        "/sys/fs/cgroup/memory.current": "5\n",
        "/sys/fs/cgroup/jobs/memory.max": "614400\n",
        "/sys/fs/cgroup/jobs/memory.current": "102400\n",
        "/sys/fs/cgroup/jobs/one/memory.max": "max\n",
        "/sys/fs/cgroup/jobs/one/memory.current": "1\n",
    }
    for name, text in files.items():
        path = tmp_path / name.strip("/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    monkeypatch.setattr(device, "Path", lambda name: tmp_path / name.strip("/"))
    assert device.free_memory("cpu") == 614400 - 102400
    (tmp_path / "sys/fs/cgroup/jobs/memory.max").write_text("max\n")
    assert device.free_memory("cpu") == 700 * 1024
    (tmp_path / "proc/meminfo").unlink()
    assert device.free_memory("cpu") > 700 * 1024


# --- reading ahead


def test_memory_holds_a_few_batches_and_not_the_pack(tmp_path, make_pack):
    """A pack of thirty times the batches that may be under way, read from end to end."""
    pack = make_pack(1200)
    path, names = write(pack, tmp_path / "pack.h5"), pack.image_ids
    size, batch = pack.pixels.size, 10 * 48 * 44
    budget = (AHEAD + 3) * batch + 500_000  # and what Python, ids and offsets take
    assert size > 3 * budget
    del pack
    with training_batches(path, names, 10, 1, "x", "cpu", size, "auto") as (loader, _):
        for _ in loader:  # what is made at first use
            pass
        tracemalloc.start()
        read = sum(pictures.numel() for pictures, _ in loader)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert read > size and peak < budget


class Slow(PackedPictures):
    """Pictures that say when they are asked for, and by whom."""

    def __init__(self, pack, rows, fails_at=None):
        super().__init__(pack, rows)
        self.threads, self.asked, self.fails_at = set(), 0, fails_at

    def __getitems__(self, indices):
        self.threads.add(threading.current_thread().name)
        self.asked += 1
        if self.asked == self.fails_at:
            raise OSError("the disk is gone")
        return super().__getitems__(indices)


def test_batches_are_read_while_others_are_trained_on(make_pack):
    pictures = Slow(make_pack(20), range(20))
    batches = iter(ReadAhead(training_loader(pictures, 2, 1, "x"), "cpu"))
    next(batches)
    for _ in range(200):
        if pictures.asked == 1 + AHEAD:
            break
        time.sleep(0.01)
    assert pictures.asked == 1 + AHEAD  # and not one more
    time.sleep(0.05)
    assert pictures.asked == 1 + AHEAD
    assert len(list(batches)) == 9 and pictures.asked == 10
    assert all(name.startswith("read ahead") for name in pictures.threads)


def test_an_epoch_that_is_left_leaves_no_thread(make_pack):
    before = threading.active_count()
    batches = iter(ReadAhead(training_loader(Slow(make_pack(20), range(20)), 2, 1, "x"), "cpu"))
    next(batches)
    assert threading.active_count() == before + 1
    batches.close()
    assert threading.active_count() == before


def test_a_fault_of_reading_comes_where_its_batch_would(make_pack):
    pictures = Slow(make_pack(20), range(20), fails_at=3)
    batches = iter(ReadAhead(training_loader(pictures, 2, 1, "x"), "cpu"))
    next(batches), next(batches)
    with pytest.raises(OSError, match="the disk is gone"):
        next(batches)
