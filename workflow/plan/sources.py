"""Sources that lie elsewhere: links, IIIF manifests, dew; their settings and digests."""

from __future__ import annotations

import functools
import gzip
import hashlib
import mmap
import os
import re
from collections.abc import Iterator
from pathlib import Path

from plan import records
from plan.settings import SettingsError

LINKED = ("links", "iiif")
_ADDRESS = re.compile(rb"https?://[^\s\"'<>]+")


def check_sources(settings: dict) -> None:
    """Raise SettingsError where a linked collection does not say where its pictures are named."""
    for name, entry in settings["collections"].items():
        here = f"collections.{name}"
        if entry["path"] is not None:
            continue
        if entry["source"] == "links":
            if entry["records"] not in ("lido", "table"):
                raise SettingsError(
                    f"{here} has source: links, so its pictures are named in its records: give"
                    f" records: lido or table, and the file as {here}.metadata."
                )
            if fault := records.fault(name, entry):
                raise SettingsError(fault)
        if entry["source"] == "iiif":
            if not entry["manifests"]:
                raise SettingsError(
                    f"{here} has source: iiif: name its manifests or collections (addresses or"
                    f" local files) as a list under {here}.manifests."
                )
            for place in local_manifests(entry):
                if not Path(place).is_file():
                    raise SettingsError(f"{here}.manifests names {place}, which is no file.")


def unavailable(name: str, entry: dict) -> str | None:
    """One sentence why a collection is not to be had, or None."""
    where = f"collections.{name}"
    if entry["path"] is not None or entry["source"] not in ("dew", "local"):
        return None
    if entry["source"] == "dew" and entry["meta"] is not None:
        return None
    fetched = f", or its table meta.csv under {where}.meta to have them fetched"
    return (
        f"The collection {name} is not here yet: put its pictures into a folder and name it"
        f" in the configuration under {where}.path"
        f"{fetched if entry['source'] == 'dew' else ''} (see config/README.md)."
    )


def without_role(settings: dict) -> list[str]:
    """The user's own collections that no experiment trains on or embeds."""
    taken = settings["simclr"]["roles"].values()
    return [
        name
        for name, entry in settings["collections"].items()
        if name not in taken and (entry["path"] is not None or entry["source"] in LINKED)
    ]


def records_kind(entry: dict) -> str:
    """How the records of a collection are written; IIIF and dew, when fetched, have their own."""
    is_fetched = entry["path"] is None and entry["source"] in ("iiif", "dew")
    return entry["source"] if is_fetched else entry["records"]


def local_manifests(entry: dict) -> list[str]:
    """The manifests of a collection that are files here."""
    return [place for place in entry["manifests"] if "://" not in place]


@functools.cache
def addresses_digest(*paths: str | os.PathLike) -> str:
    """A digest of all addresses in files (or folders) of records, in their order.

    A corrected title asks for no picture; a new link does. Files are mapped or read by the line.
    """
    digest = hashlib.sha256()
    for top in map(Path, paths):
        for file in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if file.is_file():
                for found in _addresses(file):
                    digest.update(found + b"\n")
    return digest.hexdigest()[:12]


def _addresses(file: Path) -> Iterator[bytes]:
    if file.suffix == ".gz":
        with gzip.open(file) as lines:
            for line in lines:
                yield from _ADDRESS.findall(line)
    elif file.stat().st_size:
        # XML may be one long line
        with (
            open(file, "rb") as handle,
            mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ) as m,
        ):
            for found in _ADDRESS.finditer(m):
                yield found[0]


def count_rows(path: str | os.PathLike) -> int:
    """Rows of a table of ours without line ends in its cells; 0 where it is not there yet."""
    try:
        with open(path, "rb") as handle:
            return max(0, sum(1 for _ in handle) - 1)
    except FileNotFoundError:
        return 0
