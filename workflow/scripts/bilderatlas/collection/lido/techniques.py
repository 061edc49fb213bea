"""Materials and techniques, without the colours and marks that stand among them."""

from __future__ import annotations

from lxml import etree

from bilderatlas.collection.lido.events import Event, Note
from bilderatlas.collection.lido.mapping import LidoMap
from bilderatlas.collection.lido.text import text_of
from bilderatlas.collection.records import join


def technique(events: list[Event], blocks: list[etree._Element], lido: LidoMap, note: Note) -> str:
    """Materials and techniques of the best kind of event that names any, else the object's.

    A term whose type is one of ``not_techniques`` in ``config/lido.yaml`` (a colour, a
    watermark) is noted and left out; a term of another type, or of none, is taken.
    """
    kinds = dict.fromkeys(event.kind for event in events)
    places = [("technique.each", [e.node for e in events if e.kind == kind]) for kind in kinds]
    places += [("technique.object", [block]) for block in blocks]
    for key, inside in places:
        others: dict[str, list[str]] = {}
        found = join(
            text for node in lido.nodes(key, *inside) for text in _techniques(node, lido, others)
        )
        for kind, texts in others.items():
            note("technique", f"{join(texts)} ({kind})", "passed over: no technique")
        if found:
            return found
    return ""


def _techniques(node: etree._Element, lido: LidoMap, others: dict[str, list[str]]) -> list[str]:
    """What one element says of materials and techniques; what is neither goes to ``others``."""
    texts = lido.texts("technique", node)
    parts = lido.nodes("technique.part", node)
    kinds = [lido.kind("not_techniques", lido.all_texts("technique.type", p)) for p in parts]
    if parts and all(kinds):
        others.setdefault(kinds[0], []).extend(texts)
        return []
    left = []
    for text in texts:
        # a text for display may hold both, and is kept
        said = (k for p, k in zip(parts, kinds, strict=True) if k and text in _words(p))
        kind = next(said, None)
        if kind:
            others.setdefault(kind, []).append(text)
        else:
            left.append(text)
    return left


def _words(part: etree._Element) -> set[str]:
    return {text_of(inner) for inner in part.iter()}
