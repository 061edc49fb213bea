"""Events: which of them made the picture, who took part, when and where.

Each of these is taken from the best kind of event that says it (``events`` in
``config/lido.yaml``): the taking of a photograph before its printing, before production, before
design. What the other kinds say differently is noted.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from lxml import etree

from bilderatlas.collection.lido.dates import EventDate, read_date
from bilderatlas.collection.lido.mapping import LidoMap
from bilderatlas.collection.records import join

Note = Callable[[str, str, str], None]  # Problems.add for one record: field, what, done


@dataclass(frozen=True)
class Event:
    """An event that makes pictures: its kind in ``config/lido.yaml``, and its element."""

    kind: str
    node: etree._Element


@dataclass(frozen=True)
class Actors:
    """Names of those who made a picture, and of those whom it shows."""

    makers: tuple[str, ...]
    depicted: tuple[str, ...]


def making_events(blocks: list[etree._Element], lido: LidoMap) -> tuple[list[Event], list[str]]:
    """Events of known kinds, best first, and the types of the others.

    Taken from the first block of descriptive metadata that has an event that makes.
    """
    others: list[str] = []
    for block in blocks:
        found = []
        for node in lido.nodes("event", block):
            types = lido.texts("event.type", node)
            kind = lido.kind("events", lido.all_texts("event.type", node) or [""])
            if kind is not None:
                found.append(Event(kind, node))
            elif types[:1] not in ([], [others[-1]] if others else []):
                others.append(types[0])
        if found:
            return sorted(found, key=lambda event: lido.rank("events", event.kind, "")), others
    return [], others


def actors(events: list[Event], lido: LidoMap, note: Note) -> Actors:
    """Makers of the best kind of event that names any; people in all of them who are shown.

    Others are noted: those who made nothing, once each with all their roles, and those of the
    other kinds of event.
    """
    makers: list[str] = []
    idle: dict[str, list[str]] = {}
    depicted: list[str] = []
    speaking = ""
    for event in events:
        for node in lido.nodes("makers.each", event.node):
            names = _names(node, lido)
            roles = lido.texts("makers.role", node)
            role = lido.kind("roles", roles)
            if not names:
                continue
            if role == "depicted":
                depicted += names
            elif role is not None:
                idle.setdefault(join(names), []).extend(roles)
            elif not makers or event.kind == speaking:
                makers += names
                speaking = event.kind
            elif not set(names) <= set(makers):
                what = f"{join(names)} ({join(roles) or event.kind})"
                note("makers", what, f"passed over for those of the {speaking}")
    for name, roles in idle.items():
        note("makers", f"{name} ({join(roles)})", "passed over: made nothing of it")
    return Actors(tuple(makers), tuple(depicted))


def date(events: list[Event], lido: LidoMap, note: Note) -> EventDate:
    """The first date of the best kind of event that is dated; other dates are noted."""
    taken = EventDate()
    for event in events:
        for node in lido.nodes("date", event.node):
            found = read_date(node, event.kind, lido, note)
            if not found:
                continue
            if not taken:
                taken = found
            elif not taken.same_days(found):
                note("date", f"{found.date} ({event.kind})", f"passed over for {taken.date}")
    return taken


def places(events: list[Event], lido: LidoMap) -> str:
    """Places of the best kind of event that has any, each with what makes it uncertain."""
    for kind in dict.fromkeys(event.kind for event in events):
        nodes = [event.node for event in events if event.kind == kind]
        found = [_place(node, lido) for node in lido.nodes("places.each", *nodes)]
        if any(found):
            return join(found)
    return ""


def _place(node: etree._Element, lido: LidoMap) -> str:
    name = join(lido.texts("places", node))
    if not name:
        return ""
    doubts = [
        said
        for said in lido.all_texts("places.certainty", node)
        if set(re.findall(r"\w+", said.casefold())).intersection(lido.words["lists"]["uncertain"])
    ]
    doubts = [said for said in dict.fromkeys(doubts) if said.casefold() not in name.casefold()]
    return f"{name} ({', '.join(doubts)})" if doubts else name


def _names(node: etree._Element, lido: LidoMap) -> list[str]:
    """A name an actor, else the text for display; with the qualifier of an attribution."""
    named = [lido.texts("makers.name", actor)[:1] for actor in lido.nodes("makers.actor", node)]
    names = [name[0] for name in named if name] or lido.texts("makers.shown", node)
    qualifier = join(lido.texts("makers.qualifier", node))
    if not qualifier:
        return names
    return [
        name if qualifier.casefold() in name.casefold() else f"{name} ({qualifier})"
        for name in names
    ]
