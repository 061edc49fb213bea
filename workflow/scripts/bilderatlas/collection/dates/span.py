"""What a date says, whatever its words: two ends, each a year, a month or a day, or open.

Every spelling is read into a :class:`Span`; its days and its EDTF text are made here alone, so
they cannot disagree.
"""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

from bilderatlas.collection.dates.days import (
    Day,
    from_ordinal,
    length_of_month,
    ordinal,
    write_year,
)

# ASSUME: "um 1908" means two years either way, the usual reading in German photograph archives.
ABOUT_YEARS = 2
# ASSUME: no catalogue names a year past this; a larger number is an inventory number.
LAST_YEAR = 2100
# EDTF level 0 and ISO days have four digits.
FIRST_YEAR = -9999


class Point(NamedTuple):
    """A year (``month`` 0), a month (``day`` 0) or a day.

    ``mark`` is EDTF's: ``~`` about, ``?`` uncertain, ``%`` both, or empty.
    """

    year: int
    month: int = 0
    day: int = 0
    mark: str = ""


class Span(NamedTuple):
    """From ``first`` to ``last``, both included; None where that side is open.

    ``short`` is EDTF's word for the whole where it has one of its own (``189X``, ``1898-22``).
    """

    first: Point | None
    last: Point | None
    short: str = ""


def first_day(point: Point) -> Day:
    """The first day that a point may mean; two years earlier where it is about a year.

    ASSUME: about a month, or a day, is one of them either way.

    Raises:
        ValueError: there is no such day, or it lies outside the years of catalogues.
    """
    _check(point)
    if point.mark in ("~", "%"):
        for _ in range(1 if point.month else ABOUT_YEARS):
            point = before(point)
    return _valid(Day(point.year, point.month or 1, point.day or 1))


def last_day(point: Point) -> Day:
    """The last day that a point may mean; see :func:`first_day`."""
    _check(point)
    if point.mark in ("~", "%"):
        for _ in range(1 if point.month else ABOUT_YEARS):
            point = after(point)
    month = point.month or 12
    return _valid(Day(point.year, month, point.day or length_of_month(point.year, month)))


def before(point: Point) -> Point:
    """The year, month or day before a point."""
    if point.day:
        return Point(*from_ordinal(ordinal(Day(*point[:3])) - 1), point.mark)
    if point.month:
        turn = point.month == 1
        return point._replace(year=point.year - turn, month=12 if turn else point.month - 1)
    return point._replace(year=point.year - 1)


def after(point: Point) -> Point:
    """The year, month or day after a point."""
    if point.day:
        return Point(*from_ordinal(ordinal(Day(*point[:3])) + 1), point.mark)
    if point.month:
        turn = point.month == 12
        return point._replace(year=point.year + turn, month=1 if turn else point.month + 1)
    return point._replace(year=point.year + 1)


def marked(span: Span, mark: str) -> Span:
    """The span with ``~`` or ``?`` at its ends, beside what they have."""
    ends = [end and end._replace(mark=mark if end.mark in ("", mark) else "%") for end in span[:2]]
    return Span(*ends)


def in_years(span: Span) -> bool:
    """Are both ends known, as whole years, and neither of them marked?"""
    return all(end is not None and not end.month and not end.mark for end in span[:2])


def in_order(span: Span) -> bool:
    """Does the span end where it begins, or later, whatever "about" adds? An open one does.

    Raises:
        ValueError: an end does not exist.
    """
    if span.first is None or span.last is None:
        return True
    return first_day(span.first._replace(mark="")) <= last_day(span.last._replace(mark=""))


def write_edtf(span: Span) -> str:
    """The span in EDTF, level 0 or 1. An open side is ``..``: nothing limits it."""
    if span.short:
        return span.short
    ends = [".." if end is None else _write(end) for end in span[:2]]
    return ends[0] if span.first == span.last else "/".join(ends)


def part(span: Span, index: int, count: int) -> Span:
    """One of ``count`` parts of a span of whole years, of a year (months) or of a month (days).

    Where the parts do not come out even, the later ones are the longer: the thirds of a century
    are 33, 33 and 34 years.

    Args:
        span: both ends of one precision, years or one month; no marks.
        index: from 0; -1 is the last.
        count: into how many parts.

    Raises:
        ValueError: there is no such part.
    """
    if not -1 <= index < count:
        raise ValueError(f"{count} parts have no number {index + 1}")
    index %= count
    first, last = span.first, span.last
    if first.month:
        length, begin = length_of_month(first.year, first.month), 1
        make = partial(Point, first.year, first.month)
    elif first.year == last.year:
        length, begin = 12, 1
        make = partial(Point, first.year)
    else:
        length, begin, make = last.year - first.year + 1, first.year, Point
    low, high = index * length // count, (index + 1) * length // count - 1
    if low > high:
        raise ValueError(f"{length} cannot be parted into {count}")
    return Span(make(begin + low), make(begin + high))


def _write(point: Point) -> str:
    text = write_year(point.year)
    for number in (point.month, point.day):
        text += f"-{number:02d}" if number else ""
    return text + point.mark


def _check(point: Point) -> None:
    _valid(Day(point.year, point.month or 1, point.day or 1))


def _valid(day: Day) -> Day:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"{day.year} is no year of a catalogue")
    ordinal(day)
    return day
