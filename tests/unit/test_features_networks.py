"""Frozen networks: what torchvision's own give, cut off, folded and fused."""

import pytest
import torch
import yaml

from bilderatlas.learn.features import fused
from bilderatlas.learn.features.extract import How, ready
from bilderatlas.learn.features.networks import NETWORKS, build, skeleton
from bilderatlas.learn.features.weights import fitting
from plan import features as plan
from tests.networks import lively

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture(scope="module")
def resnet():
    return lively("resnet18")


def grey_levels(count, side):
    generator = torch.Generator().manual_seed(3)
    return torch.randint(0, 256, (count, 3, side, side), generator=generator, dtype=torch.uint8)


def normalised(pictures, mean, std):
    mean, std = (torch.tensor(one).view(3, 1, 1) for one in (mean, std))
    return (pictures / 255 - mean) / std


IMAGENET = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def test_settings_and_package_name_the_same_networks(checkout):
    assert {name: tuple(sorted(one.layers)) for name, one in NETWORKS.items()} == {
        name: tuple(sorted(layers)) for name, layers in plan.LAYERS.items()
    }
    assert {name: one.smallest for name, one in NETWORKS.items() if one.smallest != 32} == (
        plan.SMALLEST
    )
    schema = yaml.safe_load((checkout / "workflow/schemas/config.schema.yaml").read_text("utf-8"))
    properties = schema["properties"]
    backbone = properties["features"]["properties"]["backbones"]["additionalProperties"]
    weights = properties["weights"]["additionalProperties"]["properties"]
    assert backbone["properties"]["network"]["enum"] == list(NETWORKS)
    assert weights["paths"]["propertyNames"]["enum"] == list(NETWORKS)


# --- the same numbers as the networks themselves


def found_by(network, pictures):
    with torch.no_grad():
        return network(network.normalise(pictures, torch.float32))


def test_resnet_pooled(resnet):
    pictures = grey_levels(2, 64)
    network = build("resnet18", "pool", fitting(resnet.state_dict(), "resnet18", "x"))
    with torch.no_grad():
        wanted = torch.nn.Sequential(*list(resnet.children())[:-1])
        wanted = wanted(normalised(pictures, *IMAGENET)).flatten(1)
    assert not any(isinstance(one, torch.nn.BatchNorm2d) for one in network.modules())
    found = found_by(network, pictures)
    torch.testing.assert_close(found, wanted, rtol=1e-3, atol=1e-4)
    assert found.dtype == torch.float32 and network.shape == (512,)


def test_vgg_maps_are_laid_flat_position_by_position():
    plain = lively("vgg16", init_weights=False).features
    state = {f"features.{key}": one for key, one in plain.state_dict().items()}
    pictures = grey_levels(2, 64)
    with torch.no_grad():
        maps = {end: plain[:end](normalised(pictures, *IMAGENET)) for end in (24, 31)}
    for layer, end, side in (("pool4", 24, 4), ("pool5", 31, 2)):
        network = build("vgg16", layer, fitting(state, "vgg16", "x"))
        found = found_by(network, pictures)
        assert network.shape == (side, side, 512)
        # the vector begins with all channels of the first position
        torch.testing.assert_close(found[0, :512], maps[end][0, :, 0, 0], rtol=1e-3, atol=1e-6)
        torch.testing.assert_close(found[1, -512:], maps[end][1, :, -1, -1], rtol=1e-3, atol=1e-6)
    pooled = found_by(build("vgg16", "pool", fitting(state, "vgg16", "x")), pictures)
    torch.testing.assert_close(pooled, maps[31].mean((2, 3)), rtol=1e-3, atol=1e-6)
    # nothing behind the layer is computed, nor kept
    before = build("vgg16", "pool4", fitting(state, "vgg16", "x"))
    assert not any("28" in key for key in before.state_dict())


def test_inception_sees_pictures_as_its_own_weights_do():
    """torchvision takes ImageNet's normalisation back inside the network; here it is not done."""
    plain = lively("inception_v3", init_weights=False, transform_input=True)
    plain.fc, plain.dropout = torch.nn.Identity(), torch.nn.Identity()
    pictures = grey_levels(2, 75)
    with torch.no_grad():
        wanted = plain(normalised(pictures, *IMAGENET))
    network = build("inception_v3", "pool", fitting(plain.state_dict(), "inception_v3", "x"))
    found = found_by(network, pictures)
    assert found.shape == (2, 2048)
    torch.testing.assert_close(found, wanted, rtol=1e-3, atol=1e-4)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["densenet169", "efficientnet_b0"])
def test_other_networks_pooled(name):
    plain = lively(name)
    plain.classifier = torch.nn.Identity()
    pictures = grey_levels(2, 64)
    with torch.no_grad():
        wanted = plain(normalised(pictures, *IMAGENET))
    found = found_by(build(name, "pool", fitting(plain.state_dict(), name, "x")), pictures)
    torch.testing.assert_close(found, wanted, rtol=2e-3, atol=1e-4)


@pytest.mark.parametrize(
    ("name", "layer", "size", "width"),
    [
        ("vgg16", "pool4", 224, 14 * 14 * 512), ("vgg16", "pool5", 224, 25_088),
        ("inception_v3", "pool", 299, 2048), ("densenet169", "pool", 224, 1664),
        ("resnext101_32x8d", "pool", 224, 2048), ("resnet50", "pool", 224, 2048),
        ("vgg16", "pool1", 75, 37 * 37 * 64), ("efficientnet_b0", "pool", 224, 1280),
    ],
)  # fmt: skip
def test_widths_that_the_studies_count_on(name, layer, size, width):
    from torchvision.models.feature_extraction import create_feature_extractor

    wanted = NETWORKS[name].layers[layer]
    with torch.device("meta"):
        body = create_feature_extractor(skeleton(name), {wanted.node: "wanted"}).eval()
        found = body(torch.empty(1, 3, size, size))["wanted"]
    assert (found.shape[1] if wanted.pooled else found[0].numel()) == width
    assert plan.width({"network": name, "layer": layer, "size": size}) == width


def test_untrained_networks_repeat_by_seed():
    one, again, other = (build("resnet18", "pool", None, seed) for seed in (1, 1, 2))
    pictures = grey_levels(2, 64)
    assert torch.equal(found_by(one, pictures), found_by(again, pictures))
    assert not torch.allclose(found_by(one, pictures), found_by(other, pictures))
    assert torch.isfinite(found_by(one, pictures)).all()


def test_what_there_is_not():
    with pytest.raises(ValueError, match="no network 'vgg17'"):
        build("vgg17", "pool", None)
    with pytest.raises(ValueError, match="resnet18 has no layer 'pool4'"):
        build("resnet18", "pool4", None)


# --- convolutions fused with what follows them


@pytest.mark.parametrize("precision", ["32-true", "bf16-mixed"])
def test_fused_convolutions_give_the_same(resnet, precision):
    how = How(64, precision=precision, batch_size=2)
    state = fitting(resnet.state_dict(), "resnet18", "x")
    plain = build("resnet18", "pool", state)
    kind = torch.float32 if precision == "32-true" else torch.bfloat16
    plain.body.to(kind)
    network = ready(build("resnet18", "pool", state), how)
    pictures = grey_levels(5, 64)  # more than the weights were laid out for
    with torch.no_grad():
        wanted = plain(plain.normalise(pictures, kind))
        found = network(network.normalise(pictures, kind))
    assert found.dtype == torch.float32
    torch.testing.assert_close(found, wanted, rtol=0.02, atol=0.02 * float(wanted.abs().max()))


def test_where_torch_cannot_fuse_the_network_stays_as_it_is(resnet, monkeypatch, caplog):
    body = build("resnet18", "pool", fitting(resnet.state_dict(), "resnet18", "x")).body
    pictures = torch.randn(2, 3, 64, 64)

    def missing(*_):
        raise NotImplementedError("no such operator")

    monkeypatch.setattr(fused, "_Fused", missing)
    assert fused.fuse_for_processor(body, pictures, 2) is body

    class Wrong(torch.nn.Conv2d):
        def __init__(self, plain, rectified, shape):
            super().__init__(plain.in_channels, plain.out_channels, plain.kernel_size,
                             plain.stride, plain.padding)  # fmt: skip

    monkeypatch.setattr(fused, "_Fused", Wrong)
    assert fused.fuse_for_processor(body, pictures, 2) is body
    assert "give other numbers" in caplog.text
