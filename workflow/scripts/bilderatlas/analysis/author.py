"""Do a picture's neighbours name its author? A vote of the nearest in the training part."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from bilderatlas.analysis.knn import Asked, K, answers, ask


def ask_authors(
    image_ids: Sequence[str], part: pd.Series, authors: pd.Series, groups: pd.Series
) -> tuple[Asked, np.ndarray, list[str]]:
    """Who asks, a number by picture for its author (-1 unknown), and the authors' names."""
    names = authors.reindex(pd.Index(image_ids)).fillna("").astype(str)
    codes, kinds = pd.factorize(names.where(names != "").to_numpy(dtype=object))
    asked = ask(image_ids, part, names != "", groups)
    # ASSUME: an author without a picture in the training part cannot be named by anyone;
    # such pictures are not asked about
    fair = np.isin(codes[asked.queries], codes[asked.gallery])
    asked = Asked(
        asked.queries[fair], asked.gallery, asked.query_groups[fair], asked.gallery_groups
    )
    return asked, codes, [str(kind) for kind in kinds]


def author_scores(
    values: np.ndarray,
    image_ids: Sequence[str],
    part: pd.Series,
    authors: pd.Series,
    groups: pd.Series,
    k: int = K,
) -> pd.DataFrame:
    """The author that most of the k nearest training pictures have.

    Of authors with equally many votes the one with the nearest picture is taken.

    Args:
        values: (n, d).
        image_ids: n strings.
        part: part by image id: ``train`` answers, ``test`` asks.
        authors: author by image id; empty is unknown.
        groups: group key by image id; a query's own group does not answer.
        k: voters.

    Returns:
        a row a query, indexed by its id: ``author``, ``predicted`` (empty where nobody could
        answer) and ``hit`` (1.0 or 0.0).
    """
    asked, codes, kinds = ask_authors(image_ids, part, authors, groups)
    near = answers(values, asked, codes, k)
    # votes for the label at each place; argmax takes the first, hence the nearest, of the best
    votes = (near[:, :, None] == near[:, None, :]).sum(axis=2)
    if near.shape[1]:
        chosen = near[np.arange(len(near)), votes.argmax(axis=1)]
    else:
        chosen = np.full(len(near), np.nan)
    return _table(image_ids, asked, codes, kinds).assign(
        predicted=["" if np.isnan(code) else kinds[int(code)] for code in chosen],
        hit=(chosen == codes[asked.queries]).astype(np.float64),
    )


def author_baselines(
    image_ids: Sequence[str], part: pd.Series, authors: pd.Series, groups: pd.Series
) -> pd.DataFrame:
    """What one reaches without looking, on the same queries as :func:`author_scores`.

    Returns:
        a row a query: ``author``; ``constant``: hit of always naming the author with most
        training pictures (the first in the alphabet of equals); ``chance``: probability that
        a training picture drawn at random has the right author.
    """
    asked, codes, kinds = ask_authors(image_ids, part, authors, groups)
    sizes = np.bincount(codes[asked.gallery], minlength=len(kinds)).astype(np.float64)
    table = _table(image_ids, asked, codes, kinds)
    if not len(table):
        return table.assign(constant=0.0, chance=0.0)
    majority = min(range(len(kinds)), key=lambda code: (-sizes[code], kinds[code]))
    right = codes[asked.queries]
    return table.assign(
        constant=(right == majority).astype(np.float64), chance=sizes[right] / sizes.sum()
    )


def _table(image_ids, asked, codes, kinds) -> pd.DataFrame:
    index = pd.Index([image_ids[row] for row in asked.queries], name="query", dtype=object)
    return pd.DataFrame({"author": [kinds[codes[row]] for row in asked.queries]}, index=index)
