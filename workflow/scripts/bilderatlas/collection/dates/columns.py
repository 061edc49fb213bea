"""The date columns of the catalogue, from whatever a record says of its date.

What the record says in so many days (LIDO's earliest and latest date) goes before an EDTF text
of its own, and that before its words. The words are kept as they are. An "about" that EDTF text or
words have beside the same days is kept in the EDTF text, and widens no days that a record gives.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from bilderatlas.collection.dates import ParsedDate, chronological, parse_date, parse_edtf
from bilderatlas.collection.dates.days import length_of_month, read_day
from bilderatlas.collection.dates.prints import exposure_and_print
from bilderatlas.collection.dates.span import Point, Span, write_edtf

ENDS = ("date_from", "date_to")


class Complaint(NamedTuple):
    """What could not be read: the column, what is wrong with it, what was done."""

    field: str
    what: str
    done: str


def date_columns(
    date: str, date_from: str, date_to: str, date_edtf: str, date_kind: str = ""
) -> tuple[dict[str, str], list[Complaint]]:
    """The values of ``date_from``, ``date_to`` and ``date_edtf``, and what was wrong.

    Words that date exposure and print ("1889, gedruckt 1920") are read as the exposure, or as the
    print where ``date_kind`` says so; the other is a complaint.

    Args:
        date: the words of the record.
        date_from: the first day, a day or anything :func:`parse_date` reads, or empty.
        date_to: the last day, likewise.
        date_edtf: an EDTF text, or empty.
        date_kind: whose date it is (``exposure``, ``print``, ...), or empty.

    Returns:
        days and EDTF text, all empty where nothing can be read; ``date_kind`` too where the words
        alone say it; complaints.
    """
    complaints = []
    ends = {}
    for field, text in zip(ENDS, (date_from, date_to), strict=True):
        ends[field] = _end(text, field)
        if text and not ends[field]:
            complaints.append(Complaint(field, f"cannot read {text!r}", "left empty"))
    begin, finish = ends.values()
    if begin and finish and chronological(begin) > chronological(finish):
        what = f"{begin} to {finish} ends before it begins"
        complaints.append(Complaint("date_from", what, "date_from, date_to left empty"))
        begin = finish = ""
    own = parse_edtf(date_edtf)
    if date_edtf and own is None:
        complaints.append(Complaint("date_edtf", f"cannot read {date_edtf!r}", "made anew"))
    words = parse_date(date)
    if begin or finish:
        # the same days, but with an "about" that days cannot say: one that is in the days already
        # ("um 1908", 1906 to 1910) before one that is not ("um 1908", 1908)
        for days in (_days, _bare_days):
            for said in (own, words):
                if said and days(said) == (begin, finish):
                    found = {"date_from": begin, "date_to": finish, "date_edtf": said.edtf}
                    return found, complaints
        if own:
            what = f"{date_edtf!r} is not {begin}/{finish}"
            complaints.append(Complaint("date_edtf", what, "made anew"))
        edtf = edtf_of(begin, finish)
        return {"date_from": begin, "date_to": finish, "date_edtf": edtf}, complaints
    both = exposure_and_print(date) if date and words is None and own is None else None
    if both:
        taken, passed = both if date_kind != "print" else reversed(both)
        what = f"{passed.words!r} is the date of the {passed.kind}"
        complaints.append(Complaint("date", what, f"passed over for {taken.words}"))
        kind = {} if date_kind else {"date_kind": taken.kind}
        return _values(taken.date) | kind, complaints
    if date and words is None and own is None:
        done = "date_from, date_to left empty"
        complaints.append(Complaint("date", f"cannot read {date!r}", done))
    return _values(own or words), complaints


def edtf_of(date_from: str, date_to: str, about: Sequence[bool] = (False, False)) -> str:
    """A range of days as EDTF, in years or months where they are whole.

    Args:
        date_from: a day, ``YYYY-MM-DD`` or signed; empty where the range is open.
        date_to: likewise; not both are empty.
        about: is the first, is the last of them approximate (``~``)?
    """
    first, last = (read_day(day) if day else None for day in (date_from, date_to))
    # an open side is whole at any precision
    from_month = first is None or first.day == 1
    to_month = last is None or last.day == length_of_month(last.year, last.month)
    if from_month and to_month:
        whole = (first is None or first.month == 1) and (last is None or last.month == 12)
        kept = 1 if whole else 2
    else:
        kept = 3
    ends = zip((first, last), about, strict=True)
    return write_edtf(Span(*(day and _point(day[:kept], mark) for day, mark in ends)))


def _point(parts: Sequence[int], about: bool) -> Point:
    return Point(*parts)._replace(mark="~" if about else "")


def _days(said: ParsedDate) -> tuple[str, str]:
    return said.date_from, said.date_to


def _bare_days(said: ParsedDate) -> tuple[str, str]:
    """The days of a date that is "about", without what that adds."""
    bare = parse_edtf(said.edtf.replace("~", "").replace("%", "?"))
    return _days(bare) if bare else ("", "")


def _end(text: str, field: str) -> str:
    """A day as ISO writes it, or empty where the text says none."""
    if not text:
        return ""
    # a sign is no dash here: "-1500" is the first or last year of something
    found = parse_edtf(text) if text.startswith("-") else parse_date(text)
    return getattr(found, field, "")


def _values(found: ParsedDate | None) -> dict[str, str]:
    if found is None:
        return {"date_from": "", "date_to": "", "date_edtf": ""}
    return {"date_from": found.date_from, "date_to": found.date_to, "date_edtf": found.edtf}
