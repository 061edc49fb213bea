"""Loss over the steps of training: small multiples, one a model, beside the level of chance."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping

import numpy as np
import pandas as pd

from bilderatlas.show.charts import BLUE, MUTED, RED, broken, chart
from bilderatlas.show.labels import label, localise, name_of

COLUMNS = 3


def draw_loss_curves(
    curves: Mapping[str, pd.DataFrame],
    path: str | os.PathLike,
    language: str = "en",
    chance: Mapping[str, float | Mapping[str, float]] | None = None,
) -> None:
    """Draw the loss of each model over its optimiser steps, as a PNG of small multiples.

    All panels share the axis of the loss, so that a fall can be compared by eye.

    Args:
        curves: by label in words, a table with the columns ``step``, ``epoch``, ``loss``
            and, where there are several, ``phase`` (``training``, ``fine_tuning``), in the order
            of time. Steps and epochs may start anew with a phase. Losses that are not finite
            leave a gap.
        path: of the PNG.
        language: of the words.
        chance: by label, the loss of a network that only guesses, ln(2N-1) for NT-Xent with N
            pictures a batch (each view finds its partner among 2N-1 others: Chen et al. 2020,
            equation 1, at equal similarities); or such a number by phase.

    Raises:
        ValueError: there is no curve, or one lacks a column.
    """
    if not curves:
        raise ValueError("no loss curve to draw")
    for name, table in curves.items():
        missing = {"step", "epoch", "loss"} - set(table.columns)
        if missing:
            raise ValueError(f"the loss curve of {name!r} lacks {', '.join(sorted(missing))}")
    columns = min(COLUMNS, len(curves))
    rows = math.ceil(len(curves) / columns)
    with chart(path, max(5.5, 4.0 * columns), 0.7 + 2.7 * rows) as figure:
        axes = figure.subplots(rows, columns, sharey=True, squeeze=False)
        panels = list(axes.flat)
        for axis, (name, table) in zip(panels, curves.items(), strict=False):
            _draw_panel(axis, name, table, language, (chance or {}).get(name))
        for axis in panels[len(curves) :]:
            axis.set_visible(False)
        for axis in panels[: len(curves)]:
            axis.set_xlabel(label("loss.step", language), color=MUTED)
            axis.xaxis.get_major_locator().set_params(integer=True)
            axis.xaxis.set_major_formatter(lambda value, _: localise(f"{value:,.0f}", language))
            axis.yaxis.set_major_formatter(lambda value, _: localise(f"{value:g}", language))
        for row in axes:
            row[0].set_ylabel(label("loss.value", language))
        figure.supxlabel(label("loss.key", language), fontsize=8, color=MUTED)


def _draw_panel(axis, name: str, table: pd.DataFrame, language: str, chance) -> None:
    axis.set_title(broken(name, 46, 3), fontsize=9, fontweight="bold", loc="left")
    if table.empty:
        said = label("loss.none", language)
        axis.text(0.5, 0.5, said, transform=axis.transAxes, ha="center", color=MUTED)
        axis.tick_params(axis="x", labelbottom=False, length=0)
        return
    steps = table.assign(phase=table["phase"] if "phase" in table.columns else "")
    phases = [phase for _, phase in steps.groupby("phase", sort=False)]
    start = 0
    for number, phase in enumerate(phases):
        local = phase["step"].to_numpy(dtype=float)
        # a phase that counts on from the one before is left as it is
        at = local if local[0] >= start else local + start
        loss = phase["loss"].to_numpy(dtype=float)
        loss = np.where(np.isfinite(loss), loss, np.nan)
        axis.plot(at, loss, color=BLUE, linewidth=0.7, alpha=0.45)
        means = pd.DataFrame({"epoch": phase["epoch"].to_numpy(), "at": at, "loss": loss})
        means = means.groupby("epoch", sort=False).mean()
        # one marker where there is but one epoch, which as a line would not be seen
        marker = "o" if len(means) == 1 else None
        axis.plot(means["at"], means["loss"], color=BLUE, linewidth=2, marker=marker, markersize=4)
        first, start = at[0], at[-1] + 1
        if number:
            axis.axvline(first - 0.5, color=MUTED, linewidth=0.8)
        level = chance.get(phase["phase"].iloc[0]) if isinstance(chance, Mapping) else chance
        _draw_chance(axis, level, (first, at[-1]), language, short=len(phases) > 1)
        if len(phases) > 1:
            words = name_of("phase", phase["phase"].iloc[0], language)
            middle = (first + at[-1]) / 2
            axis.text(middle, 0.01, words, transform=axis.get_xaxis_transform(), color=MUTED,
                      ha="center", va="bottom", fontsize=8)  # fmt: skip
    axis.margins(x=0.02)


def _draw_chance(
    axis, level: float | None, span: tuple[float, float], language: str, short: bool
) -> None:
    if level is None or not math.isfinite(level):
        return
    axis.plot(span, (level, level), color=RED, linewidth=1.2, linestyle=(0, (4, 3)))
    words = localise(f"{level:.2f}", language)
    if not short:  # a narrow phase has room for the number only; the key says what is dashed
        words = label("loss.chance", language, value=words)
    axis.annotate(words, (span[1], level), xytext=(0, -3), textcoords="offset points",
                  ha="right", va="top", fontsize=8, color=RED)  # fmt: skip
