"""The original pictures as thumbnails: colour, aspect kept, upright; a grey tile where none is."""

from __future__ import annotations

import functools
import io
import logging
from collections.abc import Mapping
from pathlib import Path

from PIL import Image, ImageCms, ImageDraw, ImageOps

from bilderatlas.collection.crops.crop import (
    Crop,
    check_fits,
    cut,
    enough,
    is_lying,
    shown_size,
)
from bilderatlas.show.labels import label
from bilderatlas.show.text import MUTED, PAPER, TILE, font, line_height, wrap

log = logging.getLogger(__name__)


class Pictures:
    """Thumbnails of a collection's pictures by id.

    Args:
        files: path of the original picture by image id.
        language: of the words on a tile that stands for a picture which cannot be shown.
        keep: so many thumbnails stay in memory (43 kB each at 120 x 120 pixels).
        crops: what is shown of the pictures that have a crop, by image id.
    """

    def __init__(
        self,
        files: Mapping[str, str],
        language: str = "en",
        keep: int = 2048,
        crops: Mapping[str, Crop] | None = None,
    ):
        self.files = files
        self.crops = crops or {}
        self.language = language
        self._cached = functools.lru_cache(maxsize=keep)(self._make)

    def thumbnail(self, image_id: str, width: int, height: int) -> Image.Image:
        """The picture in RGB, as large as fits into ``width`` x ``height`` pixels.

        The result touches two sides of the box; a picture that is missing or cannot be read
        gives a neutral grey tile that fills the box and says so. The caller may draw on it.
        """
        return self._cached(image_id, width, height).copy()

    def _make(self, image_id: str, width: int, height: int) -> Image.Image:
        path = self.files.get(image_id)
        if not path or not Path(path).is_file():
            log.warning("no picture for %s at %s", image_id, path or "any path")
            return self._tile("picture.missing", width, height)
        try:
            return read_thumbnail(path, width, height, self.crops.get(image_id))
        # decoders raise a dozen kinds of error on a broken file; one bad picture among
        # thousands must not cost the figure, and the log names it
        except Exception as error:
            log.warning("%s cannot be read and is shown as a grey tile: %s", path, error)
            return self._tile("picture.unreadable", width, height)

    def _tile(self, key: str, width: int, height: int) -> Image.Image:
        tile = Image.new("RGB", (width, height), TILE)
        face = font(max(8, min(12, width // 8)))
        step = line_height(face)
        lines = wrap(label(key, self.language), face, width - 4, max(1, height // step))
        pen = ImageDraw.Draw(tile)
        for row, line in enumerate(lines):
            middle = height / 2 + (row - (len(lines) - 1) / 2) * step
            pen.text((width / 2, middle), line, MUTED, font=face, anchor="mm")
        return tile


def read_thumbnail(path: str, width: int, height: int, crop: Crop | None = None) -> Image.Image:
    """Read a picture and fit it into the box: RGB, upright, cropped, colours brought to sRGB.

    Raises:
        OSError and others: the file is missing or no readable picture, or its crop was made for
            another size.
    """
    with Image.open(path) as picture:
        profile = picture.info.get("icc_profile")
        shown = shown_size(picture)
        if crop is not None:
            check_fits(crop, shown)
        size = fitted(shown if crop is None else crop.size, (width, height))
        # a JPEG is decoded at a half, quarter or eighth where twice the wanted size remains
        turned = is_lying(picture) ^ (crop is not None and crop.turn % 180 != 0)
        least = size[::-1] if turned else size
        picture.draft(None, enough(crop, picture, (2 * least[0], 2 * least[1])))
        upright = cut(ImageOps.exif_transpose(flat(picture)), crop)
        small = upright.resize(size, Image.Resampling.LANCZOS)
    return to_srgb(small, profile)


def fitted(size: tuple[int, int], box: tuple[int, int]) -> tuple[int, int]:
    """The largest size of the same aspect inside ``box``, at least one pixel each way."""
    scale = min(box[0] / size[0], box[1] / size[1])
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def flat(picture: Image.Image) -> Image.Image:
    """8 bits a channel, without palette or transparency (which is shown on white)."""
    if picture.mode.startswith(("I", "F")):
        grey = picture.convert("F")
        high = grey.getextrema()[1]
        # ASSUME: the file does not say its depth; scanners write 8, 12 or 16 bits, floats 0 to 1
        top = next((top for top in (1, 255, 4095, 65535) if high <= top), high)
        return grey.point(lambda value: value * (255 / top) + 0).convert("L")
    if picture.mode in ("P", "PA", "LA", "La", "RGBA", "RGBa") or "transparency" in picture.info:
        rgba = picture.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", rgba.size, (*PAPER, 255)), rgba).convert(
            "RGB"
        )
    if picture.mode == "1":
        return picture.convert("L")
    picture.load()
    return picture


def to_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Museum scans often carry a wider colour space; unconverted they would look faded."""
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            target = ImageCms.createProfile("sRGB")
            return ImageCms.profileToProfile(picture, source, target, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError):
            log.debug("a colour profile could not be used")
    return picture.convert("RGB")
