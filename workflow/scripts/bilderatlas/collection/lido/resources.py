"""Pictures of a record: one link a picture; and rights, of object, picture and record apart."""

from __future__ import annotations

import re
from collections.abc import Callable

from lxml import etree

from bilderatlas.collection.lido.mapping import LidoMap
from bilderatlas.collection.lido.text import sort_order
from bilderatlas.collection.records import join

Note = Callable[[str, str, str], None]


def images(blocks: list[etree._Element], lido: LidoMap, note: Note) -> tuple[list[str], str]:
    """Links of a record's pictures in their order, and the rights of those pictures.

    Of several renditions of one picture the one that ``renditions`` in ``config/lido.yaml``
    prefers is taken, then the widest, then the first. A resource that says that it is no
    picture is noted and left out. The pictures share one cell for their rights; where they
    differ, all stand in it, and that is noted.
    """
    for block in blocks:
        links: list[str] = []
        rights: list[str] = []
        for node in sorted(lido.nodes("images.each", block), key=sort_order):
            link, strange = _link(node, lido)
            if strange:
                note("images", f"{link} is no picture ({strange})", "left out")
            elif link and link not in links:
                links.append(link)
                rights.append(join(right(one, lido) for one in lido.nodes("rights_image", node)))
        if links:
            if len(set(rights)) > 1:
                what = f"{len(links)} pictures have {len(set(rights))} different rights"
                note("rights_image", what, "all of them kept")
            return links, join(rights)
    return [], ""


def rights(key: str, blocks: list[etree._Element], lido: LidoMap) -> str:
    """Rights of the object or of the record, from the first block that says any."""
    for block in blocks:
        found = join(right(node, lido) for node in lido.nodes(key, block))
        if found:
            return found
    return ""


def right(node: etree._Element, lido: LidoMap) -> str:
    """One right: what it is in words with its address in brackets, and who holds it.

    A right of which only the holder is known is "rights holder: ...": that is no licence.
    """
    term = join(lido.texts("rights.term", node))
    uri = join(lido.all_texts("rights.uri", node))
    holder = join(lido.texts("rights.holder", node))
    if not term and not uri:
        return f"rights holder: {holder}" if holder else ""
    said = f"{term} ({uri})" if term and uri and term != uri else term or uri
    return f"{said}, {holder}" if holder else said


def _link(node: etree._Element, lido: LidoMap) -> tuple[str, str]:
    """The link of a resource, and what it is where that is no picture."""
    found = []
    for place, rendition in enumerate(lido.nodes("images.rendition", node)):
        link = next(iter(lido.texts("images.link", rendition)), "")
        if not link:
            continue
        kind = lido.kind("renditions", lido.texts("images.kind", rendition))
        rank = lido.rank("renditions", kind, "unknown")
        found.append(((rank, -_width(rendition, lido), place), link, rendition))
    if not found:
        return "", ""
    said = lido.all_texts("images.type", node)
    pictures = [one for one in found if not _strange(lido.texts("images.format", one[2]), lido)]
    _, link, rendition = min(pictures or found, key=lambda one: one[0])
    said += [] if pictures else lido.texts("images.format", rendition)
    return link, _strange(said, lido)


def _strange(said: list[str], lido: LidoMap) -> str:
    strange = lido.words["lists"]["not_images"]
    for one in said:
        words = re.findall(r"[^\W_]+", one.casefold())
        if set(words).intersection(strange):
            return one
    return ""


def _width(rendition: etree._Element, lido: LidoMap) -> float:
    said = next(iter(lido.texts("images.width", rendition)), "")
    return float(said) if re.fullmatch(r"\d{1,9}(\.\d+)?", said) else 0.0
