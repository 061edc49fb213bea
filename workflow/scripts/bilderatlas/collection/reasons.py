"""Why a picture has no record, and a record no picture: what they are called like."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any

import pandas as pd

from bilderatlas.collection.record_names import (
    INVENTORY,
    KINDS,
    OTHER,
    RECORD,
    claims_of,
    spelling,
    spellings_of,
    spellings_of_pictures,
)
from bilderatlas.collection.records import join

NAMED = 3  # records that a reason names one by one


class Reasons:
    """The reasons of one collection.

    Args:
        records: all records of the source.
        found: for each, the ids of its pictures, and names that fit several.
        taken: the record of each picture that has one.
        manifest: with the columns image_id and file.
    """

    def __init__(
        self,
        records: Sequence[dict[str, Any]],
        found: Sequence[tuple[list[str], list[str]]],
        taken: dict[str, dict[str, Any]],
        manifest: pd.DataFrame,
    ) -> None:
        self._records = records
        self._taken = taken
        self._claims = {kind: claims_of(records, kind) for kind in KINDS}
        self._pictures = spellings_of_pictures(manifest)
        self._called: dict[str, set[str]] = {}
        for name, pictures in self._pictures.items():
            for image_id in pictures:
                self._called.setdefault(image_id, set()).add(name)
        self._own: dict[int, list[str]] = {}
        for image_id, record in taken.items():
            self._own.setdefault(id(record), []).append(image_id)
        self._doubtful = {
            spelling(PurePosixPath(name).stem): (name, record)
            for record, (_, doubtful) in zip(records, found, strict=True)
            for name in doubtful
        }

    def of_picture(self, image_id: str) -> str:
        """Why a picture has no record."""
        names = sorted(self._called[image_id])
        for name in names:
            if name in self._doubtful:
                said, record = self._doubtful[name]
                return f"the record {name_of(record)} names {said}, which fits several pictures"
        for name in names:
            for kind in KINDS:
                claimants = self._claims[kind].get(name, [])
                if claimants:
                    return self._called_so(name, kind, claimants)
        for name in names:
            beginning = self._beginning(name)
            if beginning:
                whose = "the records" if len(beginning) > 1 else "record"
                return f"begins like the number of {whose} {self._few(beginning)}"
        return "no record names it"

    def of_record(self, record: dict[str, Any]) -> str:
        """Why a record that names no picture has none by its numbers either."""
        for kind in KINDS:
            for name in sorted(spellings_of(record, kind)):
                pictures = sorted(self._pictures.get(name, ()))
                if not pictures:
                    continue
                claimants = self._claims[kind][name]
                if len(claimants) > 1:
                    return f"the records {self._few(claimants)} share the {kind} {name}"
                if len(pictures) > 1:
                    return f"{join(pictures)} are all called as its {kind}"
                other = self._taken.get(pictures[0])
                if other is not None:
                    whose = f"belongs to the record {name_of(other)}"
                    return f"{pictures[0]}, called as its {kind}, {whose}"
        return "no picture is called as its file names, record id or inventory number"

    def _called_so(self, name: str, kind: str, claimants: list[int]) -> str:
        if len(claimants) > 1:
            return f"called as the {kind} that the records {self._few(claimants)} share"
        record = self._records[claimants[0]]
        said = f"called as the {kind} of record {name_of(record)}"
        own = self._own.get(id(record))
        if own:
            return f"{said}, which names other pictures: {join(own)}"
        if len(self._pictures[name]) > 1:
            return f"{said}, as are other pictures: {join(sorted(self._pictures[name]))}"
        return said

    def _beginning(self, name: str) -> list[int]:
        """The records whose number, the longest there is, a longer name begins with."""
        parts = name.split("_")
        for count in range(len(parts) - 1, 0, -1):
            beginning = "_".join(parts[:count])
            for kind in (INVENTORY, RECORD, OTHER):
                if beginning in self._claims[kind]:
                    return self._claims[kind][beginning]
        return []

    def _few(self, numbers: list[int]) -> str:
        names = [name_of(self._records[number]) for number in numbers[:NAMED]]
        more = len(numbers) - len(names)
        return ", ".join(names) + (f" and {more} more" if more else "")


def name_of(record: dict[str, Any]) -> str:
    """What messages call a record."""
    return record["record_id"] or record["image_id"] or join(record["images"])
