"""The page of results of one study on one collection, in Markdown, from its tables."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from bilderatlas.analysis.controls import CONTROLS
from bilderatlas.analysis.knn import K
from bilderatlas.analysis.retrieval import MOST_QUERIES
from bilderatlas.files import LEAKS, METRICS, PARTS
from bilderatlas.show import markdown
from bilderatlas.show.answers import answers, glance
from bilderatlas.show.labels import NOTHING, count, label, name_of
from bilderatlas.show.leaks_page import leak_lines
from bilderatlas.show.metric_tables import claims_table, metric_tables, technical_tables
from bilderatlas.show.sentences import sentences
from bilderatlas.show.splits import splits_of, splits_said

GLOSSARY = (
    "companions", "control", "whitened", "prints", "found", "words", "interval", "map",
    "neighbours",
)  # fmt: skip
# ASSUME: with fewer questions the intervals here are wider than most differences between networks
FEW_QUERIES = 100


def render_results(context: Mapping[str, Any]) -> str:
    """The Markdown page: answers first, then sentences, then tables.

    Args:
        context: what the page says. Only the first four are needed; all else may be missing:

            - ``study``, ``collection``: their names.
            - ``pictures``: how many pictures the collection has.
            - ``metrics``: table with the columns of ``files.METRICS``.
            - ``language``: ``en`` (default) or ``de``.
            - ``title``, ``description``: of the collection, in words.
            - ``titles``: of all collections, by name.
            - ``splits``: ``{split: {part: number of pictures}}``.
            - ``experiments``: in order of the rows, dicts of ``experiment``, ``label``,
              ``lineage``, ``stand_in`` (bool), ``settings`` (digest).
            - ``companions``: dicts of ``split`` (None: the whole collection), ``groups`` and
              ``queries``: groups of one title and date in the test part, and pictures in them.
            - ``found``: numbers of ``negatives`` with several prints, ``prints`` of them,
              ``pairs``, of these ``mirrored``, ``cut`` and ``hand`` (by a person); ``routes``:
              how many pairs each way of looking named.
            - ``leaks``: table with the columns of ``files.LEAKS``.
            - ``claims``: table with the columns of ``files.CLAIMS``; without it the page says
              nothing of claims.
            - ``technical``: table with the columns of ``files.METRICS``.
            - ``left_out``: sentences, what is not here and why.
            - ``commit``, ``settings`` (digest), ``versions`` (a dict), ``date``.

    Returns:
        the page; the same context gives the same text.

    Raises:
        ValueError: the metrics lack a column or belong to another collection or study.
        KeyError: one of the four that are needed is missing.
    """
    study, collection, metrics = context["study"], context["collection"], context["metrics"]
    _check(metrics, study, collection)
    language = context.get("language", "en")

    def say(key: str, **values: object) -> str:
        return label(key, language, **values)

    experiments = list(context.get("experiments") or [])
    leaks, claims = context.get("leaks"), context.get("claims")
    leaks = pd.DataFrame(columns=list(LEAKS)) if leaks is None else leaks
    order = [row["experiment"] for row in experiments]
    glance_head, glance_rows = glance(metrics, experiments, language)
    controls = [name for name in CONTROLS if name in set(metrics["control"])]
    claims_head, claims_rows = claims_table(claims, language, context.get("titles") or {})
    page = _template().render(
        say=say,
        md=markdown.escape,
        table=markdown.table,
        study=study,
        title=context.get("title") or collection,
        description=context.get("description") or "",
        pictures=_counted("results.pictures", context["pictures"], language),
        controls=", ".join(name_of("control", name, language) for name in controls) or NOTHING,
        splits=splits_said(splits_of(metrics), language, markdown.escape),
        splits_of_claims=""
        if claims is None
        else splits_said(splits_of(claims), language, markdown.escape),
        answers=answers(metrics, experiments, language),
        glance_head=glance_head,
        glance_rows=glance_rows,
        sentences=sentences(metrics, experiments, language),
        glossary=[say(f"glossary.{name}", k=K) for name in GLOSSARY],
        collection_lines=[
            *_splits(context.get("splits") or {}, language),
            *[_companions(row, language) for row in context.get("companions") or []],
            *_found(context.get("found"), language),
            *leak_lines(leaks, language),
            *_drawn(context["pictures"], language),
        ],
        claims_head=claims_head,
        claims_rows=claims_rows,
        technical=technical_tables(context.get("technical"), order, language),
        tables=metric_tables(metrics, order, language),
        experiments=experiments,
        experiment_head=[
            say(f"results.{name}")
            for name in ("experiment", "what", "lineage", "stand_in", "settings")
        ],
        experiment_rows=[_experiment(row, language) for row in experiments],
        stand_in=any(row.get("stand_in") for row in experiments),
        left_out=list(context.get("left_out") or []),
        made=say(
            "results.made_text",
            commit=markdown.code(context.get("commit") or NOTHING),
            settings=markdown.code(context.get("settings") or NOTHING),
            date=markdown.escape(context.get("date") or NOTHING),
        ),
        versions=say("results.versions", versions=_versions(context.get("versions") or {})),
    )
    # parts that say nothing leave their blank lines behind
    return re.sub(r"\n{3,}", "\n\n", page).rstrip("\n") + "\n"


@functools.cache
def _template():
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).with_name("templates")),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # the page is Markdown: markdown.escape does it
    )
    return environment.get_template("results.md.j2")


def _check(metrics: pd.DataFrame, study: str, collection: str) -> None:
    missing = [name for name in METRICS if name not in metrics.columns]
    if missing:
        raise ValueError(f"the metrics lack the columns {', '.join(missing)}")
    for name, wanted in (("study", study), ("collection", collection)):
        strange = set(metrics[name]) - {wanted}
        if strange:
            raise ValueError(
                f"metrics of the {name} {sorted(strange)[0]!r} on the page of {wanted!r}"
            )


def _counted(key: str, number_of: int, language: str) -> str:
    """``key`` with its number, or its form for one."""
    key = f"{key}_one" if number_of == 1 else key
    return label(key, language, count=count(number_of, language))


def _splits(splits: Mapping[str, Mapping[str, int]], language: str) -> list[str]:
    lines = []
    for name, parts in splits.items():
        said = ", ".join(
            f"{name_of('part', part, language)} {count(parts[part], language)}"
            for part in PARTS
            if part in parts
        )
        lines.append(label("results.split", language, split=markdown.code(name), parts=said))
    return lines


def _drawn(pictures: int, language: str) -> list[str]:
    """That of a large collection not every picture was asked."""
    if pictures <= MOST_QUERIES:
        return []
    return [label("results.many", language, most=count(MOST_QUERIES, language))]


def _companions(row: Mapping[str, Any], language: str) -> str:
    key = "results.companions_all" if row["split"] is None else "results.companions_test"
    if not row["groups"]:
        key += "_none"
    elif row["groups"] == 1:
        key += "_one"
    elif row["split"] is not None and row["queries"] < FEW_QUERIES:
        key += "_few"
    numbers = {name: count(row[name], language) for name in ("groups", "queries")}
    return label(key, language, split=markdown.code(row["split"] or ""), **numbers)


def _found(numbers: Mapping[str, Any] | None, language: str) -> list[str]:
    if numbers is None:
        return []
    if not numbers["negatives"]:
        return [label("results.found_none", language)]
    routes = ", ".join(
        f"{name_of('route', name, language)} {count(value, language)}"
        for name, value in sorted(numbers["routes"].items(), key=lambda item: -item[1])
    )
    said = {name: count(numbers[name], language) for name in numbers if name != "routes"}
    line = label("results.found", language, **said)
    return [f"{line} {label('results.found_by', language, routes=routes)}" if routes else line]


def _experiment(row: Mapping[str, Any], language: str) -> list[str]:
    lineage, settings = row.get("lineage"), row.get("settings")
    return [
        markdown.escape(row["experiment"]),
        markdown.escape(row.get("label") or NOTHING),
        f"`{markdown.code(lineage)}`" if lineage else NOTHING,
        label("results.yes" if row.get("stand_in") else "results.no", language),
        f"`{markdown.code(settings)}`" if settings else NOTHING,
    ]


def _versions(versions: Mapping[str, str]) -> str:
    return (
        ", ".join(f"{markdown.escape(k)} {markdown.escape(v)}" for k, v in versions.items())
        or NOTHING
    )
