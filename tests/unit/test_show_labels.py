"""Words and numbers: complete in both languages, and written as each language writes them."""

import csv
import re
import string
from pathlib import Path

import pytest

from bilderatlas import show
from bilderatlas.analysis.verdicts import DOES_NOT_HOLD, HOLDS, LARGER_IS_BETTER, UNDECIDED
from bilderatlas.files import PARTS
from bilderatlas.show.labels import LANGUAGES, count, label, name_of, number, read_labels

FOLDER = Path(show.__file__).parent


def fields(words):
    return {name for _, name, _, _ in string.Formatter().parse(words) if name}


def test_each_key_stands_once_with_both_languages_and_the_same_values():
    with open(FOLDER / "labels.csv", encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert len({row["key"] for row in rows}) == len(rows) > 50
    for row in rows:
        assert all(row[language].strip() for language in LANGUAGES), row["key"]
        # "bei einem" needs no {these}, "of" neither: a sentence may leave out how many were asked
        free = {"of", "these"} if row["key"].startswith("sentence.") else set()
        assert fields(row["de"]) ^ fields(row["en"]) <= free, row["key"]


def test_every_word_that_code_and_templates_ask_for_is_there():
    asked = set()
    for path in [*FOLDER.glob("*.py"), *FOLDER.glob("templates/*")]:
        asked |= set(re.findall(r"[\"']([a-z]+\.[a-z_]+)[\"']", path.read_text("utf-8")))
    kinds = {key.split(".")[0] for key in read_labels()}
    asked = {key for key in asked if key.split(".")[0] in kinds and not key.endswith("_")}
    assert len(asked) > 30
    assert not asked - set(read_labels())


def test_every_metric_part_and_verdict_has_words():
    names = [("metric", name) for name in LARGER_IS_BETTER] + [("part", name) for name in PARTS]
    names += [("verdict", name) for name in (HOLDS, UNDECIDED, DOES_NOT_HOLD)]
    missing = [name for name in names if ".".join(name) not in read_labels()]
    assert not missing


def test_an_unknown_key_is_named():
    with pytest.raises(KeyError, match=r"no\.such\.word"):
        label("no.such.word", "en")
    with pytest.raises(ValueError, match="fr"):
        label("loss.step", "fr")
    with pytest.raises(KeyError):
        label("sheet.count", "en")  # without its number


def test_a_name_without_words_is_shown_as_it_is():
    assert name_of("metric", "shape_of_hats", "de") == "shape of hats"
    assert name_of("control", "chance", "de") == "Zufall"


@pytest.mark.parametrize(
    ("value", "english", "german"),
    [
        (0.12345, "0.123", "0,123"),
        (12.345, "12.3", "12,3"),
        (2.8, "2.80", "2,80"),
        (1234.5, "1,234", "1.234"),
        (0.00123, "0.0012", "0,0012"),
        (-0.5, "−0.500", "−0,500"),
        (0, "0", "0"),
        (float("nan"), "–", "–"),
        (None, "–", "–"),
    ],
)
def test_numbers(value, english, german):
    assert number(value, "en") == english
    assert number(value, "de") == german


def test_signs_and_thousands():
    assert number(0.25, "en", places=2, signed=True) == "+0.25"
    assert number(-0.0001, "en", places=2, signed=True) == "0.00"
    assert count(16235, "en") == "16,235"
    assert count(16235, "de") == "16.235"
