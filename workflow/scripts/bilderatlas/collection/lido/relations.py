"""What a record shows and belongs to: subjects, depicted individuals, the larger whole."""

from __future__ import annotations

import re
from collections.abc import Callable

from lxml import etree

from bilderatlas.collection.lido.mapping import LidoMap
from bilderatlas.collection.records import join

Note = Callable[[str, str, str], None]
# an Iconclass notation: "92 H 39 1", "25F27(DOLPHIN)"; it says nothing to who has no Iconclass
_NOTATION = re.compile(r"\d{1,2} ?[A-Z][^a-z]*")


def subjects(blocks: list[etree._Element], lido: LidoMap) -> str:
    """General subjects; search terms that were only added where nothing else is said.

    A subject that is only a notation of Iconclass is followed by its first word.
    """
    for key in ("subjects", "subjects.spare"):
        for block in blocks:
            nodes = lido.nodes("subjects.each", block)
            found = join(
                _worded(text, node, lido) for node in nodes for text in lido.texts(key, node)[:1]
            )
            if found:
                return found
    return ""


def depicted(blocks: list[etree._Element], lido: LidoMap, note: Note) -> list[str]:
    """Names of the persons, places, things and events that are shown.

    Noted and left out: those whose label or role says that they made or published the picture.
    """
    for block in blocks:
        found = []
        for node in lido.nodes("depicted.each", block):
            roles = lido.all_texts("depicted.role", node)
            parts = [part for role in roles for part in role.split("|")]
            made = lido.listed("not_depicted", parts) and lido.kind("roles", parts) != "depicted"
            names = lido.texts("depicted", node)[:1]
            if made and names:
                note("depicted", f"{names[0]} ({join(roles)})", "passed over: not shown")
            else:
                found += names
        if found:
            return found
    return []


def series(blocks: list[etree._Element], lido: LidoMap) -> str:
    """The larger whole that this is part of, by the best kind of relation that there is."""
    for block in blocks:
        found: dict[str, list[str]] = {}
        for node in lido.nodes("series.each", block):
            said = lido.all_texts("series.relation", node)
            kind = lido.kind("relations", said)
            if kind is not None:
                names = [_without(said, name) for name in lido.texts("series", node)[:1]]
                found.setdefault(kind, []).extend(names)
        for kind in lido.words["relations"]:
            if any(found.get(kind, [])):
                return join(found[kind])
    return ""


def _worded(name: str, node: etree._Element, lido: LidoMap) -> str:
    if not _NOTATION.fullmatch(name):
        return name
    words = [word for word in lido.texts("subjects.spare", node) if word != name]
    return " ".join([name, *words[:1]])


def _without(relations: list[str], name: str) -> str:
    """ "ist Teil von: Album 3" without its relation, which is known already."""
    for relation in relations:
        if name.casefold().startswith(f"{relation.casefold()}:"):
            return name[len(relation) + 1 :].strip()
    return name
