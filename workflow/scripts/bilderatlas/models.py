"""The file of a model: weights of backbone and head, and what made them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch

from bilderatlas.errors import InputError
from bilderatlas.files import write_atomically


@dataclass
class Model:
    """A model as it lies in ``model.ckpt``.

    Attributes:
        backbone: state of the backbone.
        head: state of the projection head; None before the first training.
        made_by: lineage, settings digest, versions, precision, and the like: plain values.
    """

    backbone: dict[str, torch.Tensor]
    head: dict[str, torch.Tensor] | None
    made_by: dict[str, Any] = field(default_factory=dict)


def save(what: Any, path: str | Path) -> None:
    """``torch.save`` into a handle of ours: a full disk is then an OSError that says so."""
    with open(path, "wb") as handle:
        torch.save(what, handle)


def write_model(model: Model, path: str | Path) -> None:
    """Write a model atomically."""
    with write_atomically(path) as temporary:
        save(vars(model), temporary)


def read_model(path: str | Path) -> Model:
    """Read a model onto the CPU.

    Raises:
        InputError: the file is missing or is no model of ours.
    """
    try:
        return Model(**torch.load(path, map_location="cpu", weights_only=True))
    except FileNotFoundError:
        raise InputError(f"{path} does not exist.") from None
    except Exception as error:  # torch raises many kinds at bytes that are no checkpoint
        raise InputError(f"{path} is not a model: {type(error).__name__}; delete it.") from None
