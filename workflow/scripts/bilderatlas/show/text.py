"""Fonts and lines of text for figures that are composed with Pillow."""

from __future__ import annotations

import functools
import importlib.util
from pathlib import Path

from PIL import ImageFont

ELLIPSIS = "…"
INK = (32, 32, 32)
MUTED = (96, 96, 96)
PAPER = (255, 255, 255)
TILE = (208, 208, 208)


@functools.cache
def font(size: int, bold: bool = False) -> ImageFont.FreeTypeFont:
    """DejaVu Sans at ``size`` pixels, from the copy that matplotlib brings along.

    The package is located, not imported: that saves half a second a job.
    """
    package = Path(importlib.util.find_spec("matplotlib").origin).parent
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    # the basic layout is the one that every build of Pillow has: same pixels on all machines
    return ImageFont.truetype(
        str(package / "mpl-data" / "fonts" / "ttf" / name),
        size,
        layout_engine=ImageFont.Layout.BASIC,
    )


def line_height(face: ImageFont.FreeTypeFont) -> int:
    """Pixels from one line to the next."""
    return sum(face.getmetrics()) + 1


def elide(text: str, face: ImageFont.FreeTypeFont, width: int) -> str:
    """``text`` in at most ``width`` pixels; the middle gives way, for ids differ at their end."""
    if face.getlength(text) <= width:
        return text
    for kept in range(len(text) - 1, 0, -1):
        head = kept // 2
        shorter = text[:head] + ELLIPSIS + text[len(text) - (kept - head) :]
        if face.getlength(shorter) <= width:
            return shorter
    return ELLIPSIS


def wrap(text: str, face: ImageFont.FreeTypeFont, width: int, lines: int) -> list[str]:
    """``text`` broken at spaces into at most ``lines`` lines of ``width`` pixels.

    A word wider than the line is broken too; what does not fit ends in an ellipsis.
    """
    found: list[str] = []
    rest = " ".join(text.split())
    while rest and len(found) < lines:
        cut = _fitting(rest, face, width)
        if cut == len(rest) or len(found) < lines - 1:
            found.append(rest[:cut].rstrip())
            rest = rest[cut:].lstrip()
        else:
            last = rest[:cut].rstrip()
            while last and face.getlength(last + ELLIPSIS) > width:
                last = last[:-1].rstrip()
            found.append(last + ELLIPSIS)
            rest = ""
    return found


def _fitting(text: str, face: ImageFont.FreeTypeFont, width: int) -> int:
    """How many characters of ``text`` one line takes; it ends at a space or hyphen if it can."""
    if face.getlength(text) <= width:
        return len(text)
    low, high = 1, len(text)
    while high - low > 1:  # the longest run of characters that fits
        middle = (low + high) // 2
        if face.getlength(text[:middle]) <= width:
            low = middle
        else:
            high = middle
    if text[low] == " ":
        return low
    return max(text.rfind(" ", 0, low), text.rfind("-", 0, low) + 1) or low
