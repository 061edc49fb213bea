"""The pictures that benchmarks run on: the real photographs where they are, else the specimen."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from benchmarks import ROOT
from bilderatlas.collection import manifest
from bilderatlas.data.pack import write_pack

ZILLE = ROOT.parent / "shared/data/zille"
SIDE = 320  # of packs, as in config.yaml


@dataclass(frozen=True)
class Pictures:
    """A folder of pictures.

    Attributes:
        folder: the files.
        listed: ``image_id, file, …`` as the workflow lists them.
        about: how many of what, for tables.
        real: photographs, not the specimen.
    """

    folder: Path
    listed: pd.DataFrame
    about: str
    real: bool


@contextlib.contextmanager
def pictures(count: int | None = None) -> Iterator[Pictures]:
    """Real Zille photographs where they lie beside the checkout, else as many of the specimen.

    Args:
        count: the first so many by name; None: all (624; of the specimen 240).
    """
    with contextlib.ExitStack() as stack:
        real = (ZILLE / "images").is_dir()
        if real:
            folder = ZILLE / "images"
        else:
            from bilderatlas.collection.specimen import draw_specimen

            place = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            draw_specimen(place, seed=2022, count=max(8, count or 240), workers=2)
            folder = place / "images"
        listed = manifest.list_pictures(folder).head(count).reset_index(drop=True)
        what = "photographs of the Zille collection" if real else "pictures of the specimen"
        yield Pictures(folder, listed, f"{len(listed)} {what}", real)


@contextlib.contextmanager
def packed(of: Pictures, mode: str = "grey") -> Iterator[Path]:
    """A pack of the pictures, in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / f"{mode}-{SIDE}.h5"
        write_pack(of.listed, path, mode, SIDE, allowed_unreadable=0.0)
        yield path


@contextlib.contextmanager
def linked(files: Sequence[str | Path]) -> Iterator[Path]:
    """A folder that holds links to these files alone, for loaders that read whole folders."""
    with tempfile.TemporaryDirectory() as place:
        for file in files:
            (Path(place) / Path(file).name).symlink_to(Path(file).resolve())
        yield Path(place)
