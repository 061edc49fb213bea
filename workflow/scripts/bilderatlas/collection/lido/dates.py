"""Dates of an event: as written, first and last day, and whose date it is."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass

from lxml import etree

from bilderatlas.collection.dates import ParsedDate, chronological, parse_date, parse_edtf
from bilderatlas.collection.dates.columns import edtf_of
from bilderatlas.collection.lido.mapping import LidoMap
from bilderatlas.collection.records import join

# ASSUME: in whole decades and centuries a year more or less is a habit of counting ("19. Jh." from
# 1800 or from 1801), and so is a month at either end of a season.
LONG, YEAR, MONTH = 3650, 366, 31
_SEASON = re.compile(r"-2[1-4]$")


@dataclass(frozen=True)
class EventDate:
    """A date: the columns ``date``, ``date_from``, ``date_to``, ``date_edtf``, ``date_kind``.

    The days are ``YYYY-MM-DD``, signed before the year 0; one that is empty is an open end,
    both are empty where only the text can say them. The EDTF text is empty where it says no more
    than the days do.
    """

    date: str = ""
    date_from: str = ""
    date_to: str = ""
    date_kind: str = ""
    date_edtf: str = ""

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
    stays open; one that cannot be read is no open end: then the text has to say the days. An end
    whose type is ``approximate`` in ``config/lido.yaml`` keeps its day and has a ``~`` in EDTF.
    Noted: such an end, ends in the wrong order, and a text that says other days altogether, or
    some of LIDO's days alone.
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
    if not begin and not finish:
        return EventDate(written, date_kind=kind)
    said = parse_date(shown)
    if said:
        _compare(shown, said, begin, finish, note)
    edtf = ""
    if not (said and said.approximate and (said.date_from, said.date_to) == (begin, finish)):
        types = [lido.all_texts(f"date.{end}.type", node)[:1] for end in ("earliest", "latest")]
        about = [
            bool(day) and lido.listed("approximate", said)
            for day, said in zip((begin, finish), types, strict=True)
        ]
        edtf = edtf_of(begin, finish, about) if any(about) else ""
    return EventDate(written, begin, finish, kind, edtf)


def _compare(
    shown: str,
    said: ParsedDate,
    begin: str,
    finish: str,
    note: Callable[[str, str, str], None],
) -> None:
    """Note a text that says days outside of LIDO's, or fewer than LIDO does.

    What "um" means in days is our own reading, so such a text is not held to be the narrower one.
    """
    first, last = _number(said.date_from, -math.inf), _number(said.date_to, math.inf)
    earliest, latest = _number(begin, -math.inf), _number(finish, math.inf)
    if last < earliest or first > latest:
        what = f"{shown!r} is written, {begin or '..'} to {finish or '..'} is meant"
        note("date", what, "the days taken")
        return
    if said.approximate or first < earliest or last > latest:
        return
    habit = YEAR if last - first >= LONG else MONTH if _SEASON.search(said.edtf) else 0
    # an open end on both sides is the same end
    more = [
        0 if one == other else abs(one - other)
        for one, other in ((first, earliest), (last, latest))
    ]
    if max(more) > habit:
        what = f"{shown!r} says {said.edtf}, within LIDO's own {edtf_of(begin, finish)}"
        note("date", what, "LIDO's days taken")


def _number(day: str, otherwise: float) -> float:
    return chronological(day) if day else otherwise


def _read_end(text: str) -> ParsedDate | None:
    # a sign is no dash here: "-1500" is a year before Christ
    return parse_edtf(text) if text.startswith("-") else parse_date(text)
