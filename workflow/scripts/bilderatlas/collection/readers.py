"""Every way to read a collection's records, by the name that the configuration gives it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from bilderatlas.collection import folder, iiif, lido, published_csv
from bilderatlas.collection.layouts import best_artworks, class_folders, dew, painter_by_numbers
from bilderatlas.collection.records import Problems


@dataclass(frozen=True)
class Given:
    """What a reader may ask for.

    Attributes:
        paths: the files with the records; LIDO alone may have several, some kinds have none.
        manifest: the collection's pictures.
        folder: the folder that they lie in.
        columns: for ``table``, the CSV's column for each of the catalogue's.
        until: for ``dew``, the last year.
        class_is: for ``classes``, what a folder's name says, makers or subjects.
        mapping: for ``lido``, the file that says where the columns are found; None for ours.
        lido: for ``lido``, the entries of that map that a collection replaces.
        validate: for ``lido``, the schema to hold records against; None for none.
    """

    paths: list[str]
    manifest: pd.DataFrame
    folder: str = ""
    columns: dict[str, str] = field(default_factory=dict)
    until: int = 1950
    class_is: str = "makers"
    mapping: str | None = None
    lido: dict[str, Any] = field(default_factory=dict)
    validate: str | None = None

    @property
    def path(self) -> str:
        """The one file with the records; empty where there is none."""
        return self.paths[0] if self.paths else ""


Records = Iterator[dict[str, Any]]


def read_lido(given: Given, problems: Problems) -> Records:
    """Records of LIDO files by the collection's map."""
    mapping = lido.read_map(given.mapping, given.lido)
    return lido.read_records(given.paths, problems, lido=mapping, validate=given.validate)


READERS: dict[str, Callable[[Given, Problems], Records]] = {
    "best_artworks": lambda it, to: best_artworks.read_records(it.path, it.manifest, to),
    "classes": lambda it, to: class_folders.read_records(it.manifest, it.folder, it.class_is, to),
    "dew": lambda it, to: dew.read_records(it.path, it.manifest, it.until, to),
    "iiif": lambda it, to: iiif.read_records(it.path, to),
    "lido": read_lido,
    "painter_by_numbers": lambda it, to: painter_by_numbers.read_records(it.path, it.manifest, to),
    "pictures": lambda it, to: folder.read_records(it.manifest, to),
    "published_csv": lambda it, to: published_csv.read_records(it.path, to),
    "table": lambda it, to: folder.read_table_records(it.path, it.columns, to),
}


def read(
    files: Any, params: Any, manifest: pd.DataFrame, problems: Problems
) -> tuple[Records, str]:
    """The records of a job, and what messages call their source.

    Args:
        files: its inputs, ``records`` and ``lido`` among them where there are such.
        params: its params, ``kind`` and ``options``.
        manifest: the collection's pictures, as far as the kind of records asks for them.
        problems: takes what is wrong with the records.
    """
    found = files.get("records") or []
    paths = [found] if isinstance(found, str) else list(found)
    given = Given(paths, manifest, mapping=files.get("lido") or None, **params.options)
    source = os.path.commonpath(paths) if paths else given.folder
    return READERS[params.kind](given, problems), source
