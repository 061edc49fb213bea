"""What a record is called by that a file may be called by too: numbers, ids, image identifiers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote

import pandas as pd

from bilderatlas.collection.iiif_image import service_of
from bilderatlas.collection.manifest import SUFFIXES, normalise

# kinds of names, from the most to the least explicit
LINK, INVENTORY = "identifier in a link", "inventory number"
RECORD, OTHER = "record id", "further id"
KINDS = (LINK, INVENTORY, RECORD, OTHER)


def spelling(name: str) -> str:
    """A number as a file name may spell it: letters and digits, joined by single ``_``."""
    return re.sub(r"[\W_]+", "_", normalise(name).casefold()).strip("_")


def spellings_of(record: dict[str, Any], kind: str) -> set[str]:
    """All that a record is called by in one of :data:`KINDS`, as :func:`spelling` has it."""
    if kind == LINK:
        names = map(_identifier, record["images"])
    elif kind == INVENTORY:
        value = record["inventory_number"]
        names = value if isinstance(value, list | tuple) else value.split(" | ")
    elif kind == RECORD:
        names = [record["record_id"]]
    else:
        names = record["other_ids"]
    return {spelling(name) for name in names} - {""}


def spellings_of_pictures(manifest: pd.DataFrame) -> dict[str, set[str]]:
    """Ids of pictures by what they and their files are called, without the suffix."""
    called: dict[str, set[str]] = {}
    for image_id, file in zip(manifest["image_id"], manifest["file"], strict=True):
        for name in (image_id, PurePosixPath(file).stem):
            called.setdefault(spelling(name), set()).add(image_id)
    return called


def claims_of(records: Iterable[dict[str, Any]], kind: str) -> dict[str, list[int]]:
    """Places of the records that are called so, by the name.

    A further id counts for those, too, whose own id it is: seen in real files, an id that was
    copied from one record into others.
    """
    claims: dict[str, list[int]] = {}
    for number, record in enumerate(records):
        names = spellings_of(record, kind)
        if kind == OTHER:
            names |= spellings_of(record, RECORD)
        for name in names:
            claims.setdefault(name, []).append(number)
    return claims


def _identifier(link: str) -> str:
    """The last part of what an image service calls a picture; empty where it is none's link."""
    service = service_of(link)
    if service is None:
        return ""
    path = PurePosixPath(unquote(service.base))
    return path.stem if path.suffix.lower() in SUFFIXES else path.name
