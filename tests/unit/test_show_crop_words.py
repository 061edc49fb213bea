"""What proposals say, in the words of both languages."""

import pytest

from bilderatlas.collection.crops.cards import KNOWN
from bilderatlas.show.crop_words import PLACES, TOLD, UNTOLD, crop_words, split_cards


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("de", "Farbkarte rechts, Graukeil links, auf Karton, zweifelhaft"),
        ("en", "colour card right, grey scale left, on a mount, doubtful"),
    ],
)
def test_cards_and_reasons_in_words(language, words):
    cards = split_cards("colour right | grey left")
    assert crop_words(cards, ("card", "mount", "doubtful"), language) == words


def test_all_that_the_rule_says_has_words():
    said = {"whole", "card", "ground", "mount", "turned", "shape", "doubtful"}
    assert said | {*KNOWN, "strip"} == {*TOLD, *UNTOLD}
    for language in ("de", "en"):
        every = crop_words([f"strip {place}" for place in PLACES], TOLD, language)
        assert every.count(",") == len(TOLD) + len(PLACES) - 1


def test_words_that_are_not_known_are_told_as_they_are_and_once():
    assert crop_words(["ruler left"], ["title", "<b>", "title"], "en") == "ruler left, title, <b>"
    assert crop_words(split_cards(""), ("card", "ground"), "de") == ""
