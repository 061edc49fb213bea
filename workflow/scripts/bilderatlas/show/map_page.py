"""Maps of the embeddings: PCA, t-SNE and UMAP, with a choice of method and colour."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from bilderatlas.analysis.projection import METHODS
from bilderatlas.collection.dates import middle_years
from bilderatlas.files import PARTS, write_text
from bilderatlas.show.kinds import (
    COLOURS,
    GREY,
    NOISE,
    authors,
    by_number,
    cluster_colour,
    cluster_name,
    shortened,
)
from bilderatlas.show.labels import label, name_of
from bilderatlas.show.pages import data_text, picture_cards, plot_settings, rounded, write_page

POPULATIONS = ("test", "all")
# told apart in two and in three dimensions; the test part is what most figures are about
PART_SYMBOLS = {
    "test": "circle",
    "train": "diamond-open",
    "validation": "square-open",
    "new": "cross",
}
PICTURES = "pictures.js"


def write_map_page(
    projections: pd.DataFrame,
    clusters: pd.DataFrame,
    part: Mapping[str, str],
    catalogue: pd.DataFrame,
    path: str | os.PathLike,
    title: str,
    plotly: str,
    language: str = "en",
    others: Sequence[tuple[str, str]] = (),
) -> None:
    """Write the page of one experiment; it loads ``pictures.js`` from its own folder.

    Args:
        projections: columns of ``files.PROJECTIONS``; every population and method found is
            offered. Rows without coordinates are left out of their map.
        clusters: columns of ``files.CLUSTERS``; every method found may colour the map.
        part: by image id, the part of the experiment's split; the symbol.
        catalogue: makers and dates.
        path: of the page.
        title: the heading.
        plotly: relative address of plotly.min.js from the page.
        language: of the words.
        others: pages of other experiments: address and words.
    """
    write_page(
        "maps.html.j2",
        path,
        language,
        title=title,
        plotly=plotly,
        others=others,
        settings=plot_settings(language),
        board=board(projections, clusters, part, catalogue, language),
    )


def write_map_index(
    path: str | os.PathLike,
    title: str,
    pages: Sequence[tuple[str, str]],
    language: str = "en",
    seen: str = "maps.seen",
) -> None:
    """Write the page that leads to those of all experiments; ``seen`` is the key of its text."""
    write_page(
        "maps-index.html.j2", path, language, title=title, pages=pages, seen=label(seen, language)
    )


def write_pictures(
    catalogue: pd.DataFrame,
    image_ids: Sequence[str],
    thumbnails: Mapping[str, str],
    path: str | os.PathLike,
) -> None:
    """Write the thumbnails and words that all pages of a folder share, as a script.

    A script and not JSON: pages opened from a disk may load scripts, but may read no files.
    """
    cards = picture_cards(catalogue, image_ids, thumbnails)
    write_text(f"window.BILDERATLAS_PICTURES = {data_text(cards)};\n", path)


def board(
    projections: pd.DataFrame,
    clusters: pd.DataFrame,
    part: Mapping[str, str],
    catalogue: pd.DataFrame,
    language: str,
) -> dict[str, Any]:
    """All that the page's script draws from; empty where there is no map.

    Coordinates are lists by population and method, and stand in the order of that population's
    ids, None where a picture has no place. Colours are indices into the kinds, or years.
    """
    projections = projections[projections["method"].isin(METHODS)]
    projections = projections.dropna(subset=["x", "y"])
    if projections.empty:
        return {}
    ids = sorted(set(projections["image_id"]))
    colours, values = _colours(ids, clusters, catalogue, language)
    dated = [value for value in values["year"][None].values() if value is not None]
    names = [name for name in POPULATIONS if name in set(projections["population"])]
    names += sorted(set(projections["population"]) - set(names))
    return {
        "populations": [_population(name, projections, part, values, language) for name in names],
        "colours": colours,
        "parts": [
            {"words": name_of("part", name, language), "symbol": PART_SYMBOLS[name]}
            for name in PARTS
        ],
        "years": year_scale(dated),
        "grey": GREY,
        "first": {"population": "test", "method": "tsne-2", "colour": "author"},
        "words": {
            "part": label("maps.part", language),
            "repeated": label("clusters.repeated", language),
            "methods": {name: label(f"maps.{name}", language) for name in METHODS},
            "axes": {
                kind: [label(f"maps.{kind}_{n}", language) for n in (1, 2, 3)]
                for kind in ("component", "projection")
            },
            "misleads": {
                kind: label(f"maps.misleads_{kind}", language) for kind in ("pca", "tsne", "umap")
            },
        },
    }


def year_scale(dated: Sequence[float]) -> dict[str, Any]:
    """Ends and marks of the colours of years: whole years, from the 5th to the 95th percentile.

    A few pictures taken decades before or after the rest would leave all others in one colour;
    they share the colour of their end, and its mark says so.
    """
    if not len(dated):
        return {"low": 0, "high": 1, "at": [], "words": []}
    first, last = math.floor(min(dated)), math.floor(max(dated))
    low, high = (math.floor(end) for end in np.quantile(dated, (0.05, 0.95)))
    if low == high:
        low, high = first, max(last, first + 1)
    step = max(1, math.ceil((high - low) / 6))
    at = [*range(low, high - step // 2, step), high]
    words = [str(year) for year in at]
    if first < low:
        words[0] = f"≤ {low}"
    if last > high:
        words[-1] = f"≥ {high}"
    return {"low": low, "high": high, "at": at, "words": words}


def _colours(
    ids: Sequence[str], clusters: pd.DataFrame, catalogue: pd.DataFrame, language: str
) -> tuple[list[dict[str, Any]], dict[str, dict[str | None, dict[str, Any]]]]:
    """Ways to colour a map, and for each the value by population (None: any) and image id."""
    known = catalogue[["makers", "date_from", "date_to"]].reindex(list(ids)).fillna("")
    rest = [label("maps.others", language), label("maps.no_author", language)]
    named = authors(known["makers"], language)
    order = by_number(named, last=rest)
    colours: list[dict[str, Any]] = [
        {
            "name": "author",
            "words": label("maps.author", language),
            "kinds": [
                {"name": shortened(name), "colour": GREY if name in rest else COLOURS[n]}
                for n, name in enumerate(order)
            ],
        },
        {"name": "year", "words": label("maps.year", language), "scale": True},
    ]
    middle = [None if math.isnan(year) else round(year, 1) for year in middle_years(known)]
    values: dict[str, dict[str | None, dict[str, Any]]] = {
        "author": {None: dict(zip(ids, map(order.index, named), strict=True))},
        "year": {None: dict(zip(ids, middle, strict=True))},
    }
    for method, rows in clusters.dropna(subset=["cluster"]).groupby("method", sort=False):
        numbers = sorted({int(number) for number in rows["cluster"]} | {NOISE})
        place = {number: index for index, number in enumerate(numbers)}
        kinds = [
            {"name": cluster_name(number, language), "colour": cluster_colour(number)}
            for number in numbers
        ]
        words = name_of("cluster_method", str(method), language)
        colours.append({"name": method, "words": words, "kinds": kinds, "cluster": True})
        values[str(method)] = {
            population: {
                image_id: place[int(number)]
                for image_id, number in zip(of["image_id"], of["cluster"], strict=True)
            }
            for population, of in rows.groupby("population")
        }
    return colours, values


def _population(
    name: str,
    projections: pd.DataFrame,
    part: Mapping[str, str],
    values: Mapping[str, Mapping[str | None, Mapping[str, Any]]],
    language: str,
) -> dict[str, Any]:
    rows = projections[projections["population"] == name]
    ids = sorted(set(rows["image_id"]))
    maps = {}
    for method in METHODS:
        at = rows[rows["method"] == method].set_index("image_id")
        if at.empty:
            continue
        axes = ("x", "y", "z") if method.endswith("3") else ("x", "y")
        at = at.reindex(ids)
        maps[method] = [rounded(at[axis].astype(float).tolist()) for axis in axes]
    colours = {}
    for kind, found in values.items():
        of = found.get(None, found.get(name))
        # clusters are made anew for each population: those of another one say nothing here
        if of is not None and all(image_id in of for image_id in ids):
            colours[kind] = [of[image_id] for image_id in ids]
    return {
        "name": name,
        "words": name_of("population", name, language),
        "ids": ids,
        "parts": [PARTS.index(part.get(image_id, "new")) for image_id in ids],
        "maps": maps,
        "colours": colours,
    }


def page_name(experiment: str) -> str:
    """File name of an experiment's page."""
    return f"{Path(experiment).name}.html"
