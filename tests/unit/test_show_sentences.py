"""Sentences in natural frequencies: right numbers, right grammar, the word of the best control."""

import math

import numpy as np
import pandas as pd
import pytest

from bilderatlas.files import METRICS
from bilderatlas.show.answers import answers, glance, queries_range, results_columns, results_table
from bilderatlas.show.sentences import best_rows, figure, role, sentence, sentences

EXPERIMENTS = [
    {"experiment": "7", "label": "on Zille", "lineage": "untrained+zille.published"},
    {"experiment": "8", "label": "also", "lineage": "standin+zille.published", "stand_in": True},
    {"experiment": "0", "label": "untrained", "lineage": "untrained~s1"},
    {"experiment": "pixels", "label": "control", "lineage": "pixels"},
]


def rows(metric, n, value, controls, population="test", experiment="7", split="published"):
    """Rows of one experiment; ``controls`` maps a name to its value and word."""
    found = [
        ("zille", "simclr", experiment, split, population, metric, n, value, value - 0.1,
         value + 0.1, name, other, value - other, value - other - 0.05, value - other + 0.05, word)
        for name, (other, word) in controls.items()
    ]  # fmt: skip
    return pd.DataFrame(found, columns=METRICS)


def say(table, language="en", **more):
    key = tuple(table.iloc[0][["experiment", "split", "population", "metric"]])
    return sentence(table, best_rows(table).get(key), language, **more)


FIRST = {
    "chance": (1 / 31, "holds"),
    "pixels": (18 / 31, "does not hold"),
}


def test_the_sentence_of_the_issue():
    table = rows("same_title_p_at_1", 31, 12 / 31, FIRST)
    assert say(table) == (
        "Of 31 pictures with a companion, this network put one first for 12, "
        "a 16 x 16 thumbnail for 18, chance for one: *does not hold*."
    )
    assert say(table, "de") == (
        "Von 31 Bildern mit einem Gefährten setzte dieses Netz diesen bei 12 an die erste Stelle, "
        "ein 16-x-16-Vorschaubild bei 18, der Zufall bei einem: *trägt nicht*."
    )


@pytest.mark.parametrize(
    ("value", "english", "german"),
    [(0, "for none,", "bei keinem an"), (1, "for one,", "bei einem an"), (2, "for 2,", "bei 2 an")],
)
def test_none_one_and_many(value, english, german):
    table = rows("same_title_p_at_1", 5, value / 5, FIRST)
    assert english in say(table) and german in say(table, "de")


def test_one_picture_was_asked():
    table = rows("author_accuracy", 1, 1.0, {"constant": (0.0, "undecided")})
    assert say(table) == (
        "Of one picture, this network named the photographer rightly for one "
        "(always naming the commonest: 0): *undecided*."
    )
    assert say(table, "de").startswith("Von einem Bild benannte dieses Netz bei einem")
    dated = rows("year_mae", 1, 2.0, {"constant": (3.0, "holds")})
    assert say(dated).startswith("This network dates one picture with")


def test_what_chance_expects_is_no_whole_number():
    few = rows("same_title_p_at_1", 26, 7 / 26, {"chance": (0.24 / 26, "holds")})
    assert "chance for fewer than one: *holds*." in say(few)
    assert "der Zufall bei weniger als einem: *trägt*." in say(few, "de")
    some = rows("author_accuracy", 188, 150 / 188, {"chance": (141.4 / 188, "undecided")})
    assert "(chance: about 141): *undecided*." in say(some)
    about = rows("same_title_p_at_1", 227, 88 / 227, {"chance": (1.2 / 227, "holds")})
    assert "chance for about one" in say(about)


def test_counts_that_are_not_whole_are_shares():
    balanced = rows("author_balanced_accuracy", 188, 0.61, {"constant": (0.5, "holds")})
    assert "right for 61 % of the pictures (always naming the commonest: 50 %)" in say(balanced)
    torn = rows("same_title_p_at_1", 7, 0.5, {"pixels": (3 / 7, "holds")})
    assert "0.500" in say(torn) and " for 3" not in say(torn)
    large = rows("author_accuracy", 16235, 15000 / 16235, {"constant": (0.5, "holds")})
    assert "16,235" in say(large) and "15,000" in say(large)
    assert "16.235" in say(large, "de") and "15.000" in say(large, "de")


def test_as_many_decimals_as_tell_apart():
    near = rows("year_mae", 188, 3.12, {"constant": (3.07, "does not hold")})
    assert "3.12 years (the same year for all: 3.07)" in say(near)
    same = rows("year_mae", 188, 3.07, {"constant": (3.07, "does not hold")})
    assert "3.1 years (the same year for all: 3.1)" in say(same)
    share = rows("author_balanced_accuracy", 188, 0.604, {"constant": (0.601, "undecided")})
    assert "60.4 % of the pictures (always naming the commonest: 60.1 %)" in say(share)
    far = rows("year_mae", 188, 3.3, {"constant": (3.07, "does not hold")})
    assert "3.3 years (the same year for all: 3.1): *does not hold*." in say(far)
    assert "3,3 Jahren" in say(far, "de")


def test_the_word_is_that_of_the_best_control_also_for_errors():
    controls = {
        "constant": (3.07, "holds"),
        "catalogue": (2.3, "does not hold"),
        "pixels": (3.2, "holds"),
    }
    table = rows("year_mae", 188, 2.5, controls)
    assert say(table).endswith("*does not hold*.")
    # controls in their usual order
    said = say(table)
    assert said.index("thumbnail") < said.index("print size") < said.index("same year")


def test_unknown_measures_controls_and_missing_values():
    strange = rows("shape_of_hats", 9, 0.25, {"milliner": (0.5, "")})
    assert say(strange) == (
        "Shape of hats, asked of 9 pictures: this network 0.250 (milliner: 0.500)."
    )
    empty = rows("year_mae", 0, math.nan, {"constant": (math.nan, "undecided")})
    assert say(empty) == "There was nothing to ask here."
    assert say(empty.assign(n=np.nan), "de") == "Hier gab es nichts zu fragen."
    alone = rows("same_title_p_at_1", 4, 0.5, {"": (math.nan, "")})
    assert say(alone) == "Of 4 pictures with a companion, this network put one first for 2."


def test_roles_come_from_the_lineage():
    assert [role(row["lineage"]) for row in EXPERIMENTS] == [
        "network", "network", "untrained", "pixels",
    ]  # fmt: skip
    assert role("untrained-sum") == "untrained" and role(None, "pixels") == "pixels"


def study():
    """Three of one split and one of another; pixels are best everywhere but in dating."""
    control = {"pixels": (0.5, "does not hold"), "chance": (0.02, "holds")}
    good = {"pixels": (0.5, "holds"), "chance": (0.02, "holds")}
    return pd.concat(
        [
            rows("same_title_map", 227, 0.4, control, "all"),
            rows("same_title_map", 227, 0.65, good, "all", "8"),
            rows("same_title_map", 227, 0.39, control, "all", "0"),
            rows("same_title_map", 227, 0.5, {"chance": (0.02, "holds")}, "all", "pixels"),
            rows("same_title_p_at_1", 227, 100 / 227, control, "all"),
            rows("same_title_map", 26, 0.4, control, "test"),
            rows("same_title_map", 60, 0.9, good, "test", "8", "group"),
        ],
        ignore_index=True,
    )


def test_controls_come_last_and_without_a_word():
    blocks = sentences(study(), EXPERIMENTS, "en")
    assert [block["experiment"] for block in blocks] == ["7"]
    both = pd.concat([study(), rows("year_mae", 9, 3.0, {"constant": (2, "holds")}, "test", "0")])
    blocks = sentences(both, [EXPERIMENTS[2], EXPERIMENTS[0]], "en")
    assert [block["experiment"] for block in blocks] == ["7", "0"]
    assert blocks[1]["said"] == [
        ("Test part (`published`)",
         "This untrained network dates 9 pictures with a mean error of 3.0 years "
         "(the same year for all: 2.0).")
    ]  # fmt: skip


def test_short_answers_count_the_trained_networks():
    companions, photographer, dating = answers(study(), EXPERIMENTS, "en")
    everywhere, test = companions["lines"]
    assert "**one of the 2 trained networks holds against the best control: 8" in everywhere
    assert "(undecided: 0, does not hold: 1)" in everywhere and "n = 227" in everywhere
    assert "Best network: 8 with 0.650" in everywhere
    assert "16 x 16 pixels with 0.500, better than 1 of 2 networks" in everywhere
    assert "n = 26–60" in test
    assert photographer["lines"] == dating["lines"] == ["Not measured."]
    alone = answers(study(), [], "de")[0]["lines"][0]
    assert "eines der 3 trainierten Netze trägt" in alone  # without its lineage, 0 is a network
    single = study()[study()["experiment"] == "7"]
    said = answers(single, EXPERIMENTS[:1], "de")[0]["lines"][0]
    assert "das eine trainierte Netz: *trägt nicht*" in said
    worse = study().assign(verdict="does not hold")
    said = answers(worse, EXPERIMENTS, "de")[0]["lines"][0]
    assert "keines der 2 trainierten Netze trägt" in said


def test_the_table_at_a_glance():
    head, table = glance(study(), EXPERIMENTS, "en")
    assert len(head) == 4 and "training part included (n = 227; higher is better)" in head[2]
    assert [row[0] for row in table][:3] == ["7", "8 (published)", "8 (group)"]
    by_name = {row[0]: row for row in table}
    assert by_name["7"][2:] == ["0.400 *does not hold*", "0.400 *does not hold*"]
    assert by_name["8 (published)"][2:] == ["**0.650** *holds*", "–"]
    assert by_name["pixels"][1:] == ["control: 16 x 16 pixels", "0.500", "–"]
    assert table[-1][1:] == ["control: chance", "0.020", "0.020"]
    assert glance(study().iloc[:0], EXPERIMENTS, "de") == ([], [])


def test_the_table_for_spreadsheets():
    found = results_table(study(), EXPERIMENTS, "de").set_index(["experiment", "split"])
    assert list(found.reset_index()[results_columns()].columns) == results_columns()
    row = found.loc[("8", "published")]
    assert row["companions_map_all_n"] == 227 and row["companions_map_all"] == 0.65
    assert row["companions_map_all_word"] == "trägt" and row["stand_in"] == "ja"
    assert row["companions_map_all_best_control"] == "16 x 16 Bildpunkte"
    assert row["companions_map_all_low"] == 0.55 and pd.isna(row["year_mean_error"])
    assert results_table(study().iloc[:0], EXPERIMENTS, "en").empty


def test_numbers_as_people_read_them():
    assert figure("author_accuracy", 0.5, "de") == "50 %"
    assert figure("year_mae", 3.0726, "de") == "3,07"
    assert figure("same_title_map", 0.5, "en") == "0.500"
    assert figure("same_title_map", math.nan, "en") == "–"
    assert queries_range([26, 60, 26], "en") == "26–60" and queries_range([np.nan], "en") == "–"
