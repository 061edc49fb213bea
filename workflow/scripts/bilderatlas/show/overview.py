"""All experiments at one glance: a dot with its interval for each, the controls as strokes."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, Sequence

import pandas as pd

from bilderatlas.analysis.verdicts import LARGER_IS_BETTER
from bilderatlas.show.answers import queries_range
from bilderatlas.show.charts import BLUE, GREEN, INK, MUTED, ORANGE, PURPLE, RED, broken, chart
from bilderatlas.show.labels import label, localise, name_of
from bilderatlas.show.sentences import short
from bilderatlas.show.splits import splits_of, splits_said

# told apart by dash as well as by colour; whitened controls have the colour of the plain
STROKES = {
    "pixels": (ORANGE, "solid"),
    "untrained": (GREEN, (0, (5, 2))),
    "pixels_whitened": (ORANGE, (0, (1, 1))),
    "untrained_whitened": (GREEN, (0, (1, 1))),
    "catalogue": (PURPLE, (0, (3, 1, 1, 1))),
    "constant": (RED, (0, (2, 2))),
    "chance": (MUTED, (0, (1, 1))),
}
# the first eight of these that the table has are drawn
MAIN = (
    ("all", "same_title_map"),
    ("test", "same_title_map"),
    ("test", "author_accuracy"),
    ("test", "author_balanced_accuracy"),
    ("test", "year_mae"),
    ("all", "same_title_map_without_prints"),
    ("all", "same_negative_map"),
    ("all", "found_print_map"),
    ("all", "found_cut_print_map"),
    ("test_small", "author_balanced_accuracy"),
    ("all", "same_motif_map"),
    ("test", "year_median_error"),
)
MOST = 8
ABREAST = 4


def draw_metrics_overview(
    metrics: pd.DataFrame,
    labels: Mapping[str, str],
    path: str | os.PathLike,
    language: str = "en",
    shown: Sequence[tuple[str, str]] | None = None,
) -> None:
    """Draw a panel for each main metric: a row an experiment, as a PNG.

    The title of a panel says on which pictures it was measured and how many were asked (two
    numbers where experiments on different splits have different ones).

    Args:
        metrics: a table with the columns of ``files.METRICS``, of one study on one collection.
        labels: by experiment, its label in words; its order is the order of the rows.
            Experiments that the table knows and the labels do not come last.
        path: of the PNG.
        language: of the words.
        shown: pairs of population and metric, a panel each; by default the first ``MOST`` of
            ``MAIN``, or of the table where it has none of these. Pairs without numbers are left
            out.
    """
    known = list(dict.fromkeys(zip(metrics["population"], metrics["metric"], strict=True)))
    pairs = [pair for pair in (MAIN if shown is None else shown) if pair in known]
    if not pairs and shown is None:
        pairs = known[:3]
    pairs = pairs[:MOST] if shown is None else pairs
    present = list(dict.fromkeys(metrics["experiment"]))
    experiments = [name for name in labels if name in present]
    experiments += [name for name in present if name not in labels]

    # as many in each line of panels as in the others, but for the last
    lines = max(1, math.ceil(len(pairs) / ABREAST))
    abreast = max(1, math.ceil(len(pairs) / lines))
    width = 3.6 + 2.9 * abreast
    height = 0.9 + lines * (0.9 + 0.3 * max(2, len(experiments)))
    with chart(path, width, height) as figure:
        axes = figure.subplots(lines, abreast, sharey=True, squeeze=False)
        said = f"{label('overview.reading', language)}\n{splits_said(splits_of(metrics), language)}"
        figure.supxlabel(said.rstrip(), fontsize=8, color=MUTED)
        if not pairs:
            axes[0, 0].set_axis_off()
            said = label("overview.none", language)
            axes[0, 0].text(0.5, 0.5, said, ha="center", color=MUTED)
            return
        used: dict[str, object] = {}
        for axis, pair in zip(axes.flat, pairs, strict=False):
            _draw_panel(axis, pair, metrics, experiments, language, used)
        for axis in axes.flat[len(pairs) :]:
            axis.set_visible(False)
        words = [broken(labels.get(name) or name, 46, 2) for name in experiments]
        for axis in axes[:, 0]:
            axis.set_yticks(range(len(experiments)), words, color=INK, fontsize=8)
        axes[0, 0].set_ylim(len(experiments) - 0.5, -0.5)
        if used:
            used = {name: used[name] for name in (*STROKES, *used) if name in used}
            names = [name_of("control", name, language) for name in used]
            figure.legend(
                used.values(), names, loc="outside upper right", frameon=False,
                ncols=min(len(used), 2 * abreast),
            )  # fmt: skip


def _draw_panel(axis, pair, metrics, experiments, language, used) -> None:
    population, metric = pair
    table = metrics[(metrics["population"] == population) & (metrics["metric"] == metric)]
    for place, name in enumerate(experiments):
        rows = table[table["experiment"] == name]
        for control, value in zip(rows["control"], rows["control_value"], strict=True):
            if pd.notna(value):
                colour, dash = STROKES.get(control, (MUTED, "solid"))
                # strokes of rows with one and the same control join to a line down the panel
                stroke = axis.vlines(
                    value, place - 0.5, place + 0.5, colors=colour, linestyles=dash
                )
                used.setdefault(control, stroke)
        if rows.empty or pd.isna(rows["value"].iloc[0]):
            continue
        first = rows.iloc[0]
        if pd.notna(first["low"]) and pd.notna(first["high"]):
            axis.hlines(place, first["low"], first["high"], colors=BLUE, linewidth=2.2, zorder=3)
        axis.plot(first["value"], place, "o", color=BLUE, markersize=5, zorder=4)
    # no break within the number
    asked = (
        f"{short('within', population, language)},"
        f" n\u00a0=\u00a0{queries_range(table['n'], language)}"
    )
    said = [broken(short("short", metric, language), 36, 3), broken(asked, 40, 2)]
    direction = LARGER_IS_BETTER.get(metric)
    if direction is not None:
        said.append(label("better.higher" if direction else "better.lower", language))
    axis.set_title("\n".join(said), fontsize=9, loc="left")
    axis.xaxis.set_major_formatter(lambda value, _: localise(f"{value:g}", language))
    axis.tick_params(axis="y", length=0)
    axis.grid(axis="y", color="#E4E4E4", linewidth=0.6)
    axis.set_axisbelow(True)
    axis.spines["left"].set_visible(False)
