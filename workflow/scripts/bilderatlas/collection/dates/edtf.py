"""EDTF, the Extended Date/Time Format: reading its levels 0 and 1.

Source: Library of Congress, Extended Date/Time Format Specification (2019), part of ISO 8601-2.
Read are dates, dates with a time (the day is kept), intervals with open (``..``) or unknown
(empty) ends, seasons (``1898-22``), ``?``, ``~`` and ``%`` after a whole date, and ``X`` for
unspecified last digits. Years of more than four digits lie outside any catalogue here.
"""

from __future__ import annotations

import re

from bilderatlas.collection.dates.days import write_year
from bilderatlas.collection.dates.span import Point, Span

_TIME = r"T\d\d:\d\d:\d\d(?:Z|[+-]\d\d(?::\d\d)?)?"
_DATE = re.compile(rf"(?!-0000)(-?\d{{4}})(?:-(\d\d)(?:-(\d\d)(?:{_TIME})?)?)?([?~%]?)", re.ASCII)
_UNSPECIFIED_YEARS = re.compile(r"(-?)(\d{2}XX|\d{3}X)", re.ASCII)
_UNSPECIFIED_DAYS = re.compile(r"(?!-0000)(-?\d{4})-(\d\d|XX)(-XX)?", re.ASCII)
# ASSUME: northern, meteorological seasons of whole months, as archives north of the equator mean.
SEASON_MONTHS = {21: (3, 5), 22: (6, 8), 23: (9, 11)}
WINTER = 24


def read_edtf(text: str) -> Span | None:
    """The span that an EDTF text of level 0 or 1 means; None where it is none.

    Days that do not exist (31 February) are found by whoever asks for the days of the span.
    """
    if text.count("/") == 1:
        left, right = text.split("/")
        ends = [_open_or_point(side) for side in (left, right)]
        if False in ends or ends == [None, None]:
            return None
        return Span(*ends)
    return _point_span(text) or _season(text) or _unspecified(text)


def season(year: int, code: int) -> Span:
    """A season of a year by its EDTF number, 21 (spring) to 24 (winter).

    A winter without a second year may be either winter of its year: the span holds both.
    """
    if code == WINTER:
        span = Span(Point(year - 1, 12), Point(year + 1, 2))
    else:
        begin, end = SEASON_MONTHS[code]
        span = Span(Point(year, begin), Point(year, end))
    return span._replace(short=f"{write_year(year)}-{code}")


def _open_or_point(text: str) -> Point | bool | None:
    """A point; None where the side is open or unknown; False where it cannot be read."""
    if text in ("", ".."):
        return None
    return _point(text) or False


def _point(text: str) -> Point | None:
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    year, month, day = (int(number) if number else 0 for number in match.groups()[:3])
    # "1898-00" is no month, and 0 means "none" in a point
    if "00" in (match[2], match[3]) or month > 12:
        return None
    return Point(year, month, day, match[4])


def _point_span(text: str) -> Span | None:
    point = _point(text)
    return Span(point, point) if point else None


def _season(text: str) -> Span | None:
    match = _DATE.fullmatch(text)
    if match is None or not match[2] or match[3] or not 21 <= int(match[2]) <= 24:
        return None
    found = season(int(match[1]), int(match[2]))
    if match[4]:
        ends = [end._replace(mark=match[4]) for end in found[:2]]
        return Span(*ends)
    return found


def _unspecified(text: str) -> Span | None:
    match = _UNSPECIFIED_YEARS.fullmatch(text)
    if match:
        low, high = (int(match[2].replace("X", digit)) for digit in "09")
        if match[1]:
            low, high = -high, -low
        return Span(Point(low), Point(high), text)
    match = _UNSPECIFIED_DAYS.fullmatch(text)
    if match is None or (match[2] != "XX" and not match[3]):
        return None
    year = int(match[1])
    if match[2] == "XX":
        return Span(Point(year, 1), Point(year, 12), text)
    month = int(match[2])
    if not 1 <= month <= 12:
        return None
    return Span(Point(year, month), Point(year, month), text)
