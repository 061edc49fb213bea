"""Texts that date a photograph and its print: "1889, gedruckt 1920", "1889 (Abzug 1920)".

Or with the word behind: "1889 (negative), 1920 (print)".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bilderatlas.collection.dates import LONGEST, ParsedDate, chronological, parse_date
from bilderatlas.collection.dates.words import alternatives, fold

EXPOSED = (
    "aufnahme", "aufgenommen", "fotografiert", "negativ", "taken", "photographed", "negative",
    "exposed", "prise de vue", "negatif",
)  # fmt: skip
PRINTED = (
    "gedruckt", "abgezogen", "abzug", "abzuge", "neuabzug", "spaterer abzug", "neuer abzug",
    "vergrosserung", "vergrossert", "printed", "reprinted", "print", "later print", "tirage",
    "tire", "tiree", "epreuve",
)  # fmt: skip
LATER_PRINT = (
    "spaterer abzug", "neuer abzug", "neuabzug", "later print", "modern print", "tirage posterieur",
    "tirage moderne",
)  # fmt: skip
LATER = ("later", "spater", "posterieur", "posterieure", "posterieurement", "plus tard")

_PARTS = re.compile(r"\s*[,;/]\s*|\s*[(\[]\s*|\s+[-\u2013\u2014]\s+")


def _said(words: tuple[str, ...]) -> re.Pattern:
    word = rf"(?:{alternatives(words)})"
    return re.compile(rf"{word}\b[.:]?\s*(?:von |from )?(.+)|(.+?)\s*\({word}\)")


_EXPOSED, _PRINTED = _said(EXPOSED), _said(PRINTED)
_LATER = re.compile(rf"(?:{alternatives(LATER)})")
_LATER_PRINT = re.compile(rf"(?:{alternatives(LATER_PRINT)})")


@dataclass(frozen=True)
class Dated:
    """One of the two dates.

    Attributes:
        kind: ``exposure`` or ``print``.
        words: the part of the text that says it.
        date: what it says; None for a print that is only called a later one.
    """

    kind: str
    words: str
    date: ParsedDate | None


def exposure_and_print(text: str) -> tuple[Dated, Dated] | None:
    """Both dates of a text that says when a picture was taken, then when it was printed.

    None where it does not say both, or the print is the older of the two.
    """
    text = " ".join(text.split())
    if len(text) > LONGEST:
        return None
    for between in _PARTS.finditer(text):
        first, second = text[: between.start()], text[between.end() :]
        closing = {"(": ")", "[": "]"}.get(between[0].strip())
        second = second.removesuffix(closing).rstrip() if closing else second
        said = _without(_PRINTED, second)
        taken = parse_date(_without(_EXPOSED, first) or first)
        date = parse_date(said)
        later = _LATER.fullmatch(said) or _LATER_PRINT.fullmatch(fold(second))
        if taken is None or not (date or later):
            continue
        # an open end is NaN, and neither before nor after anything
        if date and chronological(taken.date_from) > chronological(date.date_to):
            continue
        return Dated("exposure", first, taken), Dated("print", second, date)
    return None


def _without(pattern: re.Pattern, text: str) -> str:
    """What stands beside the word that says whose date it is; empty where no such word is."""
    match = pattern.fullmatch(fold(text))
    return (match[1] or match[2]) if match else ""
