"""Features of a pack: as the plain way gives them, worked out once, whatever happens between."""

import errno
import sqlite3

import numpy as np
import pytest
import torch

from benchmarks.naive_features import naive_features, naive_network, naive_transform
from bilderatlas.data.pack import Pack, open_pack, write_pack
from bilderatlas.errors import InputError
from bilderatlas.feature_files import read_features
from bilderatlas.learn.features import cache as caches
from bilderatlas.learn.features.cache import FeatureCache
from bilderatlas.learn.features.collect import collect
from bilderatlas.learn.features.extract import How, extract, ready
from bilderatlas.learn.features.networks import build
from bilderatlas.learn.features.weights import fitting, read_state
from bilderatlas.learn.standin import train_standin
from bilderatlas.learn.standin_pictures import KINDS, draw_pictures
from tests.neighbours import overlap

SAID = {
    "collection": "mine", "backbone": "resnet18", "network": "resnet18", "layer": "pool",
    "weights": "untrained", "asked": "untrained", "stand_in": False, "seed": 1, "size": 48,
    "fit": "squeeze", "settings": "", "versions": {},
}  # fmt: skip
HOW = How(48, precision="32-true", batch_size=3)


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def network():
    return ready(build("resnet18", "pool", None, 1), HOW)


def all_of(pack, network, how=HOW, rows=None):
    numbers, found = zip(*extract(pack, network, how, rows), strict=True)
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
    read = []

    class Watched(Pack):
        def picture(self, row):
            read.append(row)
            return super().picture(row)

    running = extract(Watched(**vars(make_pack(90, "rgb"))), network, HOW)
    next(running)
    running.close()
    assert len(read) < 30


# --- what was worked out once


@pytest.fixture
def store(tmp_path, network):
    """Collect a pack's features; how many were worked out, and the file."""

    def run(pack, settings="s", store="float32", how=HOW):
        path = tmp_path / "features.h5"
        with FeatureCache(tmp_path / "kept" / "x.db", settings, store) as cache:
            done = collect(pack, network, how, cache, SAID, path)
        return done, read_features(path)

    return run


def with_pictures(pack, numbers):
    """A pack with some of the pictures of another, in another order."""
    drawn = [pack.picture(row).copy() for row in numbers]
    return Pack(
        np.concatenate([one.ravel() for one in drawn]),
        np.cumsum([0, *(one.size for one in drawn)]),
        np.array([one.shape[:2] for one in drawn]),
        [pack.image_ids[row] for row in numbers],
        pack.mode,
    )


def test_only_what_is_new_is_worked_out(make_pack, network, store, caplog):
    pack = make_pack(8, "rgb")
    done, first = store(with_pictures(pack, range(6)))
    assert done == 6
    assert first.attributes["shape"] == [512] and first.attributes["precision"] == "32-true"
    _, plain = all_of(pack, network)
    np.testing.assert_allclose(first.values, plain[:6], rtol=1e-4, atol=1e-4 * plain.max())
    done, again = store(with_pictures(pack, range(6)))
    assert done == 0
    np.testing.assert_array_equal(again.values, first.values)
    # one came, one went, the others stand elsewhere
    done, later = store(with_pictures(pack, [7, 4, 0, 2, 1, 3]))
    assert done == 1
    assert later.image_ids == ["p007", "p004", "p000", "p002", "p001", "p003"]
    np.testing.assert_array_equal(later.values[1:], first.values[[4, 0, 2, 1, 3]])
    # what went is forgotten
    assert store(with_pictures(pack, range(6)))[0] == 1
    # one pixel of one picture
    changed = with_pictures(pack, range(6))
    changed.pixels[5] ^= 128
    assert store(changed)[0] == 1
    # a name is a picture of its own
    changed.image_ids[3] = "another"
    assert store(changed)[0] == 1
    assert store(changed, settings="others")[0] == 6
    assert "belongs to other settings: it is made anew" in caplog.text
    assert store(changed, settings="others", store="float16")[0] == 6


def test_a_run_that_was_stopped_goes_on(make_pack, network, tmp_path, monkeypatch, store):
    monkeypatch.setattr(caches, "_SECONDS", 0)
    pack, left = make_pack(9, "rgb"), [4]
    kept = FeatureCache.keep

    def stop(self, keys, rows):
        kept(self, keys, rows)
        left[0] -= len(rows)
        if left[0] <= 0:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(FeatureCache, "keep", stop)
        with pytest.raises(KeyboardInterrupt):
            store(pack)
    assert not (tmp_path / "features.h5").exists()
    done, found = store(pack)
    assert done == 9 - 6  # two batches of three were on the disk
    np.testing.assert_allclose(found.values, all_of(pack, network)[1], rtol=1e-4, atol=1e-3)


@pytest.mark.parametrize("kind", ["no database", "cut off", "torn in the middle"])
def test_a_damaged_cache_is_made_anew(make_pack, tmp_path, store, caplog, kind):
    pack = make_pack(40, "rgb")
    _, first = store(pack)
    path = tmp_path / "kept" / "x.db"
    whole = path.read_bytes()
    path.write_bytes({
        "no database": b"x" * 5_000,
        "cut off": whole[: len(whole) // 2],
        "torn in the middle": whole[:4_096] + b"\xff" * 40_000 + whole[44_096:],
    }[kind])  # fmt: skip
    done, found = store(pack)
    assert done >= 10
    np.testing.assert_allclose(found.values, first.values, rtol=1e-4, atol=1e-3)
    assert "damaged" in caplog.text
    assert store(pack)[0] == 0


def test_a_row_with_a_flipped_bit_is_worked_out_again(make_pack, tmp_path, store, caplog):
    pack = make_pack(6, "rgb")
    _, first = store(pack)
    with sqlite3.connect(tmp_path / "kept" / "x.db") as kept:
        key, value = kept.execute("SELECT key, value FROM features LIMIT 1").fetchone()
        kept.execute("UPDATE features SET value = ? WHERE key = ?", (value[:-1] + b"\x7f", key))
    kept.close()
    done, found = store(pack)
    assert done == 1 and "1 damaged rows" in caplog.text
    np.testing.assert_allclose(found.values, first.values, rtol=1e-4, atol=1e-3)


def test_a_full_disk(make_pack, tmp_path, store):
    with FeatureCache(tmp_path / "x.db", "s", "float32") as cache:
        cache._store.execute("PRAGMA max_page_count = 10")
        with pytest.raises(OSError, match="No space") as caught:
            cache.keep([bytes([n]) for n in range(50)], np.ones((50, 512), np.float32))
        assert caught.value.errno == errno.ENOSPC


def test_another_run_is_writing(tmp_path, monkeypatch):
    monkeypatch.setattr(caches, "_PATIENCE", 0.1)
    path, row = tmp_path / "x.db", np.ones((1, 4), np.float32)
    with FeatureCache(path, "s", "float32") as one, FeatureCache(path, "s", "float32") as other:
        one.keep([b"a"], row)
        with pytest.raises(InputError, match=r"x\.db cannot be written .*let another run"):
            other.keep([b"b"], row)


def test_a_network_gone_astray(make_pack, store, monkeypatch):
    """Its features are refused, and not kept either."""
    pack = make_pack(4, "rgb")

    def astray(*_):
        yield [0, 1], np.array([[1.0] * 512, [np.nan] * 512], np.float32)

    with monkeypatch.context() as patch:
        patch.setattr("bilderatlas.learn.features.collect.extract", astray)
        with pytest.raises(InputError, match="features of p001 are not finite"):
            store(pack)
    assert store(pack)[0] == 4


# --- half precision


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
