"""How far two experiments agree: heat maps with the numbers in their cells."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from bilderatlas.analysis.neighbours import NEIGHBOURS
from bilderatlas.show.charts import INK, MUTED, broken, chart
from bilderatlas.show.labels import count, label, localise, name_of
from bilderatlas.show.splits import splits_said

MEASURES = ("knn_overlap", "ari_kmeans", "ari_kmeans-tsne-3")
CELL = 0.46  # inches
DIAGONAL = "#DCDCDC"


def draw_agreement(
    agreement: pd.DataFrame,
    labels: Mapping[str, str],
    path: str | os.PathLike,
    language: str = "en",
    population: str = "test",
    splits: Mapping[str, str] | None = None,
) -> None:
    """Draw a heat map for each measure, experiments against experiments, as a PNG.

    Pairs with fewer pictures in common than the others keep their number and lose their colour.

    Args:
        agreement: a table with the columns of ``files.AGREEMENT``; a pair may stand in either
            order.
        labels: by experiment, its label in words; its order is that of rows and columns.
            Experiments that the table knows and the labels do not come last.
        path: of the PNG.
        language: of the words.
        population: whose rows are drawn.
        splits: by experiment, the split that it stands on.
    """
    rows = agreement[agreement["population"] == population]
    measures = [name for name in MEASURES if name in set(rows["measure"])]
    measures += sorted(set(rows["measure"]) - set(measures))
    present = set(rows["experiment_a"]) | set(rows["experiment_b"])
    experiments = [name for name in labels if name in present]
    experiments += sorted(present - set(experiments))
    if not measures or len(experiments) < 2:
        _draw_nothing(path, language)
        return

    side = CELL * len(experiments)
    columns = min(2, len(measures))
    lines = math.ceil(len(measures) / columns)
    width, height = 3.4 + columns * (side + 0.9), 0.9 + lines * (side + 1.3)
    with chart(path, width, height) as figure:
        # cells stay square: the free room goes to the outside, not between map and words
        figure.set_layout_engine("compressed", w_pad=0.08, h_pad=0.08)
        axes = figure.subplots(lines, columns, squeeze=False)
        for axis in axes.flat[len(measures) :]:
            axis.set_visible(False)
        for number, (axis, measure) in enumerate(zip(axes.flat, measures, strict=False)):
            of = rows[rows["measure"] == measure]
            _draw_map(axis, square(of, experiments, "value"), square(of, experiments, "n"),
                      measure, experiments, language)  # fmt: skip
            words = [broken(f"{name}: {labels[name]}" if labels.get(name) else name, 40, 2)
                     for name in experiments]  # fmt: skip
            axis.set_yticks(
                range(len(experiments)),
                words if number % columns == 0 else experiments,
                color=INK,
                fontsize=8,
            )
        said = _caption(rows, measures, population, language)
        stand = [(name, (splits or {}).get(name, "")) for name in experiments]
        said = f"{said} {splits_said(stand, language)}".rstrip()
        figure.supxlabel(broken(said, round(width * 16), 5), fontsize=8, color=MUTED)


def square(rows: pd.DataFrame, experiments: Sequence[str], column: str) -> np.ndarray:
    """The pairs of a table as a symmetric matrix, NaN where a pair is missing."""
    place = {name: index for index, name in enumerate(experiments)}
    matrix = np.full((len(experiments), len(experiments)), np.nan)
    for a, b, value in zip(rows["experiment_a"], rows["experiment_b"], rows[column], strict=True):
        matrix[place[a], place[b]] = matrix[place[b], place[a]] = value
    return matrix


def chance_overlap(pictures: float, neighbours: int = NEIGHBOURS) -> float:
    """Share of common neighbours of two random orders: k/(n-1), at most 1."""
    return min(1.0, neighbours / (pictures - 1)) if pictures > 1 else math.nan


def _draw_map(axis, values, numbers, measure, experiments, language) -> None:
    import matplotlib

    colours = matplotlib.colormaps["Blues"].with_extremes(bad="#FFFFFF")
    shown = values.copy()
    np.fill_diagonal(shown, np.nan)
    usual = np.nanmax(numbers) if np.isfinite(numbers).any() else math.nan
    # among fewer pictures chance is higher: a colour would invite a comparison that is none
    shown[numbers < usual] = np.nan
    axis.imshow(shown, cmap=colours, vmin=0, vmax=1)
    for row in range(len(experiments)):
        for column in range(len(experiments)):
            if row == column:
                axis.add_patch(
                    matplotlib.patches.Rectangle(
                        (column - 0.5, row - 0.5), 1, 1, facecolor=DIAGONAL, edgecolor="none"
                    )
                )
                continue
            value = values[row, column]
            if not math.isfinite(value):
                axis.text(column, row, "–", ha="center", va="center", color=MUTED)
                continue
            few = numbers[row, column] < usual
            axis.text(
                column,
                row,
                localise(f"{value:.2f}", language),
                ha="center",
                va="center",
                fontsize=7.5,
                fontstyle="italic" if few else "normal",
                color="#FFFFFF" if value > 0.55 and not few else INK,
            )
    axis.set_xticks(range(len(experiments)), experiments, rotation=90, color=INK, fontsize=8)
    axis.tick_params(length=0)
    axis.set_title(
        broken(name_of("agreement", measure, language), 56, 2), fontsize=9, loc="left",
        fontweight="bold",
    )  # fmt: skip
    for spine in axis.spines.values():
        spine.set_visible(False)


def _caption(rows: pd.DataFrame, measures, population: str, language: str) -> str:
    pairs = rows[rows["experiment_a"] != rows["experiment_b"]]
    said = [label("agreement.reading", language,
                  population=name_of("population", population, language))]  # fmt: skip
    fewest, most = int(pairs["n"].min()), int(pairs["n"].max())
    between = count(most, language)
    if fewest < most:
        between = label("agreement.between", language, low=count(fewest, language), high=between)
    said.append(label("agreement.n", language, n=between))
    if fewest < most:
        value = localise(f"{chance_overlap(fewest):.2f}", language)
        said.append(label("agreement.italics", language, value=value))
    if "knn_overlap" in measures:
        value = localise(f"{chance_overlap(most):.2f}", language)
        said.append(label("agreement.chance_knn", language, value=value, n=count(most, language)))
    if any(name.startswith("ari") for name in measures):
        said.append(label("agreement.chance_ari", language))
    return " ".join(said)


def _draw_nothing(path, language: str) -> None:
    with chart(path, 6, 1.5) as figure:
        axis = figure.subplots()
        axis.set_axis_off()
        axis.text(0.5, 0.5, label("agreement.none", language), ha="center", color=MUTED)
