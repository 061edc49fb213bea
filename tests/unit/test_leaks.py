"""The count of leaks, by hand and against a slow reference; the report in both languages."""

import numpy as np
import pandas as pd
import pytest

from bilderatlas.analysis.leaks import count_leaks
from bilderatlas.files import DUPLICATES, LEAKS, write_table
from bilderatlas.show.leaks_page import leaks_text
from tests.unit.test_groups import catalogue, prints

# title and date of 0, 1, 2 are one; 3 is a print of 4, and 4 one of 5; 6 and 7 stand alone
ROWS = [(str(number), "Hof" if number < 3 else "", "1900", "") for number in range(8)]
PRINTS = prints(("3", "4"), ("4", "5"))


def counted(parts, rows=ROWS, pairs=PRINTS):
    part = pd.Series(parts, index=[row[0] for row in rows][: len(parts)])
    found = count_leaks({"random": part}, catalogue(*rows), pairs)
    assert found.columns.tolist() == list(LEAKS)
    return dict(zip(found["kind"], found["leaking"], strict=True)), found


def test_by_hand():
    parts = ["train", "test", "test", "test", "new", "train", "test", "test"]
    leaking, table = counted(parts)
    # 4 is in no part, but joins 3 to 5
    assert leaking == {"print": 1, "title and date": 2, "either": 3}
    assert table["n"].tolist() == [5, 5, 5]
    assert table["share"].tolist() == pytest.approx([0.2, 0.4, 0.6])


def test_a_picture_in_both_counts_once_in_either():
    leaking, _ = counted(["train", "test"], pairs=prints(("0", "1"), relation="same_file"))
    assert leaking == {"print": 1, "title and date": 1, "either": 1}


@pytest.mark.parametrize("relation", ["variant", "series"])
def test_variants_are_no_prints(relation):
    leaking, _ = counted(["train", "train", "test", "train", "test"] + ["test"] * 3,
                         pairs=prints(("3", "4"), relation=relation))  # fmt: skip
    assert leaking == {"print": 0, "title and date": 1, "either": 1}


def test_without_test_pictures_there_is_no_share():
    leaking, table = counted(["train"] * 8)
    assert set(leaking.values()) == {0} and table["share"].isna().all()


def test_without_title_or_date_nothing_is_shared():
    rows = [
        ("a", "", "1900", ""),
        ("b", "", "1900", ""),
        ("c", "Hof", "", ""),
        ("d", "Hof", "", ""),
    ]
    leaking, _ = counted(["train", "test"] * 2, rows, prints())
    assert set(leaking.values()) == {0}


def test_random_against_a_slow_reference():
    rng = np.random.default_rng(3)
    for _ in range(10):
        rows = [
            (f"{n:02d}", rng.choice(["", "A", "B", "C", str(n)]), "1900", "") for n in range(40)
        ]
        pairs = {tuple(sorted(rng.choice(40, 2, replace=False))) for _ in range(15)}
        pairs = [(f"{one:02d}", f"{other:02d}") for one, other in pairs]
        parts = rng.choice(["train", "test", "new"], 40)
        leaking, _ = counted(list(parts), rows, prints(*pairs))
        near = {row[0]: {row[0]} for row in rows}
        for one, other in pairs * 40:
            near[one] |= near[other]
            near[other] |= near[one]
        part, title = dict(zip(near, parts, strict=True)), {row[0]: row[1] for row in rows}
        by_print = by_title = either = 0
        for name in near:
            if part[name] != "test":
                continue
            one = any(part[other] == "train" for other in near[name])
            two = any(part[o] == "train" and title[name] and title[o] == title[name] for o in near)
            by_print, by_title, either = by_print + one, by_title + two, either + (one or two)
        assert leaking == {"print": by_print, "title and date": by_title, "either": either}


@pytest.mark.parametrize(("language", "words"), [
    ("en", ["# Zille: leaks", "| `random` | 5 | 1 (20 %) | 2 (40 %) | 3 (60 %) |",
            "A leak: in the split `random`, of 5 test pictures 1 (20 %) have a print"]),
    ("de", ["Undicht: in der Aufteilung `random` haben von 5 Testbildern 1 (20 %) einen Abzug"]),
])  # fmt: skip
def test_the_report(language, words, tmp_path):
    _, table = counted(["train", "test", "test", "test", "new", "train", "test", "test"])
    write_table(table, tmp_path / "leaks.csv", LEAKS)
    text = leaks_text(table, "Zille", language)
    for each in words:
        assert each in text


def test_the_report_of_a_tight_and_of_an_empty_split():
    _, table = counted(["train"] * 3 + ["test"] * 5, pairs=prints())
    assert "No leak: in the split `random`, none of the 5" in leaks_text(table, "a|b<c>", "en")
    assert "a\\|b&lt;c&gt;" in leaks_text(table, "a|b<c>", "en")
    _, table = counted(["train"] * 8)
    assert "| 0 | 0 (–) |" in leaks_text(table, "x", "en")


def test_prints_that_nobody_looked_for():
    empty = pd.DataFrame(columns=list(DUPLICATES))
    assert counted(["train", "test"], pairs=empty)[0]["print"] == 0
