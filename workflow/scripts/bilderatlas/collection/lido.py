"""LIDO, the museums' exchange format (1.0 and 1.1): a streaming, tolerant first reader.

Rules where a record says a thing several times: of descriptive and administrative blocks in
several languages one is taken (the asked one, else the first); of its events the taking of the
photograph goes before production, and events of other kinds (acquisition, restoration, use) do
not speak of maker and date. Earliest and latest date go before the date as text.

Nothing in a file is trusted: no DTD is loaded, nothing is fetched, and a file that declares or
uses entities is refused.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from lxml import etree

from bilderatlas.collection.dates import parse_date
from bilderatlas.collection.measurements import Size, kind_of, parse_length, parse_size
from bilderatlas.collection.records import Problems, join, new_record
from bilderatlas.errors import InputError

LIDO = "http://www.lido-schema.org"
SKOS = "http://www.w3.org/2004/02/skos/core#"
NAMES = {"l": LIDO, "skos": SKOS}
RECORD = f"{{{LIDO}}}lido"
# xml:lang is written with two letters or with three of either ISO 639-2 set
LANGUAGES = {"de": ("de", "deu", "ger"), "en": ("en", "eng"), "fr": ("fr", "fra", "fre")}
# Terms of lido:eventType, in the order in which an event is preferred, lower case.
EVENTS = (
    ("fotografische aufnahme", "aufnahme", "fotografie", "photographing", "photographic shot"),
    ("production", "herstellung", "creation", "anfertigung", "entstehung", "produktion"),
)
_Note = Callable[[str, str, str], None]  # Problems.add for one record: field, what, done
HEIGHT, WIDTH = ("höhe", "height", "h"), ("breite", "width", "b")


def read_records(
    path: str | os.PathLike, problems: Problems, language: str = "de"
) -> Iterator[dict[str, Any]]:
    """Yield a record a ``lido:lido`` element, wrapped or bare; memory does not grow with the file.

    ``images`` holds every link of the record's resources. A record without a ``recordID`` is
    called by its ``lidoRecID``, else by its place in the file ("#3"), which is a problem; so is
    a ``recordID`` that comes again, where the ``lidoRecID`` is taken.

    Args:
        path: an XML file.
        problems: takes what cannot be read.
        language: the language to prefer, as in ``xml:lang``.

    Raises:
        InputError: the file is missing, is not XML, uses entities, or holds no record. A file
            that breaks in the middle raises there, after the records before it.
    """
    if not os.path.isfile(path):
        raise InputError(f"{path} does not exist or is no file.")
    count = 0
    known: set[str] = set()
    try:
        context = etree.iterparse(
            os.fspath(path),
            events=("end",),
            tag=RECORD,
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        for count, (_, element) in enumerate(context, start=1):
            _refuse_entities(element, path)
            yield _record(element, path, count, known, language, problems)
            _free(element)
    except etree.XMLSyntaxError as error:
        raise InputError(f"{path} is not a well-formed XML file: {error.msg}.") from None
    if not count:
        raise InputError(f"{path} holds no LIDO record (no element lido in {LIDO}).")


def _refuse_entities(element: etree._Element, path: str | os.PathLike) -> None:
    declared = element.getroottree().docinfo.internalDTD
    if next(element.iter(etree.Entity), None) is not None or (
        declared is not None and next(declared.iterentities(), None) is not None
    ):
        raise InputError(f"{path} uses XML entities, which are not read: write the texts out.")


def _free(element: etree._Element) -> None:
    """Forget a record and all that stands before it, up to the root.

    What stands after it is left alone: the parser reads ahead and may still be at work there.
    """
    element.clear()
    for node in (element, *element.iterancestors()):
        while node.getprevious() is not None and node.getparent() is not None:
            del node.getparent()[0]


def _record(
    element: etree._Element,
    path: str | os.PathLike,
    number: int,
    known: set[str],
    language: str,
    problems: Problems,
) -> dict[str, Any]:
    told = _in_language(element.findall("l:descriptiveMetadata", NAMES), language)
    kept = _in_language(element.findall("l:administrativeMetadata", NAMES), language)
    names = _texts(element, ".//l:recordWrap/l:recordID", "l:lidoRecID") or [f"#{number}"]
    # seen in real files: a recordID copied along with the record
    identity = names[-1] if names[0] in known else names[0]
    note = partial(problems.add, path, identity)
    if names[0] in known:
        note("record_id", f"{names[0]} comes again", "lidoRecID taken")
    elif identity.startswith("#"):
        note("record_id", "the record has no id", "called by its place")
    known.add(identity)
    titles = told.findall(".//l:titleSet/l:appellationValue", NAMES)
    titles.sort(key=lambda node: not _is_preferred(node))
    events = _events(told)
    date, date_from, date_to = _date(events, note)
    size = _size(told, note)
    return new_record(
        record_id=identity,
        images=_texts(element, ".//l:linkResource"),
        title=join(map(_text, titles)),
        description=join(_texts(told, ".//l:objectDescriptionSet/l:descriptiveNoteValue")),
        makers=join(name for event in events for name in _makers(event)),
        date=date,
        date_from=date_from,
        date_to=date_to,
        technique=join(t for event in events for t in _technique(event)),
        height_cm=size.height_cm if size else "",
        width_cm=size.width_cm if size else "",
        inventory_number=join(_texts(told, ".//l:repositorySet/l:workID")),
        repository=join(_texts(told, ".//l:repositoryName/l:legalBodyName/l:appellationValue")),
        credit_line=join(_texts(kept, ".//l:rightsWorkSet/l:creditLine")),
        record_url=next(iter(_texts(kept, ".//l:recordInfoSet/l:recordInfoLink")), ""),
        rights_object=_rights(kept, ".//l:rightsWorkSet"),
        rights_image=_rights(kept, ".//l:resourceSet/l:rightsResource"),
        rights_metadata=_rights(kept, ".//l:recordRights"),
    )


def _events(told: etree._Element) -> list[etree._Element]:
    """The events of the best kind that the record has, in its own order."""
    all_events = told.findall(".//l:eventSet/l:event", NAMES)
    for kind in EVENTS:
        found = [
            event
            for event in all_events
            if any(
                term.lower() in kind
                for term in _texts(event, "l:eventType//l:term", "l:eventType//skos:prefLabel")
            )
        ]
        if found:
            return found
    return []


def _makers(event: etree._Element) -> list[str]:
    makers = []
    for actor in event.findall("l:eventActor", NAMES):
        shown = _texts(actor, "l:displayActorInRole")
        makers += shown or _names(actor)
    return makers


def _names(actor: etree._Element) -> list[str]:
    """The first (or preferred) name of each person of an actor that has no display text."""
    names = []
    for person in actor.iterfind(".//l:actor", NAMES):
        nodes = [n for n in person.findall(".//l:appellationValue", NAMES) if _text(n)]
        nodes.sort(key=lambda node: not _is_preferred(node))
        names += map(_text, nodes[:1])
    return names


def _technique(event: etree._Element) -> list[str]:
    return _texts(event, "l:eventMaterialsTech/l:displayMaterialsTech") or _texts(
        event, "l:eventMaterialsTech/l:materialsTech//l:term"
    )


def _date(events: list[etree._Element], note: _Note) -> tuple[str, str, str]:
    """Date as written, first and last day, of the first event that is dated."""
    for event in events:
        shown = join(_texts(event, "l:eventDate/l:displayDate"))
        ends = [
            next(iter(_texts(event, f"l:eventDate/l:date/l:{name}")), "")
            for name in ("earliestDate", "latestDate")
        ]
        if not shown and not any(ends):
            continue
        read = [parse_date(end) for end in ends]
        begin, finish = read[0].date_from if read[0] else "", read[1].date_to if read[1] else ""
        bad = [end for end, found in zip(ends, read, strict=True) if end and not found]
        if begin and finish and begin > finish:
            bad = ["/".join(ends)]
        if bad:  # an end that cannot be read is no open end: the text has to say it
            note("date_from", f"cannot read {bad[0]!r}", "left out")
            begin = finish = ""
        return shown or "/".join(dict.fromkeys(filter(None, ends))), begin, finish
    return "", "", ""


def _size(told: etree._Element, note: _Note) -> Size | None:
    """The first set that gives height and width, in numbers or in words; the picture's first."""
    sizes, unread = [], []
    for block in told.findall(".//l:objectMeasurementsSet", NAMES):
        lengths: dict[str, float | None] = {}
        for part in block.findall(".//l:measurementsSet", NAMES):
            kinds = {kind.lower() for kind in _texts(part, "l:measurementType")}
            value = next(iter(_texts(part, "l:measurementValue")), "")
            unit = next(iter(_texts(part, "l:measurementUnit")), "").lower()
            for name, words in (("height", HEIGHT), ("width", WIDTH)):
                if kinds.intersection(words):
                    lengths.setdefault(name, parse_length(value, unit))
        shown = _texts(block, "l:displayObjectMeasurements")
        if lengths.get("height") and lengths.get("width"):
            kind = join(_texts(block, ".//l:extentMeasurements")) or join(shown).partition(":")[0]
            sizes.append(Size(kind_of(kind), lengths["height"], lengths["width"]))
        else:
            found = [size for size in map(parse_size, shown) if size]
            sizes += found
            unread += [] if found else shown
    if not sizes and unread:
        note("height_cm", f"cannot read {unread[0]!r}", "left empty")
    return min(sizes, key=lambda size: size.kind != "image", default=None)


def _rights(kept: etree._Element, way: str) -> str:
    """What kind of right it is, in words where there are words, else its address."""
    kinds = []
    for node in kept.findall(f"{way}/l:rightsType", NAMES):
        kinds += _texts(node, ".//l:term", ".//skos:prefLabel") or _texts(node, "l:conceptID")
    return join(kinds)


def _in_language(blocks: list[etree._Element], language: str) -> etree._Element:
    wanted = LANGUAGES.get(language, (language,))
    for block in blocks:
        spoken = block.get("{http://www.w3.org/XML/1998/namespace}lang", "").lower()
        if spoken.partition("-")[0] in wanted:
            return block
    return blocks[0] if blocks else etree.Element("nothing")


def _is_preferred(node: etree._Element) -> bool:
    # lido00169 is "preferred" in LIDO's own terminology
    return node.get(f"{{{LIDO}}}pref", "").endswith(("preferred", "lido00169"))


def _texts(node: etree._Element, *ways: str) -> list[str]:
    """Texts found by any of these ways, in their order, without the empty ones."""
    found = (_text(hit) for way in ways for hit in node.iterfind(way, NAMES))
    return [text for text in found if text]


def _text(node: etree._Element) -> str:
    return " ".join("".join(node.itertext()).split())
