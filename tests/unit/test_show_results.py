"""The page of results: complete, rounded, and safe against what titles may hold."""

import re

import numpy as np
import pandas as pd
import pytest
import write_results_page

from bilderatlas.analysis.claims import (
    NO_EXPERIMENT,
    NO_QUESTION,
    OTHER_COLLECTION,
    OTHER_SPLIT,
    STAND_IN,
)
from bilderatlas.files import CLAIMS, METRICS, Embeddings, read_table, write_table
from bilderatlas.show.markdown import code, escape, table
from bilderatlas.show.metric_tables import claims_table, metric_tables, technical_tables
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


def leaks(split, *leaking, n=188):
    kinds = ("print", "title and date", "either")
    rows = [
        {"split": split, "kind": kind, "leaking": some, "n": n, "share": some / n}
        for kind, some in zip(kinds, leaking, strict=True)
    ]
    return pd.DataFrame(rows)


FULL = {
    "title": "Zille | Fotografien <1900>",
    "splits": {"published": {"train": 436, "test": 188}},
    "experiments": [
        {"experiment": "8", "label": "a|b <i>c</i> *d* `e`", "stand_in": True,
         "lineage": "imagenet+zille.published~s1", "settings": "ab12"},
        {"experiment": "7", "label": "auf Zille", "lineage": "", "settings": None},
    ],
    "leaks": leaks("published", 31, 52, 70),
    "companions": [
        {"split": None, "groups": 94, "queries": 227},
        {"split": "published", "groups": 11, "queries": 26},
    ],
    "left_out": ["3 to 6: dew is not here | <b>"],
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
    assert page.count("Not measured.") == 3


def test_the_page_answers_before_it_counts():
    found = claims(("hats_matter", "all", VALUES, "holds", ""))
    page = render_results(context(**FULL, claims=found))
    order = [
        *("short answer", "At a glance", "Glossary", "In sentences", "splits and their leaks"),
        *("published study claims", "All numbers", "The experiments", "was left out", "was made"),
    ]
    places = [page.index(words, 10) for words in order]
    assert places == sorted(places)
    answered = page[: page.index("At a glance")]
    # of 8, 7 on one split and 7 on another, one holds; on mAP in the test part there is a control
    assert "holds against the best control: 7 (undecided: 1, does not hold: 1)" in answered
    assert "16 x 16 pixels, chance" in answered
    assert "k = 5" in page
    # the long tables are folded away, and every fold is closed
    assert page.count("<details>") == page.count("</details>") == 2
    assert page.index("<details>") > page.index("All numbers")


def test_leaks_stand_ins_and_what_was_left_out_are_said():
    page = render_results(context(**FULL))
    assert "of 188 test pictures 31 (16 %) have a print of the same negative" in page
    assert "52 (28 %) a picture of the same title and date, 70 (37 %) the one or" in page
    assert "all but seen them" in page
    assert "has only 11 such groups of companions, 26 pictures" in page
    assert "whole collection has 94 groups of companions, 227 pictures" in page
    assert "Stand-in weights were learnt" in page
    assert "- 3 to 6: dew is not here \\| &lt;b&gt;" in page
    assert "`abc123`" in page and "`dead`" in page and "torch 2.9" in page
    found = claims(("hats_matter", "all", VALUES, "holds", ""))
    assert "The published study gives no numbers" in render_results(context(claims=found))
    plain = {"experiments": [{"experiment": "7", "label": "auf Zille"}]}
    assert "Stand-in weights were learnt" not in render_results(context(**plain))


@pytest.mark.parametrize(
    ("leaking", "english", "german"),
    [
        ((0, 0, 0), "none of the 188 test pictures has", "keines der 188 Testbilder"),
        ((1, 0, 1), "of 188 test pictures 1 (1 %) have", "haben von 188 Testbildern 1 (1 %)"),
    ],
)
def test_no_leak_and_one(leaking, english, german):
    table = leaks("group", *leaking)
    page = render_results(context(leaks=table))
    assert english in page and ("all but seen" in page) == any(leaking)
    assert german in render_results(context(leaks=table, language="de"))


@pytest.mark.parametrize(
    ("groups", "queries", "words"),
    [(0, 0, "no picture has a companion"), (1, 2, "only one such group"), (40, 120, "has 40 such")],
)
def test_how_many_companions_the_test_part_has(groups, queries, words):
    row = {"split": "published", "groups": groups, "queries": queries}
    assert words in render_results(context(companions=[row]))


def test_special_characters_stay_words():
    page = render_results(context(**FULL))
    assert "# Results: simclr on Zille \\| Fotografien &lt;1900&gt;" in page
    named = "a\\|b &lt;i&gt;c&lt;/i&gt; \\*d\\* \\`e\\`"
    assert tables(page)[0][2][1] == named
    experiments = tables(page)[-1]
    assert experiments[2][1] == named
    assert experiments[2][2:] == ["`imagenet+zille.published~s1`", "yes", "`ab12`"]
    assert experiments[3][2:] == ["–", "no", "–"]
    assert escape("a\nb | <c> & \\ _d_ e_f $1") == "a b \\| &lt;c&gt; &amp; \\\\ \\_d\\_ e_f \\$1"
    assert code("a`b|c") == "a'b\\|c"


def test_technical_measures_in_compact_tables():
    start = ("zille", "simclr")
    found = pd.DataFrame(
        [
            (*start, name, "published", "all", f"measure_{number}", 624, number + place / 10, 0, 1,
             control, 0.5, 0, 0, 0, "")
            for place, name in enumerate(("7", "8|"))
            for number in range(9)
            for control in ("pixels", "untrained")
        ],
        columns=METRICS,
    )  # fmt: skip
    first, second = technical_tables(found, ["8|", "7"], "en")
    assert (
        first["title"] == "All pictures, training part included (1 of 2)"
        and len(first["head"]) == 6
    )
    assert first["head"][:2] == ["experiment", "measure 0; n = 624"]
    assert [row[0] for row in first["rows"]] == ["8\\|", "7"]
    assert second["rows"][0] == ["8\\|", "5.10", "6.10", "7.10", "8.10"]
    found.loc[(found["experiment"] == "7") & (found["value"] > 4.5), "value"] = UNKNOWN
    assert [row[0] for row in technical_tables(found, ["8|", "7"], "en")[1]["rows"]] == ["8\\|"]
    two = pd.concat([found, found[found["experiment"] == "7"].assign(split="group")])
    names = [row[0] for row in technical_tables(two, [], "en")[0]["rows"]]
    assert names == ["7 (published)", "7 (group)", "8\\|"]
    page = render_results(context(technical=found))
    assert "Technical measures" in page
    assert technical_tables(None, [], "en") == technical_tables(found.iloc[:0], [], "en") == []


def claims(*rows):
    """Claims by name, population, numbers (or none), verdict and note."""
    numbers = ("n", "value", "against_value", "difference", "difference_low", "difference_high")
    return pd.DataFrame(
        [
            {"claim": name, "zille": "zille", "dew": "wikiart", "population": population,
             "metric": "same_title_map", "experiment": "8", "against": "7|", "verdict": verdict,
             "note": note, **dict(zip(numbers, values, strict=False))}
            for name, population, values, verdict, note in rows
        ],
        columns=CLAIMS,
    )  # fmt: skip


VALUES = (227, 0.5234, 0.4, 0.1234, 0.01, 0.2)


def test_claims_with_and_without_a_word():
    found = claims(
        ("hats_matter", "all", VALUES, "holds", ""),
        ("hats_matter", "test", (), "", "no_experiment: 8"),
    )
    head, rows = claims_table(found, "en", {})
    assert len(head) == 7
    assert (
        rows[0][0] == "Hats matter"
        and rows[0][1] == "finding companions (mAP), all pictures, training part included"
    )
    assert rows[0][2:6] == ["8 – 7\\|", "227", "+0.123 [+0.010, +0.200]", "*holds*"]
    assert rows[0][6] == "8: 0.523; 7\\|: 0.400."
    assert rows[1][3:] == ["–", "–", "not to be tested here", "There is no experiment 8 here."]
    assert claims_table(None, "de", {}) == ([], [])
    assert "Hats matter" in render_results(context(claims=found))


def test_claims_are_said_in_the_language_of_the_page_and_by_the_titles_of_the_collections():
    found = claims(
        ("dew_then_zille_beats_either", "all", VALUES, "", "stand_in: 8, 7 | other_collection: 8")
    )
    titles = {"zille": "Specimen", "wikiart": "Wiki|Art"}
    ((name, *_, note),) = claims_table(found, "en", titles)[1]
    assert name == "Wiki\\|Art, then Specimen, beats either alone"
    assert note == (
        "Stand-in weights, not ImageNet's, are behind experiments 8 and 7."
        " In experiment 8, Wiki\\|Art plays a part that another collection has in the study."
        " 8: 0.523; 7\\|: 0.400."
    )
    ((name, *_, word, note),) = claims_table(found, "de", titles)[1]
    assert (name, word) == (
        "Erst Wiki\\|Art, dann Specimen ist besser als eines allein",
        "hier nicht zu prüfen",
    )
    assert note == (
        "Hinter den Versuchen 8 und 7 stehen Ersatzgewichte, nicht die von ImageNet."
        " Im Versuch 8 spielt Wiki\\|Art die Rolle, die in der Studie eine andere Sammlung hat."
        " 8: 0,523; 7\\|: 0,400."
    )
    # a collection without a title is called by its name
    assert claims_table(found, "en", {})[1][0][0].startswith("Wikiart, then zille")


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("listed", ["", ": 8", ": 8, 7"])
def test_every_reason_has_words(language, listed):
    alone = (NO_QUESTION, OTHER_SPLIT)
    codes = (NO_EXPERIMENT, STAND_IN, OTHER_COLLECTION) if listed else alone
    found = claims(*[("hats_matter", "all", (), "", f"{code}{listed}") for code in codes])
    notes = [row[-1] for row in claims_table(found, language, {})[1]]
    assert len(set(notes)) == len(codes) and all(note.endswith(".") for note in notes)


def test_a_page_without_claims_says_nothing_of_them():
    page = render_results(context())
    assert "claims" not in page and "no numbers; it compares" not in page


def test_claims_read_back_from_a_file_are_the_same(tmp_path):
    found = claims(
        ("hats_matter", "all", VALUES, "holds", ""),
        ("hats_matter", "test", (), "", "no_experiment: 8 | stand_in: 7"),
    )
    write_table(found, tmp_path / "claims.csv", CLAIMS)
    read = read_table(tmp_path / "claims.csv", CLAIMS)
    assert claims_table(read, "de", {}) == claims_table(found, "de", {})


def test_the_script_counts_groups_of_companions():
    catalogue = pd.DataFrame(
        {"title": ["a", "a", "a", "b", "b", "", ""], "date": ["1900"] * 7}, index=list("ABCDEFG")
    )
    parts = ["test", "test", "train", "test", "train", "test", "test"]
    made = Embeddings(np.ones((7, 2)), list("ABCDEFG"), parts, {"split": "published"})
    assert write_results_page.companions([made, made], catalogue) == [
        {"split": None, "groups": 2, "queries": 5},
        {"split": "published", "groups": 1, "queries": 2},
    ]


@pytest.mark.parametrize(
    ("language", "said"), [("en", "5,000 are asked"), ("de", "5.000 gestellt")]
)
def test_of_a_large_collection_a_part_is_asked_and_the_page_says_so(language, said):
    assert said in render_results(context(pictures=5_001, language=language))
    assert said not in render_results(context(pictures=5_000, language=language))


def test_wrong_metrics_are_refused():
    with pytest.raises(ValueError, match="wikiart"):
        render_results(context(metrics=metrics().assign(collection="wikiart")))
    with pytest.raises(ValueError, match="verdict"):
        render_results(context(metrics=metrics().drop(columns="verdict")))
    with pytest.raises(KeyError, match="pictures"):
        render_results({"study": "simclr", "collection": "zille", "metrics": metrics()})
    with pytest.raises(ValueError, match="2 cells"):
        table(["a", "b"], [["c"]])


FOUND = {"negatives": 102, "prints": 1204, "pairs": 103, "mirrored": 1, "cut": 19, "hand": 2,
         "routes": {"pixels": 89, "words": 101, "odd": 1}}  # fmt: skip


@pytest.mark.parametrize(("numbers", "language", "words"), [
    (FOUND, "en", ["Found are 102 negatives with several prints, 1,204 pictures",
                   "cut: 19, said by a person: 2",
                   "local features 101, thumbnails 89, odd 1."]),
    (FOUND, "de", ["102 Negative mit mehreren Abzügen, zusammen 1.204", "Vorschaubildern 89"]),
    (dict.fromkeys(FOUND, 0) | {"routes": {}}, "en", ["No prints of one negative were found."]),
])  # fmt: skip
def test_found_prints_are_counted_and_how_they_were_found(numbers, language, words):
    page = render_results(context(found=numbers, language=language))
    for each in words:
        assert each in page
    assert "Found prints" in page or "Gefundene Abzüge" in page


def test_the_script_counts_found_prints():
    catalogue = pd.DataFrame(index=list("abcd"))
    rows = [
        ("a", "b", "print", "yes", "no", "rule"), ("b", "c", "print", "no", "yes", "hand"),
        ("c", "d", "variant", "yes", "yes", "rule"), ("a", "gone", "print", "yes", "yes", "rule"),
    ]  # fmt: skip
    names = ["image_a", "image_b", "relation", "mirrored", "cut", "source"]
    duplicates = pd.DataFrame(rows, columns=names).assign(transform="", score=1.0)
    matches = pd.DataFrame(
        {"image_a": ["a", "c"], "image_b": ["b", "d"], "routes": ["words pixels", "words"]}
    )
    assert write_results_page.found_prints(duplicates, matches, catalogue) == {
        "negatives": 1, "prints": 3, "pairs": 2, "mirrored": 1, "cut": 1, "hand": 1,
        "routes": {"words": 1, "pixels": 1},
    }  # fmt: skip
    none = write_results_page.found_prints(duplicates.iloc[:0], matches.iloc[:0], catalogue)
    assert none["negatives"] == 0 and none["routes"] == {}
