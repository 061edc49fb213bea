"""Which pictures a collection has: one row a file, with its size and sha256."""

from __future__ import annotations

import hashlib
import os
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from bilderatlas import files, job
from bilderatlas.errors import InputError

SUFFIXES = (".jpg", ".jpeg", ".png", ".tif", ".tiff", ".webp")


def list_pictures(folder: str | os.PathLike) -> pd.DataFrame:
    """All pictures below ``folder``: columns ``image_id, file, bytes, sha256``, sorted by id.

    ``file`` is the folder as given joined with the way down to the file, with slashes.
    ``image_id`` is the file's stem where no other picture of the collection has it (in any
    spelling of upper and lower case, because ids become file names); else the way down from
    the folder, joined by ``--``, without the suffix; with the suffix where even that is not
    enough (``scan--jpg`` beside ``scan--tif``). Ids are Unicode NFC, so that names written on a
    Mac match a catalogue written elsewhere. Hidden files and folders are left out, links to
    files are followed, links to folders are not. Memory stays bounded: files are read in pieces.

    Raises:
        InputError: the folder is missing or holds no picture; a file cannot be read; a file
            name is not UTF-8; two names are the same once normalised.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise InputError(f"{folder} is not a folder: it should hold the collection's pictures.")
    ways = sorted(_walk(folder))
    if not ways:
        raise InputError(f"{folder} holds no picture ({', '.join(SUFFIXES)}).")
    rows = []
    for way, image_id in job.progress(list(zip(ways, _ids(folder, ways), strict=True)), "pictures"):
        path = folder / way
        try:
            with open(path, "rb") as handle:
                digest = hashlib.file_digest(handle, "sha256").hexdigest()
                size = handle.tell()
        except OSError as error:
            raise InputError(f"{path} cannot be read: {error.strerror}.") from None
        rows.append((image_id, path.as_posix(), size, digest))
    return pd.DataFrame(sorted(rows), columns=list(files.MANIFEST))


def check_against(manifest: pd.DataFrame, expected: pd.DataFrame) -> list[str]:
    """Sentences on where a collection differs from a pinned list; empty where it does not.

    Args:
        manifest: what :func:`list_pictures` gave.
        expected: columns ``file`` and ``sha256``. Files are compared by their names, without
            their folders.

    Raises:
        ValueError: ``expected`` lacks a column or names a file twice.
    """
    if not {"file", "sha256"} <= set(expected.columns):
        raise ValueError("the pinned list needs the columns file and sha256")
    names = [_name(file) for file in expected["file"]]
    pinned = dict(zip(names, expected["sha256"].str.lower(), strict=True))
    if len(pinned) < len(names):
        raise ValueError("the pinned list names a file twice")
    here: dict[str, list[str]] = {}
    for file, digest in zip(manifest["file"], manifest["sha256"], strict=True):
        here.setdefault(_name(file), []).append(digest)
    sentences = [f"{name} is missing." for name in sorted(pinned.keys() - here.keys())]
    for name, digests in sorted(here.items()):
        if name not in pinned:
            sentences.append(f"{name} is not on the pinned list.")
        elif len(digests) > 1:
            sentences.append(f"{name} is there {len(digests)} times.")
        elif digests[0] != pinned[name]:
            sentences.append(f"{name} has other bytes than the pinned list (sha256 differs).")
    return sentences


def normalise(name: str) -> str:
    """A name in Unicode NFC, the form in which ids and file names are compared."""
    return unicodedata.normalize("NFC", name)


def _name(file: str) -> str:
    return normalise(file.rpartition("/")[2])


def _walk(folder: Path) -> Iterator[Path]:
    """Ways from ``folder`` down to its pictures; what a link hides is said in the log."""
    for top, below, names in os.walk(folder):
        below[:] = [name for name in below if not name.startswith(".")]
        for name in below:
            if os.path.islink(os.path.join(top, name)):
                job.log.warning("%s/%s is a link to a folder: its pictures are left out", top, name)
        for name in names:
            if name.startswith(".") or not name.lower().endswith(SUFFIXES):
                continue
            path = Path(top, name)
            if path.is_file():
                yield path.relative_to(folder)
            else:
                job.log.warning("%s is a link that leads nowhere: it is left out", path)


def _ids(folder: Path, ways: list[Path]) -> list[str]:
    for way in ways:
        try:
            way.as_posix().encode("utf-8")
        except UnicodeEncodeError:
            raise InputError(
                f"{folder} holds a file whose name is not UTF-8: rename {way.as_posix()!r}."
            ) from None
    ids = [normalise(way.stem) for way in ways]
    longer = [normalise("--".join(way.with_suffix("").parts)) for way in ways]
    longest = [f"{name}--{way.suffix[1:]}" for name, way in zip(longer, ways, strict=True)]
    for others in (longer, longest):
        ids = [
            other if twice else name
            for name, other, twice in zip(ids, others, _twice(ids), strict=True)
        ]
    for name, way, twice in zip(ids, ways, _twice(ids), strict=True):
        if twice:
            raise InputError(
                f"{folder} holds two pictures that would both be called {name}: rename {way}."
            )
    return ids


def _twice(ids: list[str]) -> list[bool]:
    counts = Counter(name.casefold() for name in ids)
    return [counts[name.casefold()] > 1 for name in ids]
