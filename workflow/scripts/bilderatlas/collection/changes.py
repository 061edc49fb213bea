"""What changed between two catalogues: new and withdrawn pictures, fields before and after."""

from __future__ import annotations

import logging
import os
from pathlib import Path

import pandas as pd

from bilderatlas import files
from bilderatlas.errors import InputError

log = logging.getLogger("bilderatlas")

KINDS = ("new", "withdrawn", "changed")
# where a file lies says nothing about the picture; its bytes do
LEFT_OUT = ("image_id", "file")


def compare(before: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """Rows of :data:`files.CHANGES`, sorted by kind, picture and column of the catalogue.

    A new or withdrawn picture has one row, with its title; a changed one a row a field. Only
    columns that both catalogues have are compared. ``sha256`` stands for the picture itself.

    Args:
        before: the earlier catalogue as texts, indexed by ``image_id``.
        now: the later one, likewise.
    """
    fields = [name for name in now.columns if name in before.columns and name not in LEFT_OUT]
    both = now.index.intersection(before.index)
    rows = [
        ("new", name, "", "", now["title"].get(name, ""))
        for name in sorted(now.index.difference(before.index))
    ]
    rows += [
        ("withdrawn", name, "", before["title"].get(name, ""), "")
        for name in sorted(before.index.difference(now.index))
    ]
    old, new = before.loc[both, fields], now.loc[both, fields]
    differs = (old != new).to_numpy()
    for row, name in sorted(enumerate(both), key=lambda pair: pair[1]):
        rows += [
            ("changed", name, field, old.iat[row, column], new.iat[row, column])
            for column, field in enumerate(fields)
            if differs[row, column]
        ]
    return pd.DataFrame(rows, columns=list(files.CHANGES), dtype=str)


def since_last(catalogue: str | os.PathLike, folder: Path) -> tuple[pd.DataFrame, int, int]:
    """What changed since the catalogue that was there before this one.

    Two catalogues are kept in ``folder``: the one of now and the one before it. A catalogue that
    is the same as the last one does not move them on, so the same question has the same answer.

    Returns:
        the changes; the number of pictures before (0 where there was none) and now.

    Raises:
        InputError: the catalogue is missing or is none.
    """
    files.read_catalogue(catalogue)
    text = Path(catalogue).read_bytes()
    last, before = folder / "now.csv", folder / "before.csv"
    if not last.exists() or last.read_bytes() != text:
        for source, target in ((last, before), (Path(catalogue), last)):
            if source.exists():
                with files.write_atomically(target) as temporary:
                    temporary.write_bytes(source.read_bytes())
    now = _read(last)
    if not before.exists():
        return pd.DataFrame(columns=list(files.CHANGES), dtype=str), 0, len(now)
    try:
        earlier = _read(before)
    except InputError as error:
        log.warning("%s Nothing is compared with it.", error)
        return pd.DataFrame(columns=list(files.CHANGES), dtype=str), 0, len(now)
    return compare(earlier, now), len(earlier), len(now)


def _read(path: Path) -> pd.DataFrame:
    """A catalogue of this or an earlier version as texts: 9.0 and 9 are two spellings here."""
    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
        if not {"image_id", "title"} <= set(table.columns) or table["image_id"].duplicated().any():
            raise ValueError
    except ValueError:  # also pandas' own errors
        raise InputError(f"{path} is no catalogue.") from None
    return table.set_index("image_id", drop=False)
