"""Texts of LIDO: what an element says, in which language, and how much it is preferred."""

from __future__ import annotations

from typing import Any

from lxml import etree

from bilderatlas.errors import InputError

LIDO = "http://www.lido-schema.org"
NAMES = {
    "lido": LIDO,
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "gml": "http://www.opengis.net/gml",
    "xml": "http://www.w3.org/XML/1998/namespace",
}
_LANGUAGE = f"{{{NAMES['xml']}}}lang"
_PREFERENCE = f"{{{LIDO}}}pref"
_ORDER = f"{{{LIDO}}}sortorder"
# xml:lang is written with two letters or with three of either ISO 639-2 set
_THREE = {
    "de": ("deu", "ger"), "en": ("eng",), "fr": ("fra", "fre"), "it": ("ita",), "es": ("spa",),
    "nl": ("nld", "dut"), "da": ("dan",), "sv": ("swe",), "no": ("nor",), "fi": ("fin",),
    "pl": ("pol",), "cs": ("ces", "cze"), "hu": ("hun",), "pt": ("por",), "la": ("lat",),
    "ru": ("rus",), "el": ("ell", "gre"),
}  # fmt: skip
_TWO = {long: short for short, codes in _THREE.items() for long in codes}
# "preferred" and "alternative" in LIDO's own terminology, and as words
_PREFERRED = ("lido00169", "preferred")
_ALTERNATIVE = ("lido00170", "alternative", "alternate")


def text_of(hit: Any) -> str:
    """What an element or attribute says, white space as single blanks."""
    text = hit if isinstance(hit, str) else "".join(hit.itertext())
    return " ".join(text.split())


def language_of(node: Any) -> str:
    """Two-letter language of an element, from itself or what it stands in; empty if unsaid."""
    while isinstance(node, etree._Element):
        said = node.get(_LANGUAGE)
        if said:
            short = said.lower().replace("_", "-").partition("-")[0]
            return _TWO.get(short, short)
        node = node.getparent()
    return ""


def language_rank(node: Any, languages: tuple[str, ...]) -> float:
    """How little a node's language is wanted: 0 for the first of ``languages``."""
    said = language_of(node)
    if not said:
        return 0.5
    return languages.index(said) if said in languages else len(languages)


def preference(node: Any) -> int:
    """0 for a preferred name, 2 for an alternative one, 1 where nothing is said.

    What is said of the set that a name stands in holds for the name.
    """
    while isinstance(node, etree._Element):
        said = node.get(_PREFERENCE, "").lower().rpartition("/")[2]
        if said:
            return 0 if said in _PREFERRED else 2 if said in _ALTERNATIVE else 1
        if not etree.QName(node).localname.startswith(("appellation", "nameActor", "namePlace")):
            return 1
        node = node.getparent()
    return 1


def sort_order(node: Any) -> float:
    """``lido:sortorder`` of an element or its parent; what has none comes last."""
    for one in (node, node.getparent()) if isinstance(node, etree._Element) else ():
        said = one.get(_ORDER, "") if one is not None else ""
        if said.strip().isdecimal():
            return float(said)
    return float("inf")


def in_language(hits: list[Any], languages: tuple[str, ...]) -> list[Any]:
    """Of several hits those in the most wanted language, and of these the preferred ones."""
    if len(hits) < 2:
        return hits
    ranks = [language_rank(hit, languages) for hit in hits]
    hits = [hit for hit, rank in zip(hits, ranks, strict=True) if rank == min(ranks)]
    ranks = [preference(hit) for hit in hits]
    return [hit for hit, rank in zip(hits, ranks, strict=True) if rank == min(ranks)]


def by_language(blocks: list[etree._Element], languages: tuple[str, ...]) -> list[etree._Element]:
    """Blocks of metadata, the one in the most wanted language first."""
    return sorted(blocks, key=lambda block: language_rank(block, languages))


def languages_known(codes: list[str]) -> list[str]:
    """The codes, two letters each, lower case.

    Raises:
        InputError: one of them is no code of a language.
    """
    for code in codes:
        if not (len(code) == 2 and code.isalpha()):
            raise InputError(f"lido.languages holds {code!r}: write two letters, as in de or en.")
    return [code.lower() for code in codes]
