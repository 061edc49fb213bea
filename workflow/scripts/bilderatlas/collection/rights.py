"""What a right is called in catalogues, as one short name: ``cc-by-nc``, ``pdm``, ``noc-us``.

Rights are written as addresses (Creative Commons, RightsStatements.org) or in words ("Namensnennung
- Nicht kommerziell 4.0 (CC BY-NC 4.0)", "gemeinfrei"). A text is known only where all of it is
understood: "nicht CC BY" is no licence. Where words and code differ, the stricter one counts.
"""

from __future__ import annotations

import re

# every name that can be allowed; the free ones are what is allowed where nothing else is said
FREE = (
    "pdm", "cc0", "cc-by", "cc-by-sa", "cc-by-nc", "cc-by-nd", "cc-by-nc-sa", "cc-by-nc-nd",
    "noc-us", "noc-nc", "noc-cr", "noc-oklr",
)  # fmt: skip
# names of a kind of right that stand beside what may be done with it, and do not say it themselves
KINDS = (
    "urheberrecht", "urheberrechte", "verwertungsrecht", "verwertungsrechte", "nutzungsrecht",
    "nutzungsrechte", "copyright", "droit d'auteur",
)  # fmt: skip
_CC = re.compile(
    r"https?://(?:www\.)?creativecommons\.org/"
    r"(?:licenses/(?P<licence>by(?:-nc)?(?:-nd|-sa)?)|publicdomain/(?P<domain>mark|zero))"
    r"(?:/[\w.-]*)*(?:#\w*)?",
    re.IGNORECASE,
)
_STATEMENT = re.compile(
    r"https?://(?:www\.)?rightsstatements\.org/(?:vocab|page|data)/(?P<name>[a-z-]+)(?:/[\w.-]*)*"
    r"(?:\?.*)?",
    re.IGNORECASE,
)
_DOMAIN = re.compile(
    r"public domain(?: mark)?(?: 1\.0)?|pdm(?: 1\.0)?|gemeinfrei(?:es werk)?|domaine public",
    re.IGNORECASE,
)
_NOC = {
    "no copyright - united states": "noc-us",
    "no copyright - non-commercial use only": "noc-nc",
    "no copyright - contractual restrictions": "noc-cr",
    "no copyright - other known legal restrictions": "noc-oklr",
    "kein urheberrechtsschutz - nur nicht kommerzielle nutzung erlaubt": "noc-nc",
}
_PHRASES = (
    (r"(?:non|not|nicht|pas d.utilisation)[ -]*(?:commercial|kommerziell)\w*", " nc "),
    (r"(?:no|keine?|pas de)[ -]*(?:deriv\w*|bearbeitung\w*|modification\w*)", " nd "),
    (
        r"share[ -]*alike|weitergabe unter gleichen bedingungen"
        r"|partage dans les mêmes conditions",
        " sa ",
    ),
    (r"attribution|namensnennung|paternité", " cc by "),
    (r"\bcc[ -]?(?:0|zero)\b", " cc0 "),
    (r"public domain dedication", " "),
)
_EMPTY = {
    "cc", "creative", "commons", "licence", "license", "lizenz", "licenz", "international",
    "universal", "universell", "unported", "generic", "deutschland", "germany", "österreich",
    "austria", "schweiz", "switzerland", "france", "version", "de", "at", "ch", "int",
}  # fmt: skip


def name_of(right: str) -> str:
    """The short name of one right; empty where it is not known.

    Statements of RightsStatements.org have the name of their address in lower case (``inc``,
    ``noc-us``, ``cne``), Creative Commons' that of their code.
    """
    right = " ".join(right.split())
    found = _CC.fullmatch(right)
    if found:
        if found["licence"]:
            return f"cc-{found['licence'].lower()}"
        return "pdm" if found["domain"].lower() == "mark" else "cc0"
    found = _STATEMENT.fullmatch(right)
    if found:
        return found["name"].lower()
    if _DOMAIN.fullmatch(right):
        return "pdm"
    plain = right.lower().replace("–", "-")
    return _NOC.get(plain) or _from_words(plain)


def _from_words(right: str) -> str:
    for pattern, code in _PHRASES:
        right = re.sub(pattern, code, right)
    words = re.findall(r"\w+(?:\.\w+)*", right)
    parts = {word for word in words if word in ("by", "nc", "nd", "sa", "cc0")}
    if any(not _is_empty(word) for word in words if word not in parts):
        return ""
    if "cc0" in parts:
        return "cc0" if parts == {"cc0"} else ""
    if "by" not in parts or parts >= {"nd", "sa"} or not {"cc", "creative"} & set(words):
        return ""
    return "-".join(["cc", *(part for part in ("by", "nc", "nd", "sa") if part in parts)])


def _is_empty(word: str) -> bool:
    return word in _EMPTY or re.fullmatch(r"\d(?:\.\d)?", word) is not None
