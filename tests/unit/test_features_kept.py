"""Features that were worked out once: what is known stays known, whatever happens between."""

import contextlib
import errno
import sqlite3

import numpy as np
import pytest

from bilderatlas import job
from bilderatlas import kept as kept_files
from bilderatlas.data.pack import Pack
from bilderatlas.errors import InputError
from bilderatlas.feature_files import read_features
from bilderatlas.learn.features import collect as collection
from bilderatlas.learn.features.cache import FeatureCache
from bilderatlas.learn.features.collect import collect
from bilderatlas.learn.features.extract import How, extract, read
from bilderatlas.learn.features.networks import build
from tests.networks import HOW

SAID = {
    "collection": "mine", "backbone": "resnet18", "network": "resnet18", "layer": "pool",
    "weights": "untrained", "asked": "untrained", "stand_in": False, "seed": 1, "size": 48,
    "fit": "squeeze", "settings": "", "versions": {},
}  # fmt: skip

pytestmark = pytest.mark.usefixtures("one_thread")


def features(pack, network):
    return np.concatenate([found for _, found in extract(read(pack), network, HOW)])


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


def test_only_what_is_new_is_worked_out(make_pack, network, store):
    pack = make_pack(8, "rgb")
    done, first = store(with_pictures(pack, range(6)))
    assert done == 6
    assert first.attributes["shape"] == [512] and first.attributes["precision"] == "32-true"
    plain = features(pack, network)
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


def counted(path):
    with contextlib.closing(sqlite3.connect(path)) as kept:
        asked = "SELECT settings, precision, count(*) FROM rows GROUP BY settings, precision"
        return {(settings, kind): count for settings, kind, count in kept.execute(asked)}


def test_each_picture_is_read_once(make_pack, network, store):
    seen = []

    class Watched(Pack):
        def picture(self, row):
            seen.append(row)
            return super().picture(row)

    watched = Watched(**vars(make_pack(7, "rgb")))
    assert store(watched)[0] == 7
    assert seen == list(range(7))
    seen.clear()
    assert store(watched)[0] == 0 and seen == list(range(7))


def test_rows_of_earlier_settings_go_when_all_others_are_written(
    make_pack, tmp_path, monkeypatch, store, caplog
):
    caplog.set_level("INFO", job.log.name)
    path, pack = tmp_path / "kept" / "x.db", make_pack(6, "rgb")
    assert store(pack, "a")[0] == 6
    before = path.stat().st_size
    with monkeypatch.context() as patch:
        patch.setattr(collection, "write_features", refuse)
        with pytest.raises(OSError, match="full"):
            store(pack, "b")
    assert counted(path) == {("a float32", "32-true"): 6, ("b float32", "32-true"): 6}
    # back to the earlier ones, nothing is lost
    assert store(pack, "a")[0] == 0
    assert counted(path) == {("a float32", "32-true"): 6}
    assert "dropped 6 rows of earlier settings" in caplog.text
    assert path.stat().st_size == before  # their room too is given back
    assert store(pack, "a", store="float16")[0] == 6
    assert counted(path) == {("a float16", "32-true"): 6}


def refuse(*_):
    raise OSError("full")


def test_rows_of_another_precision_stay(make_pack, tmp_path):
    """Nodes of a cluster differ: none throws away what another has worked out."""
    path, pack = tmp_path / "x.db", make_pack(8, "rgb")

    def run(pictures, precision):
        how = How(48, precision=precision, batch_size=3)
        network = build("resnet18", "pool", None, 1)  # one that is in bf16 stays so
        with FeatureCache(path, "s", "float32") as cache:
            done = collect(pictures, network, how, cache, SAID, tmp_path / "x.h5")
        return done, read_features(tmp_path / "x.h5").attributes["precision"]

    some = with_pictures(pack, range(6))
    assert run(some, "32-true") == (6, "32-true")
    assert run(some, "bf16-mixed") == (6, "bf16-mixed")
    assert run(with_pictures(pack, range(7)), "32-true") == (1, "32-true")
    assert counted(path) == {("s float32", "32-true"): 7, ("s float32", "bf16-mixed"): 6}
    # a picture that is gone is gone in both
    assert run(with_pictures(pack, range(1, 7)), "bf16-mixed") == (1, "bf16-mixed")
    assert counted(path) == {("s float32", "32-true"): 6, ("s float32", "bf16-mixed"): 6}


def test_a_run_that_was_stopped_goes_on(make_pack, network, tmp_path, monkeypatch, store):
    monkeypatch.setattr(kept_files, "SECONDS", 0)
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
    np.testing.assert_allclose(found.values, features(pack, network), rtol=1e-4, atol=1e-3)


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
        key, value = kept.execute("SELECT key, value FROM rows LIMIT 1").fetchone()
        kept.execute("UPDATE rows SET value = ? WHERE key = ?", (value[:-1] + b"\x7f", key))
    kept.close()
    done, found = store(pack)
    assert done == 1 and "1 damaged rows" in caplog.text
    np.testing.assert_allclose(found.values, first.values, rtol=1e-4, atol=1e-3)


def test_a_full_disk(make_pack, tmp_path, store):
    with FeatureCache(tmp_path / "x.db", "s", "float32") as cache:
        cache.store.execute("PRAGMA max_page_count = 10")
        with pytest.raises(OSError, match="No space") as caught:
            cache.keep([bytes([n]) for n in range(50)], np.ones((50, 512), np.float32))
        assert caught.value.errno == errno.ENOSPC


def test_another_run_is_writing(tmp_path, monkeypatch):
    monkeypatch.setattr(kept_files, "PATIENCE", 0.1)
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
