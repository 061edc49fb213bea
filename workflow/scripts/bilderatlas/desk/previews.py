"""Pictures scaled for a screen: decoded reduced, few at a time, kept in a cache on the disk.

A scan of 8,000 pixels is never held whole where its format can be decoded reduced (JPEG); of other
formats, one large picture is held at a time. The cache is undeclared and may be deleted.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import io
import logging
import os
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageOps

from bilderatlas.collection.crops.crop import ORIENTATION, shown_size
from bilderatlas.desk.saying import SaidError
from bilderatlas.errors import InputError
from bilderatlas.files import write_atomically
from bilderatlas.show.pictures import fitted, flat, to_srgb

log = logging.getLogger(__name__)

SIDES = (800, 1200, 1600, 2400, 4096)  # long side in pixels; the page asks for the next larger
QUALITY = 88
RECIPE = 1  # raise it when the same picture would be scaled otherwise
LARGE = 16_000_000  # pixels: of pictures above that are decoded whole, one at a time
TOO_LARGE = 400_000_000  # pixels: more of them are not decoded whole, for they may fill the memory
ROOM = 3_000_000_000  # bytes of the cache
SPARED = 0.9  # of it is left when it is full


@dataclass(frozen=True)
class Seen:
    """A picture as its header describes it: pixels as a viewer shows it, and its state."""

    width: int
    height: int
    stamp: str


class Previews:
    """Previews of the pictures of one collection.

    Args:
        cache: folder for them; created where it is missing.
        room: bytes that the cache may fill; the oldest are deleted.
    """

    def __init__(self, cache: str | os.PathLike, room: int = ROOM) -> None:
        self.cache = Path(cache)
        # Pillow warns from 89 million pixels on and refuses from 179; museums scan larger ones
        Image.MAX_IMAGE_PIXELS = None
        self._asked = ThreadPoolExecutor(2, thread_name_prefix="preview")
        self._ahead = ThreadPoolExecutor(1, thread_name_prefix="ahead")
        self._large = threading.Lock()
        self._under_way: dict[Path, Future[bytes]] = {}
        self._lock = threading.Lock()
        self._room = room
        self._held = _prune(self.cache, room)  # bytes, at most

    def look(self, file: Path) -> Seen:
        """Size and state of a picture, from its header.

        Raises:
            InputError: it is missing or no picture.
        """
        try:
            state = file.stat()
            with Image.open(file) as picture:
                width, height = shown_size(picture)
        except FileNotFoundError:
            raise SaidError("refused_gone", file=file) from None
        except Exception as error:  # decoders raise a dozen kinds of error on a broken file
            raise SaidError("refused_opening", file=file, why=error) from None
        return Seen(width, height, f"{state.st_mtime_ns:x}-{state.st_size:x}")

    async def get(self, file: Path, side: int, ahead: bool = False) -> bytes:
        """A JPEG whose long side is ``side`` pixels, or the picture's own where that is less.

        Upright, sRGB. Who asks for the same picture meanwhile waits for the same decoding.

        Args:
            file: of the picture.
            side: one of :data:`SIDES`.
            ahead: nobody looks at it yet, so it must not keep others waiting.

        Raises:
            InputError: it is missing, broken or too large to be decoded.
            ValueError: ``side`` is none of those allowed.
        """
        if side not in SIDES:
            raise ValueError(f"side {side}; there are {SIDES}")
        try:
            state = file.stat()
        except OSError:
            raise SaidError("refused_gone", file=file) from None
        named = f"{RECIPE} {file} {state.st_mtime_ns} {state.st_size} {side}"
        target = self.cache / f"{hashlib.sha256(named.encode()).hexdigest()[:32]}.jpg"
        with self._lock:
            under_way = self._under_way.get(target)
            if under_way is None:
                pool = self._ahead if ahead else self._asked
                under_way = pool.submit(self._kept_or_made, file, side, target)
                self._under_way[target] = under_way
        # not under the lock: where it is done already, the call comes at once and from here
        under_way.add_done_callback(lambda done: self._done(target, done))
        # a tab that is closed must not cancel what another one waits for
        return await asyncio.shield(asyncio.wrap_future(under_way))

    def close(self) -> None:
        """Begin no further picture."""
        for pool in (self._asked, self._ahead):
            pool.shutdown(wait=False, cancel_futures=True)

    def _done(self, target: Path, done: Future[bytes]) -> None:
        with self._lock:
            if self._under_way.get(target) is done:
                del self._under_way[target]

    def _kept_or_made(self, file: Path, side: int, target: Path) -> bytes:
        try:
            data = target.read_bytes()
            os.utime(target)  # the oldest are those not looked at for longest
            return data
        except OSError:
            pass
        try:
            data = self._make(file, side)
        except InputError:
            raise
        except MemoryError:
            raise SaidError("refused_memory", file=file) from None
        except Exception as error:
            raise SaidError("refused_decoding", file=file, why=error) from None
        try:
            with write_atomically(target) as temporary:
                temporary.write_bytes(data)
            self._make_room(len(data))
        except OSError as error:  # a full disk costs time, not the picture
            log.warning("%s cannot be kept: %s", target, error.strerror)
        return data

    def _make_room(self, written: int) -> None:
        """Keep the cache within its room after a file of so many bytes was added."""
        with self._lock:
            self._held += written
            if self._held > self._room:
                # some more than needed, so that not every picture from now on lists the folder
                self._held = _prune(self.cache, int(SPARED * self._room))

    def _make(self, file: Path, side: int) -> bytes:
        with Image.open(file) as picture:
            profile = picture.info.get("icc_profile")
            size = fitted(picture.size, (side, side)) if max(picture.size) > side else picture.size
            # A JPEG is decoded at a half, quarter or eighth: rather a tenth too small than twice as
            # large, for 4,000 of 8,000 pixels must not cost the whole of them
            whole = picture.width * picture.height
            picture.draft(None, (int(0.9 * size[0]), int(0.9 * size[1])))
            size = min(size, picture.size)
            pixels = picture.width * picture.height
            if picture.info.get("progressive"):
                pixels = whole  # its decoder holds the coefficients of all scans, at any size
            if pixels > TOO_LARGE:
                raise SaidError("refused_large", file=file, millions=pixels // 1_000_000)
            with self._large if pixels > LARGE else contextlib.nullcontext():
                small = _scaled(picture, size)
        buffer = io.BytesIO()
        to_srgb(ImageOps.exif_transpose(small), profile).save(buffer, "JPEG", quality=QUALITY)
        return buffer.getvalue()


def _scaled(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The picture in 8 bits at ``size``; whole copies of it are avoided where it is large."""
    picture.load()
    # asked after loading: Pillow turns a TIFF upright while it loads it
    orientation = picture.getexif().get(ORIENTATION, 1)
    factor = min(picture.width // (2 * size[0]), picture.height // (2 * size[1]))
    if factor > 1 and picture.mode in ("L", "RGB", "RGBA", "CMYK", "F", "I"):
        picture = picture.reduce(factor)
    small = flat(picture)
    if small.size != size:
        small = small.resize(size, Image.Resampling.LANCZOS)
    small.getexif()[ORIENTATION] = orientation
    return small


def _prune(folder: Path, room: int) -> int:
    """Delete the oldest files of the cache until the rest has room; the bytes that are left."""
    kept = []
    for file in folder.glob("*.jpg"):
        with contextlib.suppress(OSError):
            state = file.stat()
            kept.append((state.st_mtime, state.st_size, file))
    left = sum(size for _, size, _ in kept)
    for _, size, file in sorted(kept):
        if left <= room:
            break
        with contextlib.suppress(OSError):
            file.unlink()
            left -= size
    return left
