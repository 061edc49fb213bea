"""Hold settings and rows of tables against a JSON schema: one sentence a fault, and defaults."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Any

import jsonschema
import yaml

# the one in C, where there is one, takes a tenth of the time; every job reads the schemas
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
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
    text = (SCHEMAS / f"{name}.schema.yaml").read_text(encoding="utf-8")
    return yaml.load(text, Loader=_LOADER)


KINDS = {
    "object": "keys with values, one a line below it",
    "array": "a list, [one, two]",
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "nothing",
}


def _sentence(fault: jsonschema.ValidationError, where: str) -> str:
    place = ".".join(str(step) for step in fault.absolute_path)
    inside = f", key {place}" if place else ""
    return f"{where}{inside}: {_words(fault)}."


def _words(fault: jsonschema.ValidationError) -> str:
    value, schema = fault.instance, fault.schema
    meaning = schema.get("description", "")
    of = f" ({meaning})" if meaning else ""
    if fault.validator == "additionalProperties":
        allowed = list(schema.get("properties", {}))
        unknown = next(key for key in value if key not in allowed)
        return f"unknown key {unknown!r}{_near(unknown, allowed)}; allowed are {', '.join(allowed)}"
    if fault.validator == "required":
        missing = next(key for key in fault.validator_value if key not in value)
        told = schema.get("properties", {}).get(missing, {})
        choice = f"; it is one of {', '.join(told['enum'])}" if "enum" in told else ""
        said = f" ({told['description']})" if "description" in told else ""
        return f"the key {missing!r} is missing{choice}{said}"
    if fault.validator == "enum":
        allowed = [str(one) or "nothing" for one in fault.validator_value]
        near = _near(value, allowed)
        return f"{value!r} is not allowed{near}; allowed are {', '.join(allowed)}"
    if fault.validator == "pattern" and meaning:
        return f"{value!r} does not fit{of}"
    if fault.validator == "type":
        kinds = fault.validator_value
        wanted = " or ".join(KINDS[kind] for kind in ([kinds] if isinstance(kinds, str) else kinds))
        return f"{'is empty' if value is None else f'is {value!r}'}, it needs {wanted}{of}"
    return f"{fault.message}{of}"


def _near(word: Any, allowed: list[str]) -> str:
    near = difflib.get_close_matches(str(word), allowed, n=1)
    return f" (did you mean {near[0]!r}?)" if near else ""


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
