"""Dates as archives write them, read into a first and a last day.

Only what is understood is read: anything else gives None, and the catalogue lists it. German
spellings and ISO 8601; the whole grammar is that of the published Zille catalogue and its kin.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

# ASSUME: "um 1908" means two years either way, the usual reading in German photograph archives.
ABOUT_YEARS = 2
# ASSUME: a photograph catalogue holds no year past this; a larger number is an inventory number.
LAST_YEAR = 2100
# ASSUME: "1899/00" crosses a century, "1899/98" is a slip: a completed range is at most this long.
SHORT_RANGE = 10

_MONTHS = (
    "januar", "februar", "märz", "april", "mai", "juni",
    "juli", "august", "september", "oktober", "november", "dezember",
)  # fmt: skip
MONTHS = {name: number for number, name in enumerate(_MONTHS, start=1)}
# ASSUME: meteorological seasons, whole months; "Spätsommer" reaches into September.
SEASONS = {
    "frühling": (3, 5),
    "frühjahr": (3, 5),
    "sommer": (6, 8),
    "spätsommer": (8, 9),
    "herbst": (9, 11),
}
# A date is short; a long text is a note, and not searched for one.
LONGEST = 100
# Spans over a new year: (first month of the old year, last month of the new one).
# ASSUME: "Jahreswende" is the December and the January around it.
ACROSS = {"winter": (12, 2), "jahreswende": (12, 1)}

_ABOUT = re.compile(r"(?:um|circa|ca\.?|c\.?)\s*(?=\d)", re.IGNORECASE)
_ISO = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2})(?:[T ]\d{2}:\d{2}\S*)?)?")
_YEAR = re.compile(r"(\d{4})(?:\.0)?")
_YEARS = re.compile(r"(\d{4})\s*[/–—-]\s*(\d{4}|\d{2})")
_WORDS_AND_YEARS = re.compile(r"([^\W\d]+)(?:\s*/\s*([^\W\d]+))?\s+(\d{4}.*)")
_DAY = re.compile(r"(\d{1,2})\.\s*(?:([^\W\d]+)|(\d{1,2})\.)\s*(\d{4})")
_BETWEEN = re.compile(r"\s+bis\s+|\s*[/–—-]\s*")


@dataclass(frozen=True)
class DateRange:
    """Days between which something lies, both included.

    Attributes:
        date_from: first day, ``YYYY-MM-DD``, or empty where the range is open ("vor 1900").
        date_to: last day, ``YYYY-MM-DD``, or empty where the range is open ("nach 1900").
        approximate: the source says "um" or the like; the range is widened by two years.
    """

    date_from: str
    date_to: str
    approximate: bool = False


def parse_date(text: str) -> DateRange | None:
    """Read one date as an archive writes it; None where it cannot be read (never a guess).

    Understood: years ("1892", "1912.0"), ranges of years ("1910/1911", "1898/99", "1905/ 1906",
    "1893-1895"), seasons, months ("Juli/August 1900"), days ("16. September 1897",
    "27.05.1902"), "Winter 1899/1900", "Jahreswende 1897/98", ISO 8601 days, months and
    intervals, two readable dates joined by "bis", a dash or a slash; before a year or a range
    of years "um", "ca.", "c." and "circa"; before any of them "vor" and "nach".
    """
    text = " ".join(text.split())
    if len(text) > LONGEST:
        return None
    try:
        found = _open_range(text) or _about(text) or _closed_range(text)
    except (ValueError, OverflowError):  # 31 February; the years 0 and 2101
        return None
    if found is None:
        return None
    first, last, approximate = found
    if first and last and first > last:
        return None
    return DateRange(_iso(first), _iso(last), approximate)


def middle_year(date_from: str, date_to: str) -> float | None:
    """Decimal year of the middle of a range of days; None where both ends are open.

    The range holds both its days: the whole of 1900 has the middle 1900.5. Of a half-open range
    the middle of the known day is taken.

    Args:
        date_from: first day, ``YYYY-MM-DD``, or empty.
        date_to: last day, ``YYYY-MM-DD``, or empty.

    Raises:
        ValueError: an end is not an ISO day, or the range ends before it begins.
    """
    if not date_from and not date_to:
        return None
    first = date.fromisoformat(date_from or date_to)
    last = date.fromisoformat(date_to or date_from)
    if first > last:
        raise ValueError(f"the range {date_from} to {date_to} ends before it begins")
    middle = (first.toordinal() + last.toordinal() + 1) / 2
    year = date.fromordinal(int(middle)).year
    begin = date(year, 1, 1).toordinal()
    return year + (middle - begin) / (366 if calendar.isleap(year) else 365)


def middle_years(catalogue: pd.DataFrame) -> pd.Series:
    """:func:`middle_year` of each picture of a catalogue, float64 with its index; NaN unknown."""
    found = [
        middle_year(begin, end)
        for begin, end in zip(catalogue["date_from"], catalogue["date_to"], strict=True)
    ]
    return pd.Series(found, index=catalogue.index, dtype=float)


_Found = tuple[date | None, date | None, bool]


def _open_range(text: str) -> _Found | None:
    word, _, rest = text.partition(" ")
    if word.lower() not in ("vor", "nach"):
        return None
    known = _closed_range(rest)
    if known is None:
        return None
    # ASSUME: "vor 1900" leaves out 1900 itself, as "nach 1900" does.
    if word.lower() == "vor":
        return None, known[0] - timedelta(days=1), False
    return known[1] + timedelta(days=1), None, False


def _about(text: str) -> _Found | None:
    """ "um" and its like before whole years; before a season or a day they say too little."""
    match = _ABOUT.match(text)
    years = _years(text[match.end() :]) if match else None
    if years is None:
        return None
    first, last = years
    return _first(first - ABOUT_YEARS, 1), _last(last + ABOUT_YEARS, 12), True


def _closed_range(text: str) -> _Found | None:
    found = _simple(text)
    if found is not None:
        return found
    if text.partition(" ")[0].lower() in ACROSS:
        return None  # "Winter 1899/1901" is a slip, not a winter and a year
    for match in _BETWEEN.finditer(text):
        left, right = _simple(text[: match.start()]), _simple(text[match.end() :])
        if left and right:
            return left[0], right[1], False
    return None


def _simple(text: str) -> _Found | None:
    # ASSUME: "1910-12" is ISO 8601 for December 1910; years are told by "1910/12" or "1910–12".
    return _iso_date(text) or _whole_years(text) or _day(text) or _words_and_years(text)


def _iso_date(text: str) -> _Found | None:
    match = _ISO.fullmatch(text)
    if not match or not 1 <= int(match[2]) <= 12:
        return None
    year, month = int(match[1]), int(match[2])
    if match[3]:
        day = _checked(year, month, int(match[3]))
        return day, day, False
    return _first(year, month), _last(year, month), False


def _whole_years(text: str) -> _Found | None:
    years = _years(text)
    return (_first(years[0], 1), _last(years[1], 12), False) if years else None


def _years(text: str) -> tuple[int, int] | None:
    """First and last year of "1899", "1899/1900", "1898/99", "1899/00"."""
    match = _YEAR.fullmatch(text)
    if match:
        return int(match[1]), int(match[1])
    match = _YEARS.fullmatch(text)
    if not match:
        return None
    first = int(match[1])
    if len(match[2]) == 4:
        return first, int(match[2])
    last = first - first % 100 + int(match[2])
    if last < first:
        last += 100
        if last - first > SHORT_RANGE:
            return None
    return first, last


def _day(text: str) -> _Found | None:
    match = _DAY.fullmatch(text)
    if not match:
        return None
    month = int(match[3]) if match[3] else MONTHS.get(match[2].lower())
    if month is None:
        return None
    day = _checked(int(match[4]), month, int(match[1]))
    return day, day, False


def _words_and_years(text: str) -> _Found | None:
    """A season or a month, or two of them, with a year or years."""
    match = _WORDS_AND_YEARS.fullmatch(text)
    years = _years(match[3]) if match else None
    if years is None:
        return None
    name, second = match[1].lower(), (match[2] or match[1]).lower()
    first, last = years
    if name in ACROSS and second == name:
        begin, end = ACROSS[name]
        if last == first + 1:
            return _first(first, begin), _last(last, end), False
        # "Winter 1899" alone may be either winter of that year: the range holds both
        if last == first and name == "winter":
            return _first(first - 1, begin), _last(first + 1, end), False
        return None
    months = {word: (number, number) for word, number in MONTHS.items()} | SEASONS
    if name not in months or second not in months:
        return None
    return _first(first, months[name][0]), _last(last, months[second][1]), False


def _checked(year: int, month: int, day: int) -> date:
    if year > LAST_YEAR:
        raise ValueError(f"{year} is no year of a catalogue")
    return date(year, month, day)


def _first(year: int, month: int) -> date:
    return _checked(year, month, 1)


def _last(year: int, month: int) -> date:
    # monthrange takes the year 0 too: date() then refuses it
    return _checked(year, month, calendar.monthrange(year, month)[1])


def _iso(day: date | None) -> str:
    return "" if day is None else day.isoformat()
