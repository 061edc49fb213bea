"""Each view operation beside torchvision's function on PIL pictures, with the same parameters."""

from pathlib import Path

import numpy as np
import pytest
import torch
import torchvision.transforms.functional as TF
from PIL import Image
from scipy import ndimage
from torchvision.transforms import InterpolationMode

from bilderatlas.views import blur, colour, geometry, place, resample, sobel, tone

REAL = Path(__file__).parents[3] / "shared" / "data" / "zille" / "images"
TOLERANCE = 1.0  # grey levels, mean absolute difference
SIZE = 64


@pytest.fixture(params=["as on a CPU", "as on a GPU"], autouse=True)
def way(request, monkeypatch):
    """Both ways to each operation, on tensors of the CPU."""
    monkeypatch.setattr(place, "on_cpu", lambda _: request.param == "as on a CPU")


def drawn_pictures() -> list[Image.Image]:
    """Four coloured pictures with edges, gradients and noise, of different shapes."""
    random = np.random.default_rng(1)
    pictures = []
    for height, width in ((90, 130), (131, 77), (64, 64), (40, 200)):
        y, x = np.mgrid[:height, :width]
        base = np.stack([x * 255 / width, y * 255 / height, 128 + 100 * np.sin(x / 7 + y / 5)], -1)
        base[height // 4 : height // 2, width // 3 : width // 2] = random.integers(0, 256, 3)
        base[: height // 8] *= 0.1
        base += random.normal(0, 12, base.shape)
        pictures.append(Image.fromarray(base.clip(0, 255).astype(np.uint8)))
    return pictures


def real_pictures() -> list[Image.Image]:
    """Four of the real photographs, reduced as in a pack."""
    pictures = [Image.open(path).convert("RGB") for path in sorted(REAL.glob("*.jpg"))[:400:100]]
    for picture in pictures:
        picture.thumbnail((320, 320))
    return pictures


@pytest.fixture(params=["drawn", "real"], scope="module")
def pictures(request):
    if request.param == "drawn":
        return drawn_pictures()
    if not REAL.is_dir():
        pytest.skip("the real photographs are not here")
    return real_pictures()


def pack(pictures: list[Image.Image], mode: str) -> tuple[torch.Tensor, torch.Tensor]:
    """Pictures in the top-left corners of zero canvases, and their sizes."""
    arrays = [np.asarray(picture.convert(mode)) for picture in pictures]
    sizes = torch.tensor([array.shape[:2] for array in arrays])
    height, width = sizes.amax(0).tolist()
    canvas = torch.zeros(len(arrays), len(mode), height, width, dtype=torch.uint8)
    for row, array in enumerate(arrays):
        plane = torch.from_numpy(array.copy()).reshape(*array.shape[:2], -1).permute(2, 0, 1)
        canvas[row, :, : array.shape[0], : array.shape[1]] = plane
    return canvas, sizes


def squares(pictures: list[Image.Image], mode: str) -> tuple[list[Image.Image], torch.Tensor]:
    """Pictures of one size, as PIL pictures and as float levels (B, C, SIZE, SIZE)."""
    small = [picture.convert(mode).resize((SIZE, SIZE)) for picture in pictures]
    return small, pack(small, mode)[0].float()


def difference(result: torch.Tensor, expected: list[Image.Image]) -> float:
    """Largest of the pictures' mean absolute differences in grey levels."""
    worst = 0.0
    for one, picture in zip(result, expected, strict=True):
        array = torch.from_numpy(np.asarray(picture).copy()).float()
        array = array.reshape(*array.shape[:2], -1).permute(2, 0, 1)
        assert one.shape == array.shape
        worst = max(worst, (one - array).abs().mean().item())
    return worst


@pytest.mark.parametrize("mode", ["L", "RGB"])
@pytest.mark.parametrize("size", [24, 64, 150])
def test_resized_crop(pictures, mode, size):
    canvas, sizes = pack(pictures, mode)
    boxes, expected = [], []
    for row, (height, width) in enumerate(sizes.tolist()):
        top, left = row, 2 * row + 1
        box = (top, left, height * (row + 2) // 6 - row, width - left - 3 * row)
        boxes.append(box)
        picture = pictures[row].convert(mode)
        expected.append(TF.resized_crop(picture, *box, [size, size], InterpolationMode.BILINEAR))
    result = geometry.resized_crop(canvas, torch.tensor(boxes), size)
    assert difference(result, expected) <= TOLERANCE / 2


def test_bilinear_weights_sum_to_one_and_stay_inside():
    taps, weights = resample.bilinear_taps(torch.tensor([3, 0]), torch.tensor([50, 1]), 60, 16)
    assert torch.allclose(weights.sum(-1), torch.ones(2, 16))
    used = taps[0][weights[0] > 0]
    assert used.min() == 3
    assert used.max() == 52
    assert (taps[1][weights[1] > 0] == 0).all()


def test_weighted_rows_is_the_dense_product():
    random = torch.Generator().manual_seed(0)
    pictures = torch.rand(3, 20, 9, generator=random)
    taps = torch.randint(0, 20, (3, 5, 4), generator=random)
    weights = torch.rand(3, 5, 4, generator=random)
    dense = torch.zeros(3, 5, 20).scatter_add_(2, taps, weights)
    expected = torch.bmm(dense, pictures)
    assert torch.allclose(resample.weighted_rows(pictures, taps, weights), expected, atol=1e-5)


def test_flip(pictures):
    small, levels = squares(pictures, "RGB")
    chosen = torch.tensor([True, False, True, False])
    expected = [TF.hflip(p) if c else p for p, c in zip(small, chosen, strict=True)]
    assert difference(geometry.flip(levels, chosen), expected) == 0


@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_blur(pictures, mode):
    small, levels = squares(pictures, mode)
    sigma = torch.tensor([0.1, 0.4, 1.0, 3.0])
    expected = [
        TF.gaussian_blur(p, [21, 21], [s, s]) for p, s in zip(small, sigma.tolist(), strict=True)
    ]
    assert difference(blur.blur(levels, sigma), expected) <= TOLERANCE / 2
    # cutting the kernel at six standard deviations changes nothing that float32 shows
    low = sigma.clamp(max=1.0)
    assert torch.allclose(blur.blur(levels, low), blur.blur(levels, low, largest=1.0), atol=1e-3)


def test_blur_leaves_the_others(pictures):
    _, levels = squares(pictures, "L")
    chosen = torch.tensor([False, True, False, True])
    result = blur.blur(levels, torch.full((4,), 2.0), chosen=chosen)
    assert torch.equal(result[~chosen], levels[~chosen])
    assert (result[chosen] - levels[chosen]).abs().mean() > 1


def test_grey(pictures):
    small, levels = squares(pictures, "RGB")
    assert difference(colour.grey(levels), [TF.to_grayscale(p) for p in small]) <= TOLERANCE / 2
    assert difference(colour.whole_grey(levels), [TF.to_grayscale(p) for p in small]) < 0.01


def test_invert_and_solarize(pictures):
    small, levels = squares(pictures, "L")
    chosen = torch.tensor([True, True, False, True])
    for result, function in (
        (tone.invert(levels, chosen), TF.invert),
        (tone.solarize(levels, 128, chosen), lambda picture: TF.solarize(picture, 128)),
    ):
        expected = [function(p) if c else p for p, c in zip(small, chosen, strict=True)]
        assert difference(result, expected) == 0


@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_brightness_and_contrast(pictures, mode):
    small, levels = squares(pictures, mode)
    factors = torch.tensor([0.2, 0.9, 1.0, 2.2])
    pairs = list(zip(small, factors.tolist(), strict=True))
    result = tone.brightness(levels, factors)
    assert difference(result, [TF.adjust_brightness(p, f) for p, f in pairs]) < 0.1
    mean = colour.whole_grey(levels).mean((1, 2, 3))
    result = tone.contrast(levels, factors, mean)
    assert difference(result, [TF.adjust_contrast(p, f) for p, f in pairs]) < 0.1


@pytest.mark.parametrize("gain", [1.0, 1.05])
def test_gamma(pictures, gain):
    small, levels = squares(pictures, "L")
    exponents = torch.tensor([0.025, 0.6, 1.0, 2.0])
    expected = [TF.adjust_gamma(p, g, gain) for p, g in zip(small, exponents.tolist(), strict=True)]
    assert difference(tone.gamma(levels, exponents, gain), expected) < 0.1
    nobody = torch.zeros(4, dtype=torch.bool)
    assert torch.equal(tone.gamma(levels, exponents, gain, nobody), levels)


def test_saturation_and_hue(pictures):
    small, levels = squares(pictures, "RGB")
    factors = torch.tensor([0.0, 0.5, 1.0, 2.0])
    expected = [TF.adjust_saturation(p, f) for p, f in zip(small, factors.tolist(), strict=True)]
    assert difference(colour.saturation(levels, factors), expected) < 0.1
    shifts = torch.tensor([-0.5, -0.1, 0.2, 0.4])
    expected = [TF.adjust_hue(p, s) for p, s in zip(small, shifts.tolist(), strict=True)]
    assert difference(colour.hue(levels, shifts), expected) <= TOLERANCE


def test_hue_by_hand():
    red = torch.tensor([255.0, 0.0, 0.0]).view(1, 3, 1, 1)
    third = torch.tensor([1 / 3 + 1e-6])
    assert colour.hue(red, third).flatten().tolist() == [0.0, 255.0, 0.0]
    grey = torch.full((1, 3, 1, 1), 77.0)
    assert torch.equal(colour.hue(grey, third), grey)


def test_jitter_follows_each_samples_order(pictures):
    small, levels = squares(pictures, "RGB")
    order = torch.tensor([[0, 1, 2, 3], [1, 0, 3, 2], [3, 2, 1, 0], [2, 0, 1, 3]])
    factors = torch.tensor([[1.7, 0.3, 1.5, 0.1]]).repeat(4, 1)
    chosen = torch.tensor([True, True, True, False])
    functions = [TF.adjust_brightness, TF.adjust_contrast, TF.adjust_saturation, TF.adjust_hue]
    expected = []
    for picture, sequence, use in zip(small, order.tolist(), chosen.tolist(), strict=True):
        for kind in sequence if use else ():
            picture = functions[kind](picture, factors[0, kind].item())
        expected.append(picture)
    jitter = colour.Jitter()
    result = jitter.apply(levels, order=order, factors=factors, chosen=chosen)
    assert difference(result, expected) <= 1.5 * TOLERANCE  # four operations, each within one
    reversed_order = jitter.apply(levels, order=order.flip(1), factors=factors, chosen=chosen)
    assert (result - reversed_order)[:3].abs().mean() > 1


def test_sobel(pictures):
    _, levels = squares(pictures, "L")
    expected = []
    for picture in levels[:, 0].numpy():
        down = ndimage.sobel(picture, 0, mode="nearest")
        across = ndimage.sobel(picture, 1, mode="nearest")
        expected.append(np.minimum(np.hypot(down, across) / 4, 255))
    expected = torch.from_numpy(np.stack(expected))
    assert torch.allclose(sobel.sobel(levels)[:, 0], expected, atol=1e-2)
    step = torch.zeros(1, 1, 5, 6)
    step[..., 3:] = 255
    assert sobel.sobel(step)[0, 0, 2].tolist() == [0, 0, 255, 255, 0, 0]


def test_boxes_of_thin_pictures_stay_inside():
    sizes = torch.tensor([[1, 300], [300, 1], [1, 1], [2, 3]]).repeat(50, 1)
    boxes = geometry.draw_boxes(sizes, (0.01, 1.0), (0.5, 2.0), torch.Generator().manual_seed(0))
    assert (boxes[:, :2] >= 0).all()
    assert (boxes[:, 2:] >= 1).all()
    assert (boxes[:, :2] + boxes[:, 2:] <= sizes).all()
    # half of such a picture is never within the ratio: the centre, as wide as the ratio allows
    boxes = geometry.draw_boxes(sizes[:3], (0.5, 1.0), (0.5, 2.0), torch.Generator())
    assert boxes.tolist() == [[0, 149, 1, 2], [149, 0, 2, 1], [0, 0, 1, 1]]
