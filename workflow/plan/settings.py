"""Check the settings and the study tables against their schemas, and fill in defaults.

Every fault becomes one sentence that names the key or row and says what is allowed.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from plan import downloads, records, schema
from plan.schema import SettingsError

RESERVED = ("tables", "figures", "order", "rounds")


def check_settings(settings: dict[str, Any]) -> dict[str, Any]:
    """Return ``settings`` with defaults filled in; raise SettingsError at the first fault."""
    allowed = schema.read("config")
    schema.check(settings, allowed, "The configuration")
    return schema.with_defaults(settings, allowed)


def read_study(path: str | Path, name: str) -> dict[str, dict[str, str]]:
    """The rows of a study table by experiment, each checked against the schema ``name``.

    A row's empty cells stay empty strings; ``seed`` becomes a number.
    """
    allowed = schema.read(name)
    columns = list(allowed["properties"])
    try:
        # Excel puts a byte order mark before UTF-8
        with Path(path).open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.DictReader(handle)
            found = reader.fieldnames or []
            lines = list(reader)
    except FileNotFoundError:
        raise SettingsError(
            f"The table {path} does not exist (it is named in the settings under {name}.table)."
        ) from None
    except UnicodeDecodeError:
        raise SettingsError(f"The table {path} is not UTF-8: save it in that encoding.") from None
    if sorted(found) != sorted(columns):
        raise SettingsError(
            f"The table {path} has the columns {', '.join(found)}; it needs {', '.join(columns)}."
        )
    rows: dict[str, dict[str, Any]] = {}
    for number, row in enumerate(lines, start=2):
        if None in row or None in row.values():
            raise SettingsError(
                f"Line {number} of {path} has {'more' if None in row else 'fewer'} cells than the"
                " header; a text with a comma stands in double quotes."
            )
        row["seed"] = int(row["seed"]) if row["seed"].isdecimal() else row["seed"]
        schema.check(row, allowed, f"Line {number} of {path}")
        experiment = row["experiment"]
        if experiment in RESERVED:
            raise SettingsError(f"Line {number} of {path}: {experiment!r} is a reserved name.")
        if experiment in rows:
            raise SettingsError(f"Line {number} of {path}: experiment {experiment!r} stands twice.")
        rows[experiment] = row
    if not rows:
        raise SettingsError(f"The table {path} has no experiments.")
    return rows


def resolve_like(blocks: dict[str, dict[str, Any]], name: str, what: str) -> dict[str, Any]:
    """A settings block with its ``like:`` block beneath it, merged key by key."""
    seen: list[str] = []
    chain: list[dict[str, Any]] = []
    current: str | None = name
    while current:
        if current in seen:
            raise SettingsError(f"The {what}s {', '.join(seen)} are like each other in a circle.")
        if current not in blocks:
            raise SettingsError(
                f"The {what} {current!r} does not exist; there are {', '.join(blocks)}."
            )
        seen.append(current)
        chain.append(blocks[current])
        current = blocks[current].get("like")
    merged: dict[str, Any] = {}
    for block in reversed(chain):
        merged = _merge(merged, {key: value for key, value in block.items() if key != "like"})
    return merged


RECIPE_KEYS = (
    "backbone", "fold", "pack", "views", "head.hidden", "head.output", "head.batch_norm",
    "temperature", "forward", "optimiser.name", "optimiser.weight_decay", "schedule.name",
    "schedule.warmup_epochs", "training.epochs", "training.learning_rate", "training.batch_size",
    "fine_tuning.epochs", "fine_tuning.learning_rate", "fine_tuning.batch_size",
)  # fmt: skip


def _has(block: dict[str, Any], dotted: str) -> bool:
    first, _, rest = dotted.partition(".")
    return first in block and (not rest or _has(block[first], rest))


def check_crosswise(settings: dict, rows: dict[str, dict], recipes: dict[str, dict]) -> None:
    """Raise SettingsError where one part of the settings names what another does not have."""
    roles = settings["simclr"]["roles"]
    for role, name in roles.items():
        known = settings["weights" if role == "pretrained" else "collections"]
        if name not in known:
            raise SettingsError(
                f"simclr.roles.{role} names {name!r}, which is not among the"
                f" {'weights' if role == 'pretrained' else 'collections'}: {', '.join(known)}."
            )
    for name, recipe in recipes.items():
        missing = [key for key in RECIPE_KEYS if not _has(recipe, key)]
        if missing:
            raise SettingsError(f"The recipe {name!r} lacks the key {missing[0]!r}.")
        if recipe["views"] not in settings["simclr"]["views"]:
            raise SettingsError(
                f"The recipe {name!r} names the views {recipe['views']!r}; there are"
                f" {', '.join(settings['simclr']['views'])}."
            )
        for phase in ("training", "fine_tuning"):
            for key in ("epochs", "batch_size"):
                strange = set(recipe[phase][key]) - {"default", *settings["collections"]}
                if strange or "default" not in recipe[phase][key]:
                    raise SettingsError(
                        f"The recipe {name!r}, key {phase}.{key}, needs `default` and may name"
                        f" the collections {', '.join(settings['collections'])}; it has"
                        f" {', '.join(recipe[phase][key]) or 'nothing'}."
                    )
    for experiment in settings["simclr"]["selected"]:
        if experiment not in rows:
            raise SettingsError(
                f"simclr.selected names {experiment!r}; the table has {', '.join(rows)}."
            )
    for experiment, row in rows.items():
        if row["recipe"] not in recipes:
            raise SettingsError(
                f"Experiment {experiment!r} names the recipe {row['recipe']!r}; there are"
                f" {', '.join(recipes)}."
            )
        phases = [row[key] for key in ("training", "fine_tuning") if row[key]]
        if row["embeddings"] in phases[:-1] and row["embeddings"] != phases[-1]:
            default = settings["defaults"]["split"]
            if row["split"] != default:
                raise SettingsError(
                    f"Experiment {experiment!r} embeds {row['embeddings']}, on which an earlier"
                    f" phase was trained by the split {default!r}: its own split must be"
                    f" {default!r} too, or its test pictures have been trained on."
                )
        if row["initialisation"] == "pixels" and (row["training"] or row["fine_tuning"]):
            raise SettingsError(f"Experiment {experiment!r} is a control of pixels: no training.")
        for column in ("label_de", "label_en"):
            try:
                row[column].format(**roles)
            except (KeyError, IndexError, ValueError):
                raise SettingsError(
                    f"Experiment {experiment!r}, {column}: only the words"
                    f" {', '.join(f'{{{role}}}' for role in roles)} may stand in braces."
                ) from None


def check_paths(settings: dict) -> None:
    """Raise SettingsError at a path in the settings that leads nowhere."""
    for name, entry in settings["collections"].items():
        path, where = entry["path"], f"collections.{name}"
        for check in (downloads.fault_of_meta, records.fault_of_connections):
            if fault := check(where, entry):
                raise SettingsError(fault)
        if path is None:
            continue
        if not Path(path).is_dir():
            raise SettingsError(f"collections.{name}.path is {path}, which is not a folder.")
        if fault := records.fault(name, entry):
            raise SettingsError(fault)
    for name, entry in settings["weights"].items():
        if entry["path"] is not None and not Path(entry["path"]).is_file():
            raise SettingsError(f"weights.{name}.path is {entry['path']}, which is no file.")
        for network, path in entry["paths"].items():
            if not Path(path).is_file():
                raise SettingsError(f"weights.{name}.paths.{network} is {path}, which is no file.")
        if entry["path"] is None and entry["source"] == "local":
            raise SettingsError(f"weights.{name} has source: local, but no path.")


def _merge(below: dict, above: dict) -> dict:
    merged = dict(below)
    for key, value in above.items():
        both = isinstance(value, dict) and isinstance(merged.get(key), dict)
        merged[key] = _merge(merged[key], value) if both else value
    return merged
