"""Kinds that a map tells apart: authors, clusters, parts, each with its colour and symbol."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from bilderatlas.show.labels import label

# Paul Tol's "muted" scheme: nine colours told apart with every common kind of colour vision
# (SRON/EPS/TN/09-002, 2021); its order is changed so that the first ones differ most
COLOURS = (
    "#332288", "#CC6677", "#117733", "#88CCEE", "#DDCC77", "#882255", "#44AA99", "#AA4499",
    "#999933",
)  # fmt: skip
GREY = "#A8A8A8"
# symbol and size of eight kinds in plotly's three-dimensional charts, the plainest first; sizes
# make them equally heavy. Its "x" is left out: it is a letter of a font that many machines lack.
SYMBOLS = (
    ("circle", 1.0), ("diamond", 0.85), ("square", 0.9), ("cross", 1.1), ("circle-open", 1.1),
    ("diamond-open", 0.9), ("square-open", 0.7), ("circle", 0.45),
)  # fmt: skip
LONGEST = 28  # characters of a name in a legend
NOISE = -1


def cluster_colour(cluster: int) -> str:
    """Colour of a cluster, counted from 1; from the tenth on they repeat. Grey is noise."""
    return GREY if cluster < 1 else COLOURS[(cluster - 1) % len(COLOURS)]


def cluster_name(cluster: int, language: str) -> str:
    """A cluster's number, or the word for noise."""
    return label("clusters.noise", language) if cluster < 1 else str(cluster)


def authors(makers: Iterable[str], language: str, most: int = len(SYMBOLS)) -> list[str]:
    """The makers as the archive wrote them, cut to at most ``most`` different ones.

    Where there are more, the ``most - 1`` commonest keep their name and the rest becomes
    "others". Pictures without a maker say so.
    """
    unknown = label("maps.no_author", language)
    named = pd.Series([name or unknown for name in makers], dtype=object)
    # by falling number, then by name: the same symbol in every page of a study
    common = named.value_counts().sort_index().sort_values(ascending=False, kind="stable")
    if len(common) > most:
        kept = set(common.index[: most - 1])
        named = named.where(named.isin(kept), label("maps.others", language))
    return named.tolist()


def shortened(name: str) -> str:
    """A name for a legend: cut where it would push the map aside. The picture's card has all."""
    return name if len(name) <= LONGEST else name[: LONGEST - 2].rstrip() + " …"


def by_number(names: Sequence[str], last: Sequence[str] = ()) -> list[str]:
    """The different names, the commonest first; those in ``last`` at the end."""
    counts = pd.Series(list(names), dtype=object).value_counts().sort_index()
    order = counts.sort_values(ascending=False, kind="stable").index
    return [n for n in order if n not in last] + [n for n in order if n in last]
