"""The page of results: complete, rounded, and safe against what titles may hold."""

import re

import numpy as np
import pandas as pd
import pytest

from bilderatlas.files import METRICS
from bilderatlas.show.markdown import code, escape, link, table
from bilderatlas.show.metric_tables import metric_tables
from bilderatlas.show.results_page import render_results

UNKNOWN = np.nan


def metrics():
    def rows(name, split, value, pixels, verdict, metric="same_title_map"):
        start = (
            "zille",
            "simclr",
            name,
            split,
            "test",
            metric,
            31,
            value,
            value - 0.1,
            value + 0.1,
        )
        difference = value - pixels
        return [
            (*start, "pixels", pixels, difference, difference - 0.05, difference + 0.05, verdict),
            (*start, "chance", 0.0201, value - 0.0201, UNKNOWN, UNKNOWN, ""),
        ]

    found = rows("7", "published", 0.59049, 0.515, "holds")
    found += rows("8", "published", 0.5, 0.515, "does not hold")
    found += rows("7-group", "group", 0.4, 0.42, "undecided")
    found += rows("7", "published", 2.9, 3.07, "holds", "year_mae")[:1]
    return pd.DataFrame(found, columns=METRICS)


def context(**more):
    return {"study": "simclr", "collection": "zille", "pictures": 624, "metrics": metrics(), **more}


FULL = {
    "title": "Zille | Fotografien <1900>",
    "splits": {"published": {"train": 436, "test": 188}},
    "experiments": [
        {"experiment": "8", "label": "a|b <i>c</i> *d* `e`", "stand_in": True,
         "lineage": "imagenet+zille.published~s1", "settings": "ab12"},
        {"experiment": "7", "label": "auf Zille", "lineage": "", "settings": None},
    ],
    "leaks": [{"split": "published", "count": 52, "total": 188}],
    "left_out": ["3 to 6: dew is not here | <b>"],
    "published": [{"what": "P@1", "published": None, "ours": 0.6123}],
    "figures": [{"path": "figures/a b/(171059).png", "words": "[Nachbarn]"}],
    "commit": "abc123", "settings": "dead", "date": "2026-01-02", "versions": {"torch": "2.9"},
}  # fmt: skip


def cells(line):
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


def tables(page):
    """All tables of a page, as lists of rows of cells."""
    blocks = re.findall(r"(?:^\|.*\|$\n?)+", page, flags=re.MULTILINE)
    return [[cells(line) for line in block.splitlines()] for block in blocks]


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_page_of_the_least_and_one_of_all(language):
    for page in (
        render_results(context(language=language)),
        render_results(context(language=language, **FULL)),
    ):
        assert page.startswith("<!-- ") and "write_results_page" in page.splitlines()[0]
        assert page.endswith("\n") and not page.endswith("\n\n")
        assert "None" not in page and not re.search(r"\bnan\b", page)
        assert "{" not in page and "\n\n\n" not in page
        for block in tables(page):
            assert len({len(row) for row in block}) == 1
    assert render_results(context(language=language, **FULL)) == page


def test_a_table_for_each_measure_with_controls_in_the_heading():
    first, second = metric_tables(metrics(), ["8", "7"], "en")
    assert first["title"].startswith("Same title") and first["caption"].endswith(
        "Higher is better."
    )
    assert "n = 31" in first["caption"] and "test part" in first["caption"]
    assert first["head"][2:] == [
        "difference from 16 x 16 pixels (0.515)",
        "difference from chance (0.020)",
    ]
    assert [row[0] for row in first["rows"]] == ["8", "7", "7-group"]
    by_name = {row[0]: row[1:] for row in first["rows"]}
    assert by_name["7"] == [
        "0.590 [0.490, 0.690]",
        "+0.075 [+0.025, +0.125] *holds*",
        "+0.570",
    ]
    # where the control has another value (another split), the cell says which
    assert by_name["7-group"][1] == "(0.420) −0.020 [−0.070, +0.030] *undecided*"
    assert second["caption"].endswith("Lower is better.")
    assert second["rows"] == [["7", "2.90 [2.80, 3.00]", "−0.17 [−0.22, −0.12] *holds*"]]


def test_german_numbers_are_told_apart():
    first, _ = metric_tables(metrics(), [], "de")
    assert first["rows"][0][1] == "0,590 [0,490; 0,690]"


def test_missing_values_unequal_n_and_two_splits():
    found = metrics()
    found.loc[found["experiment"] == "8", ["value", "low", "high", "n", "difference"]] = UNKNOWN
    extra = found[found["experiment"] == "7"].iloc[:1].assign(split="random")
    found = pd.concat([found, extra], ignore_index=True)
    first, _ = metric_tables(found, [], "en")
    assert first["head"][1] == "n" and "by row" in first["caption"]
    by_name = {row[0]: row[1:] for row in first["rows"]}
    assert by_name["8"][:2] == ["–", "–"] and by_name["8"][2].startswith("–")
    assert by_name["7 (published)"][0] == by_name["7 (random)"][0] == "31"
    assert by_name["7 (random)"][-1] == "–"  # this split has no such control


def test_without_any_number():
    page = render_results(context(metrics=metrics().iloc[:0]))
    assert "There were no numbers." in page and not tables(page)


def test_leaks_stand_ins_and_what_was_left_out_are_said():
    page = render_results(context(**FULL))
    assert "52 of 188 test pictures (27.7 %)" in page
    assert "Stand-in weights were learnt" in page
    assert "- 3 to 6: dew is not here \\| &lt;b&gt;" in page
    assert "`abc123`" in page and "`dead`" in page and "torch 2.9" in page
    assert "The published study gives no numbers" in render_results(context())
    plain = {"experiments": [{"experiment": "7", "label": "auf Zille"}]}
    assert "Stand-in weights were learnt" not in render_results(context(**plain))


def test_special_characters_stay_words():
    page = render_results(context(**FULL))
    assert "# Results: simclr on Zille \\| Fotografien &lt;1900&gt;" in page
    experiments = tables(page)[0]
    assert experiments[2][1] == "a\\|b &lt;i&gt;c&lt;/i&gt; \\*d\\* \\`e\\`"
    assert experiments[2][2:] == ["`imagenet+zille.published~s1`", "yes", "`ab12`"]
    assert experiments[3][2:] == ["–", "no", "–"]
    assert "![\\[Nachbarn\\]](figures/a%20b/%28171059%29.png)" in page
    assert escape("a\nb | <c> & \\ _d_ e_f $1") == "a b \\| &lt;c&gt; &amp; \\\\ \\_d\\_ e_f \\$1"
    assert code("a`b|c") == "a'b\\|c"
    assert link("a b/ü.png") == "a%20b/%C3%BC.png"


def test_wrong_metrics_are_refused():
    with pytest.raises(ValueError, match="wikiart"):
        render_results(context(metrics=metrics().assign(collection="wikiart")))
    with pytest.raises(ValueError, match="verdict"):
        render_results(context(metrics=metrics().drop(columns="verdict")))
    with pytest.raises(KeyError, match="pictures"):
        render_results({"study": "simclr", "collection": "zille", "metrics": metrics()})
    with pytest.raises(ValueError, match="2 cells"):
        table(["a", "b"], [["c"]])
