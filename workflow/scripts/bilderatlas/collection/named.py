"""Which pictures of a manifest a record names: by id, by file name, by link."""

from __future__ import annotations

import contextlib
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

import pandas as pd

from bilderatlas.collection.iiif_image import service_of
from bilderatlas.collection.manifest import SUFFIXES, normalise


class Pictures:
    """The pictures of a manifest, by everything that a record may call them."""

    def __init__(self, manifest: pd.DataFrame, links: pd.DataFrame | None = None) -> None:
        self.ids = set(manifest["image_id"])
        self.links: dict[str, str] | None = None
        if links is not None:
            taken = links[links["image_id"].isin(self.ids)]
            self.links = dict(zip(taken["link"], taken["image_id"], strict=True))
        self.by_name: dict[str, list[tuple[str, PurePosixPath]]] = {}
        self.by_stem: dict[str, list[tuple[str, PurePosixPath]]] = {}
        for image_id, file in zip(manifest["image_id"], manifest["file"], strict=True):
            path = PurePosixPath(normalise(file))
            self.by_name.setdefault(path.name, []).append((image_id, path))
            self.by_stem.setdefault(path.stem, []).append((image_id, path.with_suffix("")))

    def of(self, record: dict[str, Any]) -> tuple[list[str], list[str]]:
        """Ids of the pictures of a record, and names that fit more than one picture."""
        doubtful: list[str] = []
        for names, are_files in (
            ([record["image_id"]], False),
            (record["images"], True),
            ([record["record_id"]], False),
        ):
            own: dict[str, None] = {}
            for name in filter(None, names):
                if are_files and self.links is not None:
                    found = [self.links[name]] if name in self.links else []
                else:
                    found = self._find(normalise(name), are_files)
                if len(found) == 1:
                    own[found[0]] = None
                elif found:
                    doubtful.append(name)
            if own:
                return list(own), [name for name in doubtful if name in names]
        return [], doubtful

    def _find(self, name: str, is_file: bool) -> list[str]:
        if name in self.ids:
            return [name]
        if is_file and service_of(name):
            # its last part is "default.jpg"; by what it calls its picture, see record_names
            return []
        # a slash in an id is no folder: "DE-MUS-136416/3" is not the picture "3"
        path = _path(name) if is_file else PurePosixPath(name.replace("/", "\0"))
        found = _nearest(path, self.by_name.get(path.name, []))
        if not found:
            stem = path.with_suffix("") if path.suffix.lower() in SUFFIXES else path
            found = _nearest(stem, self.by_stem.get(stem.name, []))
        return found


def _path(name: str) -> PurePosixPath:
    """A file name, a way with slashes or backslashes, or the path of a link."""
    if "://" in name:
        with contextlib.suppress(ValueError):  # no address after all
            return PurePosixPath(unquote(urlsplit(name).path))
    return PurePosixPath(name.replace("\\", "/"))


def _nearest(path: PurePosixPath, candidates: list[tuple[str, PurePosixPath]]) -> list[str]:
    """Of several pictures with one name, those that share the most folders with ``path``."""
    if len(candidates) < 2:
        return [image_id for image_id, _ in candidates]
    shared = [_common_end(path, candidate) for _, candidate in candidates]
    return [
        image_id
        for (image_id, _), count in zip(candidates, shared, strict=True)
        if count == max(shared)
    ]


def _common_end(one: PurePosixPath, other: PurePosixPath) -> int:
    count = 0
    for a, b in zip(reversed(one.parts), reversed(other.parts), strict=False):
        if a != b:
            break
        count += 1
    return count
