"""The two ways to a view, few entries or full matrices, give the same; and full ones never wait."""

import numpy as np
import pytest
import torch
import yaml
from PIL import Image
from torch.utils._python_dispatch import TorchDispatchMode
from torchvision.transforms import functional as TF

from bilderatlas.views import blur, build_views, colour, dense, geometry, place, resample

STD = 0.226


@pytest.fixture
def chains(checkout):
    text = (checkout / "config" / "config.yaml").read_text(encoding="utf-8")
    return yaml.safe_load(text)["simclr"]["views"]


@pytest.fixture
def take(monkeypatch):
    return lambda way: monkeypatch.setattr(place, "on_cpu", lambda _: way == "cpu")


@pytest.fixture
def batch(make_pack):
    def make(count, mode="grey"):
        canvas, sizes = make_pack(count, mode).canvas(range(count))
        return torch.from_numpy(canvas), torch.from_numpy(sizes)

    return make


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def as_matrix(taps, weights, length):
    return torch.zeros(*taps.shape[:2], length).scatter_add_(2, taps, weights)


# --- the matrices


@pytest.mark.parametrize("size", [8, 24, 64, 100])
def test_full_bilinear_weights_are_the_taps(size):
    start = torch.tensor([0, 3, 59, 10, 0])
    length = torch.tensor([60, 50, 1, 24, 37])
    full = dense.bilinear_matrix(start, length, 60, size)
    torch.testing.assert_close(
        full, as_matrix(*resample.bilinear_taps(start, length, 60, size), 60)
    )
    torch.testing.assert_close(full.sum(-1), torch.ones(5, size))


@pytest.mark.parametrize("reach", [1, 6, 10])
@pytest.mark.parametrize("size", [11, 12, 40])
def test_full_gaussian_weights_are_the_taps(reach, size):
    sigma = torch.tensor([blur.SHARP, 0.1, 1.0, 5.0])
    full = dense.gaussian_matrix(sigma, reach, size)
    taps, weights = blur.gaussian_taps(sigma, reach, size)
    torch.testing.assert_close(full, as_matrix(taps, weights, size))
    assert torch.equal(full[0], torch.eye(size))


def test_a_gaussian_by_hand():
    """Reach 1, sigma with weights 1/4, 1/2, 1/4: the pixel before the first is the second."""
    sigma = torch.tensor([(2 * np.log(2)) ** -0.5], dtype=torch.float32)
    wanted = [[0.5, 0.5, 0.0], [0.25, 0.5, 0.25], [0.0, 0.5, 0.5]]
    torch.testing.assert_close(dense.gaussian_matrix(sigma, 1, 3)[0], torch.tensor(wanted))


# --- operations and chains, both ways


@pytest.mark.parametrize("mode", ["grey", "rgb"])
@pytest.mark.parametrize("name", ["published", "colour", "sobel", "sound"])
def test_both_ways_give_the_same_views(chains, take, batch, name, mode):
    pictures, sizes = batch(40, mode)
    views = build_views(chains[name], 32)
    found = {}
    for way in ("cpu", "gpu"):
        take(way)
        found[way] = views(pictures, sizes, seeded(3))
    levels = (found["cpu"] - found["gpu"]).abs() * 255 * STD
    # a level that lies at a border may be rounded either way, and a steep gamma spreads it
    assert levels.mean() < 0.1
    assert (levels.mean((1, 2, 3)) < 1).all()
    assert not torch.equal(found["cpu"][0], found["cpu"][1])


@pytest.mark.parametrize("mode", ["grey", "rgb"])
def test_a_folded_blur_is_a_crop_and_then_a_blur(take, batch, mode):
    take("gpu")
    pictures, sizes = batch(9, mode)
    views = build_views([{"crop": {}}, {"blur": {"sigma": [0.5, 2.0], "probability": 0.5}}], 32)
    drawn = views.draw(sizes, seeded())
    folded = (views.apply(pictures, drawn) * STD + 0.449) * 255
    take("cpu")
    levels = geometry.resized_crop(pictures, drawn[0]["boxes"], 32, colour.grey)
    chosen = drawn[1]["chosen"]
    assert 0 < chosen.sum() < 9
    steps = torch.where(chosen.view(-1, 1, 1, 1), blur.blur(levels, drawn[1]["sigma"]), levels)
    torch.testing.assert_close(folded, steps, rtol=0, atol=2e-3)


def test_only_a_blur_directly_after_the_crop_is_folded(take, batch, monkeypatch):
    """What is not linear between them would not be the same after it."""
    take("gpu")
    folded = []
    monkeypatch.setattr(
        blur.Blur, "matrix", lambda self, size, **_: folded.append(1) or torch.eye(size)[None]
    )
    pictures, sizes = batch(3, "rgb")
    blurred, inverted = {"blur": {}}, {"invert": {"probability": 1}}
    for chain, times in (
        ([{"crop": {}}, blurred], 1),
        ([{"crop": {}}, {"grey": {}}, blurred, inverted], 1),
        ([{"grey": {}}, {"crop": {}}, blurred], 1),
        ([blurred], 1),
        ([{"crop": {}}, inverted, blurred], 0),
        ([{"crop": {}}, {"grey": {"probability": 0.5}}, blurred], 0),
        ([{"crop": {}}, inverted], 0),
    ):
        folded.clear()
        build_views(chain, 32)(pictures, sizes, seeded())
        assert len(folded) == times, chain


@pytest.mark.parametrize("channels", [1, 3])
def test_folded_beside_pil(take, picture, channels):
    """Crop and blur in one, and PIL's one after the other, which rounds between them."""
    take("gpu")
    array = picture(4, 130, 90, channels)
    source = Image.fromarray(array.squeeze())
    canvas = torch.from_numpy(array).permute(2, 0, 1)[None]
    box = (7, 12, 70, 101)
    views = build_views([{"crop": {}}, {"blur": {}}], 48)
    drawn = [
        {"boxes": torch.tensor([box])},
        {"sigma": torch.tensor([0.8]), "chosen": torch.tensor([True])},
    ]
    found = (views.apply(canvas, drawn)[0, 0] * STD + 0.449) * 255
    expected = TF.gaussian_blur(TF.resized_crop(source, *box, [48, 48]), [21, 21], [0.8, 0.8])
    expected = torch.from_numpy(np.asarray(expected.convert("L")).astype(np.float32))
    assert (found - expected).abs().mean() < 1


def test_short_mantissas_keep_within_a_grey_level(batch):
    """A GPU multiplies in tf32, with ten bits of a mantissa; float16 has as many."""
    pictures, sizes = batch(8)
    boxes = geometry.draw_boxes(sizes, (0.5, 1.0), (0.5, 2.0), seeded())
    axes = geometry.crop_matrices(pictures, boxes, 32)
    axes = [dense.gaussian_matrix(torch.full((8,), 0.7), 6, 32) @ one for one in axes]
    exact = dense.both_axes(pictures.float(), *axes)
    short = [one.half().float() for one in axes]
    rows = torch.matmul(short[0].unsqueeze(1), pictures.float()).half().float()
    found = torch.matmul(rows, short[1].transpose(1, 2).unsqueeze(1))
    assert (found - exact).abs().mean() < 0.1
    assert (found - exact).abs().max() < 0.5


# --- nothing that would wait for a GPU

WAITS = {"_local_scalar_dense", "nonzero", "masked_select", "is_nonzero", "equal", "item"}


class Watch(TorchDispatchMode):
    """Names the operations whose result, or whose result's shape, the processor must wait for."""

    def __init__(self):
        super().__init__()
        self.seen, self.waits = set(), set()

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        name = func.overloadpacket.__name__
        self.seen.add(name)
        masks = name in ("index", "index_put", "index_put_") and any(
            one is not None and one.dtype == torch.bool for one in args[1]
        )
        if name in WAITS or masks:
            self.waits.add(name)
        return func(*args, **(kwargs or {}))


@pytest.mark.parametrize("mode", ["grey", "rgb"])
@pytest.mark.parametrize("name", ["published", "colour", "sobel", "sound"])
def test_a_gpu_is_never_asked_for_a_value(chains, take, batch, name, mode):
    pictures, sizes = batch(40, mode)
    views = build_views(chains[name], 32)
    take("gpu")
    with Watch() as watch:
        views(pictures, sizes, seeded())
    assert not watch.waits and "bmm" in watch.seen and "_embedding_bag" not in watch.seen
    take("cpu")
    with Watch() as watch:
        views(pictures, sizes, seeded())
    assert "nonzero" in watch.waits  # the watch does see


@pytest.mark.parametrize("name", ["published", "colour", "sobel", "sound"])
def test_another_device_needs_nothing_from_the_processor(chains, batch, name):
    """The meta device holds no values: to ask for one, or to mix in a tensor of the CPU, fails."""
    pictures, sizes = batch(5, "rgb")
    views = build_views(chains[name], 32)
    drawn = [{key: x.to("meta") for key, x in one.items()} for one in views.draw(sizes, seeded())]
    made = views.apply(pictures.to("meta"), drawn)
    assert made.device.type == "meta" and made.shape == (5, 1, 32, 32)
