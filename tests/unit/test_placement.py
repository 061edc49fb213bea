"""Where training pictures lie decides about memory and speed, and about nothing else."""

import threading
import time
import tracemalloc
from pathlib import Path

import h5py
import numpy as np
import pytest
import torch

from bilderatlas.data import placement, resident
from bilderatlas.data.batches import PackedPictures, training_loader
from bilderatlas.data.pack import open_pack
from bilderatlas.data.placement import SHARE, place, placed, room, training_batches
from bilderatlas.data.resident import ResidentPictures
from bilderatlas.data.streaming import AHEAD, ReadAhead
from bilderatlas.errors import InputError
from bilderatlas.learn import device
from plan import cost

PLENTY = 10**11


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
            assert placed(loader) == ("streamed" if how == "streamed" else "resident")
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


def test_pictures_lie_on_a_gpu_where_they_take_at_most_half_of_it():
    assert SHARE == 0.5 and room("cuda", 100, 77, 128) == room("mps", 100, 77, 128) == 50
    assert place("auto", 50, 100, 50, "pack") == "resident"
    assert place("auto", 51, 100, 50, "pack") == "streamed"
    assert place("resident", 99, 100, 50, "pack") == "resident"
    assert place("streamed", 1, 100, 50, "pack") == "streamed"
    with pytest.raises(InputError, match=r"dew.h5 takes 3.0 GB, and 2.0 GB of memory .*streamed"):
        place("resident", 3 * 10**9, 2 * 10**9, 10**9, "dew.h5")


def test_a_job_on_a_processor_uses_what_it_asked_for():
    """Whatever libraries take of it at the time, all that was asked for the pack is the pack's."""
    assert placement.LIBRARIES_MB == cost.LIBRARIES_MB == 1500
    assert placement.PICTURE_MB == cost.BATCH_PICTURE_MB == 12
    batch, pack = 128, 2_340 * 10**6  # 30,000 grey pictures
    asked = (1500 + 12 * batch) * 10**6 + pack
    for taken in (0, 600 * 10**6, 1400 * 10**6):
        assert room("cpu", asked - taken, taken, batch) == pack
    assert room("cpu", 10**9, 5 * 10**8, batch) < 0  # no pack fits beside it


def test_what_is_counted(stored, monkeypatch):
    """On a CPU the whole pack is read; a GPU gets the training part."""
    pack, path, names = stored
    whole = pack.pixels.size + (1500 + 12 * 5) * 10**6
    for less, streamed in ((0, False), (1, True)):
        there = (path, names, 5, 3, "x", "cpu", whole - less - 10**6, "auto", 10**6)
        with training_batches(*there) as (loader, _):
            assert isinstance(loader, ReadAhead) == streamed
    part = 2 * sum(pack.picture(row).size for row in pack.rows(names))
    with training_batches(path, names, 5, 3, "x", "meta", part) as (loader, _):
        assert isinstance(loader.dataset, ResidentPictures)
    with training_batches(path, names, 5, 3, "x", "meta", part - 1) as (loader, _):
        assert isinstance(loader, ReadAhead)


STAT = "anon 40960\nfile 81920\ninactive_file 51200\nactive_file 30720\ntotal_inactive_file 61440\n"


@pytest.mark.parametrize(
    ("own", "group", "limit", "used", "kept"),
    [
        ("0::/jobs/one\n", "", "memory.max", "memory.current", 51200),
        # the older version, as a container shows it: all else lies in other trees
        (
            "9:name=systemd:/\n4:memory,hugetlb:/jobs/one\n1:cpu:/\n0::/\n",
            "memory/",
            "memory.limit_in_bytes",
            "memory.usage_in_bytes",
            61440,
        ),
    ],
)
def test_free_memory_of_the_processor(tmp_path, monkeypatch, own, group, limit, used, kept):
    assert 0 < device.free_memory("cpu") < 2**50
    assert device.taken_memory() > 10**7 or not Path("/proc").exists()
    groups = f"sys/fs/cgroup/{group}"
    none = "max" if not group else "9223372036854771712"
    files = {
        "proc/meminfo": "MemTotal:  900 kB\nMemAvailable:  700 kB\n",
        "proc/self/cgroup": own,
        f"{groups}{limit}": f"{none}\n",
        f"{groups}{used}": "5\n",
        f"{groups}jobs/{limit}": "614400\n",
        f"{groups}jobs/{used}": "102400\n",
        f"{groups}jobs/one/{limit}": f"{none}\n",
        f"{groups}jobs/one/{used}": "1\n",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    monkeypatch.setattr(device, "Path", lambda name: tmp_path / name.strip("/"))
    assert device.free_memory("cpu") == 614400 - 102400
    # pages of files that were read once, the pack just written among them, are given up when asked
    (tmp_path / f"{groups}jobs/memory.stat").write_text(STAT)
    assert device.free_memory("cpu") == 614400 - 102400 + kept
    (tmp_path / f"{groups}jobs/{limit}").write_text(f"{none}\n")
    assert device.free_memory("cpu") == 700 * 1024
    (tmp_path / "proc/meminfo").unlink()
    assert device.free_memory("cpu") > 700 * 1024
    assert device.taken_memory() == 0


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


# --- sending, as a CUDA device would be sent to


class Imitated:
    """Streams and events of a device that is not there; tensors stay where they are."""

    def __init__(self, monkeypatch):
        self.said, self.streams, self.events = [], 0, 0
        made, inside = self, []

        class Stream:
            def __init__(self, device=None):
                made.streams += 1
                self.name = f"stream {made.streams}"

            def record_event(self):
                made.events += 1
                made.said.append((self.name, "record", made.events))
                return made.events

            def wait_event(self, event):
                made.said.append((self.name, "wait", event))

        class Within:
            def __init__(self, stream):
                self.stream = stream

            def __enter__(self):
                inside.append(self.stream.name)

            def __exit__(self, *_):
                inside.pop()

        def to(tensor, device, non_blocking=False):
            assert torch.device(device).type == "cuda" and non_blocking
            made.said.append((inside[-1], "send", tuple(tensor.shape)))
            return tensor

        def keep(tensor, stream):
            made.said.append((stream.name, "keep", tuple(tensor.shape)))

        monkeypatch.setattr(torch.cuda, "Stream", Stream)
        monkeypatch.setattr(torch.cuda, "stream", Within)
        training = Stream()
        self.training = training.name
        monkeypatch.setattr(torch.cuda, "current_stream", lambda device: training)
        monkeypatch.setattr(torch.Tensor, "pin_memory", lambda tensor: tensor)
        monkeypatch.setattr(torch.Tensor, "to", to)
        monkeypatch.setattr(torch.Tensor, "record_stream", keep)


def test_batches_are_sent_beside_the_training_and_kept_until_it_is_done(make_pack, monkeypatch):
    pack = make_pack(12)
    imitated = Imitated(monkeypatch)
    loader = training_loader(PackedPictures(pack, range(12)), 4, 1, "x")
    wanted = epochs(loader, 1)
    ahead = ReadAhead(loader, "cuda")
    same(epochs(ahead, 1), wanted)
    sending = "stream 2"
    shapes = [[tuple(x.shape) for x in batch] for batch in wanted[0]]
    for number, both in enumerate(shapes, 1):
        sent = [(sending, "send", shape) for shape in both]
        at = imitated.said.index((sending, "record", number))
        # a batch's event comes after both of its transfers, on the same stream
        assert imitated.said[at - 2 : at] == sent
        waited = imitated.said.index((imitated.training, "wait", number))
        assert waited > at
        # the training's stream keeps both, and begins with it before the batch is handed over
        kept = [one for one in imitated.said[waited + 1 :] if one[0] == imitated.training]
        assert kept[:2] == [(imitated.training, "keep", shape) for shape in both]
    waits = [one[2] for one in imitated.said if one[1] == "wait"]
    assert waits == [1, 2, 3] and imitated.events == 3


def test_all_epochs_are_sent_by_one_stream(make_pack, monkeypatch):
    """Memory stays with its stream: one an epoch would leave what was sent by those before."""
    imitated = Imitated(monkeypatch)
    loader = training_loader(PackedPictures(make_pack(12), range(12)), 4, 1, "x")
    epochs(ReadAhead(loader, "cuda"), 5)
    assert imitated.streams == 2 and imitated.events == 15  # the training's, and one that sends


def test_a_processor_gets_no_stream(make_pack, monkeypatch):
    imitated = Imitated(monkeypatch)
    loader = training_loader(PackedPictures(make_pack(12), range(12)), 4, 1, "x")
    assert (
        ReadAhead(loader, "cpu").send is None and len(epochs(ReadAhead(loader, "cpu"), 1)[0]) == 3
    )
    assert imitated.streams == 1 and not imitated.said
