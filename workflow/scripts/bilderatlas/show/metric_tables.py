"""Tables of metrics for a page: a row an experiment, a column a control, cells in words."""

from __future__ import annotations

import functools
import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from bilderatlas.analysis.controls import CONTROLS
from bilderatlas.analysis.verdicts import LARGER_IS_BETTER
from bilderatlas.show import markdown
from bilderatlas.show.answers import queries_range
from bilderatlas.show.labels import NOTHING, count, decimals, label, name_of, number
from bilderatlas.show.sentences import about, short, word_of
from bilderatlas.show.splits import splits_of, splits_said

# measures side by side in one table of technical measures: what a page is wide
ABREAST = 8


def metric_tables(
    metrics: pd.DataFrame, order: Sequence[str], language: str
) -> list[dict[str, Any]]:
    """One table for each population and metric, in the order in which they first stand.

    Args:
        metrics: table with the columns of ``files.METRICS``.
        order: experiments in the order of the rows; others follow.
        language: of the words.

    Returns:
        dicts of ``title`` (plain words), ``caption``, ``head``, ``rows`` (escaped cells).
    """
    return [
        _metric_table(population, metric, part, order, language)
        for (population, metric), part in metrics.groupby(["population", "metric"], sort=False)
    ]


def technical_tables(
    technical: pd.DataFrame | None, order: Sequence[str], language: str
) -> list[dict[str, Any]]:
    """Compact tables without intervals: a row an experiment, a column a measure.

    Args:
        technical: table with the columns of ``files.METRICS``, or None.
        order: experiments in the order of the rows; others follow.
        language: of the words.

    Returns:
        dicts of ``title``, ``caption``, ``head``, ``rows`` (escaped cells), one or more a
        population, of at most ``ABREAST`` measures each.
    """
    if technical is None or technical.empty:
        return []
    found = []
    for population, part in technical.groupby("population", sort=False):
        first = part.drop_duplicates(["experiment", "split", "metric"])
        metrics = list(dict.fromkeys(first["metric"]))
        places = {
            name: min(3, decimals(first.loc[first["metric"] == name, "value"].abs().max()))
            for name in metrics
        }
        values = first.set_index(["experiment", "split", "metric"])["value"].to_dict()
        pairs = dict.fromkeys(zip(first["experiment"], first["split"], strict=True))
        rank = list(dict.fromkeys([*order, *first["experiment"]]))
        pairs = sorted(pairs, key=lambda pair: rank.index(pair[0]))
        splits = Counter(name for name, _ in pairs)
        # as many measures in each table as in the others
        step = math.ceil(len(metrics) / math.ceil(len(metrics) / ABREAST))
        blocks = [metrics[at : at + step] for at in range(0, len(metrics), step)]
        for number_of, block in enumerate(blocks, 1):
            where = markdown.escape(short("within", population, language))
            title = _capital(where)
            if len(blocks) > 1:
                title = label(
                    "results.technical_part",
                    language,
                    population=title,
                    part=number_of,
                    parts=len(blocks),
                )
            rows = [
                [
                    markdown.escape(f"{name} ({split})" if splits[name] > 1 else name),
                    *[
                        number(values.get((name, split, metric)), language, places[metric])
                        for metric in block
                    ],
                ]
                for name, split in pairs
            ]
            # a measure over seeds has no value for most experiments
            rows = [row for row in rows if set(row[1:]) != {NOTHING}]
            head = [label("results.experiment", language)]
            for metric in block:
                asked = queries_range(first.loc[first["metric"] == metric, "n"], language)
                head.append(f"{markdown.escape(short('short', metric, language))}; n = {asked}")
            said = splits_said(splits_of(part), language, markdown.escape)
            found.append({"title": title, "caption": said, "head": head, "rows": rows})
    return found


def claims_table(
    claims: pd.DataFrame | None, language: str, titles: Mapping[str, str]
) -> tuple[list[str], list[list[str]]]:
    """Head and rows (escaped cells) of a table of ``files.CLAIMS``; empty without one.

    Args:
        claims: the table, or None.
        language: of the words.
        titles: what collections are called, by name; those that are not there by their name.
    """
    if claims is None or claims.empty:
        return [], []
    names = ("claim", "claim_metric", "claim_against")
    head = [label(f"results.{name}", language) for name in names]
    head += [
        "n",
        *[label(f"results.claim_{name}", language) for name in ("difference", "word", "note")],
    ]
    rows = []
    for _, row in claims.iterrows():
        largest = pd.Series([row["difference"], row["difference_low"], row["difference_high"]])
        write = functools.partial(
            number, language=language, places=min(3, decimals(largest.abs().max())), signed=True
        )
        ends = row["difference_low"], row["difference_high"]
        parts = {part: titles.get(row[part], row[part]) for part in ("zille", "dew")}
        rows.append([
            markdown.escape(_capital(name_of("claim", row["claim"], language, **parts))),
            about(row["population"], row["metric"], language),
            markdown.escape(f"{row['experiment']} – {row['against']}"),
            _whole(row["n"], language),
            _ranged(row["difference"], *ends, write, language),
            word_of(row, language) or label("results.claim_untested", language),
            markdown.escape(_claim_note(row, parts["dew"], language)),
        ])  # fmt: skip
    return head, rows


def _claim_note(row: pd.Series, dew: str, language: str) -> str:
    """Why a claim has no word, from the codes of its note, and the values of both experiments."""
    said = []
    for reason in filter(None, row["note"].split(" | ")):
        code, _, listed = reason.partition(": ")
        one, _, other = listed.partition(", ")
        form = "_many" if other else "_one" if one else ""
        names = label("claim_note.both", language, one=one, other=other) if other else one
        said.append(label(f"claim_note.{code}{form}", language, names=names, dew=dew))
    if pd.notna(row["value"]):
        said.append(
            label(
                "claim_note.values",
                language,
                experiment=row["experiment"],
                value=number(row["value"], language, 3),
                against=row["against"],
                against_value=number(row["against_value"], language, 3),
            )
        )
    return " ".join(said)


def _metric_table(
    population: str, metric: str, part: pd.DataFrame, order: Sequence[str], language: str
) -> dict[str, Any]:
    controls = {name for name in part["control"] if isinstance(name, str) and name}
    controls = sorted(controls, key=lambda name: (*CONTROLS, name).index(name))
    # one number of decimals for the whole table, so that its columns can be compared
    write = functools.partial(
        number, language=language, places=decimals(part["value"].abs().max(skipna=True))
    )
    usual = {control: _usual(part, control, write) for control in controls}
    same_n = part["n"].nunique(dropna=False) == 1
    head = [label("results.experiment", language), *([] if same_n else ["n"])]
    head.append(label("results.value", language))
    for control in controls:
        named = markdown.escape(name_of("control", control, language))
        head.append(f"{label('results.difference', language, control=named)} ({usual[control]})")

    rows = []
    for name in dict.fromkeys([*order, *part["experiment"]]):
        own = part[part["experiment"] == name]
        # a row of its own for each split: two splits must not be taken for one
        for split, group in own.groupby("split", sort=False, dropna=False):
            first = group.iloc[0]
            shown = f"{name} ({split})" if own["split"].nunique() > 1 else name
            cells = [markdown.escape(shown), *([] if same_n else [_whole(first["n"], language)])]
            cells.append(_ranged(first["value"], first["low"], first["high"], write, language))
            cells += [
                _compared(group[group["control"] == control], usual[control], write, language)
                for control in controls
            ]
            rows.append(cells)

    where = name_of("population", population, language)
    caption = label(
        "results.caption",
        language,
        population=markdown.escape(where),
        n=_whole(part["n"].iloc[0], language) if same_n else label("results.n_by_row", language),
    )
    caption += f" {splits_said(splits_of(part), language, markdown.escape)}"
    if metric in LARGER_IS_BETTER:
        key = "better.higher" if LARGER_IS_BETTER[metric] else "better.lower"
        caption += f" {_capital(label(key, language))}."
    title = f"{_capital(name_of('metric', metric, language))} – {where}"
    return {"title": title, "caption": caption, "head": head, "rows": rows}


def _usual(part: pd.DataFrame, control: str, write: Callable[..., str]) -> str:
    """The value that a control has in most rows (it differs where the split does)."""
    said = [write(value) for value in part.loc[part["control"] == control, "control_value"]]
    return Counter(said).most_common(1)[0][0]


def _compared(found: pd.DataFrame, usual: str, write: Callable[..., str], language: str) -> str:
    """The cell of one experiment and one control: difference, interval, verdict."""
    if found.empty:
        return NOTHING
    row = found.iloc[0]
    value = write(row["control_value"])
    words = [] if value == usual else [f"({value})"]
    ends = row["difference_low"], row["difference_high"]
    words.append(_ranged(row["difference"], *ends, functools.partial(write, signed=True), language))
    words.append(word_of(row, language))
    return " ".join(filter(None, words))


def _ranged(value, low, high, write: Callable[..., str], language: str) -> str:
    if pd.isna(value) or (pd.isna(low) and pd.isna(high)):
        return write(value)
    # German writes decimals with a comma, so the ends of the interval are parted otherwise
    return f"{write(value)} [{write(low)}{'; ' if language == 'de' else ', '}{write(high)}]"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _whole(value, language: str) -> str:
    return NOTHING if pd.isna(value) else count(int(value), language)
