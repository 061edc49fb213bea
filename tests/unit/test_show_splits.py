"""Tables and figures say which split they stand on."""

import pandas as pd
import pytest

from bilderatlas.files import METRICS
from bilderatlas.show import markdown
from bilderatlas.show.results_page import render_results
from bilderatlas.show.splits import splits_said

PAIRS = [("7", "published"), ("7-group", "group"), ("7", "published"), ("0", "published"),
         ("7s-group", "group"), ("7", "random"), ("x", "")]  # fmt: skip


@pytest.mark.parametrize(("pairs", "language", "words"), [
    (PAIRS[:1], "en", "Split: published."),
    (PAIRS, "en", "Split: published; group for 7-group, 7s-group; random for 7."),
    (PAIRS, "de", "Aufteilung: published; group bei 7-group, 7s-group; random bei 7."),
    ([], "en", ""), ([("7", "")], "de", ""),
])  # fmt: skip
def test_in_words(pairs, language, words):
    assert splits_said(pairs, language) == words


def test_names_are_made_fit_for_markdown():
    said = splits_said([("a|b", "published"), ("a|b", "group")], "en", markdown.escape)
    assert said == "Split: published; group for a\\|b."


def test_every_table_of_the_results_page_says_it():
    rows = [
        {"collection": "c", "study": "s", "experiment": name, "split": split, "n": 9, "value": 0.5,
         "population": population, "metric": metric, "control": "chance", "control_value": 0.1,
         "difference": 0.4, "verdict": "holds"}
        for name, split in (("7", "published"), ("0", "published"), ("7-group", "group"))
        for population in ("all", "test")
        for metric in ("same_title_map", "same_title_recall_at_10")
    ]  # fmt: skip
    metrics = pd.DataFrame(rows).reindex(columns=list(METRICS))
    context = {"study": "s", "collection": "c", "pictures": 30, "metrics": metrics}
    page = render_results(context | {"technical": metrics})
    said = "Split: published; group for 7-group."
    blocks = page.split("\n\n")
    tables = [number for number, block in enumerate(blocks) if block.startswith("| ")]
    assert len(tables) == 7  # at a glance, two technical ones, four of metrics
    for number in tables:
        assert said in blocks[number - 1] or said in blocks[number + 1], blocks[number][:80]
