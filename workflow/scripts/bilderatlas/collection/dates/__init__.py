"""Dates as archives write them, read into a first and a last day and an EDTF text.

German, English and French spellings, ISO 8601 and EDTF (level 0 and 1). Only what is understood
is read: anything else gives None, and the catalogue lists it. Years before Christ are written as
ISO 8601 does, with a sign and a year 0 (see :mod:`bilderatlas.collection.dates.days`); whoever
compares or counts days takes the functions of that module, for the texts of such years do not
sort.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import pandas as pd

from bilderatlas.collection.dates.days import decimal_year, ordinal, read_day, write_day
from bilderatlas.collection.dates.edtf import read_edtf
from bilderatlas.collection.dates.ranges import read_range
from bilderatlas.collection.dates.span import (
    Span,
    first_day,
    in_order,
    last_day,
    write_edtf,
)
from bilderatlas.collection.dates.words import fold

__all__ = [
    "ParsedDate",
    "chronological",
    "middle_year",
    "middle_years",
    "parse_date",
    "parse_edtf",
]

# A date is short; a long text is a note, and not searched for one.
LONGEST = 100
# EDTF, but in an archive's text more likely a machine's "unknown" ("0000") or a lost first year
# ("-1921"): only parse_edtf reads them.
_DOUBTFUL = re.compile(r"00\d\d$|-[1-9]\d{3}(?!-)")


@dataclass(frozen=True)
class ParsedDate:
    """Days between which something lies, both included.

    Attributes:
        date_from: first day, ``YYYY-MM-DD`` (``-YYYY-MM-DD`` before the year 0), or empty where
            the range is open ("vor 1900").
        date_to: last day, or empty where the range is open ("nach 1900").
        approximate: the source says "um" or the like; the range is widened by two years.
        uncertain: the source says "vermutlich" or the like; the range is as it says.
        edtf: the same as an EDTF text, level 0 or 1; read again by :func:`parse_edtf` it gives
            an equal ParsedDate.
    """

    date_from: str
    date_to: str
    approximate: bool = False
    uncertain: bool = False
    edtf: str = ""


def parse_date(text: str) -> ParsedDate | None:
    """Read one date as an archive writes it; None where it cannot be read (never a guess).

    Understood, in three languages: days, months, seasons, years ("1912.0"), decades ("1890er",
    "1920s", "années 1930"), centuries ("19. Jh.", "XIXe siècle"); halves, thirds, quarters,
    beginning, middle and end of centuries, decades, years and months; years and centuries
    before Christ; two of them as a range ("1898/99", "3. bis 5. Mai 1900", "18./19. Jh.");
    before whole years "um", "circa", "c.", "vers"; before any of them "vor", "nach", "bis",
    "seit", "vermutlich" and their like, after any of them a question mark; any of them in square
    brackets, or after "o. J.", "undatiert", "n. d.", "s. d."; ISO 8601; EDTF.
    """
    text = " ".join(text.split())
    if not text or len(text) > LONGEST:
        return None
    try:
        found = read_range(fold(text))
        if found is None and not _DOUBTFUL.match(text):
            found = read_edtf(text)
        return _parsed(found)
    except ValueError:  # 31 February; the year 2101
        return None


def parse_edtf(text: str) -> ParsedDate | None:
    """Read an EDTF text of level 0 or 1, and nothing else; None where it is none."""
    try:
        return _parsed(read_edtf(text.strip()))
    except ValueError:
        return None


def chronological(day: str) -> float:
    """A number by which days sort, ``YYYY-MM-DD`` or signed; NaN where ``day`` is none."""
    try:
        return float(ordinal(read_day(day)))
    except ValueError:
        return float("nan")


def middle_year(date_from: str, date_to: str) -> float | None:
    """Decimal year of the middle of a range of days; None where both ends are open.

    The range holds both its days: the whole of 1900 has the middle 1900.5, that of 44 BC -42.5.
    Of a half-open range the middle of the known day is taken.

    Args:
        date_from: first day, ``YYYY-MM-DD``, or empty.
        date_to: last day, ``YYYY-MM-DD``, or empty.

    Raises:
        ValueError: an end is not an ISO day, or the range ends before it begins.
    """
    if not date_from and not date_to:
        return None
    first, last = (ordinal(read_day(day)) for day in (date_from or date_to, date_to or date_from))
    if first > last:
        raise ValueError(f"the range {date_from} to {date_to} ends before it begins")
    return decimal_year((first + last + 1) / 2)


def middle_years(catalogue: pd.DataFrame) -> pd.Series:
    """:func:`middle_year` of each picture of a catalogue, float64 with its index; NaN unknown."""
    found = [
        middle_year(begin, end)
        for begin, end in zip(catalogue["date_from"], catalogue["date_to"], strict=True)
    ]
    return pd.Series(found, index=catalogue.index, dtype=float)


def _parsed(span: Span | None) -> ParsedDate | None:
    if span is None or not in_order(span):
        return None
    ends = (end for end in span[:2] if end is not None)
    marks = "".join(end.mark for end in ends)
    first = first_day(span.first) if span.first else None
    last = last_day(span.last) if span.last else None
    return ParsedDate(
        write_day(first) if first else "",
        write_day(last) if last else "",
        approximate="~" in marks or "%" in marks,
        uncertain="?" in marks or "%" in marks,
        edtf=write_edtf(span),
    )
