"""The file formats that rules hand to each other: columns, reading, checking, atomic writing.

Paths and formats are a contract between rules: every rule writes and reads them through this
module. All tables are UTF-8 CSV with a header, ``\\n`` line ends, every id a string, unknown
values empty. Every writer goes to a temporary name beside the target and renames, so a killed
job never leaves half a file under the final name.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from bilderatlas.errors import InputError

CATALOGUE = (
    "image_id", "record_id", "file", "title", "description", "makers", "date", "date_from",
    "date_to", "date_edtf", "date_kind", "technique", "width_cm", "height_cm", "inventory_number",
    "repository", "credit_line", "places", "depicted", "series", "subjects", "record_url",
    "rights_object", "rights_image", "rights_metadata", "publish", "sha256",
)  # fmt: skip
# a row a record of the source, with pictures or without
RECORDS = (
    "record_id",
    *(name for name in CATALOGUE if name not in ("record_id", "file", "sha256")),
    "images",
)
PROBLEMS = ("file", "record", "field", "what", "done")
MANIFEST = ("image_id", "file", "bytes", "sha256")
CONNECTIONS = ("image_a", "image_b", "kind", "source", "by", "at")
# a pair of pictures that belong together: same_file, print (one negative), variant, series
DUPLICATES = (
    "image_a", "image_b", "relation", "mirrored", "cut", "score", "inliers", "correlation",
    "transform", "source",
)  # fmt: skip
RELATIONS = SAME_FILE, PRINT, VARIANT, SERIES = ("same_file", "print", "variant", "series")
# what was measured of the pairs that could be laid over each other
MATCHES = (
    "image_a", "image_b", "relation", "mirrored", "cut", "score", "routes", "matches", "inliers",
    "blocks", "correlation", "apart", "cluster", "moved", "shift", "covered_a", "covered_b",
    "transform",
)  # fmt: skip
# what people say about pairs; the last row of a pair wins
PRINTS = ("image_a", "image_b", "relation", "mirrored", "cut", "by", "at")
ORIENTATION = (
    "image_id", "title", "inventory_number", "height_cm", "width_cm", "height_px", "width_px",
    "stated", "seen", "note",
)  # fmt: skip
LINKS = (
    "link", "record", "status", "image_id", "file", "asked", "code", "bytes", "sha256", "width",
    "height", "why",
)  # fmt: skip
# what people decided: pixels of the scan as a viewer shows it, right and bottom exclusive, before
# the turn (degrees clockwise); a row without numbers takes the picture's decision back
CROPS = ("image_id", "left", "top", "right", "bottom", "by", "checked_at", "turn")
# what a run uses: the scan's size in pixels, and whose word it was (hand or rule)
FROZEN_CROPS = (*CROPS, "width", "height", "source")
CROP_PROPOSALS = (
    "image_id", "left", "top", "right", "bottom", "turn", "confidence", "card", "aspect",
    "expected_aspect", "width", "height", "reason",
)  # fmt: skip
CHANGES = ("kind", "image_id", "field", "before", "after")
WITHHELD = ("image_id", "title", "reason", "column", "value")
UNMATCHED = ("side", "name", "why")
DOWNLOADS = ("year", "host", "status", "count", "bytes")
LEAKS = ("split", "kind", "leaking", "n", "share")
# a row a picture of a case: what to look into, and the pictures to compare it with
WORKLIST = (
    "kind", "case", "image_id", "beside", "relation", "mirrored", "cut", "score", "source",
    "differs", "note", "inventory_number", "title", "date", "makers", "technique", "height_cm",
    "width_cm", "record_url",
)  # fmt: skip
GROUPS = ("image_id", "group", "reason")
SPLIT = ("image_id", "part")
PARTS = ("train", "validation", "test", "new")
NEIGHBOURS = ("population", "query", "rank", "neighbour", "distance")
PROJECTIONS = ("population", "method", "image_id", "x", "y", "z")
CLUSTERS = ("population", "method", "image_id", "cluster")
CLUSTER_COUNTS = ("population", "space", "k", "inertia", "silhouette")
AGREEMENT = ("population", "measure", "experiment_a", "experiment_b", "n", "value", "split")
CLAIMS = (
    "claim", "source", "zille", "dew", "population", "metric", "experiment", "against", "n",
    "value", "against_value", "difference", "difference_low", "difference_high", "verdict", "note",
    "split",
)  # fmt: skip
METRICS = (
    "collection", "study", "experiment", "split", "population", "metric", "n", "value", "low",
    "high", "control", "control_value", "difference", "difference_low", "difference_high",
    "verdict",
)  # fmt: skip
NUMERIC = {
    "leaking", "share",
    "width_cm", "height_cm", "height_px", "width_px", "bytes", "rank", "distance", "n", "value",
    "low", "high", "control_value", "against_value", "difference", "difference_low",
    "difference_high", "x", "y", "z", "cluster", "k", "inertia", "silhouette",
    "score", "matches", "inliers", "blocks", "correlation", "apart", "moved", "shift", "covered_a",
    "covered_b",
}  # fmt: skip


_LARGE = 64_000_000  # bytes of embeddings that are left on the disk until they are used


@contextlib.contextmanager
def write_atomically(path: str | os.PathLike) -> Iterator[Path]:
    """Give a temporary path beside ``path``; rename it to ``path`` when the block succeeds.

    The temporary file is flushed to disk before the rename and removed when the block fails.
    """
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    # the suffix stays last: savers that choose the format by it (Pillow, matplotlib) still work
    temporary = target.with_name(f".{target.stem}.{os.getpid()}.part{target.suffix}")
    try:
        yield temporary
        with open(temporary, "rb") as handle:
            os.fsync(handle.fileno())
        os.replace(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)


def sha256_of(path: str | os.PathLike) -> str:
    """The sha256 of a file's bytes, read in pieces."""
    with open(path, "rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def write_text(text: str, path: str | os.PathLike) -> None:
    """Write ``text`` as UTF-8, atomically."""
    with write_atomically(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def empty_table(columns: Sequence[str]) -> pd.DataFrame:
    """A table of these columns without a row, as :func:`read_table` gives it."""
    return pd.DataFrame(columns=list(columns), dtype=str)


def write_table(table: pd.DataFrame, path: str | os.PathLike, columns: Sequence[str]) -> None:
    """Write ``table`` as CSV with exactly ``columns``, in that order; missing ones stay empty.

    Line ends inside a text become ``\\n``: a lone carriage return would be read back as a new row.
    """
    strange = [name for name in table.columns if name not in columns]
    if strange:
        raise ValueError(f"{path}: columns {strange} are not part of this format")
    ordered = table.reindex(columns=list(columns)).replace("\r\n?", "\n", regex=True)
    with write_atomically(path) as temporary:
        ordered.to_csv(temporary, index=False, lineterminator="\n")


def read_table(path: str | os.PathLike, columns: Sequence[str]) -> pd.DataFrame:
    """Read a CSV of ours: ids and texts as strings (empty where unknown), numbers as float.

    Raises:
        InputError: the file is missing, empty, not UTF-8 CSV, or lacks one of ``columns``.
    """
    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    except FileNotFoundError:
        raise InputError(f"{path} does not exist.") from None
    except pd.errors.EmptyDataError:
        raise InputError(f"{path} is empty: it needs a header line {','.join(columns)}.") from None
    except (pd.errors.ParserError, UnicodeDecodeError) as error:
        raise InputError(f"{path} is not a UTF-8 CSV file: {str(error).strip()}") from None
    missing = [name for name in columns if name not in table.columns]
    if missing:
        raise InputError(f"{path} lacks the column(s) {', '.join(missing)}.")
    for name in NUMERIC.intersection(table.columns):
        table[name] = pd.to_numeric(table[name].replace("", np.nan), errors="coerce")
    return table


def read_catalogue(path: str | os.PathLike) -> pd.DataFrame:
    """The catalogue, indexed by ``image_id`` (which also stays a column)."""
    table = read_table(path, CATALOGUE)
    if table.empty:
        raise InputError(f"{path} has no rows: the collection has no pictures.")
    repeated = table["image_id"][table["image_id"].duplicated()]
    if len(repeated):
        raise InputError(f"{path} names the image_id {repeated.iloc[0]!r} twice.")
    return table.set_index("image_id", drop=False)


def read_split(path: str | os.PathLike) -> pd.Series:
    """A split: parts (train, validation, test, new) indexed by image id."""
    table = read_table(path, SPLIT)
    strange = sorted(set(table["part"]) - set(PARTS))
    if strange:
        raise InputError(f"{path} has the part {strange[0]!r}; allowed are {', '.join(PARTS)}.")
    return table.set_index("image_id")["part"]


@dataclass
class Embeddings:
    """A result file of the kind *embeddings*.

    Attributes:
        values: float32, shape (n, d), one row a picture.
        image_ids: n strings, in the order of the rows.
        part: n strings (train, validation, test, new).
        attributes: study, experiment, collection, lineage, split, seed, settings (digest),
            versions, stand_in: what made the file.
    """

    values: np.ndarray
    image_ids: list[str]
    part: list[str]
    attributes: dict[str, Any] = field(default_factory=dict)

    def select(self, part: str | None) -> Embeddings:
        """Only the rows of one part (all rows where ``part`` is None)."""
        if part is None:
            return self
        rows = [row for row, name in enumerate(self.part) if name == part]
        return Embeddings(
            self.values[rows],
            [self.image_ids[row] for row in rows],
            [self.part[row] for row in rows],
            self.attributes,
        )


def write_embeddings(embeddings: Embeddings, path: str | os.PathLike) -> None:
    """Write an embeddings file (HDF5), atomically, after checking its shape and values."""
    import h5py

    values = np.asarray(embeddings.values, dtype=np.float32)
    count = len(embeddings.image_ids)
    if values.ndim != 2 or len(values) != count or len(embeddings.part) != count:
        raise ValueError(f"{path}: {values.shape} values for {count} pictures")
    if not np.isfinite(values).all():
        raise ValueError(f"{path}: the embeddings hold values that are not finite")
    text = h5py.string_dtype("utf-8")
    with write_atomically(path) as temporary, h5py.File(temporary, "w") as store:
        store.create_dataset("embeddings", data=values)
        store.create_dataset("image_ids", data=list(embeddings.image_ids), dtype=text)
        store.create_dataset("part", data=list(embeddings.part), dtype=text)
        for name, value in embeddings.attributes.items():
            store.attrs[name] = json.dumps(value) if isinstance(value, dict | list) else value


def _on_disk(data: Any, path: str | os.PathLike) -> np.ndarray:
    """A dataset's values; large ones stay in the file: of many experiments none is held whole."""
    at = data.id.get_offset()
    if data.nbytes < _LARGE or at is None:
        return data[()]
    return np.memmap(path, data.dtype, "r", at, data.shape)


def read_embeddings(path: str | os.PathLike) -> Embeddings:
    """Read an embeddings file; ``values`` are read-only where they are many.

    Raises:
        InputError: the file is missing or is not an embeddings file.
    """
    import h5py

    try:
        with h5py.File(path, "r") as store:
            return Embeddings(
                _on_disk(store["embeddings"], path),
                list(store["image_ids"].asstr()[()]),
                list(store["part"].asstr()[()]),
                dict(store.attrs),
            )
    except FileNotFoundError:
        raise InputError(f"{path} does not exist.") from None
    except (OSError, KeyError) as error:
        raise InputError(f"{path} is not an embeddings file ({error}): compute it anew.") from None
