"""What a proposed crop is about, in words: what lies beside the photograph, what is odd."""

from __future__ import annotations

from collections.abc import Iterable

from bilderatlas.show.labels import label

# of what is cut the cards say more, and a bare ground is nothing to be told
UNTOLD = ("card", "ground")
TOLD = ("whole", "mount", "turned", "shape", "doubtful", "colour", "grey", "strip")
PLACES = ("left", "top", "right", "bottom")


def crop_words(cards: Iterable[str], reasons: Iterable[str], language: str) -> str:
    """Words of a row of ``crop_proposals.csv`` for people, joined by commas; often none.

    Args:
        cards: kind and side, ``colour bottom``.
        reasons: as of :class:`bilderatlas.collection.crops.propose.Proposal`; a word that is not
            known is told as it is.
        language: of the words.
    """
    beside = (" ".join(_word(word, language) for word in card.split()) for card in cards)
    odd = (_word(reason, language) for reason in reasons if reason not in UNTOLD)
    return ", ".join(dict.fromkeys([*beside, *odd]))


def _word(word: str, language: str) -> str:
    return label(f"crops.{word}", language) if word in TOLD + PLACES else word


def split_cards(cell: str) -> tuple[str, ...]:
    """The cards of a cell of ``crop_proposals.csv``: ``colour bottom | grey left``."""
    return tuple(filter(None, (card.strip() for card in cell.split("|"))))
