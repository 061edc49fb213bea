"""Dates of an event: as written, first and last day, and whose date it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lxml import etree

from bilderatlas.collection.dates import ParsedDate, chronological, parse_date, parse_edtf
from bilderatlas.collection.lido.mapping import LidoMap
from bilderatlas.collection.records import join


@dataclass(frozen=True)
class EventDate:
    """A date: the columns ``date``, ``date_from``, ``date_to`` and ``date_kind``.

    The days are ``YYYY-MM-DD``, signed before the year 0; one that is empty is an open end,
    both are empty where only the text can say them.
    """

    date: str = ""
    date_from: str = ""
    date_to: str = ""
    date_kind: str = ""

    def __bool__(self) -> bool:
        return bool(self.date)

    def same_days(self, other: EventDate) -> bool:
        """Do both say the same days, or, where days are unknown, the same text?"""
        return self._days() == other._days()

    def _days(self) -> tuple[str, str]:
        if self.date_from or self.date_to:
            return self.date_from, self.date_to
        read = parse_date(self.date)
        return (read.date_from, read.date_to) if read else (self.date, "")


def read_date(
    node: etree._Element, kind: str, lido: LidoMap, note: Callable[[str, str, str], None]
) -> EventDate:
    """The date of one ``eventDate``; false where it says none.

    LIDO's own earliest and latest date go before the text for display. An end that is missing
    stays open; one that cannot be read is no open end: then the text has to say the days.
    Noted: such an end, ends in the wrong order, and a text that says other days altogether.
    """
    shown = join(lido.texts("date.shown", node))
    ends = [next(iter(lido.texts(f"date.{end}", node)), "") for end in ("earliest", "latest")]
    if not shown and not any(ends):
        return EventDate()
    written = shown or "/".join(dict.fromkeys(filter(None, ends)))
    read = [_read_end(end) for end in ends]
    begin, finish = read[0].date_from if read[0] else "", read[1].date_to if read[1] else ""
    bad = [end for end, found in zip(ends, read, strict=True) if end and not found]
    if begin and finish and chronological(begin) > chronological(finish):
        bad = ["/".join(ends)]
    if bad:
        note("date_from", f"cannot read {bad[0]!r}", "left to the text of the date")
        begin = finish = ""
    said = parse_date(shown) if begin and finish else None
    # an open end is NaN, and neither before nor after anything
    if said and (
        chronological(said.date_to) < chronological(begin)
        or chronological(said.date_from) > chronological(finish)
    ):
        note("date", f"{shown!r} is written, {begin} to {finish} is meant", "the days taken")
    return EventDate(written, begin, finish, kind)


def _read_end(text: str) -> ParsedDate | None:
    # a sign is no dash here: "-1500" is a year before Christ
    return parse_edtf(text) if text.startswith("-") else parse_date(text)
