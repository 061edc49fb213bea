"""Packs: every picture of a collection decoded once, 8-bit, aspect kept, in one HDF5 file.

Layout: ``pixels`` holds all pictures one behind the other (rows, columns, channels), ``offsets``
(n + 1) where each begins, ``sizes`` (n, 2) height and width, ``image_ids``. Attributes: ``mode``
(grey or rgb) and ``side``, the long side in pixels. Pictures that could not be read are not in it;
they are listed in a table beside it.
"""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from bilderatlas import job
from bilderatlas.collection.crops.crop import Crop, check_fits, cut, enough, shown_size
from bilderatlas.errors import InputError
from bilderatlas.files import PROBLEMS, write_atomically

RECIPE = 1  # raise when a pack of the same pictures would hold other values


@dataclass
class Pack:
    """The pictures of a collection, in memory.

    Attributes:
        pixels: uint8, all pictures one behind the other.
        offsets: int64 (n + 1).
        sizes: int64 (n, 2), height and width.
        image_ids: n strings.
        mode: grey (one channel) or rgb (three).
    """

    pixels: np.ndarray
    offsets: np.ndarray
    sizes: np.ndarray
    image_ids: list[str]
    mode: str

    @property
    def channels(self) -> int:
        return 1 if self.mode == "grey" else 3

    def __len__(self) -> int:
        return len(self.image_ids)

    def picture(self, row: int) -> np.ndarray:
        """One picture, uint8 (height, width, channels), 0 black to 255 white."""
        height, width = self.sizes[row]
        flat = self.pixels[self.offsets[row] : self.offsets[row + 1]]
        return flat.reshape(height, width, self.channels)

    def rows(self, image_ids: Sequence[str]) -> list[int]:
        """The rows of some pictures; those that are not in the pack (unreadable) are left out."""
        where = {name: row for row, name in enumerate(self.image_ids)}
        return [where[name] for name in image_ids if name in where]

    def canvas(self, rows: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
        """Some pictures in the top left corners of equal canvases.

        Returns:
            uint8 (b, channels, h, w), zero outside the pictures, h and w those of the largest;
            int64 (b, 2), the height and width of each.
        """
        sizes = self.sizes[list(rows)]
        height, width = sizes.max(axis=0)
        pictures = np.zeros((len(sizes), self.channels, height, width), np.uint8)
        for target, row in zip(pictures, rows, strict=True):
            picture = self.picture(row)
            target[:, : picture.shape[0], : picture.shape[1]] = picture.transpose(2, 0, 1)
        return pictures, sizes


def read_pack(path: str | Path) -> Pack:
    """Read a pack into memory.

    Raises:
        InputError: the file is missing or is not a pack.
    """
    import h5py

    try:
        with h5py.File(path, "r") as store:
            return Pack(
                store["pixels"][()],
                store["offsets"][()],
                store["sizes"][()],
                list(store["image_ids"].asstr()[()]),
                str(store.attrs["mode"]),
            )
    except (OSError, KeyError) as error:
        raise InputError(f"{path} is not a pack of pictures: {error}") from None


@contextlib.contextmanager
def open_pack(path: str | Path) -> Iterator[Pack]:
    """A pack whose pixels stay in the file: a picture is read when it is asked for.

    Raises:
        InputError: the file is missing or is not a pack.
    """
    import h5py

    with contextlib.ExitStack() as stack:
        try:
            store = stack.enter_context(h5py.File(path, "r"))
            pack = Pack(
                store["pixels"],
                store["offsets"][()],
                store["sizes"][()],
                list(store["image_ids"].asstr()[()]),
                str(store.attrs["mode"]),
            )
        except (OSError, KeyError) as error:
            raise InputError(f"{path} is not a pack of pictures: {error}") from None
        yield pack


def decode(file: str | Path, mode: str, side: int, crop: Crop | None = None) -> np.ndarray:
    """Decode one picture: upright, cropped, long side at most ``side``, uint8 (h, w, channels).

    Larger pictures are reduced with Pillow's antialiased bilinear filter; smaller ones stay.

    Raises:
        OSError, SyntaxError, ValueError, DecompressionBombError: Pillow cannot read it whole
            (truncated, no picture, more than 179 million pixels), or its crop was made for
            another size.
    """
    from PIL import Image, ImageOps

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        with Image.open(file) as picture:
            if crop is not None:
                check_fits(crop, shown_size(picture))
            # JPEG can be decoded at a half, quarter or eighth: twice the side keeps it sharp
            size = enough(crop, picture, (2 * side, 2 * side))
            picture.draft("L" if mode == "grey" else "RGB", size)
            upright = cut(ImageOps.exif_transpose(picture), crop)
            if upright.mode.startswith("I;16") or upright.mode == "I":
                levels = np.asarray(upright, dtype=np.float32) / 257.0
                upright = Image.fromarray(np.rint(levels).clip(0, 255).astype(np.uint8))
            grey = upright.convert("RGB").convert("L" if mode == "grey" else "RGB")
    scale = side / max(grey.size)
    if scale < 1:
        size = [max(1, round(length * scale)) for length in grey.size]
        grey = grey.resize(size, Image.Resampling.BILINEAR)
    array = np.asarray(grey)
    return array[:, :, None] if array.ndim == 2 else array


def write_pack(
    manifest: pd.DataFrame,
    path: str | Path,
    mode: str,
    side: int,
    allowed_unreadable: float,
    workers: int = 1,
    crops: Mapping[str, Crop] | None = None,
) -> pd.DataFrame:
    """Decode the pictures of a manifest into a pack; return the unreadable ones as problems.

    Pictures are decoded ahead by ``workers`` threads and written one after the other, so memory
    holds a few pictures at a time. Those that have a crop are packed as it says.

    Raises:
        InputError: more than ``allowed_unreadable`` (a share) cannot be read, or none can.
    """
    import h5py

    problems: list[dict[str, str]] = []
    offsets, sizes, image_ids = [0], [], []
    channels = 1 if mode == "grey" else 3
    with write_atomically(path) as temporary, h5py.File(temporary, "w") as store:
        pixels = store.create_dataset(
            "pixels", (0,), np.uint8, maxshape=(None,), chunks=(side * side * channels,)
        )
        for (image_id, file), picture in _decoded(manifest, mode, side, workers, crops or {}):
            if isinstance(picture, Exception):
                what = f"cannot be read ({picture})"
                problems.append(
                    {"file": file, "record": image_id, "field": "file", "what": what,
                     "done": "left out of the pack"}
                )  # fmt: skip
                continue
            offsets.append(offsets[-1] + picture.size)
            sizes.append(picture.shape[:2])
            image_ids.append(image_id)
            pixels.resize((offsets[-1],))
            pixels[offsets[-2] :] = picture.ravel()
        share = len(problems) / len(manifest)
        if not image_ids or share > allowed_unreadable:
            raise InputError(
                f"{len(problems)} of {len(manifest)} pictures cannot be read, the first is"
                f" {problems[0]['file']}: mend or remove them, or raise the collection's"
                f" `unreadable` (now {allowed_unreadable:.0%})."
            )
        store["offsets"] = np.array(offsets, np.int64)
        store["sizes"] = np.array(sizes, np.int64)
        store.create_dataset("image_ids", data=image_ids, dtype=h5py.string_dtype("utf-8"))
        store.attrs.update(mode=mode, side=side)
    return pd.DataFrame(problems, columns=list(PROBLEMS))


def _decoded(
    manifest: pd.DataFrame, mode: str, side: int, workers: int, crops: Mapping[str, Crop]
) -> Iterator[tuple[tuple[str, str], np.ndarray | Exception]]:
    from PIL import Image

    pairs = list(zip(manifest["image_id"], manifest["file"], strict=True))
    # what Pillow raises at bad bytes and at sizes that may be a trap
    unreadable = (OSError, SyntaxError, ValueError, Image.DecompressionBombError)

    def attempt(pair: tuple[str, str]) -> np.ndarray | Exception:
        try:
            return decode(pair[1], mode, side, crops.get(pair[0]))
        except unreadable as error:
            return error

    with ThreadPoolExecutor(max(1, workers)) as pool:
        bar = job.progress(range(0, len(pairs), 64), "packing")
        for start in bar:
            block = pairs[start : start + 64]
            yield from zip(block, pool.map(attempt, block), strict=True)
