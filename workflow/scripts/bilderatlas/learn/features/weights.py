"""Weights of frozen networks: read, held against the network, given the names it uses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor

from bilderatlas.errors import InputError
from bilderatlas.learn.features.networks import NETWORKS, skeleton

_COUNTER = "num_batches_tracked"  # of batches seen in training; nothing at rest depends on it


def read_state(path: str | Path) -> dict[str, Tensor]:
    """A state dict from a file: bare, or under ``state_dict``.

    Raises:
        InputError: the file is missing, damaged or holds something else.
    """
    try:
        loaded = torch.load(path, map_location="cpu", weights_only=True, mmap=False)
    except FileNotFoundError:
        raise InputError(f"{path} does not exist.") from None
    except Exception as error:  # torch raises many kinds at bytes that are no checkpoint
        raise InputError(
            f"{path} is not a file of weights ({type(error).__name__}): fetch or copy it again."
        ) from None
    state = loaded.get("state_dict", loaded) if isinstance(loaded, dict) else None
    if not isinstance(state, dict) or not all(isinstance(one, Tensor) for one in state.values()):
        raise InputError(f"{path} holds no torchvision state dict: give one of that network.")
    return state


def fitting(state: Mapping[str, Tensor], name: str, path: str | Path) -> dict[str, Tensor]:
    """Weights as the network ``name`` wants them: float32, complete, without the classifier.

    Args:
        state: a torchvision state dict; older names of DenseNet's layers are understood.
        name: a key of :data:`~bilderatlas.learn.features.networks.NETWORKS`.
        path: names the file in errors.

    Raises:
        InputError: they belong to another network.
    """
    head = NETWORKS[name].head
    own = {key: one for key, one in skeleton(name).state_dict().items() if not key.startswith(head)}
    given = {
        # torchvision's DenseNet files say norm.1 where the network says norm1
        re.sub(r"\.(norm|conv)\.([12])\.", r".\1\2.", key): one
        for key, one in state.items()
        if not key.startswith(head)
    }
    counters = {key for key in own if key.endswith(_COUNTER)}
    needed = own.keys() - counters
    wrong = sorted(
        [key for key in needed if key not in given or given[key].shape != own[key].shape]
        + [key for key in given if key not in own]
    )
    if wrong:
        raise InputError(
            f"{path} does not hold the weights of {name} ({wrong[0]} does not fit): give a"
            " torchvision state dict of that network."
        )
    kept = {key: given[key].float().contiguous() for key in own if key not in counters}
    bad = next((key for key, one in kept.items() if not torch.isfinite(one).all()), None)
    if bad:
        raise InputError(
            f"{path} holds weights that are no numbers ({bad}): fetch or copy it again."
        )
    return kept | {key: torch.zeros((), dtype=torch.int64) for key in counters}
