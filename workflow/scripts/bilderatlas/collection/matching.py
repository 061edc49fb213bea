"""Which local picture belongs to which record where no file name says it, and what is left over.

The rule, from the most to the least explicit: the record's ``image_id``; the file names that it
gives; its ``record_id``; then, among the pictures that no record has taken, its inventory number
and at last its record id as a file system allows to write them. ``VG 1993/12,3`` is found as
``VG_1993_12_3.jpg`` or ``vg-1993-12-3.tif``: every run of other signs than letters and digits
counts as one, and upper and lower case are the same. A file ``VG_1993_12_3_verso.jpg`` is not
taken for it: whether a longer name is another object cannot be told.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any

import pandas as pd

from bilderatlas.collection.manifest import normalise
from bilderatlas.collection.records import join

Found = Sequence[tuple[list[str], list[str]]]


def by_number(
    records: Sequence[dict[str, Any]], found: Found, manifest: pd.DataFrame
) -> dict[int, list[str]]:
    """Pictures of records that found none, by inventory number or record id.

    A number that several records share, or that fits several pictures, decides nothing.

    Args:
        records: all records of the source.
        found: for each, the ids of its pictures, and names that fit several.
        manifest: with the columns image_id and file.

    Returns:
        ids of pictures by the place of the record among ``records``.
    """
    taken = {image_id for own, _ in found for image_id in own}
    free: dict[str, set[str]] = {}
    for image_id, file in zip(manifest["image_id"], manifest["file"], strict=True):
        if image_id not in taken:
            for name in (image_id, PurePosixPath(file).stem):
                free.setdefault(spelling(name), set()).add(image_id)
    without = [number for number, (own, doubtful) in enumerate(found) if not own and not doubtful]
    matched: dict[int, list[str]] = {}
    for numbers_of in (_inventory_numbers, _record_ids):
        claims: dict[str, list[int]] = {}
        for number in without:
            for name in {spelling(one) for one in numbers_of(records[number])} - {""}:
                claims.setdefault(name, []).append(number)
        for name, claimants in claims.items():
            pictures = free.get(name, set())
            if len(claimants) == 1 and len(pictures) == 1 and not pictures & taken:
                matched.setdefault(claimants[0], []).extend(pictures)
                taken |= pictures
        without = [number for number in without if number not in matched]
    return matched


def spelling(name: str) -> str:
    """A number as a file name may spell it: letters and digits, joined by single ``_``."""
    return re.sub(r"[\W_]+", "_", normalise(name).casefold()).strip("_")


def unmatched(
    records: Sequence[dict[str, Any]],
    found: Found,
    taken: dict[str, dict[str, Any]],
    manifest: pd.DataFrame,
    links: pd.DataFrame | None,
) -> list[tuple[str, str, str]]:
    """What matched nothing: (side, name, why); sides are record, picture and link.

    Args:
        records: all records of the source.
        found: for each, the ids of its pictures, and names that fit several.
        taken: the record of each picture that has one.
        manifest: with the column image_id.
        links: the table of links, where pictures were fetched; else None.
    """
    rows = []
    served = {id(record) for record in taken.values()}
    for record, (own, doubtful) in zip(records, found, strict=True):
        if id(record) in served:
            continue
        name = record["record_id"] or record["image_id"] or join(record["images"])
        if doubtful:
            why = f"{join(doubtful)} fits several pictures"
        elif own:
            other = taken[own[0]]
            why = f"its picture {own[0]} belongs to the record {other['record_id']}"
        elif links is not None:
            why = "none of its links gave a picture" if record["images"] else "it has no link"
        else:
            why = "no picture is called as its file names, record id or inventory number"
        rows.append(("record", name, why))
    rows += [
        ("picture", image_id, "no record names it")
        for image_id in sorted(set(manifest["image_id"]) - set(taken))
    ]
    if links is not None:
        left = links[links["status"] != "ok"]
        rows += [
            ("link", link, f"{status}: {why}" if why else status)
            for link, status, why in zip(left["link"], left["status"], left["why"], strict=True)
        ]
    return rows


def _inventory_numbers(record: dict[str, Any]) -> list[str]:
    value = record["inventory_number"]
    return list(value) if isinstance(value, list | tuple) else value.split(" | ")


def _record_ids(record: dict[str, Any]) -> list[str]:
    return [record["record_id"]]
