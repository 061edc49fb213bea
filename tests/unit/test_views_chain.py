"""The whole chain: beside a PIL chain by statistics, sampling, seeds, edge cases, bad config."""

from functools import partial

import numpy as np
import pytest
import torch
from PIL import Image
from scipy import stats
from torchvision import transforms as T
from torchvision.transforms import functional as TF

from bilderatlas.errors import InputError
from bilderatlas.views import build_views, evaluate, place, to_grey_levels
from bilderatlas.views.geometry import draw_boxes

PUBLISHED = [
    {"crop": {"scale": [0.5, 1], "ratio": [0.5, 2]}},
    {"grey": {}},
    {"blur": {"kernel": 21, "sigma": [0.1, 1.0]}},
    {"invert": {"probability": 0.2}},
    {"solarize": {"threshold": 128, "probability": 0.2}},
    {"jitter": {"brightness": [0.2, 1.8], "contrast": [0.2, 2.2], "probability": 0.5}},
    {"gamma": {"gamma": [0.025, 2], "gain": 1.05, "probability": 0.5}},
]
COLOUR = [
    {"crop": {}},
    {"flip": {}},
    {
        "jitter": {
            "brightness": [0.2, 1.8],
            "contrast": [0.2, 1.8],
            "saturation": [0.2, 1.8],
            "hue": [-0.2, 0.2],
            "probability": 0.8,
        }
    },
    {"grey": {"probability": 0.2}},
    {"blur": {"kernel": 13, "sigma": [0.1, 2.0], "probability": 0.5}},
]


@pytest.fixture(params=["as on a CPU", "as on a GPU"], autouse=True)
def way(request, monkeypatch):
    """Both ways to the views, on tensors of the CPU."""
    monkeypatch.setattr(place, "on_cpu", lambda _: request.param == "as on a CPU")


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def random_gamma(picture, low, high, gain):
    return TF.adjust_gamma(picture, torch.empty(1).uniform_(low, high).item(), gain)


def published_pil(size: int) -> T.Compose:
    return T.Compose(
        [
            T.RandomResizedCrop(size, (0.5, 1.0), (0.5, 2.0)),
            T.Grayscale(1),
            T.GaussianBlur(21, (0.1, 1.0)),
            T.RandomInvert(0.2),
            T.RandomSolarize(128, 0.2),
            T.RandomApply([T.ColorJitter((0.2, 1.8), (0.2, 2.2), (1, 1), 0)], 0.5),
            T.RandomApply([T.Lambda(partial(random_gamma, low=0.025, high=2, gain=1.05))], 0.5),
            T.ToTensor(),
            T.Normalize([0.449], [0.226]),
        ]
    )


def colour_pil(size: int) -> T.Compose:
    return T.Compose(
        [
            T.RandomResizedCrop(size),
            T.RandomHorizontalFlip(),
            T.RandomApply([T.ColorJitter(0.8, 0.8, 0.8, 0.2)], 0.8),
            T.RandomGrayscale(0.2),
            T.RandomApply([T.GaussianBlur(13, (0.1, 2.0))], 0.5),
            T.Grayscale(1),
            T.ToTensor(),
            T.Normalize([0.449], [0.226]),
        ]
    )


def picture(height: int = 90, width: int = 130) -> np.ndarray:
    """A coloured scene of dark ground, bright sky and a few hard edges: uint8 (H, W, 3)."""
    y, x = np.mgrid[:height, :width]
    base = np.stack([200 - y * 1.5, 180 - y + x * 0.3, 90 + 60 * np.sin(x / 9)], -1)
    base[height // 2 :, width // 3 : width // 2] = (30, 20, 10)
    base += np.random.default_rng(5).normal(0, 10, base.shape)
    return base.clip(0, 255).astype(np.uint8)


def batch(array: np.ndarray, count: int, margin: int = 7) -> tuple[torch.Tensor, torch.Tensor]:
    """``count`` copies of the picture in zero canvases a little larger than it."""
    height, width, channels = array.shape
    canvas = torch.zeros(count, channels, height + margin, width + margin, dtype=torch.uint8)
    canvas[:, :, :height, :width] = torch.from_numpy(array.copy()).permute(2, 0, 1)
    return canvas, torch.tensor([[height, width]]).repeat(count, 1)


def rows_of(views):
    return views.unflatten(1, (-1, round(views.shape[1] ** 0.5)))


def top_less_bottom(views):
    return (rows_of(views)[:, 0] - rows_of(views)[:, -1]).mean(1)


def left_less_right(views):
    return (rows_of(views)[..., 0] - rows_of(views)[..., -1]).mean(1)


def roughness(views):
    return rows_of(views).diff(dim=2).abs().mean((1, 2))


# one number a view: its tones, and what crop, flip and blur change
STATISTICS = (
    lambda views: views.mean(1),
    lambda views: views.std(1),
    lambda views: views.quantile(0.1, dim=1),
    lambda views: views.quantile(0.9, dim=1),
    top_less_bottom,
    left_less_right,
    roughness,
)


@pytest.mark.parametrize(
    ("operations", "reference"), [(PUBLISHED, published_pil), (COLOUR, colour_pil)]
)
def test_chain_has_the_distribution_of_the_pil_chain(operations, reference):
    count, size = 1500, 32
    array = picture()
    mine = build_views(operations, size)(*batch(array, count), seeded()).flatten(1)
    torch.manual_seed(1)
    transform, source = reference(size), Image.fromarray(array)
    theirs = torch.stack([transform(source) for _ in range(count)]).flatten(1)
    for statistic in STATISTICS:
        # grey levels are whole in both, but for the last digits of their floats
        one, other = (statistic(views).double().numpy().round(4) for views in (mine, theirs))
        # a whole distribution at once: two samples of one distribution differ by this much or
        # more in one of 1,000 cases; the seeds are fixed
        assert stats.ks_2samp(one, other).pvalue > 1e-3
        error = np.hypot(one.std(), other.std()) / np.sqrt(count)
        assert abs(one.mean() - other.mean()) < 3.5 * error


def test_the_comparison_sees_a_wrong_chain():
    wrong = [*PUBLISHED[:3], {"invert": {"probability": 0.35}}, *PUBLISHED[4:]]
    count = 1500
    right = build_views(PUBLISHED, 32)(*batch(picture(), count), seeded()).flatten(1)
    other = build_views(wrong, 32)(*batch(picture(), count), seeded(1)).flatten(1)
    p = stats.ks_2samp(top_less_bottom(right).numpy(), top_less_bottom(other).numpy()).pvalue
    assert p < 1e-3


@pytest.mark.parametrize("size", [(90, 130), (40, 200)])
def test_boxes_are_distributed_as_torchvisions(size):
    count = 2500
    sizes = torch.tensor([size]).repeat(count, 1)
    boxes = draw_boxes(sizes, (0.5, 1.0), (0.5, 2.0), seeded(3)).double()
    torch.manual_seed(4)
    blank = torch.zeros(1, *size)
    theirs = torch.tensor(
        [T.RandomResizedCrop.get_params(blank, [0.5, 1.0], [0.5, 2.0]) for _ in range(count)]
    ).double()
    for column in (
        lambda box: box[:, 0],
        lambda box: box[:, 1],
        lambda box: box[:, 2] * box[:, 3],
        lambda box: box[:, 3] / box[:, 2],
    ):
        assert stats.ks_2samp(column(boxes).numpy(), column(theirs).numpy()).pvalue > 1e-3


def test_parameters_are_distributed_as_asked():
    count = 4000
    sizes = torch.tensor([[50, 60]]).repeat(count, 1)
    chain = build_views([*PUBLISHED, {"flip": {"probability": 0.3}}], 32)
    crop, blur, invert, solarize, jitter, gamma, flip = chain.draw(sizes, seeded())

    def share(values, expected):
        assert abs(values.double().mean().item() - expected) < 4 * np.sqrt(0.25 / count)

    def is_uniform(values, low, high):
        assert stats.kstest(values.numpy(), "uniform", (low, high - low)).pvalue > 1e-3

    assert crop["boxes"].shape == (count, 4)
    is_uniform(blur["sigma"], 0.1, 1.0)
    assert blur["chosen"].all()
    share(invert["chosen"], 0.2)
    share(solarize["chosen"], 0.2)
    share(jitter["chosen"], 0.5)
    share(gamma["chosen"], 0.5)
    share(flip["chosen"], 0.3)
    # independent choices
    share(jitter["chosen"] & gamma["chosen"], 0.25)
    is_uniform(jitter["factors"][:, 0], 0.2, 1.8)
    is_uniform(jitter["factors"][:, 1], 0.2, 2.2)
    is_uniform(gamma["exponent"], 0.025, 2.0)
    before = jitter["order"].argsort(1)
    share(before[:, 0] < before[:, 1], 0.5)
    assert (jitter["order"].sort(1).values == torch.arange(4)).all()


@pytest.mark.parametrize("operations", [PUBLISHED, COLOUR, [*PUBLISHED, {"sobel": {}}], []])
@pytest.mark.parametrize("channels", [1, 3])
def test_seed_gives_the_same_views(operations, channels):
    chain = build_views(operations, 24)
    pictures, sizes = batch(picture()[..., :channels], 70)
    one, same = chain(pictures, sizes, seeded(7)), chain(pictures, sizes, seeded(7))
    assert one.shape == (70, 1, 24, 24)
    assert one.dtype == torch.float32
    assert one.is_contiguous()
    assert torch.equal(one, same)
    if operations:
        assert not torch.equal(one, chain(pictures, sizes, seeded(8)))
        assert not torch.equal(one[0], one[1])
    else:
        assert torch.allclose(one, evaluate(pictures, sizes, 24))


def test_only_the_generator_is_used():
    chain = build_views(PUBLISHED, 24)
    pictures, sizes = batch(picture(), 3)
    torch.manual_seed(0)
    state = torch.get_rng_state()
    chain(pictures, sizes, seeded())
    assert torch.equal(state, torch.get_rng_state())


def test_the_canvas_does_not_show():
    chain = build_views(PUBLISHED, 24)
    small, sizes = batch(picture(), 5, margin=0)
    large, _ = batch(picture(), 5, margin=60)
    large[:, :, 90:] = 255
    assert torch.allclose(
        chain(small, sizes, seeded()), chain(large, sizes, seeded()), atol=2 / 255 / 0.226
    )


def test_one_and_three_equal_channels_agree():
    grey = picture()[..., :1]
    for operations in (PUBLISHED, COLOUR):
        chain = build_views(operations, 24)
        one = chain(*batch(grey, 20), seeded())
        three = chain(*batch(grey.repeat(3, -1), 20), seeded())
        assert (one - three).abs().mean() * 255 * 0.226 < 0.5


@pytest.mark.parametrize("value", [0, 255])
def test_extremes_stay_finite(value):
    extreme = [*PUBLISHED[:6], {"gamma": {"gamma": [0, 50], "gain": 1.05, "probability": 1}}]
    for operations in (extreme, [*extreme, {"sobel": {}}], COLOUR):
        for channels in (1, 3):
            pictures = torch.full((40, channels, 50, 50), value, dtype=torch.uint8)
            sizes = torch.tensor([[50, 1], [1, 50], [1, 1], [50, 50]]).repeat(10, 1)
            result = build_views(operations, 24)(pictures, sizes, seeded())
            levels = (result * 0.226 + 0.449) * 255
            assert torch.isfinite(result).all()
            assert levels.min() > -0.01
            assert levels.max() < 255.01


@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_evaluate_is_the_pil_transform(mode):
    source = Image.fromarray(picture()).convert(mode)
    transform = T.Compose(
        [T.Resize((48, 48)), T.Grayscale(1), T.ToTensor(), T.Normalize([0.449], [0.226])]
    )
    array = np.asarray(source).reshape(90, 130, -1)
    result = evaluate(*batch(array, 2), 48)
    assert (result[0] - transform(source)).abs().mean() * 255 * 0.226 < 0.5
    levels = to_grey_levels(result)
    assert levels.dtype == torch.uint8
    expected = np.asarray(source.convert("L").resize((48, 48), Image.Resampling.BILINEAR)).copy()
    assert (levels[1, 0].float() - torch.from_numpy(expected).float()).abs().mean() < 0.6


def test_grey_levels_invert_the_normalisation():
    levels = torch.arange(256).view(1, 1, 16, 16)
    assert torch.equal(to_grey_levels((levels / 255 - 0.449) / 0.226), levels.to(torch.uint8))


@pytest.mark.parametrize(
    ("operations", "words"),
    [
        ([{"blurr": {}}], ["blurr", "blur, crop, flip"]),
        ([{"blur": {"kernal": 3}}], ["kernal", "kernel, sigma, probability"]),
        ([{"blur": {"kernel": 4}}], ["blur.kernel", "4"]),
        ([{"blur": {"kernel": 99}}], ["99", "63"]),
        ([{"blur": {"sigma": [0, 1]}}], ["blur.sigma"]),
        ([{"invert": {"probability": 1.2}}], ["invert.probability", "1.2"]),
        ([{"crop": {"scale": [1, 0.5]}}], ["crop.scale"]),
        ([{"crop": {"scale": 0.5}}], ["crop.scale", "two numbers"]),
        ([{"jitter": {"hue": [-0.7, 0]}}], ["jitter.hue"]),
        ([{"blur": {}}, {"crop": {}}], ["crop must come first"]),
        ([{"crop": {}}, {"crop": {}}], ["crop must come first"]),
        (["blur"], ["'blur'"]),
        ({"blur": {}}, ["list"]),
    ],
)
def test_bad_config_is_named(operations, words):
    with pytest.raises(InputError) as caught:
        build_views(operations, 32)
    for word in words:
        assert word in str(caught.value)
