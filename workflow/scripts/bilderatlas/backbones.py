"""Backbones: torchvision networks with one grey input channel and no classifier."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from types import ModuleType

import torch
from torch import nn

from bilderatlas.errors import InputError

RECIPE = 1  # raise when the same name would give another network or other initial weights

FEATURES = {"resnet18": 512}


TRIED = ("0.29",)  # versions of torchvision that load with the stand-ins below


def networks() -> ModuleType:
    """``torchvision.models``, without torch's compiler, which takes most of the time to load.

    One operator, that of detection, asks the compiler a question when it is called, and torchvision
    loads the compiler for it. A stand-in is put in its place, and loads it at the first question. A
    version of torchvision that was not tried, or that asks for more, gets the real one.
    """
    loaded = {"torchvision", *_stand_ins()} & set(sys.modules)
    if not loaded and version("torchvision").rpartition(".")[0] in TRIED:
        _load_without_compiler()
    import torchvision

    return torchvision.models


def _load_without_compiler() -> None:
    """Import torchvision; where that fails, leave no module behind that it began."""
    before, put = set(sys.modules), _stand_ins()
    sys.modules.update(put)
    loaded = False
    try:
        # whatever fails here is tried again with the compiler, and said then
        with contextlib.suppress(Exception):
            import_module("torchvision")
            loaded = True
    finally:
        begun = {name for name in sys.modules if name.partition(".")[0] == "torchvision"}
        # a module that is kept without its parent would be missing there at the second try
        for name in {*put} | (set() if loaded else begun - before):
            sys.modules.pop(name, None)


def _stand_ins() -> dict[str, ModuleType]:
    """The modules of the compiler that torchvision imports, by name."""
    found = {name: ModuleType(name) for name in ("torch._dynamo", "torch._dynamo.utils")}
    found["torch._dynamo.utils"].is_compile_supported = _is_compile_supported
    return found


def _is_compile_supported(device: str) -> bool:
    from torch._dynamo.utils import is_compile_supported

    return is_compile_supported(device)


def build_backbone(name: str) -> nn.Module:
    """A torchvision network for one grey channel: (b, 1, h, w) to (b, ``FEATURES[name]``).

    The classifier is dropped, the average pooling kept. Initial values are torchvision's.
    """
    network = getattr(networks(), name)(weights=None)
    network.fc = nn.Identity()
    network.conv1 = nn.Conv2d(1, 64, kernel_size=7, stride=2, padding=3, bias=False)
    return network


def initial_state(
    name: str, seed: int, fold: str, weights: Mapping[str, torch.Tensor] | None
) -> dict[str, torch.Tensor]:
    """The state of a backbone before any training.

    Args:
        name: a key of ``FEATURES``.
        seed: of the random initial values; without influence where ``weights`` are given.
        fold: ``mean`` (the published code) or ``sum`` over the three colour slices of the first
            convolution. A grey picture repeated in three channels gives the sum, so ``mean``
            shrinks the first activations to a third.
        weights: a torchvision state dict with three input channels; None for untrained.

    Raises:
        InputError: the weights do not belong to this network.
    """
    torch.manual_seed(seed)
    colour = getattr(networks(), name)(weights=None)
    colour.fc = nn.Identity()
    if weights is not None:
        own = colour.state_dict()
        kept = {key: value for key, value in weights.items() if not key.startswith("fc.")}
        wrong = [
            key for key in own if key not in kept or kept[key].shape != own[key].shape
        ]  # fmt: skip
        if wrong or len(kept) != len(own):
            raise InputError(
                f"The weights do not belong to {name}: {wrong[0] if wrong else 'extra keys'} does"
                " not fit; give a torchvision state dict of that network."
            )
        colour.load_state_dict(kept)
    state = colour.state_dict()
    state["conv1.weight"] = fold_channels(state["conv1.weight"], fold)
    return state


def fold_channels(kernel: torch.Tensor, fold: str) -> torch.Tensor:
    """A convolution kernel (out, 3, k, k) for colour as one (out, 1, k, k) for grey."""
    if fold == "sum":
        return kernel.sum(dim=1, keepdim=True)
    if fold == "mean":
        return kernel.mean(dim=1, keepdim=True)
    raise ValueError(f"fold must be mean or sum, not {fold!r}")


def read_weights(path: str | Path) -> dict[str, torch.Tensor]:
    """A state dict from a file: bare, or under ``state_dict`` as the stand-in's.

    Raises:
        InputError: the file is missing or holds no state dict.
    """
    try:
        loaded = torch.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError:
        raise InputError(f"{path} does not exist.") from None
    except Exception as error:  # torch raises many kinds at bytes that are no checkpoint
        raise InputError(f"{path} is not a file of weights: {type(error).__name__}.") from None
    state = loaded.get("state_dict", loaded) if isinstance(loaded, dict) else None
    if not isinstance(state, dict) or "conv1.weight" not in state:
        raise InputError(f"{path} holds no torchvision state dict of a ResNet.")
    return state
