"""What the desk may show of a collection: the pictures of its manifest, and their records.

Whatever an address names is looked up here by its id. No id is ever joined into a path, so
nothing outside the collection can be asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import pandas as pd

from bilderatlas.collection.crops.crop import Crop
from bilderatlas.collection.crops.frozen import read_frozen
from bilderatlas.errors import InputError
from bilderatlas.files import MANIFEST, read_catalogue, read_table
from bilderatlas.show.labels import size_of

# what a page tells of a picture, in this order
FIELDS = (
    "title", "date", "makers", "size", "technique", "inventory_number", "series", "places",
    "depicted", "description",
)  # fmt: skip


@dataclass(frozen=True)
class Holdings:
    """A collection on the desk.

    Attributes:
        collection: its name in paths.
        title: what pages call it.
        root: the checkout, or whatever folder holds ``results`` and ``resources``.
        by: who decides; it is written into every row.
        language: of the pages, ``de`` or ``en``.
        call: how the workflow is called for this collection, for the sentences that say what to
            do: ``snakemake {target} ...`` with the place of the target left open.
    """

    collection: str
    title: str
    root: Path
    by: str
    language: str
    call: str = "snakemake {target} --cores 1"

    @property
    def results(self) -> Path:
        return self.root / "results" / self.collection

    @property
    def resources(self) -> Path:
        return self.root / "resources" / self.collection

    def command(self, target: str) -> str:
        """The command that makes a target."""
        return self.call.format(target=target)

    def target(self, path: Path) -> str:
        """A file as the workflow calls it."""
        return path.relative_to(self.root).as_posix()

    @cached_property
    def pictures(self) -> dict[str, Path]:
        """The file of each picture by its id, in the manifest's order.

        Raises:
            InputError: there is no manifest, or it is none of ours.
        """
        path = self.resources / "manifest.csv"
        if not path.exists():
            target = self.target(path)
            raise InputError(
                f"{target} does not exist: the collection has not been read yet. Make it with"
                f" `{self.command(target)}`."
            )
        table = read_table(path, MANIFEST)
        return {
            image_id: self.root / file
            for image_id, file in zip(table["image_id"], table["file"], strict=True)
        }

    @cached_property
    def catalogue(self) -> pd.DataFrame | None:
        """The catalogue by image id; None where it has not been made."""
        path = self.results / "catalogue.csv"
        if not path.exists():
            return None
        return read_catalogue(path)

    def crop_of(self, image_id: str) -> Crop | None:
        """The crop that the run uses of a picture; None where it uses the whole."""
        path = self.results / "crops.csv"
        try:
            state = path.stat()
        except OSError:
            return None
        return _frozen(path, state.st_mtime_ns, state.st_size).get(image_id)

    def title_of(self, image_id: str) -> str:
        """A picture's title; empty where none is known."""
        if self.catalogue is None or image_id not in self.catalogue.index:
            return ""
        return self.catalogue.at[image_id, "title"]

    def record(self, image_id: str) -> dict[str, str]:
        """What is known of a picture, by :data:`FIELDS`, empty where nothing is."""
        record = dict.fromkeys(FIELDS, "")
        if self.catalogue is None or image_id not in self.catalogue.index:
            return record
        row = self.catalogue.loc[image_id]
        for name in FIELDS:
            record[name] = size_of(row, self.language) if name == "size" else str(row[name])
        return record


@lru_cache(maxsize=4)
def _frozen(path: Path, *state: int) -> dict[str, Crop]:
    """The frozen crops of a collection, read again where the file is another."""
    return read_frozen(path)
