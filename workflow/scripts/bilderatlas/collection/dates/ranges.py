"""Dates with the words around them: about, probably, before, after, from one to another."""

from __future__ import annotations

import re
from collections.abc import Callable

from bilderatlas.collection.dates.span import (
    Span,
    after,
    before,
    in_order,
    in_years,
    marked,
)
from bilderatlas.collection.dates.spellings import read_spelling, years
from bilderatlas.collection.dates.words import (
    ABOUT,
    AFTER,
    BEFORE,
    NEW_YEAR,
    SEASONS,
    SINCE,
    UNCERTAIN,
    UNDATED,
    UNTIL,
    alternatives,
)

_ABOUT = re.compile(rf"(?:{alternatives(ABOUT)})(?:\.\s*|\s+|(?=\d))(.+)")
_UNCERTAIN = re.compile(rf"(?:{alternatives(UNCERTAIN)})\.?\s+(.+)")
_QUESTION = re.compile(r"(.+?)\s*(?:\?|\(\?\)|\[\?\])")
# what a cataloguer has supplied: "[1886]"
_SUPPLIED = re.compile(r"\[\s*([^\[\]]+?)\s*\]")
# "o. J. (um 1900)": the object bears no date, somebody knows one; "jahr" is gone, see words.fold
_UNDATED = re.compile(
    rf"(?:{UNDATED})(?:\s*[,;:]\s*(?P<after>[^()\[\]]+)|\s*(?P<about>(?:{alternatives(ABOUT)})\b.+)"
    r"|\s*[,;:]?\s*(?:\(\s*(?P<round>[^()]+?)\s*\)|\[\s*(?P<square>[^\[\]]+?)\s*\]))"
)
_OPEN = re.compile(rf"({alternatives((*BEFORE, *AFTER, *UNTIL, *SINCE))})\s+(.+)")
_BETWEEN = re.compile(
    r"(?:zwischen|between|entre) (.+) (?:und|and|et) (.+)"
    r"|(?:von|from) (.+) (?:bis|to|until|till) (.+)"
)
_JOINT = re.compile(r"\s+(?:bis|to|until|till|through|a|au)\s+|\s*[/-]\s*")
# "Winter 1899/1901" is a slip, not a winter and a year
_SLIP = re.compile(
    rf"(?:{alternatives((*NEW_YEAR, *(name for name in SEASONS if SEASONS[name] == 24)))})"
    r" \d{4}\s*[/-]\s*\d+"
)


def read_range(text: str) -> Span | None:
    """The span of a text in the form of :func:`words.fold`; None where it is not read.

    Raises:
        ValueError: it names a day that does not exist.
    """
    text, outside = _certainty(text)
    text, inside = _certainty(_supplied(text))
    found = _open(text) or _about(text, _range) or _range(text, _side)
    return marked(found, "?") if found and (outside or inside) else found


def _supplied(text: str) -> str:
    """A date that the object does not bear, without the brackets or words that say so.

    ASSUME: brackets say who dates the object, not that he doubts it: "[1886]" is 1886.
    """
    match = _UNDATED.fullmatch(text)
    if match:
        text = next(filter(None, match.groups()))
    match = _SUPPLIED.fullmatch(text)
    return match[1] if match else text


def _certainty(text: str) -> tuple[str, bool]:
    """The text without its "probably" or question mark, and whether it had one."""
    rest = text
    for pattern in (_UNCERTAIN, _QUESTION):
        match = pattern.fullmatch(rest)
        rest = match[1] if match else rest
    return rest, rest != text


def _open(text: str) -> Span | None:
    """ "vor 1900", "seit 1900"; after "vor" and "nach" an "um" says too little."""
    match = _OPEN.fullmatch(text)
    if match is None or _BETWEEN.fullmatch(text):
        return None
    word, rest = match.groups()
    known = _range(rest)
    if known is None:
        return None
    # ASSUME: "vor 1900" leaves out 1900 itself, as "nach 1900" does; "bis" and "ab" include it.
    if word in BEFORE:
        return Span(None, before(known.first))
    if word in AFTER:
        return Span(after(known.last), None)
    return Span(None, known.last) if word in UNTIL else Span(known.first, None)


def _about(text: str, read: Callable[[str], Span | None]) -> Span | None:
    """ "um" and its like before whole years; before a season or a day they say too little."""
    match = _ABOUT.fullmatch(text)
    # "um 1900-10" is no ISO month: an "um" stands before years
    known = (years(match[1]) or read(match[1])) if match else None
    return marked(known, "~") if known and in_years(known) else None


def _side(text: str) -> Span | None:
    """One side of a range, which may have its own "um" and question mark."""
    text, uncertain = _certainty(text)
    found = read_spelling(text) or _about(text, read_spelling)
    return marked(found, "?") if found and uncertain else found


def _range(text: str, side: Callable[[str], Span | None] = read_spelling) -> Span | None:
    """One date, or two of them with something between."""
    found = side(text)
    if found is not None:
        return found if in_order(found) else None
    if _SLIP.fullmatch(text):
        return None
    match = _BETWEEN.fullmatch(text)
    if match:
        return _joined(*filter(None, match.groups()), side)
    for match in _JOINT.finditer(text):
        found = _joined(text[: match.start()], text[match.end() :], side)
        if found:
            return found
    return None


def _joined(left: str, right: str, side: Callable[[str], Span | None]) -> Span | None:
    """From the left date to the right one, of which the left may borrow its last words.

    "3. bis 5. Mai 1900", "18./19. Jh.", "500-400 v. Chr.": the most words first, so that
    "1./2. Halfte 19. Jh." begins with a half and not with the first century.
    """
    last = side(right)
    if last is None or not left:
        return None
    words = right.split()
    borrowed = (" ".join(words[start:]) for start in range(1, len(words)))
    for text in (left, *(f"{left} {more}" for more in borrowed)):
        first = side(text)
        joined = first and Span(first.first, last.last)
        if joined and in_order(joined):
            return joined
    return None
