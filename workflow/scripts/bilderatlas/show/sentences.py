"""Numbers as sentences in natural frequencies, each with one word.

"Of 31 pictures with a companion, this network put one first for 12, a thumbnail for 18, chance
for one: *does not hold*." The word is that of the comparison with the best control
(:func:`bilderatlas.analysis.verdicts.against_best`). Templates stand in ``labels.csv``;
a measure without one is said by name and value.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from bilderatlas.analysis.controls import CONTROLS, control_name
from bilderatlas.analysis.verdicts import LARGER_IS_BETTER, against_best
from bilderatlas.show import markdown
from bilderatlas.show.labels import NOTHING, count, label, name_of, number, read_labels

# what is said of each experiment, in this order, as far as the table has it
SAID = (
    ("all", "same_title_p_at_1"),
    ("all", "same_title_p_at_1_without_prints"),
    ("test", "same_title_p_at_1"),
    ("all", "same_negative_p_at_1"),
    ("all", "found_print_p_at_1"),
    ("all", "same_motif_map"),
    ("test", "author_accuracy"),
    ("test", "author_balanced_accuracy"),
    ("test_small", "author_accuracy"),
    ("test", "year_mae"),
)


KEY = ["experiment", "split", "population", "metric"]


def role(lineage: str | None, name: str = "") -> str:
    """``pixels`` or ``untrained`` for an experiment that learnt nothing, else ``network``."""
    start = (lineage or name).split("~")[0]
    if start == "pixels":
        return start
    return "untrained" if start.startswith("untrained") and "+" not in start else "network"


def controls_of(rows: pd.DataFrame) -> list[tuple[str, float]]:
    """Names and values of the controls beside one experiment, in their usual order."""
    known = rows[rows["control"].astype(bool) & rows["control_value"].notna()]
    pairs = zip(known["control"], known["control_value"], strict=True)
    return sorted(pairs, key=lambda pair: (*CONTROLS, pair[0]).index(pair[0]))


def best_rows(metrics: pd.DataFrame) -> dict[tuple, pd.Series]:
    """By experiment, split, population and metric, the row of the best control.

    Measures whose better side is not known have no best control and are not among them.
    """
    known = metrics[metrics["metric"].isin(LARGER_IS_BETTER)]
    if known.empty:
        return {}
    best = against_best(known)
    return {tuple(row[name] for name in KEY): row for _, row in best.iterrows()}


def figure(metric: str, value: float, language: str, places: int | None = None) -> str:
    """A value as people read it: shares of the author in %, years with two decimals, else three."""
    if value is None or not math.isfinite(value):
        return NOTHING
    if _is_share(metric):
        return f"{number(100 * value, language, 0 if places is None else places)} %"
    usual = 2 if metric.startswith("year_") else 3
    return number(value, language, usual if places is None else places)


def word_of(row: Mapping[str, Any] | None, language: str) -> str:
    """The verdict of a row in words, in italics; empty where there is none."""
    said = row["verdict"] if row is not None else ""
    if not isinstance(said, str) or not said:
        return ""
    return f"*{markdown.escape(name_of('verdict', said, language))}*"


def sentence(
    rows: pd.DataFrame, best: Mapping[str, Any] | None, language: str, who: str = "network"
) -> str:
    """One sentence on one experiment, population and metric, with its word, as Markdown.

    Args:
        rows: rows of ``files.METRICS`` with the same value, one a control.
        best: the row that the word is taken from, None for no word.
        language: of the words.
        who: ``network`` or the name of a control: what the sentence is about.
    """
    first = rows.iloc[0]
    metric, value, asked = first["metric"], first["value"], first["n"]
    if pd.isna(value) or not asked > 0:
        return label("sentence.nothing", language)
    asked = int(asked)
    controls = controls_of(rows)
    template, first_place = f"sentence.{metric}", "_p_at_1" in metric
    # an average over photographers or over parts of a query is no number of pictures
    by_picture = first_place or metric in ("author_accuracy", "year_within_5")
    counted = by_picture and _whole(value * asked) is not None
    if template not in read_labels() or (by_picture and not counted):
        template, counted = "sentence.other", False
    if counted:
        write = _in_words if first_place else _in_digits
        own = _in_words(value * asked, language)
        beside = [(name, write(other * asked, language)) for name, other in controls]
    else:
        places = _telling_places(metric, value, best, language)
        own = figure(metric, value, language, places)
        beside = [(name, figure(metric, other, language, places)) for name, other in controls]
    listed = first_place and counted
    said = label(
        template,
        language,
        subject=label(f"sentence.subject_{who}", language),
        of=_pictures("of", asked, language),
        these=_pictures("these", asked, language),
        metric=markdown.escape(name_of("metric", metric, language)),
        value=own,
    )
    item = "sentence.item_for" if listed else "sentence.item"
    items = [
        label(item, language, control=_control(name, metric, language), value=words)
        for name, words in beside
    ]
    if items:
        said += ", " + ", ".join(items) if listed else f" ({'; '.join(items)})"
    word = word_of(best, language)
    return f"{said[:1].upper()}{said[1:]}{f': {word}' if word else ''}."


def sentences(
    metrics: pd.DataFrame, experiments: Sequence[Mapping[str, Any]], language: str
) -> list[dict[str, Any]]:
    """The sentences of each experiment, networks first: ``experiment``, ``label``, ``said``.

    A control gets no word: the word is whether learning helped.

    ``said`` is a list of ``(what, sentence)``: what it is about, and the sentence, as Markdown.
    """
    best = best_rows(metrics)
    rows = {row["experiment"]: row for row in experiments}
    found = []
    for name in dict.fromkeys([*rows, *metrics["experiment"]]):
        row = rows.get(name, {})
        own = metrics[metrics["experiment"] == name]
        who = role(row.get("lineage"), name)
        whitened = bool(row.get("whitened"))
        said = []
        for split, part in own.groupby("split", sort=False, dropna=False):
            for population, metric in SAID:
                some = part[(part["population"] == population) & (part["metric"] == metric)]
                if some.empty:
                    continue
                what = markdown.escape(short("within", population, language))
                what = what[:1].upper() + what[1:]
                if split:
                    what += f" (`{markdown.code(split)}`)"
                chosen = best.get((name, split, population, metric)) if who == "network" else None
                about_what = who if who == "network" else control_name(who, whitened)
                said.append((what, sentence(some, chosen, language, about_what)))
        if said:
            found.append(
                {"experiment": name, "label": row.get("label") or "", "said": said, "who": who}
            )
    return sorted(found, key=lambda block: block.pop("who") != "network")


def about(population: str, metric: str, language: str) -> str:
    """Metric and population in few words, as Markdown."""
    return (
        f"{markdown.escape(short('short', metric, language))}, "
        f"{markdown.escape(short('within', population, language))}"
    )


def short(kind: str, name: str, language: str) -> str:
    """Few words for a metric (``short``) or population (``within``), else its usual ones."""
    if f"{kind}.{name}" in read_labels():
        return label(f"{kind}.{name}", language)
    return name_of("metric" if kind == "short" else "population", name, language)


def _is_share(metric: str) -> bool:
    return metric.startswith("author_") or metric == "year_within_5"


def _whole(value: float) -> int | None:
    near = round(value)
    return near if abs(value - near) < 1e-6 * max(1, near) else None


def _in_words(value: float, language: str) -> str:
    """A number of pictures in running words: none, one, 12, about 12, fewer than one."""
    whole, near = _whole(value), round(value)
    if whole is None and near == 0:
        return label("sentence.fewer", language)
    forms = {0: "sentence.none", 1: "sentence.one"}
    words = label(forms[near], language) if near in forms else count(near, language)
    return words if whole is not None else label("sentence.about", language, value=words)


def _in_digits(value: float, language: str) -> str:
    whole, near = _whole(value), round(value)
    words = count(near, language)
    return words if whole is not None else label("sentence.about", language, value=words)


def _pictures(case: str, asked: int, language: str) -> str:
    form = "one" if asked == 1 else "many"
    return label(f"sentence.{case}_{form}", language, n=count(asked, language))


def _control(name: str, metric: str, language: str) -> str:
    family = metric.split("_")[0]
    for key in (f"sentence.control_{family}_{name}", f"sentence.control_{name}"):
        if key in read_labels():
            return label(key, language)
    return markdown.escape(name_of("control", name, language))


def _telling_places(
    metric: str, value: float, best: Mapping[str, Any] | None, language: str
) -> int | None:
    """As few decimals as tell the value apart from its best control; None for the usual."""
    if not (_is_share(metric) or metric.startswith("year_")):
        return None
    least = 0 if _is_share(metric) else 1
    other = None if best is None else best["control_value"]
    for places in range(least, least + 3):
        if other is None or value == other:
            return least
        mine, theirs = (figure(metric, each, language, places) for each in (value, other))
        if mine != theirs:
            return places
    return least + 2
