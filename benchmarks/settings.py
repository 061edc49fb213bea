"""The published experiment as the workflow hands it to a training, read from config.yaml."""

from __future__ import annotations

from typing import Any

import yaml

from benchmarks import ROOT


def config() -> dict[str, Any]:
    """config.yaml as it stands."""
    return yaml.safe_load((ROOT / "config/config.yaml").read_text(encoding="utf-8"))


def training(recipe: str = "published", **changed: Any) -> dict[str, Any]:
    """Settings of one training phase, as ``train_simclr`` takes them.

    Args:
        recipe: ``published`` or one that is written out in full against it.
        changed: settings that differ.
    """
    simclr = config()["simclr"]
    block = {**simclr["recipes"]["published"], **simclr["recipes"][recipe]}
    phase = block["training"]
    return {
        "method": "simclr",
        "phase": "training",
        "collection": "benchmark",
        "backbone": block["backbone"],
        "views": simclr["views"][block["views"]],
        "size": block.get("size", simclr["size"]),
        "head": block["head"],
        "temperature": block["temperature"],
        "optimiser": block["optimiser"],
        "schedule": block["schedule"],
        "epochs": phase["epochs"]["default"],
        "batch_size": phase["batch_size"].get("zille", phase["batch_size"]["default"]),
        "learning_rate": phase["learning_rate"],
        "seed": 2022,
        "split": "published",
        "precision": "auto",
    } | changed
