"""Features of a pack: as the plain way gives them, in batches, whatever the precision."""

import numpy as np
import pytest
import torch

from benchmarks.naive_features import naive_features, naive_network, naive_transform
from bilderatlas import job
from bilderatlas.data.pack import Pack, open_pack, write_pack
from bilderatlas.learn.features import extract as extraction
from bilderatlas.learn.features.cache import FeatureCache
from bilderatlas.learn.features.collect import as_kept
from bilderatlas.learn.features.extract import How, computes_in, extract, read, ready
from bilderatlas.learn.features.networks import build
from bilderatlas.learn.features.weights import fitting, read_state
from bilderatlas.learn.standin import train_standin
from bilderatlas.learn.standin_pictures import KINDS, draw_pictures
from tests.neighbours import overlap
from tests.networks import HOW

pytestmark = pytest.mark.usefixtures("one_thread")


def all_of(pack, network, how=HOW, rows=None):
    numbers, found = zip(*extract(read(pack, rows), network, how), strict=True)
    return [row for some in numbers for row in some], np.concatenate(found)


def test_each_row_is_what_the_plain_way_gives(jpegs, tmp_path, network):
    """PIL, torchvision's transforms and the unfolded network, from the files themselves."""
    path = tmp_path / "rgb.h5"
    write_pack(jpegs, path, "rgb", 128, 0)
    plain = naive_network("resnet18", "pool", None, 1)
    wanted = naive_features(jpegs["file"], plain, naive_transform("resnet18", 48), batch=3)
    with open_pack(path) as pack:
        rows, found = all_of(pack, network)
    assert rows == [0, 1, 2, 3] and found.dtype == np.float32
    cosines = (
        (found * wanted).sum(1) / np.linalg.norm(found, axis=1) / np.linalg.norm(wanted, axis=1)
    )
    # a grey level here and there
    assert cosines.min() > 0.9995
    np.testing.assert_allclose(found, wanted, atol=0.03 * np.abs(wanted).max())


def test_neither_batches_nor_threads_nor_order_matter(make_pack, network):
    pack = make_pack(7, "rgb")
    _, whole = all_of(pack, network, How(48, precision="32-true", batch_size=7))
    rows, found = all_of(pack, network, How(48, precision="32-true", batch_size=2, workers=3))
    assert rows == list(range(7))
    np.testing.assert_allclose(found, whole, rtol=1e-3, atol=1e-3 * whole.max())
    rows, some = all_of(pack, network, rows=[5, 0, 3])
    assert rows == [5, 0, 3]
    np.testing.assert_allclose(some, whole[rows], rtol=1e-3, atol=1e-3 * whole.max())
    # and the pictures are not all alike
    assert np.abs(whole - whole[0])[1:].max(axis=1).min() > 0.01 * whole.max()


def test_a_user_that_stops_stops_the_reading(make_pack, network):
    seen = []

    class Watched(Pack):
        def picture(self, row):
            seen.append(row)
            return super().picture(row)

    running = extract(read(Watched(**vars(make_pack(90, "rgb")))), network, HOW)
    next(running)
    running.close()
    assert len(seen) < 30


def test_large_pictures_come_in_smaller_batches():
    counts = [How(size, device=device).count for device in ("cpu", "cuda") for size in (224, 320)]
    assert counts == [8, 8, 256, 256]
    assert [How(size, device="cuda").count for size in (640, 2048)] == [64, 6]
    assert How(2048).count == 1 and How(2048, batch_size=5).count == 5


def test_a_gpu_is_waited_for_one_batch_late(make_pack, monkeypatch):
    """What a CUDA device is asked for, and when, by one that writes it down."""
    said, plain = [], torch.empty

    class Event:
        def __init__(self, blocking):
            self.number = sum(word.startswith("record") for word in said) + 1

        def record(self):
            said.append(f"record {self.number}")

        def synchronize(self):
            said.append(f"wait {self.number}")

    def forward(network, pictures, how):
        said.append(f"forward {sum(word.startswith('forward') for word in said) + 1}")
        return pictures.flatten(1)[:, :4].float()

    monkeypatch.setattr(torch.cuda, "Event", Event)
    monkeypatch.setattr(
        torch, "empty", lambda *shape, pin_memory=False, **kind: plain(*shape, **kind)
    )
    monkeypatch.setattr(extraction, "forward", forward)
    pack = make_pack(8, "rgb")
    rows, found = all_of(pack, None, How(32, device="cuda", precision="32-true", batch_size=3))
    assert said == [
        "forward 1", "record 1",
        "forward 2", "record 2", "wait 1",
        "forward 3", "record 3", "wait 2", "wait 3",
    ]  # fmt: skip
    assert rows == list(range(8))
    said.clear()
    _, wanted = all_of(pack, None, How(32, precision="32-true", batch_size=3))
    assert said == ["forward 1", "forward 2", "forward 3"]
    np.testing.assert_array_equal(found, wanted)


# --- half precision


@pytest.mark.parametrize(("native", "settled"), [(True, "bf16-mixed"), (False, "32-true")])
def test_cards_without_bf16_compute_in_32_bit(monkeypatch, native, settled):
    """Weights that were wholly float16 would overflow."""
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda including_emulation: native)
    how = How(224, device="cuda")
    assert how.settled == settled
    assert computes_in("cuda", "bf16-mixed") == native
    assert computes_in("cuda", "32-true") and computes_in("cpu", "bf16-mixed")


@pytest.mark.parametrize("here", ["32-true", "bf16-mixed"])
def test_auto_follows_what_most_pictures_are_known_in(
    make_pack, tmp_path, monkeypatch, caplog, here
):
    caplog.set_level("INFO", job.log.name)
    monkeypatch.setattr(extraction, "default_precision", lambda _: here)
    other = "bf16-mixed" if here == "32-true" else "32-true"
    row = np.ones((1, 4), np.float32)
    with FeatureCache(tmp_path / "x.db", "s", "float32") as cache:
        cache.precision = other
        for number in range(6):
            cache.keep([bytes([number])], row)
        assert as_kept(How(48), cache, 12).precision == other
        assert f"6 of 12 pictures are known in {other}" in caplog.text
        assert as_kept(How(48), cache, 13).precision == here  # most are not known at all
        assert as_kept(How(48, precision=here), cache, 6).precision == here  # as it was asked for
        cache.precision = here
        for number in range(6):
            cache.keep([bytes([number])], row)
        assert as_kept(How(48), cache, 12).precision == here
        # other settings are no matter
        cache.settings = "others float32"
        assert as_kept(How(48), cache, 1).precision == here


@pytest.mark.slow
def test_half_precision_has_the_same_neighbours(tmp_path):
    """A trained network on generated pictures that it has not seen."""
    path = tmp_path / "standin.pt"
    train_standin(path, seed=1, steps=25)
    state = fitting(read_state(path), "resnet18", path)
    drawn = draw_pictures(
        torch.arange(300) % len(KINDS), 64, torch.Generator().manual_seed(99)
    ).mul(255)
    pictures = drawn.to(torch.uint8).permute(0, 2, 3, 1).contiguous().numpy()
    pack = Pack(
        pictures.ravel(),
        np.arange(301) * pictures[0].size,
        np.full((300, 2), 64),
        [str(n) for n in range(300)],
        "rgb",
    )
    whole, half = (
        all_of(pack, ready(build("resnet18", "pool", state), how), how)[1]
        for how in (How(64, precision=kind) for kind in ("32-true", "bf16-mixed"))
    )
    assert not np.array_equal(whole, half)
    assert overlap(whole, half, 10) >= 0.98
    # it would be lower if much were lost: neighbours are not so far apart
    rough = whole * (1 + 0.3 * np.random.default_rng(0).standard_normal(whole.shape))
    assert overlap(whole, rough, 10) < 0.95


def test_the_callers_own_tensors_stay_plain(make_pack, network):
    for _ in extract(read(make_pack(5, "rgb")), network, How(48, batch_size=2)):
        assert not torch.is_inference_mode_enabled()
