"""Which local picture belongs to which record where no file name says it, and what is left over.

The rule, from the most to the least explicit: the record's ``image_id``; the file names that it
gives; its ``record_id``; then, among the pictures that no record has taken, what it is called by
as a file system allows to write it: the identifiers in its links to a IIIF image service, its
inventory number, its record id, its further ids (LIDO's ``lidoRecID`` beside a ``recordID``).
``VG 1993/12,3`` is found as ``VG_1993_12_3.jpg`` or ``vg-1993-12-3.tif``: every run of other
signs than letters and digits counts as one, and upper and lower case are the same. A file
``VG_1993_12_3_verso.jpg`` is not taken for it: whether a longer name is another object cannot be
told. What is left over says whose number it begins with.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from bilderatlas.collection.reasons import Reasons, name_of
from bilderatlas.collection.record_names import KINDS, claims_of, spelling, spellings_of_pictures
from bilderatlas.collection.records import join

__all__ = ["by_number", "spelling", "unmatched"]

Found = Sequence[tuple[list[str], list[str]]]


def by_number(
    records: Sequence[dict[str, Any]], found: Found, manifest: pd.DataFrame
) -> dict[int, list[str]]:
    """Pictures of records that found none, by identifiers in links, numbers and ids.

    A name that several records share, or that fits several pictures, decides nothing.

    Args:
        records: all records of the source.
        found: for each, the ids of its pictures, and names that fit several.
        manifest: with the columns image_id and file.

    Returns:
        ids of pictures by the place of the record among ``records``.
    """
    taken = {image_id for own, _ in found for image_id in own}
    free = spellings_of_pictures(manifest[~manifest["image_id"].isin(taken)])
    without = {number for number, (own, doubtful) in enumerate(found) if not own and not doubtful}
    matched: dict[int, list[str]] = {}
    for kind in KINDS:
        for name, claimants in claims_of(records, kind).items():
            pictures = free.get(name, set())
            alone = len(claimants) == len(pictures) == 1 and claimants[0] in without
            if alone and not pictures & taken:
                matched.setdefault(claimants[0], []).extend(pictures)
                taken |= pictures
        without -= matched.keys()
    return matched


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
        manifest: with the columns image_id and file.
        links: the table of links, where pictures were fetched; else None.
    """
    rows = []
    reasons = Reasons(records, found, taken, manifest)
    served = {id(record) for record in taken.values()}
    for record, (own, doubtful) in zip(records, found, strict=True):
        if id(record) in served:
            continue
        if doubtful:
            why = f"{join(doubtful)} fits several pictures"
        elif own:
            other = taken[own[0]]
            why = f"its picture {own[0]} belongs to the record {name_of(other)}"
        elif links is not None:
            why = "none of its links gave a picture" if record["images"] else "it has no link"
        else:
            why = reasons.of_record(record)
        rows.append(("record", name_of(record), why))
    rows += [
        ("picture", image_id, reasons.of_picture(image_id))
        for image_id in sorted(set(manifest["image_id"]) - set(taken))
    ]
    if links is not None:
        left = links[links["status"] != "ok"]
        rows += [
            ("link", link, f"{status}: {why}" if why else status)
            for link, status, why in zip(left["link"], left["status"], left["why"], strict=True)
        ]
    return rows
