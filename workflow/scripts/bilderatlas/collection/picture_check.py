"""Is it a picture? Bytes that came from elsewhere are decoded to their end before they are kept."""

from __future__ import annotations

import io
import threading
import warnings

from bilderatlas.collection.download.picture import FORMATS
from bilderatlas.collection.fetch_one import FetchError

# the formats that a manifest lists, and the suffix of each
SUFFIXES = {"JPEG": "jpg", "MPO": "jpg", "PNG": "png", "TIFF": "tif", "WEBP": "webp"}
PAGES = ("text/html", "application/xhtml+xml")
_decoding = threading.Lock()


def is_page(content: bytes, kind: str) -> bool:
    """Is it a page, by its media type or by how it begins?"""
    start = content[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return kind in PAGES or start.startswith((b"<!doctype html", b"<html"))


def decode(content: bytes) -> tuple[str, int, int]:
    """Suffix, width and height in pixels of a picture that decodes to its end.

    Raises:
        FetchError: its status is ``not_image`` or ``too_large``.
    """
    from PIL import Image

    if not content:
        raise FetchError("not_image", "an empty answer")
    try:
        # one at a time: a picture of 100 megapixels takes 300 MB
        with _decoding, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
                picture.load()
                return SUFFIXES[picture.format], *picture.size
    except Image.DecompressionBombError:
        raise FetchError("too_large", "more pixels than can be decoded safely") from None
    except Image.UnidentifiedImageError:
        raise FetchError(
            "not_image", f"no {', '.join(FORMATS[:-1])} or {FORMATS[-1]} picture"
        ) from None
    # Pillow's decoders raise whatever they stumble over
    except Exception as error:
        words = " ".join(str(error).split())[:120]
        raise FetchError("not_image", f"does not decode: {words}") from None
