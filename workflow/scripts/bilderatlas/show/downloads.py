"""What became of pictures that were asked for: by year as columns, by host as bars."""

from __future__ import annotations

import os

import numpy as np
import pandas as pd

from bilderatlas.show.charts import BLUE, GREEN, MUTED, ORANGE, PURPLE, RED, chart
from bilderatlas.show.labels import count, label, localise, number

# there is as dark as gone is pale: it reads without colours too
STATUSES = {
    "ok": BLUE,
    "dead": "#d9d9d9",
    "placeholder": "#b0b0b0",
    "not_image": PURPLE,
    "timeout": ORANGE,
    "error": RED,
    "missing": GREEN,
}
MOST_HOSTS = 12


def draw_downloads(
    summary: pd.DataFrame, path: str | os.PathLike, title: str, language: str = "en"
) -> None:
    """Draw pictures by year and by host, each column parted by status, as a PNG.

    Args:
        summary: columns ``files.DOWNLOADS``.
        path: of the PNG.
        title: what the collection is called.
        language: of the words.

    Raises:
        ValueError: the summary is empty.
    """
    if summary.empty:
        raise ValueError("no downloads to draw")
    known = [name for name in STATUSES if name in set(summary["status"])]
    by_year = _parted(summary, "year", known)
    by_host = _fold(_parted(summary, "host", known), language)
    with chart(path, 9.5, 3.6 + 0.26 * len(by_host)) as figure:
        years, hosts = figure.subplots(2, 1, height_ratios=[3.0, 0.6 + 0.3 * len(by_host)])
        _draw(years, by_year, vertical=True)
        _draw(hosts, by_host, vertical=False)
        years.set_xlabel(label("downloads.year", language))
        years.set_ylabel(label("downloads.count", language))
        hosts.set_xlabel(label("downloads.count", language))
        for axis in (years.yaxis, hosts.xaxis):
            axis.set_major_formatter(lambda value, _: localise(f"{value:,.0f}", language))
            axis.get_major_locator().set_params(integer=True)
        _write_shares(hosts, by_host, language)
        hosts.invert_yaxis()  # the largest on top
        handles, _ = years.get_legend_handles_labels()
        words = [label(f"download_status.{name}", language) for name in known]
        figure.legend(handles, words, loc="outside lower center", ncols=len(known), frameon=False)
        here = summary[summary["status"] == "ok"]
        told = label(
            "downloads.title",
            language,
            title=title,
            ok=count(int(here["count"].sum()), language),
            count=count(int(summary["count"].sum()), language),
            gigabytes=number(float(here["bytes"].sum()) / 1e9, language, places=1),
        )
        figure.suptitle(told, x=0.01, ha="left", fontsize=10, fontweight="bold")


def _parted(summary: pd.DataFrame, column: str, statuses: list[str]) -> pd.DataFrame:
    table = summary.pivot_table(
        index=column, columns="status", values="count", aggfunc="sum", fill_value=0
    )
    return table[statuses]


def _fold(by_host: pd.DataFrame, language: str) -> pd.DataFrame:
    """The largest hosts, the others in one row."""
    ordered = by_host.loc[by_host.sum(axis=1).sort_values(ascending=False, kind="stable").index]
    if len(ordered) <= MOST_HOSTS:
        return ordered
    shown, others = ordered.iloc[: MOST_HOSTS - 1], ordered.iloc[MOST_HOSTS - 1 :]
    name = label("downloads.others", language, count=count(len(others), language))
    return pd.concat([shown, others.sum().to_frame(name).T])


def _draw(axis, table: pd.DataFrame, vertical: bool) -> None:
    start = np.zeros(len(table))
    places = np.arange(len(table))
    for status in table.columns:
        values = table[status].to_numpy(dtype=float)
        if vertical:
            axis.bar(places, values, bottom=start, color=STATUSES[status], width=0.85, label=status)
        else:
            axis.barh(places, values, left=start, color=STATUSES[status], height=0.75)
        start += values
    if not vertical:
        axis.set_yticks(places, table.index)
        return
    step = -(-len(table) // 24)  # so many years fit beside each other
    axis.set_xticks(places[::step], table.index[::step])


def _write_shares(axis, by_host: pd.DataFrame, language: str) -> None:
    here = by_host["ok"] if "ok" in by_host.columns else by_host.iloc[:, 0] * 0
    totals = by_host.sum(axis=1)
    for place, (there, total) in enumerate(zip(here, totals, strict=True)):
        share = localise(f"{100 * there / total:.0f} %", language)
        axis.annotate(label("downloads.share", language, share=share), (total, place),
                      xytext=(4, 0), textcoords="offset points", va="center", fontsize=8,
                      color=MUTED)  # fmt: skip
    axis.margins(x=0.1)
