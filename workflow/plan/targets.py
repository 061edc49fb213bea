"""What somebody asks for by path, held against what there is: one sentence instead of a search."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from typing import Any

from plan import sources

FLOORS = ("resources", "results")
# what stands beside the collections below results and resources
OTHERS = ("models", "weights", "lido-schema")
STUDY_FOLDERS = ("tables", "figures", "order", "rounds")


@dataclass(frozen=True)
class Known:
    """What targets may name.

    Attributes:
        collections: settings by name.
        experiments: rows by name.
        trained_on: model to the collections that it is trained on.
        embedded: experiment to the collection whose pictures it embeds.
        left_out: experiment to the reason why it cannot be made.
        backbones: backbone to the reason why its features cannot be made; None where they can.
        no_weights: files of weights to the reason why they are not to be had.
    """

    collections: dict[str, dict[str, Any]]
    experiments: dict[str, Any]
    trained_on: dict[str, list[str]]
    embedded: dict[str, str]
    left_out: dict[str, str]
    backbones: dict[str, str | None]
    no_weights: dict[str, str] = field(default_factory=dict)


def fault(target: str, known: Known) -> str | None:
    """Why a target cannot be made, in one sentence; None where nothing speaks against it."""
    if why := known.no_weights.get(target):
        return f"{target} is asked for. {why}"
    floor, *steps = target.split("/")
    if floor not in FLOORS or len(steps) < 2:
        return None
    if steps[0] == "models":
        return _fault_of_model(target, steps[1], known)
    collection = steps[0]
    if collection in OTHERS:
        return None
    if collection not in known.collections:
        return (
            f"{target} is asked for, but there is no collection {collection!r}"
            f"{_near(collection, known.collections)}; there are {', '.join(known.collections)}."
        )
    entry = known.collections[collection]
    if why := sources.unavailable(collection, entry):
        return f"{target} is asked for. {why}"
    if steps[1:] == ["connections.csv"] and entry["connections"] is None:
        return (
            f"{target} is asked for, but {collection} has no connections: name their table in the"
            f" configuration under collections.{collection}.connections."
        )
    if floor == "results" and steps[1] == "features" and len(steps) == 3:
        return _fault_of_features(target, steps[2].removesuffix(".h5"), known)
    if floor == "results" and steps[1] == "simclr" and len(steps) > 3:
        return _fault_of_experiment(target, collection, steps[2], known)
    return None


def _fault_of_model(target: str, name: str, known: Known) -> str | None:
    for collection in known.trained_on.get(name, ()):
        if why := sources.unavailable(collection, known.collections[collection]):
            return f"{target} is asked for. {why}"
    return None


def _fault_of_features(target: str, name: str, known: Known) -> str | None:
    if name not in known.backbones:
        return (
            f"{target} is asked for, but the configuration has no features.backbones.{name}"
            f"{_near(name, known.backbones)}; it has {', '.join(known.backbones) or 'none'}."
        )
    if why := known.backbones[name]:
        return f"{target} is asked for. {why}"
    return None


def _fault_of_experiment(target: str, collection: str, name: str, known: Known) -> str | None:
    if name in STUDY_FOLDERS:
        return None
    if name not in known.experiments:
        return (
            f"{target} is asked for, but simclr has no experiment {name!r}"
            f"{_near(name, known.experiments)}; it has {', '.join(known.experiments)}."
        )
    if name in known.left_out:
        return f"experiment {name} of simclr is asked for. {known.left_out[name]}"
    embedded = known.embedded[name]
    if embedded != collection:
        return (
            f"experiment {name} of simclr embeds {embedded}, not {collection}; ask for"
            f" results/{embedded}/simclr/{name}/."
        )
    return None


def _near(word: str, known: Any) -> str:
    near = difflib.get_close_matches(word, list(known), n=1)
    return f" (did you mean {near[0]!r}?)" if near else ""
