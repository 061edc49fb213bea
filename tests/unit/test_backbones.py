"""Backbones: one grey channel from three, seeds that repeat, foreign weights refused."""

import subprocess
import sys
from pathlib import Path

import pytest
import torch
import torchvision

from bilderatlas import backbones
from bilderatlas.backbones import (
    FEATURES,
    build_backbone,
    fold_channels,
    initial_state,
    read_weights,
)
from bilderatlas.errors import InputError
from tests.networks import lively


@pytest.fixture(scope="module")
def colour():
    """A colour network as torchvision has it, with batch statistics that are not 0 and 1."""
    return lively("resnet18")


def test_fold_by_hand():
    kernel = torch.tensor([1.0, 10.0, 100.0, 2.0, 20.0, 200.0]).view(2, 3, 1, 1)
    assert fold_channels(kernel, "sum").flatten().tolist() == [111.0, 222.0]
    assert fold_channels(kernel, "mean").flatten().tolist() == [37.0, 74.0]
    assert fold_channels(kernel, "mean").shape == (2, 1, 1, 1)
    with pytest.raises(ValueError, match="mean or sum, not 'max'"):
        fold_channels(kernel, "max")


def test_a_grey_picture_in_three_channels_is_the_summed_network(colour):
    state = initial_state("resnet18", 1, "sum", colour.state_dict())
    network = build_backbone("resnet18")
    network.load_state_dict(state)
    network.eval()
    grey = torch.rand(2, 1, 64, 48, generator=torch.Generator().manual_seed(2))
    without_classifier = torch.nn.Sequential(*list(colour.children())[:-1])
    with torch.no_grad():
        wanted = without_classifier(grey.expand(-1, 3, -1, -1)).flatten(1)
        found = network(grey)
    assert found.shape == (2, FEATURES["resnet18"])
    torch.testing.assert_close(found, wanted, rtol=1e-4, atol=1e-5)


def test_the_mean_is_a_third_of_the_sum_and_all_else_is_the_same(colour):
    folded = {
        fold: initial_state("resnet18", 1, fold, colour.state_dict()) for fold in ("sum", "mean")
    }
    torch.testing.assert_close(folded["sum"]["conv1.weight"], folded["mean"]["conv1.weight"] * 3)
    for key, value in folded["sum"].items():
        if key != "conv1.weight":
            assert torch.equal(value, folded["mean"][key])
            assert torch.equal(value, colour.state_dict()[key])


def test_weights_leave_no_room_for_the_seed(colour):
    one, two = (initial_state("resnet18", seed, "mean", colour.state_dict()) for seed in (1, 2))
    assert all(torch.equal(one[key], two[key]) for key in one)


def test_untrained_networks_repeat_by_seed():
    one, again, other = (initial_state("resnet18", seed, "mean", None) for seed in (1, 1, 2))
    assert all(torch.equal(one[key], again[key]) for key in one)
    assert not torch.equal(one["layer3.0.conv1.weight"], other["layer3.0.conv1.weight"])
    build_backbone("resnet18").load_state_dict(one)


def test_the_weights_handed_in_stay_as_they_are(colour):
    weights = dict(colour.state_dict())
    initial_state("resnet18", 1, "mean", weights)
    assert "fc.weight" in weights and weights["conv1.weight"].shape == (64, 3, 7, 7)


@pytest.mark.parametrize("name", ["resnet34", "resnet50", "vgg11"])
def test_weights_of_another_network_are_refused(name):
    with torch.device("meta"):  # shapes are enough
        other = getattr(torchvision.models, name)(weights=None).state_dict()
    with pytest.raises(InputError, match=r"do not belong to resnet18: .* does not fit"):
        initial_state("resnet18", 1, "mean", other)


def test_weights_of_a_grey_network_are_refused(colour):
    weights = dict(colour.state_dict())
    weights["conv1.weight"] = weights["conv1.weight"][:, :1]
    with pytest.raises(InputError, match=r"conv1\.weight does not fit"):
        initial_state("resnet18", 1, "mean", weights)


def test_weights_from_a_file(tmp_path, colour):
    wanted = colour.state_dict()
    torch.save(wanted, tmp_path / "bare.pt")
    torch.save({"state_dict": wanted, "stand_in": True}, tmp_path / "named.pt")
    for name in ("bare.pt", "named.pt"):
        found = read_weights(tmp_path / name)
        assert all(torch.equal(found[key], wanted[key]) for key in wanted)


@pytest.mark.parametrize("content", [{"weight": torch.zeros(1)}, [1, 2], {"state_dict": 3}])
def test_files_that_hold_something_else(tmp_path, content):
    torch.save(content, tmp_path / "a.pt")
    with pytest.raises(InputError, match=r"a\.pt holds no torchvision state dict"):
        read_weights(tmp_path / "a.pt")


def test_files_that_are_missing_or_broken(tmp_path):
    with pytest.raises(InputError, match=r"a\.pt does not exist"):
        read_weights(tmp_path / "a.pt")
    (tmp_path / "a.pt").write_bytes(b"no weights")
    with pytest.raises(InputError, match=r"a\.pt is not a file of weights"):
        read_weights(tmp_path / "a.pt")


def fresh(program):
    """The words that a fresh interpreter prints."""
    said = subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(backbones.__file__).parents[1],
        capture_output=True,
        text=True,
        check=True,
    )
    return said.stdout.split()


@pytest.mark.slow
@pytest.mark.skipif(
    torchvision.__version__.split("+")[0].rpartition(".")[0] not in backbones.TRIED,
    reason="a version of torchvision that loads with the compiler",
)
def test_a_network_comes_without_the_compiler_which_stays_to_be_had():
    assert fresh(
        "import sys, torch; from bilderatlas.backbones import build_backbone\n"
        "build_backbone('resnet18').eval()(torch.zeros(1, 1, 32, 32))\n"
        "print('torch._dynamo' in sys.modules)\n"
        "operator = sys.modules['torchvision.ops.roi_align']\n"
        "print(operator.is_compile_supported('cpu'), 'torch._dynamo' in sys.modules)\n"
        "print(torch.compile(lambda x: x + 1, backend='eager')(torch.zeros(1)).item())\n"
    ) == ["False", "True", "True", "1.0"]


def test_a_frozen_network_comes_without_the_compiler():
    assert fresh(
        "import sys; from bilderatlas.learn.features.networks import build\n"
        "build('resnet18', 'pool', None)\n"
        "print('torch._dynamo' in sys.modules)\n"
    ) == ["False"]


WHOLE = (
    "network = backbones.build_backbone('resnet18').eval()(torch.zeros(1, 1, 32, 32))\n"
    "import torchvision\n"
    "boxes = torch.tensor([[0., 0, 2, 2], [0, 0, 2, 2], [5, 5, 6, 6]])\n"
    "print(torchvision.ops.nms(boxes, torch.tensor([.9, .8, .7]), 0.5).tolist())\n"
    "print(torchvision.extension._has_ops(), 'torch._dynamo' in sys.modules)\n"
    "print(sys.modules['torch._dynamo'].__file__ is not None)\n"
)


@pytest.mark.slow
@pytest.mark.parametrize(
    "change",
    [
        # stand-ins that lack what torchvision wants: its import fails half-way
        "backbones._stand_ins = lambda: {n: ModuleType(n) for n in stand_ins()}\n",
        "backbones.TRIED = ()\n",
    ],
)
def test_a_torchvision_that_wants_more_of_the_compiler_gets_it(change):
    start = "import sys, torch; from types import ModuleType; from bilderatlas import backbones\n"
    tried = "stand_ins = backbones._stand_ins; backbones.TRIED = (own,)\n"
    own = (
        "from importlib.metadata import version; own = version('torchvision').rpartition('.')[0]\n"
    )
    assert fresh(start + own + tried + change + WHOLE) == ["[0,", "2]", "True", "True", "True"]


@pytest.mark.slow
def test_an_import_that_is_broken_off_leaves_nothing_behind():
    assert fresh(
        "import sys; from bilderatlas import backbones\n"
        "class Break:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'torchvision.ops.roi_align': raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Break())\n"
        "try: backbones._load_without_compiler()\n"
        "except KeyboardInterrupt: print('broken')\n"
        "print([n for n in sys.modules if n.startswith(('torchvision', 'torch._dynamo'))])\n"
    ) == ["broken", "[]"]
