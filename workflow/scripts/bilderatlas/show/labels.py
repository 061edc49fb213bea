"""All words of figures and pages, German and English, from one file; numbers as each writes them.

Words that a reader sees stand in ``labels.csv`` and nowhere in code, so that a curator can mend
them without reading Python.
"""

from __future__ import annotations

import csv
import functools
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

LANGUAGES = ("de", "en")
NOTHING = "–"


@functools.cache
def read_labels() -> dict[str, dict[str, str]]:
    """``{key: {language: words}}`` of ``labels.csv``.

    Raises:
        ValueError: a key stands twice or lacks its words in one language.
    """
    labels: dict[str, dict[str, str]] = {}
    with open(Path(__file__).with_name("labels.csv"), encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            key = row.pop("key")
            if key in labels or not all(row.get(language) for language in LANGUAGES):
                raise ValueError(f"labels.csv: {key!r} stands twice or lacks one language")
            labels[key] = row
    return labels


def label(key: str, language: str, **values: object) -> str:
    """The words of ``key`` in ``language``, with ``{name}`` filled from ``values``.

    Raises:
        KeyError: the key is unknown, or a value that the words need was not given.
        ValueError: the language is unknown.
    """
    if language not in LANGUAGES:
        raise ValueError(f"language {language!r}; there are {', '.join(LANGUAGES)}")
    try:
        words = read_labels()[key][language]
    except KeyError:
        raise KeyError(f"labels.csv has no words for {key!r}") from None
    return words.format(**values)


def name_of(kind: str, name: str, language: str, **values: object) -> str:
    """Words for a metric, population, control, part, phase or verdict; else its own name.

    Names come from tables, and a table may know a measure that has no words yet: it is shown
    under its own name, not refused.
    """
    key = f"{kind}.{name}"
    return label(key, language, **values) if key in read_labels() else name.replace("_", " ")


def decimals(largest: float) -> int:
    """Decimals that give ``largest`` three significant digits: 0 to 4.

    One table or column keeps one number of decimals, taken from its largest value.
    """
    if not math.isfinite(largest) or not largest:
        return 0
    return min(4, max(0, 2 - math.floor(math.log10(abs(largest)))))


def number(
    value: float | None, language: str, places: int | None = None, signed: bool = False
) -> str:
    """A number for people, with ``places`` decimals; a dash where there is none.

    Without ``places``, it has three significant digits and at most four decimals.
    """
    if value is None or not math.isfinite(value):
        return NOTHING
    places = decimals(value) if places is None else places
    digits = f"{value:{'+' if signed else ''},.{places}f}"
    if not float(digits.replace(",", "")):  # neither +0.00 nor -0.00
        digits = digits.lstrip("+-")
    return localise(digits, language)


def count(value: int, language: str) -> str:
    """A whole number with its thousands parted: 16,235 in English, 16.235 in German."""
    return localise(f"{value:,}", language)


def size_of(record: Mapping[str, Any], language: str) -> str:
    """Height x width in cm as a record has them (``height_cm``, ``width_cm``): 20.5 × 26 cm.

    Empty where either is unknown (empty, None or not a number).
    """
    sides = [float(record[name] or math.nan) for name in ("height_cm", "width_cm")]
    if not all(map(math.isfinite, sides)):
        return ""
    height, width = (localise(f"{side:g}", language) for side in sides)
    return label("worklist.cm", language, height=height, width=width)


def localise(digits: str, language: str) -> str:
    """``1,234.5`` as the language writes it, with a true minus sign."""
    if language == "de":
        digits = digits.translate(str.maketrans(",.", ".,"))
    return digits.replace("-", "−")
