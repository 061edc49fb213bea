"""Does a file decode to a picture of bounded size?"""

from __future__ import annotations

import os
import threading

# the kinds that the workflow reads elsewhere (collection/manifest.py); no other decoder of Pillow
# is handed bytes from the network
FORMATS = ("JPEG", "PNG", "TIFF", "WEBP")

# pictures decoded at once: it bounds memory, and more would only take turns on the processors
_decoding = threading.BoundedSemaphore(2)


def fault_of(path: str | os.PathLike, largest_pixels: int) -> str:
    """Why a file is not a picture, in a few words; empty where all of it decodes.

    Only the first frame is looked at. A file that announces more than ``largest_pixels`` pixels
    is refused before any of them is decoded.
    """
    from PIL import Image, UnidentifiedImageError

    try:
        with _decoding, Image.open(path, formats=FORMATS) as picture:
            width, height = picture.size
            if width * height > largest_pixels:
                return f"{width} x {height} pixels are more than allowed"
            picture.load()
    except UnidentifiedImageError:
        return f"no {', '.join(FORMATS[:-1])} or {FORMATS[-1]}"
    except MemoryError:
        raise
    # decoders raise whatever their format makes them: SyntaxError, struct.error, zlib.error
    except Exception as error:
        return " ".join(f"does not decode: {error}".split())
    return ""
