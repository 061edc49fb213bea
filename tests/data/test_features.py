"""Features of the real photographs: half precision finds the neighbours that 32 bit finds."""

from pathlib import Path

import numpy as np
import pytest
import torch

from benchmarks.naive_features import naive_features, naive_network, naive_transform
from bilderatlas.collection.manifest import list_pictures
from bilderatlas.data.pack import open_pack, write_pack
from bilderatlas.learn.features.extract import How, extract, read, ready
from bilderatlas.learn.features.networks import build
from bilderatlas.learn.features.weights import fitting, read_state
from bilderatlas.learn.standin import train_standin
from tests.neighbours import overlap

DATA = Path(__file__).parents[2] / ".." / "shared" / "data" / "zille" / "images"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not DATA.is_dir(), reason=f"no real photographs in {DATA}"),
]


@pytest.fixture(scope="module")
def manifest():
    return list_pictures(DATA)


@pytest.fixture(scope="module")
def pack(manifest, tmp_path_factory):
    path = tmp_path_factory.mktemp("pack") / "rgb.h5"
    write_pack(manifest, path, "rgb", 320, 0, workers=2)
    with open_pack(path) as found:
        yield found


@pytest.fixture(scope="module")
def state(tmp_path_factory):
    path = tmp_path_factory.mktemp("weights") / "standin.pt"
    train_standin(path, seed=1, steps=40)
    return fitting(read_state(path), "resnet18", path)


def features(pack, state, precision, size=128):
    how = How(size, precision=precision, workers=2)
    network = ready(build("resnet18", "pool", state), how)
    found = [rows for _, rows in extract(read(pack), network, how)]
    return np.concatenate(found)


def test_half_precision_has_the_same_neighbours(pack, state):
    """bf16 is computed as asked for, be it slow on this processor."""
    whole, half = (features(pack, state, kind) for kind in ("32-true", "bf16-mixed"))
    assert whole.shape == half.shape == (624, 512)
    assert not np.array_equal(whole, half)
    assert overlap(whole, half, 10) >= 0.98


def test_the_plain_way_has_nearly_the_same_neighbours(pack, state, manifest):
    """From the files, a picture at a time: a pack of 320 px is a second, milder reduction."""
    rows = range(0, 624, 4)
    with torch.inference_mode():
        plain = naive_network("resnet18", "pool", state)
        wanted = naive_features(
            manifest["file"].tolist()[::4], plain, naive_transform("resnet18", 128)
        )
    found = features(pack, state, "32-true")[list(rows)]
    cosines = (found * wanted).sum(1)
    cosines /= np.linalg.norm(found, axis=1) * np.linalg.norm(wanted, axis=1)
    assert np.median(cosines) > 0.999
    assert overlap(found, wanted, 10) >= 0.9
