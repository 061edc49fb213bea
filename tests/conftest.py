"""What several tests share: the way to ``plan``, settings, a folder of pictures, a small pack."""

import os
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from PIL import Image
from snakemake.utils import update_config

from tests.chromium import find_chromium

CHECKOUT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(CHECKOUT / "workflow"))


@pytest.hookimpl(trylast=True)  # after -m and -k
def pytest_collection_modifyitems(items):
    """Without a Chromium the tests in a browser are left out, and `make test` names them."""
    if find_chromium():
        return
    left_out = [item for item in items if Path(item.path).parent.name == "browser"]
    for item in left_out:
        item.add_marker(pytest.mark.skip(reason="there is no chromium on the PATH"))
    if left_out and (path := os.environ.get("BILDERATLAS_LEFT_OUT")):
        names = dict.fromkeys(item.originalname for item in left_out)
        Path(path).write_text(", ".join(names), encoding="utf-8")


@pytest.fixture
def checkout():
    """The root of the checkout."""
    return CHECKOUT


@pytest.fixture
def load_config():
    """The settings as Snakemake hands them over: config.yaml with overlays laid over it."""

    def load(*overlays):
        settings = {}
        for name in ("config", *overlays):
            text = (CHECKOUT / "config" / f"{name}.yaml").read_text(encoding="utf-8")
            update_config(settings, yaml.safe_load(text))
        return settings

    return load


@pytest.fixture
def picture():
    """A picture with structure: a slope of tone, a dark block, some noise, drawn from a seed."""

    def draw(seed, width=48, height=36, channels=1):
        rng = np.random.default_rng(seed)
        slope = np.linspace(20, 230, width)[None, :, None] * np.ones((height, 1, channels))
        slope = slope * rng.uniform(0.5, 1, channels) + rng.normal(0, 8, (height, width, channels))
        left, top = int(rng.integers(0, width // 2)), int(rng.integers(0, height // 2))
        slope[top : top + height // 3, left : left + width // 4] *= rng.uniform(0.1, 0.5)
        if rng.random() < 0.5:
            slope = slope[:, ::-1]
        return slope.clip(0, 255).astype(np.uint8)

    return draw


@pytest.fixture
def one_thread():
    """torch on one thread: sums come in the same order on every machine."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def network():
    """An untrained ResNet18 up to its pooling, at rest."""
    from bilderatlas.learn.features.extract import ready
    from bilderatlas.learn.features.networks import build
    from tests.networks import HOW

    return ready(build("resnet18", "pool", None, 1), HOW)


@pytest.fixture
def jpegs(tmp_path, picture):
    """A folder with two grey and two colour JPEGs, landscape and portrait, and its manifest."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    kinds = {"a": (90, 60, 1), "b": (60, 90, 1), "c": (90, 60, 3), "d": (40, 90, 3)}
    rows = []
    for seed, (name, kind) in enumerate(kinds.items()):
        file = folder / f"{name}.jpg"
        Image.fromarray(picture(seed, *kind).squeeze()).save(file, quality=95)
        rows.append((name, file.as_posix(), file.stat().st_size, ""))
    return pd.DataFrame(rows, columns=["image_id", "file", "bytes", "sha256"])


@pytest.fixture
def make_pack(picture):
    """A pack in memory of ``count`` drawn pictures, of two sizes."""

    def make(count, mode="grey"):
        from bilderatlas.data.pack import Pack

        channels = 1 if mode == "grey" else 3
        sides = [(48, 36) if seed % 3 else (30, 44) for seed in range(count)]
        drawn = [picture(seed, *side, channels) for seed, side in enumerate(sides)]
        return Pack(
            np.concatenate([one.ravel() for one in drawn]),
            np.cumsum([0, *(one.size for one in drawn)]),
            np.array([one.shape[:2] for one in drawn]),
            [f"p{seed:03d}" for seed in range(count)],
            mode,
        )

    return make
