"""The published experiment as the workflow hands it to a training, read from config.yaml."""

from __future__ import annotations

from typing import Any

import yaml

from benchmarks import ROOT
from plan.settings import resolve_like


def config() -> dict[str, Any]:
    """config.yaml as it stands."""
    return yaml.safe_load((ROOT / "config/config.yaml").read_text(encoding="utf-8"))


def training(recipe: str = "published", phase: str = "training", **changed: Any) -> dict[str, Any]:
    """Settings of one training phase, as ``train_simclr`` takes them.

    Args:
        recipe: of config.yaml.
        phase: ``training`` or ``fine_tuning``.
        changed: settings that differ.
    """
    simclr = config()["simclr"]
    block = resolve_like(simclr["recipes"], recipe, "recipe")
    trained = block[phase]
    return {
        "method": "simclr",
        "phase": phase,
        "collection": "benchmark",
        "backbone": block["backbone"],
        "views": simclr["views"][block["views"]],
        "size": block.get("size", simclr["size"]),
        "head": block["head"],
        "temperature": block["temperature"],
        "forward": block["forward"],
        "optimiser": block["optimiser"],
        "schedule": block["schedule"],
        "epochs": trained["epochs"]["default"],
        "batch_size": trained["batch_size"].get("zille", trained["batch_size"]["default"]),
        "learning_rate": trained["learning_rate"],
        "seed": 2022,
        "split": "published",
        "precision": "auto",
    } | changed
