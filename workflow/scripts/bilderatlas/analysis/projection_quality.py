"""How far a map in two or three dimensions can be trusted."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bilderatlas.analysis.neighbours import NEIGHBOURS
from bilderatlas.analysis.outcomes import LeftOut, Outcome, Sample, need_pictures
from bilderatlas.analysis.retrieval import retrieval


def ranks(values: np.ndarray) -> np.ndarray:
    """Rank of each picture in the list of each other: int (n, n), 0 itself, 1 its nearest."""
    from sklearn.metrics import pairwise_distances

    distances = pairwise_distances(values)
    np.fill_diagonal(distances, -1.0)
    order = np.argsort(distances, axis=1, kind="stable")
    found = np.empty_like(order)
    np.put_along_axis(found, order, np.arange(len(order))[None], axis=1)
    return found


def trust(there: np.ndarray, here: np.ndarray, k: int = NEIGHBOURS) -> np.ndarray:
    """By picture, how far the k nearest ``here`` are near ``there`` as well; 1 is wholly.

    Venna & Kaski (2001), equation 3, left as a score by picture: its mean is scikit-learn's
    ``trustworthiness``, which gives only the mean and so no interval. With the spaces exchanged
    it is the continuity of the same paper.

    Args:
        there: ranks in the one space, (n, n) as :func:`ranks` gives them.
        here: ranks in the other.
        k: neighbours; less than n / 2.

    Returns:
        float64 (n,).
    """
    count = len(there)
    if 2 * k >= count:
        raise ValueError(f"{k} neighbours of {count} pictures: less than half are allowed")
    shown = (here > 0) & (here <= k)
    penalty = np.where(shown, np.maximum(there - k, 0), 0).sum(axis=1)
    return 1.0 - penalty * (2.0 / (k * (2 * count - 3 * k - 1)))


def coordinates(projections: pd.DataFrame, population: str, method: str, image_ids) -> np.ndarray:
    """The map of some pictures, float64 (n, 2) or (n, 3).

    Args:
        projections: the columns of ``files.PROJECTIONS``.
        population: ``test`` or ``all``.
        method: one of ``projection.METHODS``.
        image_ids: n strings.

    Raises:
        LeftOut: there is no such map, it is of other pictures, or not finite.
    """
    rows = projections[
        (projections["population"] == population) & (projections["method"] == method)
    ]
    if rows.empty:
        raise LeftOut(f"there is no map {method}")
    rows = rows.drop_duplicates("image_id").set_index("image_id")
    # a control's map of another test part was made of other pictures
    if len(rows) != len(image_ids) or not rows.index.isin(image_ids).all():
        raise LeftOut(f"the map {method} is of other pictures")
    columns = ["x", "y"] if rows["z"].isna().all() else ["x", "y", "z"]
    found = rows.loc[list(image_ids), columns].to_numpy(dtype=np.float64)
    if not np.isfinite(found).all():
        raise LeftOut(f"the map {method} holds values that are not finite")
    return found


def map_quality(
    sample: Sample, there: np.ndarray, coords: np.ndarray, method: str
) -> list[Outcome]:
    """Trustworthiness and continuity (10 neighbours) of a map, and same-title mAP in it.

    The map stays as it is when groups of pictures are drawn. ``n`` counts pictures, for the mAP
    queries; the mAP is missing where no two pictures share title and date.

    Args:
        sample: the embedding.
        there: ranks in it, of :func:`ranks`.
        coords: (n, 2) or (n, 3).
        method: for the names.

    Raises:
        LeftOut: too few pictures, or all in one place on the map.
    """
    need_pictures(len(sample), 2 * NEIGHBOURS + 1)
    if not np.ptp(coords, axis=0).any():
        raise LeftOut(f"the map {method} puts all pictures in one place")
    ending = method.replace("-", "_")
    here, draws = ranks(coords), sample.draws
    found = []
    for name, scores in (
        ("trustworthiness", trust(there, here)),
        ("continuity", trust(here, there)),
    ):
        value = float(scores.mean())
        found.append(Outcome(f"{name}_{ending}", len(sample), value, draws.mean(scores)))
    table = retrieval(coords, sample.image_ids, sample.titles)
    if len(table):
        scores = table["average_precision"].to_numpy()
        average = sample.draws_of(table["group"].to_numpy(dtype=object)).mean(scores)
        found.append(Outcome(f"same_title_map_{ending}", len(table), float(scores.mean()), average))
    return found
