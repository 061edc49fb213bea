"""The words of dates in German, English and French, and the form in which they are compared.

All tables are in the form that :func:`fold` gives: lower case, without accents, ``ss`` for ß.
"""

from __future__ import annotations

import re
import unicodedata


def alternatives(words: object) -> str:
    """A pattern for any of some words, the longer first."""
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


def _table(text: str) -> dict[str, int]:
    """Number by word, from lines ``number: word word``."""
    lines = (line.split(":") for line in text.strip().splitlines())
    return {word: int(number) for number, words in lines for word in words.split()}


MONTHS = _table("""
    1: januar janner jan january janvier janv
    2: februar feber feb february fevrier fevr fev
    3: marz maerz mrz mar march mars
    4: april apr avril avr
    5: mai may
    6: juni jun june juin
    7: juli jul july juillet juil
    8: august aug aout
    9: september sept sep septembre
    10: oktober okt october oct octobre
    11: november nov novembre
    12: dezember dez december dec decembre
""")
# numbers as EDTF has them
SEASONS = _table("""
    21: fruhling fruhjahr spring printemps
    22: sommer summer ete
    23: herbst autumn fall automne
    24: winter hiver
""")
# ASSUME: "Spätsommer" reaches into September.
MONTHS_OF = {"spatsommer": (8, 9)}
# ASSUME: "Jahreswende" is the December and the January around it.
NEW_YEAR = ("jahreswende",)
CENTURIES = _table("""
    11: eleventh
    12: twelfth
    13: thirteenth
    14: fourteenth
    15: fifteenth
    16: sixteenth
    17: seventeenth
    18: eighteenth
    19: nineteenth
    20: twentieth
""")
ORDINALS = _table("""
    1: erste ersten erster erstes first premier premiere 1 1st 1er 1ere 1re i
    2: zweite zweiten zweiter zweites second seconde deuxieme 2 2nd 2d 2e 2eme 2nde ii
    3: dritte dritten dritter drittes third troisieme 3 3rd 3e 3eme iii
    4: vierte vierten vierter viertes fourth quatrieme 4 4th 4e 4eme iv
    0: letzte letzten letzter letztes last derniere dernier
""")
DIVISORS = _table("""
    2: halfte half moitie
    3: drittel third tiers
    4: viertel quarter quart
""")
# ASSUME: beginning, middle and end are thirds, in every language: wide enough for anyone's habit.
THIRDS = _table("""
    0: anfang anfangs beginn fruhe fruhen fruher fruhes early beginning debut
    1: mitte mittlere mittleren mid middle milieu mi
    2: ende spate spaten spater spates ausgehende ausgehenden ausgehendes late end fin
""")
ABOUT = (
    "um", "circa", "zirka", "ca", "c", "etwa", "gegen", "ungefahr", "about", "around",
    "approximately", "approx", "vers", "environ", "env",
)  # fmt: skip
UNCERTAIN = (
    "vermutlich", "wohl", "wahrscheinlich", "vielleicht", "moglicherweise", "eventuell", "evtl",
    "probably", "possibly", "perhaps", "presumably", "maybe", "likely", "probablement",
    "peut-etre", "sans doute",
)  # fmt: skip
# a pattern: "o. J.", "o.O.u.J.", "ohne Datum" ("Jahr" is a filler), "n. d.", "s. d.", "s. a."
UNDATED = (
    r"o\.?\s*o\.?\s*,?\s*(?:u\.?\s*)?(?:o\.?\s*)?j\b\.?|o\.?\s*[jd]\b\.?|ohne(?: datum| datierung)?"
    r"|undatiert|nicht datiert|n\.?\s*d\b\.?|no date|not dated|undated|s\.?\s*[da]\b\.?|sans date"
    r"|non datee?"
)
BEFORE = ("vor", "before", "avant", "ante")
AFTER = ("nach", "after", "apres", "post")
UNTIL = (
    "bis", "spatestens", "nicht nach", "until", "till", "up to", "not after", "no later than",
    "jusqu'", "jusqu'a", "jusque", "au plus tard",
)  # fmt: skip
SINCE = (
    "ab", "seit", "fruhestens", "nicht vor", "from", "since", "not before", "no earlier than",
    "a partir", "depuis", "au plus tot",
)  # fmt: skip

# Words between the words: they change nothing of what a date says.
_FILLERS = re.compile(
    r"\b(?:der|die|das|des|dem|den|vom|zu|zum|am|im|in|jahr|jahre|jahren|jahres|the|of|year"
    r"|du|de|le|la|les|en|an|annee)\b(?!-)|\b[ld]'"
)
_CHRIST = r"chr(?:istus|isti(?: geburt)?)?\b\.?"
_BC = re.compile(
    rf"\b(?:v(?:or|\.)?\s*(?:{_CHRIST}|u\.?\s*z\b\.?|unserer zeit(?:rechnung)?\b)"
    r"|b\.?\s?c\b\.?(?:\s?e\b\.?)?|av(?:ant|\.)?\s*j(?:esus|\.)?[\s-]*c(?:hrist)?\b\.?"
    r"|avant notre ere\b)"
)
_AD = re.compile(
    rf"\b(?:n(?:ach|\.)?\s*(?:{_CHRIST}|u\.?\s*z\b\.?|unserer zeit(?:rechnung)?\b)"
    r"|a\.?\s?d\b\.?|c\.?\s?e\b\.?|ap(?:res|r?\.)?\s*j(?:esus|\.)?[\s-]*c(?:hrist)?\b\.?"
    r"|(?:de )?notre ere\b)"
)
_HYPHENS = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2212"), "-")
# a dash stands apart: "1910–12" is no ISO month
_DASHES = dict.fromkeys(map(ord, "\u2013\u2014"), " - ")
_SIGNS = _HYPHENS | _DASHES | dict.fromkeys(map(ord, "\u2019\u02bc\u00b4`"), "'")


def fold(text: str) -> str:
    """A text in the form of the tables: lower case, no accents, one kind of dash and of space.

    The eras become ``bc`` and ``ad``; articles and the like are taken out.
    """
    # signs first: NFKD would take the acute accent apart
    text = unicodedata.normalize("NFKD", text.translate(_SIGNS)).casefold()
    text = "".join(sign for sign in text if not unicodedata.combining(sign))
    text = _AD.sub(" ad ", _BC.sub(" bc ", text))
    return " ".join(_FILLERS.sub(" ", text).split())
