"""Weights of frozen networks: read, held against the network, refused in one sentence."""

import pytest
import torch
import torchvision

from bilderatlas.errors import InputError
from bilderatlas.learn.features.networks import build
from bilderatlas.learn.features.weights import fitting, read_state


@pytest.fixture(scope="module")
def resnet():
    torch.manual_seed(7)
    return torchvision.models.resnet18(weights=None)


def test_weights_from_a_file(tmp_path, resnet):
    state = resnet.state_dict()
    torch.save({"state_dict": {key: one.half() for key, one in state.items()}}, tmp_path / "a.pt")
    found = fitting(read_state(tmp_path / "a.pt"), "resnet18", "a.pt")
    assert "fc.weight" not in found and found["conv1.weight"].dtype == torch.float32
    torch.testing.assert_close(found["conv1.weight"], state["conv1.weight"].half().float())
    # an older file does not count the batches of its training; another has other classes
    older = {key: one for key, one in state.items() if "num_batches" not in key}
    older["fc.weight"] = torch.zeros(3, 512)
    build("resnet18", "pool", fitting(older, "resnet18", "x"))


def test_densenet_in_its_older_names():
    with torch.device("meta"):
        state = torchvision.models.densenet169(weights=None).state_dict()
    older = {
        key.replace("norm1.", "norm.1.").replace("norm2.", "norm.2.")
        .replace("conv1.", "conv.1.").replace("conv2.", "conv.2."): torch.zeros(one.shape)
        for key, one in state.items()
    }  # fmt: skip
    assert "features.denseblock1.denselayer1.norm.1.weight" in older
    assert "features.denseblock1.denselayer1.norm1.weight" in fitting(older, "densenet169", "x")


@pytest.mark.parametrize(
    ("given", "wanted"),
    [("resnet18", "resnet50"), ("resnet50", "resnet18"), ("resnet50", "resnet101"),
     ("resnet101", "resnet50"), ("vgg16", "inception_v3"), ("vgg16_bn", "vgg16")],
)  # fmt: skip
def test_weights_of_another_network(given, wanted):
    with torch.device("meta"):
        state = torchvision.models.get_model(given, weights=None).state_dict()
    with pytest.raises(InputError, match=rf"own\.pt does not hold the weights of {wanted} \(.*fit"):
        fitting(state, wanted, "own.pt")


def test_weights_that_are_no_numbers(resnet):
    state = dict(resnet.state_dict())
    state["layer1.0.conv1.weight"] = torch.full_like(state["layer1.0.conv1.weight"], torch.nan)
    with pytest.raises(InputError, match=r"no numbers \(layer1\.0\.conv1\.weight\)"):
        fitting(state, "resnet18", "own.pt")


def test_files_that_hold_something_else(tmp_path):
    with pytest.raises(InputError, match="does not exist"):
        read_state(tmp_path / "a.pt")
    (tmp_path / "a.pt").write_bytes(b"nothing of the kind")
    with pytest.raises(InputError, match="is not a file of weights"):
        read_state(tmp_path / "a.pt")
    for what in ([1, 2], {"state_dict": 3}, {"weight": "text"}):
        torch.save(what, tmp_path / "a.pt")
        with pytest.raises(InputError, match="holds no torchvision state dict"):
            read_state(tmp_path / "a.pt")
