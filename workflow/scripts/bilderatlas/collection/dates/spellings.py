"""One date as it is spelt, without words before it: day, month, season, year, decade, century.

All functions take a text in the form of :func:`words.fold` and give a :class:`Span`, or None
where they cannot read it. Days that do not exist are found later, by whoever asks for the days.
"""

from __future__ import annotations

import re

from bilderatlas.collection.dates.edtf import WINTER, season
from bilderatlas.collection.dates.span import Point, Span, part
from bilderatlas.collection.dates.words import (
    CENTURIES,
    DIVISORS,
    MONTHS,
    MONTHS_OF,
    NEW_YEAR,
    ORDINALS,
    SEASONS,
    THIRDS,
    alternatives,
)

# ASSUME: "1899/00" crosses a century, "1899/98" is a slip: a completed range is at most this long.
SHORT_RANGE = 10
# ASSUME: a bare year has its four digits; "0000" and "0001" are how machines write "unknown".
FIRST_BARE_YEAR = 100

_ISO = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2})(?:[t ]\d{2}:\d{2}\S*)?)?")
_YEAR = re.compile(r"(\d{4})(?:\.0)?")
_YEARS = re.compile(r"(\d{4})\s*[/-]\s*(\d{4}|\d{2})")
_ERA = re.compile(r"(?:(ad|bc) )?(\d{1,4})(?: (ad|bc))?")
_MONTH = alternatives(MONTHS)
_DAY = re.compile(
    rf"(\d{{1,2}})(?:\.|st|nd|rd|th|er)?\s*(?:({_MONTH})\b\.?|(?<=\.)\s*(\d{{1,2}})\.),?\s*(\d{{4}})"
)
_DAY_AFTER_MONTH = re.compile(rf"({_MONTH})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})")
_SLASHED_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_NUMBERED_MONTH = re.compile(r"(\d{1,2})[./]\s?(\d{4})")
_NAME = r"([a-z]+)\.?"
_NAMES_AND_YEARS = re.compile(
    rf"{_NAME}(?:\s*[/&-]\s*{_NAME}|\s+(?:und|and|et)\s+{_NAME})?,?\s+(\d{{4}}.*)"
)
_DECADE = re.compile(r"(\d{3}0)\s?'?-?(?:er|ern|s)-?|annees (\d{3}0)")
_CENTURY_UNIT = r"(?:jh(?:s|d|dt)?|jahrh(?:undert(?:s|e)?)?|century|centuries|cent|siecles?)\b\.?"
_CENTURY = re.compile(
    rf"(?:(?P<digits>\d{{1,2}})(?P<ending>\.|th|st|nd|rd|e|eme|er)?"
    rf"|(?P<roman>[ivx]+)(?P<french>e|eme|er)?|(?P<word>{alternatives(CENTURIES)}))"
    rf"\s*-?\s*(?:{_CENTURY_UNIT}|(?P<letter>[cs])\b\.?)(?: (?P<era>ad|bc))?"
)
_PART = (
    rf"(?:(?P<ordinal>{alternatives(ORDINALS)})\.?\s+(?P<divisor>{alternatives(DIVISORS)})"
    rf"|(?P<third>{alternatives(THIRDS)}))\b"
)
_PART_FIRST = re.compile(rf"{_PART}[\s,-]*(?P<whole>.+)")
_PART_LAST = re.compile(rf"(?P<whole>.+?)\s*[,(]\s*{_PART}\s*\)?")
_ROMAN = {"i": 1, "v": 5, "x": 10}


def read_spelling(text: str) -> Span | None:
    """The span of one date; None where it is not read."""
    # ASSUME: "1910-12" is ISO 8601 for December 1910; years are told by "1910/12" or "1910–12".
    return (
        _iso_date(text)
        or years(text)
        or _year_of_an_era(text)
        or _day(text)
        or _numbered_month(text)
        or _names_and_years(text)
        or _decade(text)
        or _century(text)
        or _part(text)
    )


def years(text: str) -> Span | None:
    """Years without an era: "1899", "1912.0", "1899/1900", "1898/99", "1899/00"."""
    match = _YEAR.fullmatch(text)
    if match:
        return _whole_years(int(match[1]), int(match[1]))
    match = _YEARS.fullmatch(text)
    if match is None:
        return None
    first = int(match[1])
    if len(match[2]) == 4:
        return _whole_years(first, int(match[2]))
    last = first - first % 100 + int(match[2])
    if last < first:
        last += 100
        if last - first > SHORT_RANGE:
            return None
    return _whole_years(first, last)


def _whole_years(first: int, last: int) -> Span | None:
    if min(first, last) < FIRST_BARE_YEAR:
        return None
    return Span(Point(first), Point(last))


def _one(point: Point) -> Span:
    return Span(point, point)


def _iso_date(text: str) -> Span | None:
    match = _ISO.fullmatch(text)
    if match is None or not 1 <= int(match[2]) <= 12 or match[3] == "00":
        return None
    return _one(Point(int(match[1]), int(match[2]), int(match[3] or 0)))


def _year_of_an_era(text: str) -> Span | None:
    """ "44 BC", "211 n. Chr."; there is no year 0 between 1 BC and AD 1."""
    match = _ERA.fullmatch(text)
    era = match and (match[1] or match[3])
    if not era or (match[1] and match[3]) or not int(match[2]):
        return None
    number = int(match[2])
    return _one(Point(1 - number if era == "bc" else number))


def _day(text: str) -> Span | None:
    match = _DAY.fullmatch(text)
    if match:
        month = MONTHS[match[2]] if match[2] else int(match[3])
        return _whole_day(int(match[4]), month, int(match[1]))
    match = _DAY_AFTER_MONTH.fullmatch(text)
    if match:
        return _whole_day(int(match[3]), MONTHS[match[1]], int(match[2]))
    match = _SLASHED_DAY.fullmatch(text)
    if match is None:
        return None
    day, month = int(match[1]), int(match[2])
    if max(day, month) <= 12 and day != month:
        return None  # day or month first: the text does not say
    return _whole_day(int(match[3]), min(day, month), max(day, month))


def _whole_day(year: int, month: int, day: int) -> Span | None:
    return _one(Point(year, month, day)) if month and day else None


def _numbered_month(text: str) -> Span | None:
    """ "8.1923", "07/2015"."""
    match = _NUMBERED_MONTH.fullmatch(text)
    if match is None or not 1 <= int(match[1]) <= 12:
        return None
    return _one(Point(int(match[2]), int(match[1])))


def _names_and_years(text: str) -> Span | None:
    """A season or a month, or two of them, with a year or years."""
    match = _NAMES_AND_YEARS.fullmatch(text)
    found = years(match[4]) if match else None
    if found is None:
        return None
    name = match[1]
    second = match[2] or match[3] or name
    first, last = found.first.year, found.last.year
    if name in NEW_YEAR:
        return Span(Point(first, 12), Point(last, 1)) if second == name and last > first else None
    if SEASONS.get(name) == WINTER:
        if second == name and last == first + 1:
            return Span(Point(first, 12), Point(last, 2))
        return season(first, WINTER) if second == name and last == first else None
    if name == second and name in SEASONS and first == last:
        return season(first, SEASONS[name])
    begin, end = _months(name, first), _months(second, last)
    return Span(begin[0], end[1]) if begin and end else None


def _months(name: str, year: int) -> tuple[Point, Point] | None:
    if name in MONTHS:
        return Point(year, MONTHS[name]), Point(year, MONTHS[name])
    if name in MONTHS_OF:
        begin, end = MONTHS_OF[name]
        return Point(year, begin), Point(year, end)
    if name in SEASONS and SEASONS[name] != WINTER:
        return season(year, SEASONS[name])[:2]
    return None


def _decade(text: str) -> Span | None:
    """ "1890er", "1920s", "annees 1930"; "1900s" is ten years or a hundred, and not read."""
    match = _DECADE.fullmatch(text)
    first = int(match[1] or match[2]) if match else 0
    if not first % 100:
        return None
    return Span(Point(first), Point(first + 9), f"{first // 10:03d}X")


def _century(text: str) -> Span | None:
    """A century as the calendar counts it.

    ASSUME: the 19th century is 1801 to 1900 (the 1st has no year 0 to begin with), as German
    museums date it; "1800 to 1899" is the other habit.
    """
    match = _CENTURY.fullmatch(text)
    if match is None or (match["letter"] and not _is_numbered(match)):
        return None
    if match["digits"]:
        number = int(match["digits"])
    elif match["word"]:
        number = CENTURIES[match["word"]]
    else:
        number = _roman(match["roman"])
    if not number:
        return None
    if match["era"] == "bc":
        return Span(Point(1 - 100 * number), Point(100 - 100 * number))
    return Span(Point(100 * number - 99), Point(100 * number))


def _is_numbered(match: re.Match) -> bool:
    """ "19th c." and "XIXe s." have the ending of a number; "19 c" may be anything."""
    return bool(match["french"] or match["ending"] not in (None, "."))


def _roman(text: str) -> int:
    """The number of a Roman numeral up to 39; 0 where it is none."""
    if not re.fullmatch(r"x{0,3}(?:ix|iv|v?i{0,3})", text):
        return 0
    values = [_ROMAN[letter] for letter in text]
    after = [*values[1:], 0]
    return sum(-v if v < n else v for v, n in zip(values, after, strict=True))


def _part(text: str) -> Span | None:
    """ "2. halfte 19. jh", "early 1920s", "ende 1899", "19. jh., mitte"."""
    for match in filter(None, (_PART_FIRST.fullmatch(text), _PART_LAST.fullmatch(text))):
        whole = _unit(match["whole"])
        if whole is None:
            continue
        if match["third"]:
            return part(whole, THIRDS[match["third"]], 3)
        # the last is number 0 in the table: index -1
        return part(whole, ORDINALS[match["ordinal"]] - 1, DIVISORS[match["divisor"]])
    return None


def _unit(text: str) -> Span | None:
    """What has a beginning and an end of its own: a century, a decade, one year, one month."""
    found = _century(text) or _decade(text)
    if found:
        return found
    found = years(text) or _names_and_years(text)
    return found if found and found.first == found.last and not found.first.day else None
