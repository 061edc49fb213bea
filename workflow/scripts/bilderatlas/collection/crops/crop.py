"""A crop, and the one way in which it is applied to a picture: the box, then the quarter turn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

TURNS = (0, 90, 180, 270)
LYING = (5, 6, 7, 8)  # EXIF orientations that exchange width and height
ORIENTATION = 0x0112


@dataclass(frozen=True)
class Crop:
    """What is kept of a scan.

    Attributes:
        left, top, right, bottom: pixels of the scan as a viewer shows it (its EXIF orientation
            applied), right and bottom exclusive.
        turn: degrees clockwise that the box is turned by afterwards: 0, 90, 180 or 270.
        width, height: of the whole scan in pixels, as a viewer shows it.
    """

    left: int
    top: int
    right: int
    bottom: int
    turn: int
    width: int
    height: int

    @property
    def box(self) -> tuple[int, int, int, int]:
        return self.left, self.top, self.right, self.bottom

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of what is kept, after the turn."""
        wide, high = self.right - self.left, self.bottom - self.top
        return (wide, high) if self.turn % 180 == 0 else (high, wide)

    @property
    def changes(self) -> bool:
        """Does it change the picture at all?"""
        return self.turn != 0 or self.box != (0, 0, self.width, self.height)


def shown_size(picture: Image.Image) -> tuple[int, int]:
    """Width and height of an opened picture as a viewer shows it; no pixel is decoded."""
    width, height = picture.size
    return (height, width) if is_lying(picture) else (width, height)


def is_lying(picture: Image.Image) -> bool:
    """Does the file hold the picture turned by a quarter, so that viewers turn it back?"""
    # Pillow tells a TIFF's size as it is after the turn, that of others before it
    return picture.format != "TIFF" and picture.getexif().get(ORIENTATION) in LYING


def check_fits(crop: Crop, shown: tuple[int, int]) -> None:
    """Raise ValueError, in one sentence, where a scan is not of the size its crop was made for."""
    if shown != (crop.width, crop.height):
        raise ValueError(
            f"its crop was made for {crop.width} x {crop.height} pixels and it has"
            f" {shown[0]} x {shown[1]}: decide on it anew and take it over with"
            " `snakemake results/.../crops.csv --forcerun freeze_crops`"
        )


def enough(crop: Crop | None, picture: Image.Image, least: tuple[int, int]) -> tuple[int, int]:
    """How large the whole must be decoded, so that what is kept is at least ``least``.

    Args:
        crop: the crop, or None for the whole.
        picture: an opened picture, its EXIF orientation not applied.
        least: wanted width and height of the kept part, in the directions of ``picture``.

    Returns:
        width and height for Pillow's ``draft``.
    """
    if crop is None:
        return least
    kept = (crop.right - crop.left, crop.bottom - crop.top)
    if is_lying(picture):
        kept = kept[::-1]
    pairs = zip(least, picture.size, kept, strict=True)
    wide, high = (-(-size * whole // part) for size, whole, part in pairs)
    return wide, high


def cut(upright: Image.Image, crop: Crop | None) -> Image.Image:
    """The part of a picture that its crop keeps, turned as it says; the picture itself for None.

    Args:
        upright: the picture as a viewer shows it, whole, perhaps decoded at a half, quarter or
            eighth. The box is then rounded inwards, so that nothing of a card comes in.
        crop: what to keep.
    """
    from PIL import Image

    if crop is None or not crop.changes:
        return upright
    across, down = upright.width / crop.width, upright.height / crop.height
    left, right = _inwards(crop.left * across, crop.right * across, upright.width)
    top, bottom = _inwards(crop.top * down, crop.bottom * down, upright.height)
    kept = upright.crop((left, top, right, bottom))
    if not crop.turn:
        return kept
    turns = {
        90: Image.Transpose.ROTATE_270,  # Pillow turns the other way
        180: Image.Transpose.ROTATE_180,
        270: Image.Transpose.ROTATE_90,
    }
    return kept.transpose(turns[crop.turn])


def _inwards(low: float, high: float, whole: int) -> tuple[int, int]:
    """Whole pixels inside a range, at least one of them."""
    first, last = -int(-low // 1), int(high + 1e-6)
    first = min(first, whole - 1)
    return first, min(max(last, first + 1), whole)
