"""Hold settings and rows of tables against a JSON schema: one sentence a fault, and defaults."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Any

import jsonschema
import yaml

SCHEMAS = Path(__file__).resolve().parents[1] / "schemas"


class SettingsError(Exception):
    """A fault in the settings or a study table, in one sentence."""


def check(value: Any, schema: dict[str, Any], where: str) -> None:
    """Raise SettingsError at the first fault of ``value``; ``where`` begins the sentence."""
    faults = jsonschema.Draft202012Validator(schema).iter_errors(value)
    # an unknown key explains the faults it causes, so it is told first
    fault = min(
        faults,
        key=lambda fault: (fault.validator != "additionalProperties", len(fault.absolute_path)),
        default=None,
    )
    if fault is not None:
        raise SettingsError(_sentence(fault, where))


def with_defaults(value: Any, schema: dict[str, Any]) -> Any:
    """``value`` with the schema's defaults where it says nothing."""
    return _with_defaults(value, schema, schema)


def read(name: str) -> dict[str, Any]:
    """The schema of that name."""
    return yaml.safe_load((SCHEMAS / f"{name}.schema.yaml").read_text(encoding="utf-8"))


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
