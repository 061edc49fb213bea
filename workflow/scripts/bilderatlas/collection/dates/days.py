"""Days of the proleptic Gregorian calendar in any four-digit year, before Christ too.

Years are counted as ISO 8601 counts them: 0 is 1 BC, -43 is 44 BC. A day is written
``YYYY-MM-DD``, with a minus before the year where it is negative (``-0043-03-15``). Python's own
dates begin with the year 1; the calendar repeats itself every 400 years, so theirs are moved.
"""

from __future__ import annotations

import calendar
import math
import re
from datetime import date
from typing import NamedTuple

_CYCLE_YEARS, _CYCLE_DAYS = 400, 146_097
_ISO = re.compile(r"(?!-0000)(-?\d{4})-(\d\d)-(\d\d)", re.ASCII)


class Day(NamedTuple):
    """A day; ``year`` as ISO 8601 counts. Compares as the calendar does."""

    year: int
    month: int
    day: int


def read_day(text: str) -> Day:
    """The day that ``YYYY-MM-DD`` or ``-YYYY-MM-DD`` names.

    Raises:
        ValueError: it is no such day.
    """
    match = _ISO.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not a day written YYYY-MM-DD")
    day = Day(*map(int, match.groups()))
    ordinal(day)
    return day


def write_day(day: Day) -> str:
    """``YYYY-MM-DD``, signed where the year is negative."""
    return f"{write_year(day.year)}-{day.month:02d}-{day.day:02d}"


def write_year(year: int) -> str:
    """Four digits, signed where negative."""
    return f"{'-' if year < 0 else ''}{abs(year):04d}"


def ordinal(day: Day) -> int:
    """The number of a day: 1 is 1 January of the year 1, 0 the day before it.

    Raises:
        ValueError: there is no such month or day.
    """
    cycle, year = divmod(day.year, _CYCLE_YEARS)
    moved = date(year + _CYCLE_YEARS, day.month, day.day)
    return moved.toordinal() + (cycle - 1) * _CYCLE_DAYS


def from_ordinal(number: int) -> Day:
    """The day with a number (see :func:`ordinal`)."""
    cycle, rest = divmod(number - 1, _CYCLE_DAYS)
    moved = date.fromordinal(rest + 1)
    return Day(moved.year + cycle * _CYCLE_YEARS, moved.month, moved.day)


def length_of_month(year: int, month: int) -> int:
    """How many days a month has, 28 to 31.

    Raises:
        ValueError: there is no such month.
    """
    if not 1 <= month <= 12:
        raise ValueError(f"there is no month {month}")
    return calendar.monthrange(year % _CYCLE_YEARS + _CYCLE_YEARS, month)[1]


def decimal_year(instant: float) -> float:
    """An instant, in days as :func:`ordinal` counts them, as a decimal year.

    ``ordinal(day)`` is the beginning of a day and ``ordinal(day) + 1`` its end; 1 January 1900
    begins at 1900.0 and ends at 1900 + 1/365.
    """
    year = from_ordinal(math.floor(instant)).year
    days = 366 if calendar.isleap(year) else 365
    return year + (instant - ordinal(Day(year, 1, 1))) / days
