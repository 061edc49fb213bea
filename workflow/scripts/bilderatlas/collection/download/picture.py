"""Is it a picture? Bytes that came from elsewhere are decoded to their end before they are kept."""

from __future__ import annotations

import io
import os
import threading
import warnings

# the kinds that the workflow reads elsewhere (collection/manifest.py), and the suffix of each; no
# other decoder of Pillow is handed bytes from the network
SUFFIXES = {"JPEG": "jpg", "MPO": "jpg", "PNG": "png", "TIFF": "tif", "WEBP": "webp"}
FORMATS = ("JPEG", "PNG", "TIFF", "WEBP")
PAGES = ("text/html", "application/xhtml+xml")

# pictures decoded at once: it bounds memory, and more would only take turns on the processors
_decoding = threading.BoundedSemaphore(2)


class NoPictureError(Exception):
    """Bytes that are no picture to take; ``too_large`` where it only has too many pixels."""

    def __init__(self, words: str, too_large: bool = False) -> None:
        super().__init__(words)
        self.too_large = too_large


def decode(source: str | os.PathLike | bytes, largest_pixels: int) -> tuple[str, int, int]:
    """Suffix, width and height in pixels of a picture that decodes to its end.

    Only the first frame is looked at. A file that announces more than ``largest_pixels`` pixels
    is refused before any of them is decoded.

    Args:
        source: a file, or the bytes of one.
        largest_pixels: width times height at most.

    Raises:
        NoPictureError: in a few words, why not.
    """
    from PIL import Image, UnidentifiedImageError

    if source == b"":
        raise NoPictureError("an empty answer")
    opened = io.BytesIO(source) if isinstance(source, bytes) else source
    try:
        with _decoding, warnings.catch_warnings():
            # our own bound stands below
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(opened, formats=FORMATS) as picture:
                width, height = picture.size
                if width * height > largest_pixels:
                    words = f"{width} x {height} pixels are more than allowed"
                    raise NoPictureError(words, too_large=True)
                picture.load()
                return SUFFIXES[picture.format], width, height
    except NoPictureError:
        raise
    except UnidentifiedImageError:
        raise NoPictureError(f"no {', '.join(FORMATS[:-1])} or {FORMATS[-1]}") from None
    except MemoryError:
        raise
    # decoders raise whatever their format makes them: SyntaxError, struct.error, zlib.error
    except Exception as error:
        too_large = isinstance(error, Image.DecompressionBombError)
        words = " ".join(f"does not decode: {error}".split())[:160]
        raise NoPictureError(words, too_large) from None


def is_page(content: bytes, kind: str) -> bool:
    """Is it a page, by its media type or by how it begins?"""
    start = content[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return kind in PAGES or start.startswith((b"<!doctype html", b"<html"))
