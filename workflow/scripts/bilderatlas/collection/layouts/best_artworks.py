"""The folders of "Best Artworks of All Time" (Kaggle, 2019) and their table ``artists.csv``.

Pictures lie in a folder an artist (``Albrecht_Dürer/Albrecht_Dürer_12.jpg``), or all in one
folder, where the name before the number tells the artist. The table has a row an artist: ``id,
name, years, genre, nationality, bio, wikipedia, paintings``. Several folder names are mangled by
a wrong encoding, some twice: artists are matched by :mod:`bilderatlas.collection.names`.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

import pandas as pd

from bilderatlas.collection.names import grouping_key, repair
from bilderatlas.collection.records import Problems, join, new_record, read_rows

COLUMNS = ("id", "name", "years", "genre", "nationality", "bio", "wikipedia", "paintings")
NEEDED = ("name", "genre", "paintings")
_NUMBER = re.compile(r"[_ -]*\d+$")


def read_records(
    path: str | os.PathLike, manifest: pd.DataFrame, problems: Problems
) -> Iterator[dict[str, Any]]:
    """Yield a record a picture: its artist as the table writes the name, his genre as subject.

    A picture has neither title nor date: the artist's years are not the work's. Noted are
    artists that the table does not have (called as their files), artists without a picture,
    and numbers of pictures other than the table's.

    Raises:
        InputError: the file is missing or is no such table.
    """
    artists: dict[str, dict[str, str]] = {}
    for place, row in read_rows(path, NEEDED, problems):
        key = grouping_key(row["name"])
        if not key or key in artists:
            what = f"{row['name']!r} comes again" if key else "the row has no name"
            problems.add(path, place, "makers", what, "left out")
        else:
            artists[key] = row
    found: Counter[str] = Counter()
    strangers: dict[str, str] = {}
    for image_id, file in zip(manifest["image_id"], manifest["file"], strict=True):
        folder, stem = PurePosixPath(file).parent.name, _NUMBER.sub("", PurePosixPath(file).stem)
        called = [name for name in (folder, stem) if grouping_key(name) in artists]
        if called:
            key = grouping_key(called[0])
            artist = artists[key]
            found[key] += 1
        else:
            artist = {"name": " ".join(repair(stem or folder).split("_")), "genre": ""}
            strangers.setdefault(artist["name"], image_id)
        yield new_record(
            record_id=image_id,
            image_id=image_id,
            images=[file],
            makers=artist["name"],
            subjects=join(artist["genre"].split(",")),
        )
    for name, image_id in strangers.items():
        what = f"the table has no artist {name}"
        problems.add(path, image_id, "makers", what, "called as the picture's file")
    for key, artist in artists.items():
        if not found[key]:
            problems.add(path, artist["name"], "images", "no picture here", "artist left out")
        elif artist["paintings"] and str(found[key]) != artist["paintings"].removesuffix(".0"):
            what = f"{found[key]} pictures here, {artist['paintings']} in the table"
            problems.add(path, artist["name"], "images", what, "all taken")
