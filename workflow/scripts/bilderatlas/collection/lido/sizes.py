"""Height and width of the picture, of the measurement sets that a record has."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from lxml import etree

from bilderatlas.collection.lido.mapping import LidoMap
from bilderatlas.collection.measurements import parse_length, parse_size
from bilderatlas.collection.records import join

# "Höhe: 58 mm Breite: 92 mm", "H: 66,5 cm, B: 88,5 cm"
_NAMED = re.compile(r"([^\W\d]+)\.?\s*[:=]?\s*(\d+(?:[.,]\d+)?)\s*([^\W\d]+)")


@dataclass
class _Set:
    """What one kind of measurement says: sizes (height, width in cm), and lone lengths."""

    sizes: list[tuple[float, float]] = field(default_factory=list)
    lengths: dict[str, float] = field(default_factory=dict)

    def whole(self) -> list[tuple[float, float]]:
        # ASSUME: a round thing is as high and as wide as its diameter
        height = self.lengths.get("height", self.lengths.get("diameter"))
        width = self.lengths.get("width", self.lengths.get("diameter"))
        if not self.sizes and height and width:
            return [(height, width)]
        return self.sizes


def size(
    blocks: list[etree._Element], lido: LidoMap, note: Callable[[str, str, str], None]
) -> tuple[float | str, float | str]:
    """Height and width in centimetres; both empty where no set gives both.

    The kinds of measurement come in the order of ``sizes`` in ``config/lido.yaml``: the picture
    itself before its sheet. Numbers go before texts for display; height and width that stand in
    two sets of one kind belong together. Noted: what cannot be read where nothing else says it,
    and a second size of the kind that is taken.
    """
    for block in blocks:
        sets, unread = _sets(block, lido)
        for name in sorted(sets, key=lambda name: lido.rank("sizes", name, "object")):
            found = list(dict.fromkeys(sets[name].whole()))
            if found:
                for height, width in found[1:]:
                    what = f"{height:g} x {width:g} cm ({name})"
                    note("height_cm", what, f"passed over for {found[0][0]:g} x {found[0][1]:g} cm")
                return found[0]
        if unread:
            note("height_cm", f"cannot read {unread[0]!r}", "left empty")
            break
    return "", ""


def _sets(block: etree._Element, lido: LidoMap) -> tuple[dict[str, _Set], list[str]]:
    sets: dict[str, _Set] = {}
    unread = []
    for node in lido.nodes("sizes.set", block):
        shown = lido.texts("sizes.shown", node)
        lengths, pairs, kind, strange = _numbers(node, lido)
        for text in shown if not lengths and not pairs else []:
            one = parse_size(text)
            if one:
                pairs.append((one.height_cm, one.width_cm))
                kind = kind or one.kind
            else:
                lengths |= _named_lengths(text, lido)
        if not pairs and not lengths:
            unread += [text for text in shown or strange if not _other(text, lido)]
        kind = kind or join(shown).partition(":")[0]
        words = [kind, *kind.split(), *re.findall(r"\(([^()]*)\)", join(shown))]
        name = lido.kind("sizes", words) or "object"
        into = sets.setdefault(name, _Set())
        into.sizes += pairs
        if {"height", "width"} <= set(lengths):
            into.sizes.append((lengths["height"], lengths["width"]))
        else:
            into.lengths = lengths | into.lengths
    return sets, unread


def _numbers(
    node: etree._Element, lido: LidoMap
) -> tuple[dict[str, float], list[tuple[float, float]], str, list[str]]:
    """Lengths by name, sizes in one value ("205 x 149"), the kind of a measurement set, and
    lengths that cannot be read."""
    strange: list[str] = []
    lengths: dict[str, float] = {}
    pairs: list[tuple[float, float]] = []
    for part in lido.nodes("sizes.part", node):
        types = lido.all_texts("sizes.type", part)
        value = next(iter(lido.texts("sizes.value", part)), "")
        unit = lido.kind("units", lido.texts("sizes.unit", part)) or ""
        name = lido.kind("measures", types)
        if name == "others":
            continue
        if name:
            length = parse_length(value, unit)
            if length is not None:
                lengths.setdefault(name, length)
            elif value:
                strange.append(f"{name}: {value} {join(lido.texts('sizes.unit', part))}".strip())
        elif value:
            one = parse_size(f"{types[0] if types else ''}: {value} {unit}")
            if one:
                pairs.append((one.height_cm, one.width_cm))
    return lengths, pairs, join(lido.texts("sizes.kind", node)), strange


def _other(text: str, lido: LidoMap) -> bool:
    """Does a text begin with what has neither height nor width, as a weight?"""
    words = re.findall(r"[^\W\d]+", text)
    return lido.kind("measures", words[:1]) == "others"


def _named_lengths(text: str, lido: LidoMap) -> dict[str, float]:
    found: dict[str, float] = {}
    for word, value, unit in _NAMED.findall(text):
        name, known = lido.kind("measures", [word]), lido.kind("units", [unit])
        length = parse_length(value, known) if name and known else None
        if name and length is not None:
            found.setdefault(name, length)
    return found
