"""From the records of any source to the one catalogue: exactly one row a picture.

A picture belongs to the record that names it: by ``image_id``, by one of ``images`` (a file
name, as many of its folders as needed, a link, or a stem), or, where those say nothing, by
``record_id``. File names are compared in Unicode NFC. A record that finds none of these goes by
its inventory number or record id in a spelling that file systems allow
(:func:`bilderatlas.collection.matching.by_number`).
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

import pandas as pd

from bilderatlas import files
from bilderatlas.collection import matching
from bilderatlas.collection.dates.columns import date_columns
from bilderatlas.collection.manifest import SUFFIXES, normalise
from bilderatlas.collection.records import Problems, join, new_record
from bilderatlas.errors import InputError

LENGTHS = ("height_cm", "width_cm")


def build_catalogue(*given: Any, **more: Any) -> pd.DataFrame:
    """The first table of :func:`build_tables`, which takes the same."""
    return build_tables(*given, **more)[0]


def build_tables(
    records: Iterable[dict[str, Any]],
    manifest: pd.DataFrame,
    source: str,
    problems: Problems,
    links: pd.DataFrame | None = None,
    unmatched: list[tuple[str, str, str]] | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The catalogue, a row a picture of ``manifest``, and the records, a row a record.

    The catalogue is sorted by ``image_id`` and has the columns ``files.CATALOGUE``; the records
    keep their order and have the columns ``files.RECORDS``, with pictures or without. Texts are
    strings, empty where unknown; ``width_cm`` and ``height_cm`` are floats, NaN where unknown.
    ``date_from`` and ``date_to`` are taken from the record where it gives one of them, else
    read from ``date_edtf`` or ``date``; ``date_edtf`` says the same (see
    :mod:`bilderatlas.collection.dates.columns`). A record that names several pictures gives
    each its row. Noted as problems: a picture without a record (its row has no texts), a record
    none of whose pictures is here, a name that fits several pictures (none is taken), a second
    record of one picture (the first is kept), dates that cannot be read.

    Args:
        records: what a reader yields (see :mod:`bilderatlas.collection.records`).
        manifest: what :func:`bilderatlas.collection.manifest.list_pictures` gives.
        source: name of the file or folder that the records come from, for messages.
        problems: takes what was wrong.
        links: where the pictures were fetched by the records' links, the table of these
            (:data:`bilderatlas.files.LINKS`): a link is then looked up there alone.
        unmatched: takes side, name and reason of what matched nothing.

    Raises:
        InputError: the source is empty, two of its records have one id, or none of them belongs
            to a picture.
    """
    records = [new_record(**record) for record in records]
    if not records:
        raise InputError(f"{source} holds no record: it describes no picture.")
    _refuse_twins(records, source)
    pictures = _Pictures(manifest, links)
    taken: dict[str, dict[str, Any]] = {}
    found = [pictures.of(record) for record in records]
    by_number = matching.by_number(records, found, manifest) if links is None else {}
    for number, (record, (own, doubtful)) in enumerate(zip(records, found, strict=True)):
        own = own or by_number.get(number, [])
        for image_id in own:
            if image_id in taken:
                other = _name(taken[image_id])
                what = f"the picture {image_id} already belongs to the record {other}"
                problems.add(source, _name(record), "images", what, "the first record kept")
            else:
                taken[image_id] = record
        for name in doubtful:
            what = f"{name} fits several pictures"
            problems.add(source, _name(record), "images", what, "none taken: give the folder too")
        if not own and not doubtful and record["images"]:
            done = "record in records.csv alone"
            problems.add(source, _name(record), "images", "no picture here", done)
    if not taken:
        raise InputError(
            f"{source}: none of its {len(records)} records belongs to a picture in "
            f"{_folder(manifest)}: the column file/id points nowhere."
        )
    if unmatched is not None:
        unmatched += matching.unmatched(records, found, taken, manifest, links)
    rows = []
    # each record once: one of many pictures reports its problems once, one of none does too
    read = {id(record): _row(record, source, problems) for record in records}
    for picture in manifest.sort_values("image_id").itertuples(index=False):
        record = taken.get(picture.image_id)
        if record is None:
            what = "no record describes this picture"
            problems.add(source, picture.image_id, "", what, "row without texts")
            values = dict.fromkeys(files.CATALOGUE, "") | dict.fromkeys(LENGTHS, float("nan"))
        else:
            values = read[id(record)]
        own = {name: getattr(picture, name) for name in ("image_id", "file", "sha256")}
        rows.append(values | own)
    own = {"record_id": str, "image_id": str, "images": join}
    described = [
        read[id(record)] | {name: shape(record[name]) for name, shape in own.items()}
        for record in records
    ]
    return (
        pd.DataFrame(rows, columns=list(files.CATALOGUE)),
        pd.DataFrame(described, columns=list(files.RECORDS)),
    )


def summary(problems: Problems) -> str:
    """One line on how many problems there are, and in which columns."""
    if not len(problems):
        return "No problems."
    table = problems.frame()
    counts = Counter(table["field"].replace("", "record"))
    fields = ", ".join(f"{name} {count}" for name, count in counts.most_common())
    return f"{len(table)} problem(s) with {table['record'].nunique()} record(s): {fields}."


class _Pictures:
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


def _refuse_twins(records: list[dict[str, Any]], source: str) -> None:
    for field in ("record_id", "image_id"):
        counts = Counter(record[field] for record in records if record[field])
        twin, count = next(iter(counts.most_common(1)), ("", 0))
        if count > 1:
            raise InputError(
                f"{source} has {count} records with the {field} {twin!r}: each needs its own."
            )


def _row(record: dict[str, Any], source: str, problems: Problems) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for field in files.CATALOGUE:
        value = record.get(field, "")
        if field in LENGTHS:
            row[field] = float("nan") if value in ("", None) else float(value)
        else:
            row[field] = join(value) if isinstance(value, list | tuple) else str(value).strip()
    dates, complaints = date_columns(
        row["date"], row["date_from"], row["date_to"], row["date_edtf"], row["date_kind"]
    )
    for complaint in complaints:
        problems.add(source, _name(record), *complaint)
    row |= dates
    return row


def _name(record: dict[str, Any]) -> str:
    return record["record_id"] or record["image_id"] or join(record["images"])


def _folder(manifest: pd.DataFrame) -> str:
    """The folder that all pictures of a manifest lie below."""
    parents = [PurePosixPath(file).parent for file in manifest["file"]]
    common = parents[0]
    while not all(parent.is_relative_to(common) for parent in parents):
        common = common.parent
    return str(common)
