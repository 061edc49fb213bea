"""The words, and the best control."""

import math

import pandas as pd
import pytest

from bilderatlas.analysis.claims import HISTOGRAM
from bilderatlas.analysis.tasks import (
    AUTHOR,
    FOUND,
    FOUND_CUT,
    FOUND_MIRRORED,
    FOUND_PLAIN,
    MOTIF,
    NEGATIVE,
    RETRIEVAL,
    WITHOUT_PRINTS,
    YEAR,
)
from bilderatlas.analysis.verdicts import LARGER_IS_BETTER, against_best, verdict, word


@pytest.mark.parametrize(
    ("difference", "low", "high", "larger", "smaller"),
    [
        (0.2, 0.1, 0.3, "holds", "does not hold"),
        (0.2, -0.1, 0.5, "undecided", "does not hold"),
        (0.2, 0.0, 0.5, "undecided", "does not hold"),
        (0.0, -0.1, 0.1, "does not hold", "does not hold"),
        (-0.2, -0.5, 0.1, "does not hold", "undecided"),
        (-0.2, -0.3, -0.1, "does not hold", "holds"),
        (0.2, math.nan, math.nan, "undecided", "undecided"),
        (1e-15, 1e-16, 1e-14, "does not hold", "does not hold"),
    ],
)
def test_words(difference, low, high, larger, smaller):
    assert verdict("same_title_map", difference, low, high) == larger
    assert verdict("year_mae", difference, low, high) == smaller


def test_a_word_for_a_claim_needs_only_its_direction():
    assert word(0.2, 0.1, 0.3, larger=True) == verdict("same_title_map", 0.2, 0.1, 0.3) == "holds"
    assert word(0.2, 0.1, 0.3, larger=False) == "does not hold"


def test_every_metric_has_a_direction():
    found = FOUND + FOUND_MIRRORED + FOUND_CUT + FOUND_PLAIN
    measures = RETRIEVAL + WITHOUT_PRINTS + NEGATIVE + found + MOTIF + AUTHOR + YEAR
    assert {each.metric for each in measures} | {HISTOGRAM} == set(LARGER_IS_BETTER)
    with pytest.raises(ValueError, match="beauty"):
        verdict("beauty", 1, 1, 1)


def test_the_best_control_is_chosen_by_the_direction_of_the_metric():
    rows = [
        ("same_title_map", "pixels", 0.5, "undecided"),
        ("same_title_map", "chance", 0.1, "holds"),
        ("year_mae", "pixels", 3.5, "holds"),
        ("year_mae", "constant", 2.8, "does not hold"),
    ]
    table = pd.DataFrame(rows, columns=["metric", "control", "control_value", "verdict"])
    table = table.assign(collection="c", study="s", experiment="7", split="", population="all")
    best = against_best(table)
    assert best["control"].tolist() == ["pixels", "constant"]
    assert best["verdict"].tolist() == ["undecided", "does not hold"]
