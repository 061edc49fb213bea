"""What the settings say of a collection's records: which files; LIDO's map and schema."""

from __future__ import annotations

import difflib
import hashlib
from pathlib import Path
from typing import Any

import yaml

from plan import headers

SUFFIXES = (".xml", ".lido", ".xml.gz", ".lido.gz")
SCHEMA_FOLDER = "resources/lido-schema"
MAP = "config/lido.yaml"
# kinds of records that need no file: the pictures and their folders say it all
WITHOUT_FILE = ("pictures", "classes")
# kinds whose records are made of the list of pictures
OF_PICTURES = (*WITHOUT_FILE, "best_artworks", "dew", "painter_by_numbers")


def record_files(entry: dict[str, Any]) -> list[str]:
    """The files with a collection's records: one, several, or (LIDO only) those below a folder.

    Empty where a path leads nowhere.
    """
    metadata = entry["metadata"]
    found: list[str] = []
    for path in [metadata] if isinstance(metadata, str) else metadata or []:
        if Path(path).is_file():
            found.append(path)
        elif entry["records"] == "lido" and Path(path).is_dir():
            found += [str(file) for file in sorted(Path(path).rglob("*")) if _is_lido(file, path)]
        else:
            return []
    if len(found) > 1 and entry["records"] != "lido":
        return []
    return found


def schema_path(entry: dict[str, Any]) -> str | None:
    """Where LIDO's schema lies for a collection; None where nothing is held against it."""
    validate = entry["validate"]
    return SCHEMA_FOLDER if validate is True else validate or None


def map_digest(path: str | list) -> str:
    """A digest of the file that says where LIDO's fields are; empty where there is none."""
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:12] if path else ""


def fault(name: str, entry: dict[str, Any]) -> str | None:
    """What is wrong with a local collection's records, in one sentence, or None."""
    kind, metadata = entry["records"], entry["metadata"]
    if kind == "pictures" and (metadata is not None or entry["columns"]):
        given = "metadata" if metadata is not None else "columns"
        return (
            f"The collection {name} has {given}, but does not say how its records are written: add"
            " records: table (a CSV), lido, or another kind that config/README.md names."
        )
    if kind not in WITHOUT_FILE and not record_files(entry):
        what = "not given" if metadata is None else f"{metadata}, which is no file"
        if kind == "lido" and metadata is not None:
            what += " and no folder with LIDO files"
        return (
            f"The collection {name} has records: {kind}, but collections.{name}.metadata is {what}."
        )
    if kind not in WITHOUT_FILE and (
        sentence := headers.fault(f"collections.{name}", entry, record_files(entry))
    ):
        return sentence
    schema = schema_path(entry)
    if schema is not None and not Path(schema).exists():
        return (
            f"collections.{name}.validate asks for LIDO's schema in {schema}, which does not"
            " exist: put it there (lido-v1.0.xsd, lido-v1.1.xsd and what they include), or say"
            " validate: false."
        )
    return _unknown(entry["lido"], f"collections.{name}.lido") if entry["lido"] else None


def fault_of_connections(where: str, entry: dict[str, Any]) -> str:
    """What is wrong with a collection's table of connections; empty where nothing is."""
    path = entry["connections"]
    missing = path is not None and not Path(path).is_file()
    return f"{where}.connections is {path}, which is no file." if missing else ""


def _is_lido(file: Path, folder: str) -> bool:
    hidden = any(part.startswith(".") for part in file.relative_to(folder).parts)
    return file.name.lower().endswith(SUFFIXES) and not hidden and file.is_file()


def _unknown(changes: dict[str, Any], place: str) -> str | None:
    shipped = yaml.safe_load(Path(MAP).read_text(encoding="utf-8"))
    parts = [(changes, shipped, place)]
    while parts:
        said, known, where = parts.pop()
        for key, value in said.items():
            if key not in known:
                near = difflib.get_close_matches(str(key), list(known), n=1)
                hint = f" (did you mean {near[0]!r}?)" if near else ""
                return f"{where} names {key!r}, which {MAP} does not have{hint}."
            if isinstance(known[key], dict) != isinstance(value, dict):
                kind = "entries by name" if isinstance(known[key], dict) else "a list"
                return f"{where}.{key} must hold {kind}, as in {MAP}."
            if isinstance(value, dict):
                parts.append((value, known[key], f"{where}.{key}"))
    return None
