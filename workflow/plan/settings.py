"""Check the settings and the study tables against their schemas, and fill in defaults.

Every fault becomes one sentence that names the key or row and says what is allowed.
"""

from __future__ import annotations

import csv
import difflib
from pathlib import Path
from typing import Any

import jsonschema
import yaml

from plan import downloads, records

SCHEMAS = Path(__file__).resolve().parents[1] / "schemas"
RESERVED = ("tables", "figures", "order", "rounds")


class SettingsError(Exception):
    """A fault in the settings or a study table, in one sentence."""


def check_settings(settings: dict[str, Any]) -> dict[str, Any]:
    """Return ``settings`` with defaults filled in; raise SettingsError at the first fault."""
    schema = _schema("config")
    fault = _first_fault(settings, schema)
    if fault is not None:
        raise SettingsError(_sentence(fault, "The configuration"))
    return _with_defaults(settings, schema, schema)


def read_study(path: str | Path, name: str) -> dict[str, dict[str, str]]:
    """The rows of a study table by experiment, each checked against the schema ``name``.

    A row's empty cells stay empty strings; ``seed`` becomes a number.
    """
    schema = _schema(name)
    columns = list(schema["properties"])
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
        fault = _first_fault(row, schema)
        if fault is not None:
            raise SettingsError(_sentence(fault, f"Line {number} of {path}"))
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
    "temperature", "optimiser.name", "optimiser.weight_decay", "schedule.name",
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
        if entry["path"] is None and entry["source"] == "local":
            raise SettingsError(f"weights.{name} has source: local, but no path.")


def _merge(below: dict, above: dict) -> dict:
    merged = dict(below)
    for key, value in above.items():
        both = isinstance(value, dict) and isinstance(merged.get(key), dict)
        merged[key] = _merge(merged[key], value) if both else value
    return merged


def _schema(name: str) -> dict[str, Any]:
    return yaml.safe_load((SCHEMAS / f"{name}.schema.yaml").read_text(encoding="utf-8"))


def _first_fault(value: Any, schema: dict) -> jsonschema.ValidationError | None:
    faults = jsonschema.Draft202012Validator(schema).iter_errors(value)
    # an unknown key explains the faults it causes, so it is told first
    return min(
        faults,
        key=lambda fault: (fault.validator != "additionalProperties", len(fault.absolute_path)),
        default=None,
    )


def _sentence(fault: jsonschema.ValidationError, where: str) -> str:
    place = ".".join(str(step) for step in fault.absolute_path)
    inside = f", key {place}" if place else ""
    if fault.validator == "additionalProperties":
        allowed = list(fault.schema.get("properties", {}))
        unknown = next(key for key in fault.instance if key not in allowed)
        near = difflib.get_close_matches(str(unknown), allowed, n=1)
        hint = f" (did you mean {near[0]!r}?)" if near else ""
        return f"{where}{inside}: unknown key {unknown!r}{hint}; allowed are {', '.join(allowed)}."
    if fault.validator == "required":
        missing = next(key for key in fault.validator_value if key not in fault.instance)
        return f"{where}{inside}: the key {missing!r} is missing."
    if fault.validator == "enum":
        allowed = ", ".join(str(value) or "nothing" for value in fault.validator_value)
        return f"{where}{inside}: {fault.instance!r} is not allowed; allowed are {allowed}."
    meaning = fault.schema.get("description", "")
    return f"{where}{inside}: {fault.message}{f' ({meaning})' if meaning else ''}."


def _with_defaults(value: Any, schema: dict, root: dict) -> Any:
    if "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rsplit("/", 1)[1]]
    if not isinstance(value, dict):
        return value
    filled = dict(value)
    for key, inner in schema.get("properties", {}).items():
        if key not in filled and "default" in inner:
            filled[key] = inner["default"]
        if key in filled:
            filled[key] = _with_defaults(filled[key], inner, root)
    further = schema.get("additionalProperties")
    if isinstance(further, dict):
        for key in filled:
            if key not in schema.get("properties", {}):
                filled[key] = _with_defaults(filled[key], further, root)
    return filled
