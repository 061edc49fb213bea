"""The published page of clusters: t-SNE in three dimensions, colour = cluster, symbol = author."""

from __future__ import annotations

import html
import math
import os
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pandas as pd

from bilderatlas.collection.dates import middle_years
from bilderatlas.show.cluster_sheets import sheet_name, spread
from bilderatlas.show.kinds import (
    COLOURS,
    NOISE,
    SYMBOLS,
    authors,
    by_number,
    cluster_colour,
    cluster_name,
    shortened,
)
from bilderatlas.show.labels import NOTHING, count, label
from bilderatlas.show.pages import picture_cards, plot_settings, write_page

METHOD, PLACES = "kmeans-tsne-3", "tsne-3"
STRIP = 8  # pictures of a cluster shown in the list
COMMONEST = 2
WORDS = ("makers", "date_from", "date_to")  # columns of the catalogue
# far enough that the titles of the axes stay inside, a little above the middle
CAMERA = {"eye": {"x": 1.7, "y": 1.7, "z": 1.1}, "center": {"x": 0, "y": 0, "z": -0.12}}


def write_cluster_page(
    projections: pd.DataFrame,
    clusters: pd.DataFrame,
    catalogue: pd.DataFrame,
    thumbnails: Mapping[str, str],
    path: str | os.PathLike,
    title: str,
    plotly: str,
    language: str = "en",
    population: str = "test",
) -> None:
    """Write the page.

    Args:
        projections: columns of ``files.PROJECTIONS``; rows of ``tsne-3`` are drawn.
        clusters: columns of ``files.CLUSTERS``; rows of ``kmeans-tsne-3`` give the colours.
        catalogue: titles, dates and makers.
        thumbnails: by image id, a data address; pictures without one are shown in words.
        path: of the page.
        title: the heading.
        plotly: relative address of plotly.min.js from the page.
        language: of the words.
        population: whose rows are drawn.
    """
    place, cluster = placed(projections, clusters, population)
    ids = list(place.index)
    makers = catalogue["makers"].reindex(ids).fillna("").tolist()
    write_page(
        "clusters.html.j2",
        path,
        language,
        title=title,
        plotly=plotly,
        number=count(len(ids), language),
        clusters=_listed(cluster, place, catalogue, language),
        repeated=len(set(cluster) - {NOISE}) > len(COLOURS),
        figure=figure_json(place, cluster, authors(makers, language), language) if ids else "null",
        settings=plot_settings(language),
        cards=picture_cards(catalogue, ids, thumbnails),
        shown=STRIP,
    )


def placed(
    projections: pd.DataFrame, clusters: pd.DataFrame, population: str = "test"
) -> tuple[pd.DataFrame, pd.Series]:
    """Coordinates (x, y, z) and cluster by image id, of the pictures that have both."""
    at = projections[(projections["population"] == population) & (projections["method"] == PLACES)]
    at = at.set_index("image_id")[["x", "y", "z"]].astype(float).dropna()
    of = clusters[(clusters["population"] == population) & (clusters["method"] == METHOD)]
    of = of.set_index("image_id")["cluster"].dropna().astype(int)
    both = [name for name in at.index if name in of.index]
    return at.loc[both], of.loc[both]


def figure_json(place: pd.DataFrame, cluster: pd.Series, names: list[str], language: str) -> str:
    """The chart as plotly's JSON: one trace for each cluster and author, two legends."""
    import plotly.graph_objects as go

    name = pd.Series(names, index=place.index)
    order = by_number(names, last=[label("maps.others", language)])
    symbols = dict(zip(order, SYMBOLS, strict=False))
    size = 5 if len(place) <= 1000 else 3
    figure = go.Figure()
    for number in sorted(set(cluster)):
        for author in order:
            ids = place.index[(cluster == number) & (name == author)]
            if ids.empty:
                continue
            figure.add_scatter3d(
                x=place.loc[ids, "x"].round(3).tolist(),
                y=place.loc[ids, "y"].round(3).tolist(),
                z=place.loc[ids, "z"].round(3).tolist(),
                mode="markers",
                marker=_marker(cluster_colour(number), symbols[author], size),
                customdata=list(ids),
                text=[html.escape(image_id, quote=False) for image_id in ids],
                hovertemplate="%{text}<extra></extra>",
                legendgroup=f"cluster {number}",
                showlegend=False,
            )
        amount = count(int((cluster == number).sum()), language)
        _add_key(
            figure,
            f"{cluster_name(number, language)} ({amount})",
            _marker(cluster_colour(number), SYMBOLS[0], 8),
            legendgroup=f"cluster {number}",
        )
    for author in order:
        words = f"{shortened(author)} ({count(names.count(author), language)})"
        _add_key(figure, words, _marker("#606060", symbols[author], 8), legend="legend2")
    figure.update_layout(_layout(language))
    return figure.to_json()


def _marker(colour: str, mark: tuple[str, float], size: int) -> dict[str, Any]:
    symbol, scale = mark
    # a thin dark edge: the pale colours stand out from the white, and marks from each other
    return {
        "color": colour,
        "symbol": symbol,
        "size": size * scale,
        "opacity": 1,
        # an open symbol is all edge, and the edge must keep the colour
        "line": {"color": "#303030", "width": 0 if symbol.endswith("open") else 1},
    }


def _add_key(figure, words: str, marker: dict[str, Any], **settings: str) -> None:
    """A point without a place: it stands in a legend only."""
    figure.add_scatter3d(
        x=[None],
        y=[None],
        z=[None],
        mode="markers",
        marker=marker,
        name=html.escape(words, quote=False),
        hoverinfo="skip",
        **settings,
    )


def _layout(language: str) -> dict[str, Any]:
    axis = {
        "showticklabels": False,  # the scale of t-SNE has no meaning
        "showbackground": False,
        "gridcolor": "#DDDDDD",
        "zerolinecolor": "#DDDDDD",
        "linecolor": "#999999",
        "showspikes": False,
    }
    words = {
        letter + "axis": axis | {"title": {"text": label(f"maps.projection_{n}", language)}}
        for n, letter in enumerate("xyz", start=1)
    }
    key = {"x": 1, "xanchor": "right", "bgcolor": "rgba(255,255,255,.85)"}
    return {
        "template": "none",
        "font": {"family": "system-ui, sans-serif", "size": 13, "color": "#202020"},
        "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
        "scene": {
            **words,
            "aspectmode": "data",
            "camera": CAMERA,
            "domain": {"x": [0, 0.74]},
        },
        "legend": {
            **key, "y": 0.94, "title": {"text": label("clusters.colour", language)},
        },
        "legend2": {
            **key, "y": 0, "yanchor": "bottom",
            "title": {"text": label("clusters.symbol", language)},
            # the key of the symbols only explains: its points stand in many traces
            "itemclick": False, "itemdoubleclick": False,
        },
        "hoverlabel": {"bgcolor": "#FFFFFF", "font": {"color": "#202020"}},
    }  # fmt: skip


def _listed(
    cluster: pd.Series, place: pd.DataFrame, catalogue: pd.DataFrame, language: str
) -> list[dict[str, Any]]:
    """The rows of the list: a cluster each, and all pictures last, to compare with."""
    nearest = spread(cluster, place, STRIP)
    rows = [
        {
            "name": cluster_name(number, language),
            "colour": cluster_colour(number),
            "sheet": sheet_name(number),
            "strip": nearest[number],
            **_summary(cluster.index[cluster == number], catalogue, language),
        }
        for number in sorted(set(cluster))
    ]
    if rows:
        rows.append(
            {
                "name": label("clusters.all", language),
                "colour": "",
                "sheet": "",
                "strip": [],
                **_summary(cluster.index, catalogue, language),
            }
        )
    return rows


def _summary(ids: pd.Index, catalogue: pd.DataFrame, language: str) -> dict[str, Any]:
    known = catalogue[list(WORDS)].reindex(ids).fillna("")
    unknown = label("maps.no_author", language)
    makers = Counter(name or unknown for name in known["makers"])
    commonest = sorted(makers.items(), key=lambda item: (-item[1], item[0]))[:COMMONEST]
    dated = middle_years(known).dropna()
    span = NOTHING
    if len(dated):
        first, last = math.floor(dated.min()), math.floor(dated.max())
        span = str(first) if first == last else f"{first}–{last}"
    return {
        "number": count(len(ids), language),
        "authors": [f"{name}: {count(amount, language)}" for name, amount in commonest],
        "years": span,
        "middle": str(math.floor(dated.median())) if len(dated) else NOTHING,
    }
