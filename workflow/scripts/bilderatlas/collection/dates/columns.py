"""The date columns of the catalogue, from whatever a record says of its date.

What the record says in so many days (LIDO's earliest and latest date) goes before an EDTF text
of its own, and that before its words. The words are kept as they are.
"""

from __future__ import annotations

from typing import NamedTuple

from bilderatlas.collection.dates import ParsedDate, chronological, parse_date, parse_edtf
from bilderatlas.collection.dates.days import length_of_month, read_day
from bilderatlas.collection.dates.span import Point, Span, write_edtf

ENDS = ("date_from", "date_to")


class Complaint(NamedTuple):
    """What could not be read: the column, what is wrong with it, what was done."""

    field: str
    what: str
    done: str


def date_columns(
    date: str, date_from: str, date_to: str, date_edtf: str
) -> tuple[dict[str, str], list[Complaint]]:
    """The values of ``date_from``, ``date_to`` and ``date_edtf``, and what was wrong.

    Args:
        date: the words of the record.
        date_from: the first day, a day or anything :func:`parse_date` reads, or empty.
        date_to: the last day, likewise.
        date_edtf: an EDTF text, or empty.

    Returns:
        days and EDTF text that say the same, all empty where nothing can be read; complaints.
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
        for said in (own, words):  # the same days, but with an "about" that days cannot say
            if said and (said.date_from, said.date_to) == (begin, finish):
                return _values(said), complaints
        if own:
            what = f"{date_edtf!r} is not {begin}/{finish}"
            complaints.append(Complaint("date_edtf", what, "made anew"))
        edtf = edtf_of(begin, finish)
        return {"date_from": begin, "date_to": finish, "date_edtf": edtf}, complaints
    if date and words is None and own is None:
        done = "date_from, date_to left empty"
        complaints.append(Complaint("date", f"cannot read {date!r}", done))
    return _values(own or words), complaints


def edtf_of(date_from: str, date_to: str) -> str:
    """A range of days as EDTF, in years or months where they are whole.

    Args:
        date_from: a day, ``YYYY-MM-DD`` or signed; empty where the range is open.
        date_to: likewise; not both are empty.
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
    return write_edtf(Span(*(day and Point(*day[:kept]) for day in (first, last))))


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
