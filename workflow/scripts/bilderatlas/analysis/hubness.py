"""Hubs: pictures that are neighbours of far more pictures than others, and a correction.

Radovanovic, Nanopoulos & Ivanovic (2010) count how often a picture is among the k = 10 nearest
neighbours of others (its k-occurrence N_10). CSLS (Conneau et al. 2018, equation 4) takes the
density around both pictures off their similarity, so that hubs come less near.
"""

from __future__ import annotations

import numpy as np

from bilderatlas.analysis.neighbours import NEIGHBOURS
from bilderatlas.analysis.outcomes import Outcome, Sample, need_pictures
from bilderatlas.analysis.retrieval import retrieval


def csls(similarity: np.ndarray, k: int = NEIGHBOURS) -> np.ndarray:
    """Similarity corrected for local density: 2 cos(x, y) - r(x) - r(y).

    Args:
        similarity: cosines (n, n).
        k: r is the mean cosine to the k nearest others; at most n - 1.

    Returns:
        float64 (n, n); the diagonal means nothing.
    """
    others = similarity.copy()
    np.fill_diagonal(others, -np.inf)
    density = np.partition(others, len(others) - k, axis=1)[:, -k:].mean(axis=1)
    return 2.0 * similarity - density[:, None] - density


def occurrences(similarity: np.ndarray, k: int = NEIGHBOURS) -> np.ndarray:
    """How often each picture is among the k most similar others of a picture: int (n,)."""
    others = similarity.copy()
    np.fill_diagonal(others, -np.inf)
    near = np.argpartition(others, len(others) - k, axis=1)[:, -k:]
    return np.bincount(near.ravel(), minlength=len(others))


def skewness(counts: np.ndarray, times: np.ndarray | None = None) -> np.ndarray:
    """Third standardised moment; 0 where all counts are equal.

    Args:
        counts: (n,).
        times: (b, n), how often each is drawn; by default once.

    Returns:
        (b,), or (1,) by default.
    """
    times = np.ones((1, len(counts))) if times is None else times
    # moments about zero: products of a matrix and a vector, where 2,000 draws of all would be slow
    powers = np.asarray(counts, dtype=np.float64)[:, None] ** (1, 2, 3)
    first, squares, cubes = (times @ powers / times.sum(axis=1, keepdims=True)).T
    second = squares - first**2
    third = cubes - 3 * first * squares + 2 * first**3
    # whole numbers differ by more than the rounding of their mean
    varied = second > 1e-9 * squares
    return np.where(varied, third / np.where(varied, second, 1.0) ** 1.5, 0.0)


def hubs(sample: Sample) -> list[Outcome]:
    """Skewness of N_10 and the share of pictures that are nobody's neighbour, plain and CSLS.

    Where neighbours are spread evenly the skewness is near 0; large is a few hubs. ``n`` counts
    pictures; groups are drawn, their counts stay as they are.
    """
    need_pictures(len(sample))
    draws = sample.draws
    found = []
    for ending, similarity in (("", sample.similarity), ("_csls", csls(sample.similarity))):
        counts = occurrences(similarity)
        skews = None if draws.times is None else skewness(counts, draws.times)
        alone = (counts == 0).astype(np.float64)
        found += [
            Outcome(f"hubness_skewness{ending}", len(sample), float(skewness(counts)[0]), skews),
            Outcome(f"antihubs{ending}", len(sample), float(alone.mean()), draws.mean(alone)),
        ]
    return found


def retrieval_without_hubs(sample: Sample) -> list[Outcome]:
    """Same-title mAP with CSLS, and what it gains over the mAP with plain distances.

    ``n`` counts queries; groups are drawn.

    Raises:
        LeftOut: no two pictures share title and date.
    """
    from sklearn.metrics import label_ranking_average_precision_score

    need_pictures(len(sample))
    rows, codes = sample.companions
    scores = csls(sample.similarity)
    group = np.full(len(sample), -1)
    group[rows] = codes
    corrected = np.empty(len(rows))
    for number, row in enumerate(rows):
        others = np.arange(len(sample)) != row
        relevant = group[others] == group[row]
        corrected[number] = label_ranking_average_precision_score([relevant], [scores[row, others]])
    table = retrieval(sample.values, sample.image_ids, sample.titles)
    ids = [sample.image_ids[row] for row in rows]
    gain = corrected - table.loc[ids, "average_precision"].to_numpy()
    draws = sample.draws_of(codes)
    return [
        Outcome(name, len(rows), float(each.mean()), draws.mean(each))
        for name, each in (("same_title_map_csls", corrected), ("csls_gain", gain))
    ]
