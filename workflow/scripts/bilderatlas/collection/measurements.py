"""Measurements as archives write them, read into centimetres.

Height stands before width, as German and international museum practice has it, unless the text
itself says "Breite x Höhe". Inches are read beside the metric units, and fractions of them
("8 1/8 in."); the old German and French inches are not, for each country had its own.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

UNITS = {"mm": 0.1, "cm": 1.0, "m": 100.0, "in": 2.54, "inch": 2.54, "inches": 2.54, '"': 2.54}

# What is measured, and the words for it, each alone or before "-maß", "-größe", "-format". The
# order is that in which a picture is represented: by itself before what surrounds it.
KINDS = {
    "image": ("bild", "darstellung", "motiv", "image", "picture", "composition"),
    "plate": ("platte", "platten", "plattenrand", "plate", "planche", "cuvette"),
    "object": ("objekt", "gesamt", "werk", "object", "overall", "objet"),
    "sheet": ("blatt", "papier", "fotopapier", "sheet", "paper", "feuille"),
    "mount": (
        "passepartout", "träger", "bildträger", "untersatz", "untersatzkarton", "karton", "mount",
        "mat", "montage",
    ),
    "frame": ("rahmen", "frame", "framed", "cadre"),
}  # fmt: skip
_KIND = {word: kind for kind, words in KINDS.items() for word in words}
_ENDING = re.compile(r"(?:maß|masz|mass|größe|format)e?$")
# ASSUME: an inch size that differs by less than this from a metric one repeats it, rounded.
_SAME_CM = 0.4

_FRACTION = r"\d+/\d+"
_NUMBER = rf"(?:\d+\s+)?{_FRACTION}|\d+(?:[.,]\d+)?"
# a German "in" ("20 x 30 in Mappe") is no inch: after an English one the measurement ends
_UNIT = r"""(mm\b|cm\b|m\b|inch(?:es)?\b|in(?:\.|(?=\s*(?:[)\],;x×]|$)))|")"""
# the sign before a number keeps "1.200,5 x 3 cm" and "20/30 x 3 cm" from being read by their ends
_SIZE = re.compile(
    rf"(?<![\d/.,])(?<!\d\s)({_NUMBER})\s*(?:{_UNIT})?\s*[xX×]\s*({_NUMBER})\s*(?:{_UNIT})?"
    rf"(?:\s*[xX×]\s*(?:{_NUMBER})\s*(?:{_UNIT})?)?",
    re.IGNORECASE,
)
_LENGTH = re.compile(rf"({_NUMBER})\s*(?:{_UNIT})?", re.IGNORECASE)
_AFTER = re.compile(r"\s*\(([^()\d]+)\)")
_WIDTH_FIRST = re.compile(
    r"\b(?:breite|width|largeur|[bwl])\.?\s*[x×]\s*(?:höhe|height|hauteur|h)\b", re.IGNORECASE
)
_NAMED = rf"\.?\s*[:=]?\s*({_NUMBER})\s*{_UNIT}"
_HEIGHT_AND_WIDTH = re.compile(
    rf"\b(?:höhe|height|hauteur|h){_NAMED}[\s,;/x×]*\b(?:breite|width|largeur|[bw]){_NAMED}",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Size:
    """Height and width in centimetres, and what was measured: one of :data:`KINDS`, or empty."""

    kind: str
    height_cm: float
    width_cm: float


def kind_of(words: str) -> str:
    """Which of :data:`KINDS` a text names first ("Bildmaß" is the image); empty where none."""
    for word in re.findall(r"[^\W\d_]+", unicodedata.normalize("NFC", words).lower()):
        for form in (word, _ENDING.sub("", word)):
            if form in _KIND:
                return _KIND[form]
    return ""


def parse_sizes(text: str) -> list[Size]:
    """Every size of a text, in its order: "Platte: 205 x 149 mm; Blatt: 216 x 164 mm".

    What was measured may stand before a size or in brackets behind it. A third number is the
    depth and is left out; a size in inches that repeats a metric one is left out too. "H: 66,5
    cm, B: 88,5 cm" is read as well. Empty where nothing can be read: no unit (mm, cm, m, in), a
    size of nothing, a number such as "1.200", which is either, or a fraction that is none.
    """
    text = _plain(text)
    matches = [match for match in _SIZE.finditer(text) if any(match.group(2, 4, 5))]
    if not matches:
        return _named_size(text)
    sizes: list[tuple[Size, bool]] = []
    start = 0
    for match in matches:
        before, after = text[start : match.start()], _AFTER.match(text, match.end())
        start = after.end() if after else match.end()
        unit_first, unit_second, unit_last = match.group(2, 4, 5)
        common = unit_last or unit_second or unit_first
        height = _number(match[1], unit_first or unit_second or common)
        width = _number(match[3], unit_second or common)
        if not height or not width:
            return []
        if _WIDTH_FIRST.search(before):
            height, width = width, height
        kind = kind_of(before) or kind_of(after[1] if after else "")
        sizes.append((Size(kind, height, width), _is_inch(common)))
    metric = [size for size, inch in sizes if not inch]
    return [size for size, inch in sizes if not inch or not any(_repeats(size, m) for m in metric)]


def parse_size(text: str) -> Size | None:
    """The one size of a text, "Bildmaß:  20,7x26,2 cm"; None where there is none, or several.

    See :func:`parse_sizes`.
    """
    sizes = parse_sizes(text)
    return sizes[0] if len(sizes) == 1 else None


def picture_size(text: str) -> Size | None:
    """The size that stands for the picture: of several the first in the order of :data:`KINDS`.

    A size that does not say what it is of counts as one of the object. None where nothing can be
    read.
    """
    order = list(KINDS)
    return min(parse_sizes(text), key=lambda size: order.index(size.kind or "object"), default=None)


def parse_length(text: str, unit: str = "cm") -> float | None:
    """One length in centimetres; ``unit`` (see :data:`UNITS`) is taken where the text names none.

    None where it cannot be read, or is zero.
    """
    match = _LENGTH.fullmatch(_plain(text))
    if not match or unit not in UNITS:
        return None
    return _number(match[1], match[2] or unit) or None


def _plain(text: str) -> str:
    """One kind of space and of inch sign; "8⅛" as "8 1/8"."""
    signs = []
    for sign in text.replace("″", '"').replace("”", '"').replace("''", '"'):
        fraction = unicodedata.decomposition(sign).startswith("<fraction>")
        whole = unicodedata.normalize("NFKD", sign).replace("\N{FRACTION SLASH}", "/")
        signs.append(f" {whole}" if fraction else sign)
    return " ".join("".join(signs).split())


def _named_size(text: str) -> list[Size]:
    matches = list(_HEIGHT_AND_WIDTH.finditer(text))
    if len(matches) != 1:
        return []
    match = matches[0]
    height, width = _number(match[1], match[2]), _number(match[3], match[4])
    after = _AFTER.match(text, match.end())
    kind = kind_of(text[: match.start()]) or kind_of(after[1] if after else "")
    return [Size(kind, height, width)] if height and width else []


def _is_inch(unit: str) -> bool:
    return UNITS[unit.lower().rstrip(".")] == UNITS["in"]


def _repeats(inch: Size, metric: Size) -> bool:
    return (
        inch.kind in ("", metric.kind)
        and abs(inch.height_cm - metric.height_cm) < _SAME_CM
        and abs(inch.width_cm - metric.width_cm) < _SAME_CM
    )


def _number(text: str, unit: str) -> float | None:
    scale = UNITS[unit.lower().rstrip(".")]
    if "/" in text:
        *whole, fraction = text.split()
        above, below = map(int, fraction.split("/"))
        # ASSUME: rulers are divided by halves and thirds; "20/30" is a choice, not a fraction
        if not 0 < above < below or below not in (2, 3, 4, 8, 16, 32, 64):
            return None
        return round((int(whole[0] if whole else 0) + above / below) * scale, 12)
    decimals = re.split(r"[.,]", text)[1:]
    if decimals and len(decimals[0]) == 3:  # thousands or decimals: cannot be told
        return None
    # twelve digits: 207 mm is 20.7 cm, not 20.700000000000003
    return round(float(text.replace(",", ".")) * scale, 12)
