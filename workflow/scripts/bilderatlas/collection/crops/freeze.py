"""Freezing: from boxes drawn by hand, and proposals where they are allowed, to what a run uses."""

from __future__ import annotations

import os
from collections.abc import Mapping

import pandas as pd

from bilderatlas.collection.crops.crop import Crop, shown_size
from bilderatlas.collection.crops.decisions import check_decisions, read_decisions
from bilderatlas.collection.crops.proposals import read_proposals
from bilderatlas.errors import InputError

RECIPE = 1  # raise when the same decisions would freeze to other crops


def freeze(
    manifest: pd.DataFrame,
    boxes: str | os.PathLike | None,
    proposals: str | os.PathLike | None,
    accept: float | None,
) -> tuple[dict[str, Crop], dict[str, tuple[str, str, str]]]:
    """The crops of a collection; a box drawn by hand goes before any proposal.

    Args:
        manifest: columns ``image_id`` and ``file``.
        boxes: the table of boxes drawn by hand, or None.
        proposals: the table of proposals, or None.
        accept: the confidence from which on a proposal is taken.

    Returns:
        crops by image id; who decided, when, and the source (``hand`` or ``rule``), by image id.

    Raises:
        InputError: a box drawn by hand cannot stand; a sentence a fault.
    """
    files = dict(zip(manifest["image_id"], manifest["file"], strict=True))
    crops: dict[str, Crop] = {}
    told: dict[str, tuple[str, str, str]] = {}
    if proposals and accept is not None:
        for name, (found, turn) in read_proposals(proposals).items():
            if name in files and found.confidence >= accept:
                crops[name] = Crop(*found.box, turn, found.width, found.height)
                told[name] = ("", "", "rule")
    if boxes:
        decisions = read_decisions(boxes)
        sizes = _sizes({name: files[name] for name in decisions if name in files})
        crops |= check_decisions(boxes, decisions, sizes)
        told |= {
            name: (row.by, row.checked_at, "hand")
            for name, row in decisions.items()
            if name in sizes
        }
    return crops, told


def _sizes(files: Mapping[str, str]) -> dict[str, tuple[int, int]]:
    """Width and height of pictures as a viewer shows them, without those that cannot be opened."""
    from PIL import Image

    sizes = {}
    for name, file in files.items():
        try:
            with Image.open(file) as picture:
                sizes[name] = shown_size(picture)
        except FileNotFoundError:
            raise InputError(f"{file} does not exist, but the list of pictures names it.") from None
        except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
            continue
    return sizes
