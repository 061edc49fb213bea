"""Elbow and silhouette over the number of clusters: does the collection fall into k kinds?"""

from __future__ import annotations

import math
import os
from collections.abc import Mapping

import pandas as pd

from bilderatlas.analysis.clusters import SILHOUETTE, highest_silhouette
from bilderatlas.show.charts import BLUE, MUTED, ORANGE, broken, chart
from bilderatlas.show.labels import label, localise, name_of

COLUMNS = 5
# told apart by dash and marker as well as by colour
SPACES = {"embedding": (BLUE, "solid", "o"), "tsne-3": (ORANGE, (0, (4, 2)), "s")}


def draw_cluster_counts(
    counts: Mapping[str, pd.DataFrame],
    k: int | str,
    path: str | os.PathLike,
    language: str = "en",
    population: str = "test",
) -> None:
    """Draw two small panels for each experiment, inertia above silhouette, as a PNG.

    Inertia is drawn as a share of that of the fewest clusters (k = 1), so that spaces of other
    scales can stand in one panel; all panels share both axes.

    Args:
        counts: by experiment in words, a table with the columns of ``files.CLUSTER_COUNTS``.
        k: how many clusters are made, a vertical line; ``silhouette`` for the number that each
            experiment's own silhouette chose.
        path: of the PNG.
        language: of the words.
        population: whose rows are drawn.

    Raises:
        ValueError: there is no experiment.
    """
    if not counts:
        raise ValueError("no cluster counts to draw")
    columns = min(COLUMNS, len(counts))
    rows = math.ceil(len(counts) / columns)
    with chart(path, max(6.5, 2.9 * columns), 1.0 + 3.5 * rows) as figure:
        axes = figure.subplots(2 * rows, columns, sharex=True, sharey=False, squeeze=False)
        used: dict[str, object] = {}
        panels = [
            (axes[2 * (n // columns)][n % columns], axes[2 * (n // columns) + 1][n % columns])
            for n in range(rows * columns)
        ]
        drawn = []
        for (above, below), (words, table) in zip(panels, counts.items(), strict=False):
            above.set_title(broken(words, 34, 3), fontsize=9, fontweight="bold", loc="left")
            table = table[table["population"] == population]
            marked = chosen_k(table) if k == SILHOUETTE else k
            _draw_pair(above, below, table, marked, used, language)
            drawn.append((above, below))
        for pair in panels[len(counts) :]:
            for axis in pair:
                axis.set_visible(False)
        _share_heights(drawn)
        _label_axes(drawn, columns, language)
        if used:
            names = [name_of("space", name, language) for name in used]
            how = "counts.chosen" if k == SILHOUETTE else "counts.marked"
            names.append(label(how, language, k=k))
            handles = [*used.values(), _stroke()]
            figure.legend(
                handles, names, loc="outside upper left", ncols=min(3, columns + 1), frameon=False
            )
        said = label(
            "counts.reading", language, population=name_of("population", population, language)
        )
        figure.supxlabel(broken(said, 38 * max(2, columns), 4), fontsize=8, color=MUTED)


def relative_inertia(table: pd.DataFrame) -> pd.Series:
    """Inertia by k as a share of that at the smallest k; empty where there is nothing to part."""
    inertia = table.sort_values("k").set_index("k")["inertia"].dropna()
    if inertia.empty or inertia.iloc[0] <= 0:
        return inertia.iloc[:0]
    return inertia / inertia.iloc[0]


def chosen_k(table: pd.DataFrame) -> int:
    """The number of clusters that the silhouette on the embedding chose, of one population."""
    rows = table[table["space"] == "embedding"].dropna(subset="silhouette")
    scores = dict(zip(rows["k"].astype(int), rows["silhouette"], strict=True))
    return highest_silhouette(scores)


def _draw_pair(above, below, table, marked, used, language) -> None:
    empty = True
    for space, (colour, dash, marker) in SPACES.items():
        rows = table[table["space"] == space]
        inertia = relative_inertia(rows)
        silhouette = rows.sort_values("k").set_index("k")["silhouette"].dropna()
        style = {"color": colour, "linestyle": dash, "linewidth": 1.6}
        for axis, values in ((above, inertia), (below, silhouette)):
            if values.empty:
                continue
            empty = False
            used[space] = axis.plot(values.index, values, marker=marker, markersize=3, **style)[0]
    for axis in (above, below):
        axis.axvline(marked, color=MUTED, linewidth=0.9, linestyle=(0, (1, 1.5)), zorder=0)
        axis.grid(axis="y", color="#E8E8E8", linewidth=0.6)
        axis.set_axisbelow(True)
    if empty:
        said = label("counts.none", language)
        above.text(0.5, 0.5, said, transform=above.transAxes, ha="center", color=MUTED)


def _stroke():
    from matplotlib.lines import Line2D

    return Line2D([], [], color=MUTED, linewidth=0.9, linestyle=(0, (1, 1.5)))


def _share_heights(drawn) -> None:
    """One scale for all silhouettes and one for all shares of inertia."""
    for place in (0, 1):
        limits = [pair[place].get_ylim() for pair in drawn if pair[place].lines[1:]]
        low = min([0.0, *(limit[0] for limit in limits)])
        high = 1.04 if place == 0 else max([0.1, *(limit[1] for limit in limits)])
        for pair in drawn:
            pair[place].set_ylim(low, high)


def _label_axes(drawn, columns: int, language: str) -> None:
    for number, (above, below) in enumerate(drawn):
        last = number + columns >= len(drawn)
        for axis in (above, below):
            axis.yaxis.set_major_formatter(lambda value, _: localise(f"{value:g}", language))
            if number % columns:
                axis.tick_params(axis="y", labelleft=False)
        below.xaxis.get_major_locator().set_params(integer=True)
        below.tick_params(axis="x", labelbottom=True)
        if last:
            below.set_xlabel(label("counts.k", language), color=MUTED)
        if not number % columns:
            above.set_ylabel(broken(label("counts.inertia", language), 18))
            below.set_ylabel(label("counts.silhouette", language))
