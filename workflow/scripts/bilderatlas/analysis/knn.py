"""Neighbours in the training part of the pictures of the test part, for what they can tell.

Shared by the questions of author and year: the training part is the gallery, the test part asks,
and pictures of the asking picture's own group (same title and date) are never looked at. They
would give the answer away: two prints of one sitting have one author and one date.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bilderatlas.analysis.neighbours import id_numbers, nearest_between

log = logging.getLogger(__name__)

# ASSUME: five neighbours, as few as leave room for a majority and as many as a small author has
K = 5


@dataclass(frozen=True)
class Asked:
    """Who asks and who may answer.

    Attributes:
        queries: row numbers of the test part, in the order of the rows.
        gallery: row numbers of the training part, scrambled.
        query_groups: a number for the group of each query; -1 is none.
        gallery_groups: likewise for the gallery.
    """

    queries: np.ndarray
    gallery: np.ndarray
    query_groups: np.ndarray
    gallery_groups: np.ndarray


def ask(image_ids: Sequence[str], part: pd.Series, known: pd.Series, groups: pd.Series) -> Asked:
    """Rows of the test and of the training part of which the answer is known.

    Args:
        image_ids: n strings, the rows.
        part: part by image id.
        known: bool by image id; a picture that is missing is unknown.
        groups: group key by image id, for pictures in groups.
    """
    ids = pd.Index(image_ids)
    usable = known.reindex(ids).eq(True).to_numpy()
    parts = part.reindex(ids).to_numpy(dtype=object)
    codes, _ = pd.factorize(groups.reindex(ids).to_numpy(dtype=object))
    queries = np.flatnonzero(usable & (parts == "test"))
    gallery = np.flatnonzero(usable & (parts == "train"))
    # neighbours at one distance come in this order: not by id, which often goes with the date
    gallery = gallery[np.argsort(id_numbers(ids[gallery]), kind="stable")]
    return Asked(queries, gallery, codes[queries], codes[gallery])


def answers(values: np.ndarray, asked: Asked, labels: np.ndarray, k: int = K) -> np.ndarray:
    """The labels of the k nearest gallery pictures of each query, nearest first.

    Args:
        values: (n, d), the rows that ``asked`` counts.
        asked: who asks and who may answer.
        labels: float (n,); NaN is kept for neighbours that do not exist.
        k: neighbours a query.

    Returns:
        float64 (queries, k or fewer).
    """
    if 0 < len(asked.gallery) < k:
        log.warning(
            "%d neighbours asked of %d training pictures: all answer", k, len(asked.gallery)
        )
    rows, _ = nearest_between(
        values[asked.queries],
        values[asked.gallery],
        k,
        asked.query_groups,
        asked.gallery_groups,
    )
    if not len(asked.gallery):
        return np.full(rows.shape, np.nan)
    return np.where(rows >= 0, np.asarray(labels, dtype=np.float64)[asked.gallery][rows], np.nan)
