"""A contact sheet for each cluster, with all its pictures."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from bilderatlas.collection.dates import chronological
from bilderatlas.show.kinds import NOISE, cluster_name
from bilderatlas.show.labels import label
from bilderatlas.show.pictures import Pictures
from bilderatlas.show.sheet import draw_sheet

FEWEST, MOST = 8, 40  # columns


def sheet_name(cluster: int) -> str:
    """File name of a cluster's sheet."""
    return "cluster-noise.png" if cluster == NOISE else f"cluster-{cluster}.png"


def columns_for(count: int) -> int:
    """Columns of a sheet of ``count`` pictures: it grows in both directions, wider than high."""
    return min(MOST, max(FEWEST, round(math.sqrt(1.8 * count))))


def draw_cluster_sheets(
    clusters: pd.Series,
    catalogue: pd.DataFrame,
    pictures: Pictures,
    folder: str | os.PathLike,
    title: str,
    language: str = "en",
) -> list[str]:
    """Draw one sheet a cluster into ``folder``; returns their file names, by rising cluster.

    Args:
        clusters: cluster by image id; -1 is noise and gets a sheet too.
        catalogue: dates stand beneath the pictures and order them; the undated come last.
        pictures: the originals.
        folder: must exist.
        title: words before the number of the cluster, such as experiment and collection.
        language: of the words.
    """
    begins = catalogue["date_from"].reindex(clusters.index).fillna("").map(chronological)
    dates = catalogue["date"].to_dict()
    names = []
    for cluster in sorted(set(clusters)):
        members = clusters.index[clusters == cluster]
        ordered = sorted(members, key=lambda name: (math.isnan(begins[name]), begins[name], name))
        heading = label(
            "clusters.sheet_title",
            language,
            title=title,
            cluster=_named(int(cluster), language),
        )
        draw_sheet(
            ordered,
            pictures,
            dates,
            Path(folder) / sheet_name(int(cluster)),
            columns=columns_for(len(ordered)),
            title=heading,
            language=language,
            max_pictures=len(ordered),
        )
        names.append(sheet_name(int(cluster)))
    return names


def _named(cluster: int, language: str) -> str:
    name = cluster_name(cluster, language)
    return name if cluster == NOISE else label("clusters.one", language, number=name)


def spread(clusters: pd.Series, place: pd.DataFrame, shown: int) -> dict[int, list[str]]:
    """The pictures nearest the middle of each cluster, nearest first, at most ``shown``.

    Args:
        clusters: cluster by image id.
        place: coordinates by image id, a column a dimension.
        shown: pictures a cluster.
    """
    found: dict[int, list[str]] = {}
    for cluster, members in _members(clusters):
        at = place.loc[members]
        distance = ((at - at.mean()) ** 2).sum(axis=1).sort_values(kind="stable")
        found[cluster] = list(distance.index[:shown])
    return found


def _members(clusters: pd.Series) -> Iterable[tuple[int, pd.Index]]:
    for cluster in sorted(set(clusters)):
        yield int(cluster), clusters.index[clusters == cluster]
