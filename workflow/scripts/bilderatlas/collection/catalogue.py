"""From the records of any source to the one catalogue: exactly one row a picture.

A picture belongs to the record that names it: by ``image_id``, by one of ``images`` (a file
name, as many of its folders as needed, a link, or a stem), or, where those say nothing, by
``record_id``. File names are compared in Unicode NFC. A record that finds none of these goes by
its inventory number or record id in a spelling that file systems allow
(:func:`bilderatlas.collection.matching.by_number`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any

import pandas as pd

from bilderatlas import files
from bilderatlas.collection import matching
from bilderatlas.collection.dates.columns import date_columns
from bilderatlas.collection.named import Pictures
from bilderatlas.collection.records import Problems, join, new_record
from bilderatlas.errors import InputError

LENGTHS = ("height_cm", "width_cm")


def describe_records(
    records: Iterable[dict[str, Any]],
    source: str,
    problems: Problems,
    fill: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """The records themselves, a row a record in their order, with pictures or without.

    Columns ``files.RECORDS``; texts, numbers and dates as in :func:`build_catalogue`, which takes
    the same. ``images`` holds what each record names its pictures by.

    Raises:
        InputError: the source is empty, or two of its records have one id.
    """
    records = _checked(records, source)
    own = {"record_id": str, "image_id": str, "images": join}
    described = [
        _row(record, source, problems, fill)
        | {name: shape(record[name]) for name, shape in own.items()}
        for record in records
    ]
    return pd.DataFrame(described, columns=list(files.RECORDS))


def build_catalogue(
    records: Iterable[dict[str, Any]],
    manifest: pd.DataFrame,
    source: str,
    problems: Problems,
    links: pd.DataFrame | None = None,
    unmatched: list[tuple[str, str, str]] | None = None,
    fill: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """The catalogue: a row a picture of ``manifest``, sorted by ``image_id``.

    It has the columns ``files.CATALOGUE``. Texts are strings, empty where unknown; ``width_cm`` and
    ``height_cm`` are floats, NaN where unknown. ``date_from`` and ``date_to`` are taken from the
    record where it gives one of them, else read from ``date_edtf`` or ``date``; ``date_edtf`` says
    the same (see :mod:`bilderatlas.collection.dates.columns`). A record that names several pictures
    gives each its row. Noted as problems: a picture without a record (its row has no texts), a
    record none of whose pictures is here, a name that fits several pictures (none is taken), a
    second record of one picture (the first is kept), dates that cannot be read.

    Args:
        records: what a reader yields (see :mod:`bilderatlas.collection.records`).
        manifest: what :func:`bilderatlas.collection.manifest.list_pictures` gives.
        source: name of the file or folder that the records come from, for messages.
        problems: takes what was wrong.
        links: where the pictures were fetched by the records' links, the table of these
            (:data:`bilderatlas.files.LINKS`): a link is then looked up there alone.
        unmatched: takes side, name and reason of what matched nothing.
        fill: column to the text that stands where neither record nor picture says anything.

    Raises:
        InputError: the source is empty, two of its records have one id, or none of them belongs
            to a picture.
    """
    records = _checked(records, source)
    pictures = Pictures(manifest, links)
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
        raise InputError(_no_match(records, manifest, source))
    if unmatched is not None:
        unmatched += matching.unmatched(records, found, taken, manifest, links)
    rows = []
    # each record once: one of many pictures reports its problems once, one of none does too
    read = {id(record): _row(record, source, problems, fill) for record in records}
    for picture in manifest.sort_values("image_id").itertuples(index=False):
        record = taken.get(picture.image_id)
        if record is None:
            what = "no record describes this picture"
            problems.add(source, picture.image_id, "", what, "row without texts")
            values = dict.fromkeys(files.CATALOGUE, "") | dict.fromkeys(LENGTHS, float("nan"))
            values |= fill or {}
        else:
            values = read[id(record)]
        own = {name: getattr(picture, name) for name in ("image_id", "file", "sha256")}
        rows.append(values | own)
    return pd.DataFrame(rows, columns=list(files.CATALOGUE))


def summary(problems: Problems) -> str:
    """One line on how many problems there are, and in which columns."""
    if not len(problems):
        return "No problems."
    table = problems.frame()
    counts = Counter(table["field"].replace("", "record"))
    fields = ", ".join(f"{name} {count}" for name, count in counts.most_common())
    return f"{len(table)} problem(s) with {table['record'].nunique()} record(s): {fields}."


def _checked(records: Iterable[dict[str, Any]], source: str) -> list[dict[str, Any]]:
    records = [new_record(**record) for record in records]
    if not records:
        raise InputError(f"{source} holds no record: it describes no picture.")
    _refuse_twins(records, source)
    return records


def _no_match(records: list[dict[str, Any]], manifest: pd.DataFrame, source: str) -> str:
    first = records[0]
    names = [*first["images"][:1], first["image_id"], first["inventory_number"], _name(first)]
    said = ", ".join(dict.fromkeys(repr(name) for name in names if name))
    return (
        f"{source}: none of its {len(records)} records belongs to a picture in"
        f" {_folder(manifest)}. The first record is called {said}, the first picture"
        f" {PurePosixPath(manifest['file'].iloc[0]).name!r}: name the pictures' files in the"
        " records, or the files by inventory number or record id. The records alone are to be had"
        " as records.csv."
    )


def _refuse_twins(records: list[dict[str, Any]], source: str) -> None:
    for field in ("record_id", "image_id"):
        counts = Counter(record[field] for record in records if record[field])
        twin, count = next(iter(counts.most_common(1)), ("", 0))
        if count > 1:
            raise InputError(
                f"{source} has {count} records with the {field} {twin!r}: each needs its own."
            )


def _row(
    record: dict[str, Any], source: str, problems: Problems, fill: Mapping[str, str] | None
) -> dict[str, Any]:
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
    return row | {name: text for name, text in (fill or {}).items() if not row[name]}


def _name(record: dict[str, Any]) -> str:
    return record["record_id"] or record["image_id"] or join(record["images"])


def _folder(manifest: pd.DataFrame) -> str:
    """The folder that all pictures of a manifest lie below."""
    parents = [PurePosixPath(file).parent for file in manifest["file"]]
    common = parents[0]
    while not all(parent.is_relative_to(common) for parent in parents):
        common = common.parent
    return str(common)
