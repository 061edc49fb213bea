"""Names of makers, compared as one would who knows that they are names.

For grouping only: "Zille, Heinrich (1858-1929)", "HEINRICH ZILLE" and a spelling that a wrong
encoding has mangled are one artist. What is shown stays as the archive wrote it.
"""

from __future__ import annotations

import contextlib
import re
import unicodedata
from collections import Counter

import ftfy
import pandas as pd

SEPARATOR = "|"  # between several makers in one cell, see bilderatlas.collection.records.join

# Letters that Unicode does not take apart into a letter and its accent.
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"}
)
# "(1858-1929)", "(* 1858 Radeburg)", "[geb. 1858]": what stands in brackets and holds a year
_LIFE_IN_BRACKETS = re.compile(r"\s*[(\[][^()\[\]]*\d{3,4}[^()\[\]]*[)\]]")
# "Dürer, Albrecht, 1471-1528", "Dürer, Albrecht (1471": as libraries and torn cells have it;
# "Meister von 1445" keeps his year, which is his name
_LIFE_AT_END = re.compile(
    r"\s*(?:[,(*†]\s*(?:(?:geb|gest|born|died|née?|b|d|ca?|um)\b\.?\s*|[*†]\s*)?\d{3,4}\??"
    r"(?:\s*[-–/]\s*(?:\d{2,4}\??)?)?|\s\d{3,4}\s*[-–]\s*\d{3,4})\s*$",
    re.IGNORECASE,
)
# what stands behind a name and is no first name
_SUFFIX = re.compile(
    r"(?:jr|sr|junior|senior|the (?:elder|younger)|d\W*[äj]|der (?:ältere|jüngere)|le jeune"
    r"|l'ancien|père|fils|i{1,3})\W*",
    re.IGNORECASE,
)
# Signs that no name holds and mangled UTF-8 does, with the encoding that it was taken for:
# frames and shades of DOS, the root sign of old Macs.
_TELLTALE = {"cp437": re.compile(r"[\u2500-\u259f]"), "mac-roman": re.compile("\N{SQUARE ROOT}")}


def repair(name: str) -> str:
    """A name with the damage of wrong encodings undone: "DÃ¼rer" is "Dürer".

    The work is ftfy's (Speer 2019, doi 10.5281/zenodo.2591652), but for words too short for it
    to be sure of ("D├╝rer", "K√§the"). What is not damaged stays.
    """
    fixed = _fix(name)
    for encoding, signs in _TELLTALE.items():
        if signs.search(fixed):
            with contextlib.suppress(UnicodeError):
                fixed = _fix(fixed.encode(encoding).decode("utf-8"))
    return fixed


def _fix(name: str) -> str:
    return ftfy.fix_text(name, uncurl_quotes=False, normalization="NFC")


def grouping_key(makers: str) -> str:
    """What all spellings of a maker share; empty where there is no name.

    Lower case, no accents, first names before the last, without years of life, underscores and
    points; several makers, separated by ``|``, in the order of the alphabet. Not brought
    together, for want of certainty: initials with first names, "ue" with "ü", other names of
    one artist.
    """
    keys = {_key(name) for name in makers.split(SEPARATOR)}
    return f" {SEPARATOR} ".join(sorted(filter(None, keys)))


def one_spelling(makers: pd.Series) -> pd.Series:
    """Each maker in one of the spellings that the series has, the same for one artist.

    Taken is an undamaged spelling before a mangled one, then the most frequent, then the first
    in the alphabet. Empty cells stay empty; where nobody is spelt in two ways nothing changes.

    Args:
        makers: strings, as the catalogue has them; the index is kept.
    """
    written = makers.fillna("").astype(str).str.strip()
    spellings = Counter(written[written != ""])
    best: dict[str, tuple[bool, int, str]] = {}
    keys = {}
    for spelling, count in spellings.items():
        # a name of nothing but signs has no key: it is itself
        key = keys[spelling] = grouping_key(spelling) or spelling
        whole = unicodedata.normalize("NFC", spelling)
        rank = (repair(spelling) != whole, -count, spelling)
        best[key] = min(best.get(key, rank), rank)
    return written.map(lambda spelling: best[keys[spelling]][2] if spelling else "")


def _key(name: str) -> str:
    name = " ".join(repair(name).replace("_", " ").split())
    name = _LIFE_AT_END.sub("", _LIFE_IN_BRACKETS.sub("", name)).strip(" ,;")
    name = _first_name_first(name)
    name = unicodedata.normalize("NFKD", name).casefold().translate(_LETTERS)
    name = "".join(sign for sign in name if not unicodedata.combining(sign))
    return " ".join(re.findall(r"[^\W_]+", name))


def _first_name_first(name: str) -> str:
    """ "Bruegel, Pieter, d. Ä." as "Pieter Bruegel d. Ä."; other commas are left alone."""
    parts = [part.strip() for part in name.split(",") if part.strip()]
    suffixes = [part for part in parts[1:] if _SUFFIX.fullmatch(part)]
    names = [part for part in parts if part not in suffixes]
    if len(names) != 2:
        return name
    return " ".join([names[1], names[0], *suffixes])
