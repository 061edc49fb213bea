"""What a study found, in short: the answer to each question, and the table at a glance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from bilderatlas.analysis.controls import CONTROLS, control_name
from bilderatlas.analysis.verdicts import DOES_NOT_HOLD, HOLDS, LARGER_IS_BETTER, UNDECIDED
from bilderatlas.show import markdown
from bilderatlas.show.labels import NOTHING, count, label, name_of
from bilderatlas.show.sentences import (
    about,
    best_rows,
    figure,
    role,
    word_of,
)


class Measured(NamedTuple):
    """What the table at a glance shows: question, population, metric, and its column in the CSV."""

    question: str
    population: str
    metric: str
    column: str


GLANCE = (
    Measured("prints", "all", "found_print_map", "prints_map_all"),
    Measured("companions", "all", "same_title_map", "companions_map_all"),
    Measured("companions", "test", "same_title_map", "companions_map_test"),
    Measured("photographer", "test", "author_accuracy", "photographer_share_right"),
    Measured("photographer", "test", "author_balanced_accuracy", "photographer_balanced"),
    Measured("dating", "test", "year_mae", "year_mean_error"),
)

# asked where the truth is known: on a drawn collection, or where prints were found
OF_TRUTH = (
    Measured("prints", "all", "same_negative_map", ""),
    Measured("prints", "all", "found_mirrored_print_map", ""),
    Measured("prints", "all", "found_cut_print_map", ""),
    Measured("prints", "all", "found_plain_print_map", ""),
    Measured("motif", "all", "same_motif_map", ""),
)


def unasked(metrics: pd.DataFrame, language: str) -> list[str]:
    """Sentences on the questions of the table at a glance that have no number, as Markdown."""
    known = set(zip(metrics["population"], metrics["metric"], strict=True))
    return [
        label("results.unasked", language, what=about(each.population, each.metric, language))
        for each in GLANCE
        if (each.population, each.metric) not in known
    ]


def answers(
    metrics: pd.DataFrame, experiments: Sequence[Mapping[str, Any]], language: str
) -> list[dict[str, Any]]:
    """The short answer to each question, by rule: dicts of ``question`` and ``lines``.

    A trained network is every experiment that is no control. Of each measure it is said how many
    hold against their best control, which is best, and how many the strongest control is ahead of.
    """
    rows = {row["experiment"]: row for row in experiments}
    trained = {
        name
        for name in {*rows, *metrics["experiment"]}
        if role(rows.get(name, {}).get("lineage"), name) == "network"
    }
    best = best_rows(metrics)
    found = []
    asked = [*OF_TRUTH, *GLANCE]
    for question in dict.fromkeys(each.question for each in asked):
        lines = []
        for each in (one for one in asked if one.question == question):
            chosen = [
                row
                for (name, _, population, metric), row in best.items()
                if name in trained and (population, metric) == (each.population, each.metric)
            ]
            chosen = [row for row in chosen if pd.notna(row["value"])]
            if chosen:
                beside = metrics[
                    (metrics["population"] == each.population)
                    & (metrics["metric"] == each.metric)
                    & metrics["experiment"].isin(trained)
                ]
                lines.append(_answer(each, chosen, beside, language))
        if lines or question not in {each.question for each in OF_TRUTH}:
            lines = lines or [label("answer.nothing", language)]
            found.append({"question": label(f"answer.{question}", language), "lines": lines})
    return found


def _answer(each: Measured, rows: list[pd.Series], beside: pd.DataFrame, language: str) -> str:
    larger = LARGER_IS_BETTER[each.metric]
    tally = Counter(row["verdict"] for row in rows)
    total, holds = len(rows), tally[HOLDS]
    names = ", ".join(markdown.escape(row["experiment"]) for row in rows if row["verdict"] == HOLDS)
    form = "none" if not holds else "one" if holds == 1 else "many"
    if total == 1:
        said = label("answer.single", language, word=word_of(rows[0], language) or NOTHING)
    else:
        said = label(
            f"answer.holds_{form}", language, holds=count(holds, language),
            total=count(total, language), names=names, undecided=count(tally[UNDECIDED], language),
            fails=count(tally[DOES_NOT_HOLD], language),
        )  # fmt: skip
    # values on different splits are of different questions: the best is that of the usual split
    usual = Counter(row["split"] for row in rows).most_common(1)[0][0]
    compared = [row for row in rows if row["split"] == usual]
    top = (max if larger else min)(compared, key=lambda row: row["value"])
    beside = beside[(beside["split"] == usual) & beside["control_value"].notna()]
    theirs = beside["control_value"]
    strongest = beside.loc[theirs.idxmax() if larger else theirs.idxmin()]
    lead = [strongest["control_value"] - row["value"] for row in compared]
    what = about(each.population, each.metric, language)
    return label(
        "answer.line",
        language,
        what=what[:1].upper() + what[1:],
        n=queries_range([row["n"] for row in rows], language),
        said=said,
        best=markdown.escape(top["experiment"]),
        value=figure(each.metric, top["value"], language),
        control=markdown.escape(name_of("control", strongest["control"], language)),
        control_value=figure(each.metric, strongest["control_value"], language),
        ahead=count(sum((ahead if larger else -ahead) > 0 for ahead in lead), language),
        of=count(len(compared), language),
    )


def glance(
    metrics: pd.DataFrame, experiments: Sequence[Mapping[str, Any]], language: str
) -> tuple[list[str], list[list[str]]]:
    """The table at a glance: head and rows of escaped cells, an experiment each, then controls.

    Only columns that the metrics have are there. A control that is no experiment itself stands in
    a row of its own, with the value that it has beside most experiments.
    """
    best = best_rows(metrics)
    pairs = set(zip(metrics["population"], metrics["metric"], strict=True))
    columns = [each for each in GLANCE if (each.population, each.metric) in pairs]
    if not columns:
        return [], []
    of = {
        each: metrics[
            (metrics["population"] == each.population) & (metrics["metric"] == each.metric)
        ]
        for each in columns
    }
    head = [label("results.experiment", language), label("results.what", language)]
    for each in columns:
        direction = "better.higher" if LARGER_IS_BETTER[each.metric] else "better.lower"
        asked = f"n = {queries_range(list(of[each]['n']), language)}"
        said = f"{about(each.population, each.metric, language)} ({asked}; "
        head.append(f"{said}{label(direction, language)})")
    networks, controls, shown_controls = [], [], set()
    known = {row["experiment"]: row for row in experiments}
    for name, split, shown in _named(metrics, experiments):
        who = role(known.get(name, {}).get("lineage"), name)
        said = known.get(name, {}).get("label") or NOTHING
        if who != "network":
            control = control_name(who, bool(known.get(name, {}).get("whitened")))
            said = _control_row(control, language)
            shown_controls.add(control)
        cells = [markdown.escape(shown), markdown.escape(said)]
        for each in columns:
            own = _rows_of(of[each], name, split)
            value = figure(each.metric, own["value"].iloc[0], language) if len(own) else NOTHING
            chosen = best.get((name, split, each.population, each.metric))
            word = word_of(chosen, language) if who == "network" else ""
            if chosen is not None and word and chosen["verdict"] == HOLDS:
                value = f"**{value}**"
            cells.append(f"{value} {word}".strip())
        (networks if who == "network" else controls).append(cells)
    for control in CONTROLS:
        if control in shown_controls or control not in set(metrics["control"]):
            continue
        cells = [NOTHING, markdown.escape(_control_row(control, language))]
        for each in columns:
            values = of[each].loc[of[each]["control"] == control, "control_value"].dropna()
            said = Counter(figure(each.metric, value, language) for value in values)
            cells.append(said.most_common(1)[0][0] if said else NOTHING)
        controls.append(cells)
    return head, networks + controls


def _control_row(control: str, language: str) -> str:
    return label("results.control_row", language, control=name_of("control", control, language))


RESULTS = ("experiment", "label", "lineage", "stand_in", "split")
PARTS_OF_A_VALUE = ("n", "", "low", "high", "best_control", "control_value", "word")


def results_columns() -> list[str]:
    """The columns of the table of results, always the same."""
    values = [f"{each.column}_{part}".rstrip("_") for each in GLANCE for part in PARTS_OF_A_VALUE]
    return [*RESULTS, *values]


def results_table(
    metrics: pd.DataFrame, experiments: Sequence[Mapping[str, Any]], language: str
) -> pd.DataFrame:
    """The table at a glance for a spreadsheet: a row an experiment, plain numbers and words."""
    best = best_rows(metrics)
    known = {row["experiment"]: row for row in experiments}
    rows = []
    for name, split, _ in _named(metrics, experiments):
        row = known.get(name, {})
        cells = {"experiment": name, "label": row.get("label"), "lineage": row.get("lineage")}
        cells |= {"split": split}
        cells["stand_in"] = label(f"results.{'yes' if row.get('stand_in') else 'no'}", language)
        for each in GLANCE:
            own = metrics[
                (metrics["population"] == each.population) & (metrics["metric"] == each.metric)
            ]
            own = _rows_of(own, name, split)
            if own.empty:
                continue
            first, chosen = own.iloc[0], best.get((name, split, each.population, each.metric))
            named = each.column
            cells[f"{named}_n"] = "" if pd.isna(first["n"]) else int(first["n"])
            cells[named] = _rounded(first["value"])
            cells[f"{named}_low"] = _rounded(first["low"])
            cells[f"{named}_high"] = _rounded(first["high"])
            if chosen is not None:
                cells[f"{named}_best_control"] = name_of("control", chosen["control"], language)
                cells[f"{named}_control_value"] = _rounded(chosen["control_value"])
                if role(row.get("lineage"), name) == "network":  # a control has no word
                    cells[f"{named}_word"] = word_of(chosen, language).strip("*")
        rows.append(cells)
    return pd.DataFrame(rows, columns=results_columns()).astype(object)


def _named(
    metrics: pd.DataFrame, experiments: Sequence[Mapping[str, Any]]
) -> list[tuple[str, str, str]]:
    """Experiment, split, and the name shown: with the split where it has several."""
    order = dict.fromkeys([*(row["experiment"] for row in experiments), *metrics["experiment"]])
    found = []
    for name in order:
        splits = list(dict.fromkeys(metrics.loc[metrics["experiment"] == name, "split"]))
        for split in splits:
            found.append((name, split, f"{name} ({split})" if len(splits) > 1 else name))
    return found


def _rows_of(metrics: pd.DataFrame, name: str, split: str) -> pd.DataFrame:
    return metrics[(metrics["experiment"] == name) & (metrics["split"] == split)]


def _rounded(value: float) -> float | None:
    return None if pd.isna(value) else round(float(value), 4)


def queries_range(values: Sequence[float], language: str) -> str:
    """``26`` or ``26–60`` of several numbers of queries."""
    known = sorted({int(value) for value in values if pd.notna(value)})
    if not known:
        return NOTHING
    ends = [count(value, language) for value in dict.fromkeys((known[0], known[-1]))]
    return "–".join(ends)
