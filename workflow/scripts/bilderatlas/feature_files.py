"""The file of features (HDF5): a row a picture, and what made them.

``features`` (n, d) float32 or float16, in chunks of whole rows; ``image_ids`` (n). Attributes:
collection, backbone (the key in the settings), network, layer, shape (of a row before it was laid
flat: channels, or height, width, channels), weights (``untrained`` where there were none), asked
(the weights that were asked for), stand_in, seed, size, fit, precision, settings (digest),
versions.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from bilderatlas.errors import InputError
from bilderatlas.files import write_atomically

STORES = ("float32", "float16")
_CHUNK = 1 << 20  # bytes
ATTRIBUTES = (
    "collection", "backbone", "network", "layer", "shape", "weights", "asked", "stand_in", "seed",
    "size", "fit", "precision", "settings", "versions",
)  # fmt: skip


@dataclass
class Features:
    """A file of features.

    Attributes:
        values: (n, d), float32 or float16; in memory, or the dataset of an open file.
        image_ids: n strings, in the order of the rows.
        attributes: see the module.
    """

    values: Any
    image_ids: list[str]
    attributes: dict[str, Any] = field(default_factory=dict)

    def rows(self, image_ids: Sequence[str]) -> list[int | None]:
        """The rows of some pictures; None for one that is not in the file."""
        where = {name: row for row, name in enumerate(self.image_ids)}
        return [where.get(name) for name in image_ids]


def as_stored(
    values: np.ndarray, store: str, image_ids: Sequence[str], path: str | os.PathLike
) -> np.ndarray:
    """Rows (b, d) of the pictures ``image_ids`` as ``store`` (float32 or float16).

    Raises:
        InputError: a number is not finite, or too large for float16; names ``path``.
    """
    with np.errstate(over="ignore"):
        numbers = np.asarray(values).astype(store)
    whole = np.isfinite(numbers).all(axis=1)
    if not whole.all():
        row = int(np.argmin(whole))
        mend = (
            "are not finite: set precision: 32-true for this backbone (features.backbones), or give"
            " other weights."
        )
        if np.isfinite(values[row]).all():
            mend = "are too large for float16: set store: float32 for this backbone."
        raise InputError(f"{path} cannot be written, the features of {image_ids[row]} {mend}")
    return numbers


def write_features(
    blocks: Iterable[np.ndarray],
    image_ids: Sequence[str],
    width: int,
    store: str,
    attributes: dict[str, Any],
    path: str | os.PathLike,
) -> None:
    """Write a file of features, block by block, atomically.

    Args:
        blocks: (b, d) each, together a row for each of ``image_ids``.
        image_ids: n strings, none twice.
        width: d.
        store: float32 or float16.
        attributes: :data:`ATTRIBUTES`.
        path: the file.

    Raises:
        ValueError: shapes, names or attributes do not fit.
        InputError: a number is not finite, or too large for float16.
        OSError: the disk is full, among others.
    """
    import h5py

    if missing := set(ATTRIBUTES) ^ set(attributes):
        raise ValueError(f"{path}: attributes {sorted(missing)} are missing or too many")
    if len(set(image_ids)) != len(image_ids) or store not in STORES:
        raise ValueError(f"{path}: a picture stands twice, or the numbers are {store}")
    count, kind = len(image_ids), np.dtype(store)
    _demand_room(Path(path).parent, count * width * kind.itemsize + _CHUNK)
    chunk = (max(1, min(count, _CHUNK // (width * kind.itemsize))), width)
    with (
        write_atomically(path) as temporary,
        full_disk_says_so(),
        h5py.File(temporary, "w") as file,
    ):
        values = file.create_dataset("features", (count, width), kind, chunks=chunk)
        done = 0
        for block in blocks:
            numbers = as_stored(block, store, image_ids[done : done + len(block)], path)
            values[done : done + len(numbers)] = numbers
            done += len(numbers)
        if done != count:
            raise ValueError(f"{path}: {done} rows for {count} pictures")
        text = h5py.string_dtype("utf-8")
        file.create_dataset("image_ids", data=list(image_ids), dtype=text)
        for name, value in attributes.items():
            file.attrs[name] = json.dumps(value) if isinstance(value, dict | list) else value


def read_features(path: str | os.PathLike) -> Features:
    """Read a file of features into memory.

    Raises:
        InputError: the file is missing, damaged, or holds no features.
    """
    with open_features(path) as found:
        return Features(found.values[()], found.image_ids, found.attributes)


@contextlib.contextmanager
def open_features(path: str | os.PathLike) -> Iterator[Features]:
    """A file of features whose rows stay in the file until they are asked for.

    Raises:
        InputError: the file is missing, damaged, or holds no features.
    """
    import h5py

    with contextlib.ExitStack() as stack:
        # what the user of the file does with it is no fault of the file
        try:
            file = stack.enter_context(h5py.File(path, "r"))
            values, names = file["features"], list(file["image_ids"].asstr()[()])
            attributes = {name: _plain(name, file.attrs[name]) for name in ATTRIBUTES}
            if values.ndim != 2 or len(values) != len(names):
                raise KeyError(f"{values.shape} numbers for {len(names)} pictures")
        except FileNotFoundError:
            raise InputError(f"{path} does not exist.") from None
        except (OSError, KeyError) as error:
            raise InputError(
                f"{path} is not a file of features ({error}): delete it, and it is made anew."
            ) from None
        yield Features(values, names, attributes)


def _plain(name: str, value: Any) -> Any:
    if name in ("shape", "versions"):
        return json.loads(value)
    return value.item() if isinstance(value, np.generic) else value


def _demand_room(folder: Path, size: int) -> None:
    """HDF5 cannot close a file on a full disk, and takes the process down: better not begun."""
    folder.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(folder).free < size:
        raise OSError(errno.ENOSPC, f"No space left for {size / 1e6:.0f} MB", str(folder))


@contextlib.contextmanager
def full_disk_says_so() -> Iterator[None]:
    """HDF5 tells of a full disk in words of its own: an OSError with ENOSPC, which scripts know."""
    try:
        yield
    except (OSError, RuntimeError) as error:
        if "No space left" in str(error) or getattr(error, "errno", None) == errno.ENOSPC:
            raise OSError(errno.ENOSPC, "No space left on device") from None
        raise
