"""Features in the workflow: asked for by path, worked out once, kept through kills."""

import os
import signal
import sqlite3
import time

import numpy as np
import pytest

from bilderatlas.feature_files import read_features
from tests.workflow.conftest import draw_tiny

pytestmark = pytest.mark.slow
SMALL = "results/tiny/features/small.h5"
MAPS = "results/tiny/features/maps.h5"


@pytest.fixture
def small(tiny):
    """Two backbones on tiny pictures: a stand-in, and a network that starts untrained."""
    backbones = {
        "small": {"network": "resnet18", "size": 64},
        "maps": {"network": "vgg16", "layer": "pool5", "size": 64, "store": "float16"},
    }
    tiny.small = tiny.overlay("features.yaml", {"features": {"backbones": backbones}})
    tiny.words = ("--configfile", tiny.tiny, tiny.small)
    return tiny


def log_of(checkout, name):
    return (checkout.folder / f"logs/extract_features/tiny-{name}.log").read_text("utf-8")


def test_features_are_made_once(small):
    made = small.run("--cores", "2", SMALL, MAPS, *small.words)
    assert made.returncode == 0, made.stdout[-5_000:]
    first, maps = read_features(small.folder / SMALL), read_features(small.folder / MAPS)
    assert first.values.shape == (24, 512) and first.values.dtype == np.float32
    assert (first.attributes["weights"], first.attributes["stand_in"]) == ("standin", True)
    # stand-ins are of one network: the other says that it is untrained
    assert maps.values.shape == (24, 4 * 512) and maps.values.dtype == np.float16
    assert (maps.attributes["weights"], maps.attributes["asked"]) == ("untrained", "standin")
    assert maps.attributes["stand_in"] is False and maps.attributes["shape"] == [2, 2, 512]
    assert "no weights standin of vgg16: it starts untrained (seed 2022)" in made.stdout
    assert "untrained" in log_of(small, "maps") and "untrained" not in log_of(small, "small")
    assert "Before it starts: features of frozen networks are due (48 rows" in made.stdout

    # one new picture is one picture's work
    draw_tiny(small.folder / "own/images", 25)
    made = small.run("--cores", "2", SMALL, *small.words)
    assert made.returncode == 0, made.stdout[-5_000:]
    later = read_features(small.folder / SMALL)
    assert "1 of 25 pictures worked out" in log_of(small, "small")
    assert later.image_ids == [*first.image_ids, "1024"]
    np.testing.assert_array_equal(later.values[:24], first.values)

    # another size is other features; another device is not
    device = small.overlay("device.yaml", {"device": "cpu"})
    size = small.overlay("size.yaml", {"features": {"backbones": {"small": {"size": 48}}}})
    assert small.due(SMALL, *small.words, device) == {}
    assert small.due(SMALL, *small.words, device, size) == {"extract_features": 1}


def test_what_cannot_be_asked_for(small):
    source = small.folder / "own.pth"
    source.write_bytes(b"no weights at all")
    local = small.overlay(
        "local.yaml",
        {
            "weights": {
                "imagenet": {"paths": {"vgg16": "own.pth"}},
                "mine": {"source": "local", "path": "own.pth"},
            },
            "features": {"backbones": {"maps": {"weights": "imagenet"}}},
        },
    )
    # the pack is none of its business
    asked = "resources/weights/imagenet-vgg16.pt"
    refused = small.run("--cores", "2", asked, *small.words, local)
    assert refused.returncode == 1
    assert "own.pth is not a file of weights" in refused.stdout
    # torchvision's are not fetched under the name of one's own
    asked = "resources/weights/mine-resnet50.pt"
    missing = small.run("-n", asked, "--cores", "1", *small.words, local)
    assert missing.returncode == 1 and "Traceback" not in missing.stdout
    assert "weights mine of resnet50 are not here: name their file" in missing.stdout


def test_a_killed_run_goes_on(small):
    draw_tiny(small.folder / "own/images", 120)
    module = "workflow/scripts/bilderatlas/kept.py"
    small.edit(module, "SECONDS = 5.0", "SECONDS = 0.0")
    running = small.start(MAPS, "--cores", "2", *small.words)
    path = small.folder / "resources/tiny/features/maps.db"
    until = time.monotonic() + 300

    def kept():
        if not path.exists():
            return 0
        try:
            store = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=5)
            with store:
                return store.execute("SELECT count(*) FROM rows").fetchone()[0]
        except sqlite3.OperationalError:  # it is being made
            return 0
        finally:
            store.close()

    while kept() < 16:
        assert running.poll() is None, running.communicate()[0]
        assert time.monotonic() < until, "nothing was kept in five minutes"
        time.sleep(0.05)
    os.killpg(running.pid, signal.SIGKILL)
    running.communicate()
    before = kept()
    assert not (small.folder / MAPS).exists() and 16 <= before < 120
    made = small.run("--cores", "2", MAPS, "--nolock", *small.words)
    assert made.returncode == 0, made.stdout[-5_000:]
    assert f"{120 - before} of 120 pictures worked out" in log_of(small, "maps")
    assert read_features(small.folder / MAPS).values.shape == (120, 2048)
