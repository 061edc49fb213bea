"""Measurements as archives write them, read into centimetres.

Height stands before width, as German and international museum practice has it, unless the text
itself says "Breite x Höhe".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

UNITS = {"mm": 0.1, "cm": 1.0, "m": 100.0}

_NUMBER = r"\d+(?:[.,]\d+)?"
_UNIT = r"(mm|cm|m)\b"
# the sign before a number keeps "1 1/2 x 3 cm" and "1.200,5 x 3 cm" from being read by their ends
_SIZE = re.compile(
    rf"(?<![\d/.,])({_NUMBER})\s*(?:{_UNIT})?\s*[xX×]\s*({_NUMBER})\s*(?:{_UNIT})?"
    rf"(?:\s*[xX×]\s*{_NUMBER}\s*(?:{_UNIT})?)?"
)
_LENGTH = re.compile(rf"({_NUMBER})\s*(?:{_UNIT})?")
_WIDTH_FIRST = re.compile(r"\b(?:breite|width|[bw])\.?\s*[x×]\s*(?:höhe|height|h)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Size:
    """Height and width in centimetres, and what was measured ("Bildmaß"; empty if unsaid)."""

    kind: str
    height_cm: float
    width_cm: float


def parse_size(text: str) -> Size | None:
    """Read "Bildmaß:  20,7x26,2 cm" and its like; None where it cannot be read.

    A third number is the depth and is left out; words after the unit are allowed. A text that
    names no unit (mm, cm, m), more than one size, a size of nothing, or a number such as
    "1.200", which is either, is not read.
    """
    text = " ".join(text.split())
    sizes = [match for match in _SIZE.finditer(text) if any(match.group(2, 4, 5))]
    if len(sizes) != 1:
        return None
    match = sizes[0]
    unit_first, unit_second, unit_last = match.group(2, 4, 5)
    common = unit_last or unit_second or unit_first
    height = _number(match[1], unit_first or unit_second or common)
    width = _number(match[3], unit_second or common)
    if not height or not width:
        return None
    before = text[: match.start()]
    kind = before.rpartition(":")[0].strip()
    if _WIDTH_FIRST.search(before):
        height, width = width, height
    return Size(kind, height, width)


def parse_length(text: str, unit: str = "cm") -> float | None:
    """One length in centimetres; ``unit`` (mm, cm, m) is taken where the text names none.

    None where it cannot be read, or is zero.
    """
    match = _LENGTH.fullmatch(text.strip())
    if not match or unit not in UNITS:
        return None
    return _number(match[1], match[2] or unit) or None


def _number(text: str, unit: str) -> float | None:
    fraction = re.split(r"[.,]", text)[1:]
    if fraction and len(fraction[0]) == 3:  # thousands or decimals: cannot be told
        return None
    # twelve digits: 207 mm is 20.7 cm, not 20.700000000000003
    return round(float(text.replace(",", ".")) * UNITS[unit], 12)
