"""Does an embedding sort pictures by their tones? Embedding distance against histogram distance.

The shortcut that SimCLR's own colour views were found to leave open: two views of one picture
keep its histogram, so a network may tell pictures apart by their tones alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from bilderatlas.analysis.intervals import LEVEL, MINIMUM_CLUSTERS, RESAMPLES, Interval
from bilderatlas.data.pack import Pack

_TONES = 256
# pairs grow with the square of the pictures
LARGEST = 2000
_DRAWS = 250


class Correlations(NamedTuple):
    """Of two embeddings: the rank correlation of each with the histograms, and the difference."""

    one: Interval
    other: Interval
    difference: Interval


def grey_histograms(pack: Pack, image_ids: Sequence[str]) -> np.ndarray:
    """The share of each of 256 tones in each picture, float64 (n, 256), rows of sum 1.

    Args:
        pack: grey, or rgb, whose pictures are then read in grey (ITU-R 601 luma).
        image_ids: pictures of the pack.

    Raises:
        ValueError: a picture is not in the pack.
    """
    from PIL import Image

    rows = pack.rows(image_ids)
    if len(rows) != len(image_ids):
        raise ValueError(f"{len(image_ids) - len(rows)} picture(s) are not in the pack")
    found = np.empty((len(rows), _TONES))
    for place, row in enumerate(rows):
        picture = pack.picture(row)
        if picture.shape[2] == 3:
            grey = np.asarray(Image.fromarray(picture).convert("L"))
        else:
            grey = picture[:, :, 0]
        found[place] = np.bincount(grey.ravel(), minlength=_TONES) / grey.size
    return found


def histogram_distances(histograms: np.ndarray) -> np.ndarray:
    """Earth mover's distances (Rubner et al. 2000) between histograms, (n, n), in 0 to 1.

    In one dimension the work to move one histogram into another is the area between their
    cumulative sums; 1 is from all black to all white.
    """
    from sklearn.metrics import pairwise_distances

    cumulative = np.cumsum(histograms, axis=1)
    return pairwise_distances(cumulative, metric="manhattan") / (histograms.shape[1] - 1)


def histogram_correlations(
    one: np.ndarray,
    other: np.ndarray,
    histograms: np.ndarray,
    clusters: Sequence | None = None,
    seed: int = 0,
    resamples: int = RESAMPLES,
) -> Correlations:
    """Rank correlation (Spearman) of embedding distances with histogram distances, over pairs.

    The bootstrap draws pictures, clusters of them as wholes, for pairs that share one are not
    independent; a pair counts as often as both its pictures were drawn, and a picture drawn twice
    is no pair with itself. The ranks stay those of all pairs. Both embeddings are judged on the
    same draws.

    Args:
        one: (n, d), rows of length 1.
        other: (n, e), likewise, of the same pictures.
        histograms: (n, 256) of the same pictures.
        clusters: (n,) labels; by default every picture stands alone.
        seed: of the draws, and of the choice where there are more than ``LARGEST`` pictures.
        resamples: how many draws.

    Returns:
        correlations in -1 to 1 and first minus second; NaN where all distances are equal.
        Bounds are NaN below six clusters.
    """
    from sklearn.metrics.pairwise import euclidean_distances

    generator = np.random.default_rng(seed)
    count = len(one)
    clusters = np.arange(count) if clusters is None else np.asarray(clusters)
    if count > LARGEST:
        kept = np.sort(generator.choice(count, LARGEST, replace=False))
        one, other, histograms = one[kept], other[kept], histograms[kept]
        clusters = clusters[kept]
        count = LARGEST
    if count < 3:
        nothing = Interval(np.nan, np.nan, np.nan)
        return Correlations(nothing, nothing, nothing)
    tones = _ranks(histogram_distances(histograms))
    ranks = [_ranks(euclidean_distances(np.asarray(v, np.float64))) for v in (one, other)]

    def form(times: np.ndarray) -> np.ndarray:
        found = [_correlation(times, each, tones) for each in ranks]
        return np.column_stack([*found, found[0] - found[1]])

    points = form(np.ones((1, count)))[0]
    of_picture, names = pd.factorize(clusters)
    if len(names) < MINIMUM_CLUSTERS or np.isnan(points).any():
        return Correlations(*(Interval(float(point), np.nan, np.nan) for point in points))
    draws = []
    for first in range(0, resamples, _DRAWS):
        picks = generator.integers(len(names), size=(min(_DRAWS, resamples - first), len(names)))
        times = np.stack([np.bincount(each, minlength=len(names)) for each in picks])[:, of_picture]
        draws.append(form(times.astype(np.float64)))
    edge = (1 - LEVEL) / 2
    # a draw of pictures that are all alike has no correlation and says nothing
    low, high = np.nanquantile(np.concatenate(draws), (edge, 1 - edge), axis=0)
    return Correlations(
        *(Interval(*map(float, each)) for each in zip(points, low, high, strict=True))
    )


def _ranks(distances: np.ndarray) -> np.ndarray:
    """Ranks of the pairs about their mean, symmetric, 0 on the diagonal; equals share theirs.

    Distances are compared in 12 digits: finer differences are noise of the matrix product.
    """
    upper = np.triu_indices(len(distances), 1)
    ranks = pd.Series(np.round(distances[upper], 12)).rank().to_numpy()
    centred = np.zeros(distances.shape)
    centred[upper] = ranks - ranks.mean()
    return centred + centred.T


def _correlation(times: np.ndarray, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Pearson's correlation over pairs i != j that count times[:, i] * times[:, j], (draws,)."""

    def over_pairs(table: np.ndarray) -> np.ndarray:
        return ((times @ table) * times).sum(axis=1) / pairs

    pairs = times.sum(axis=1) ** 2 - (times**2).sum(axis=1)
    pairs = np.where(pairs > 0, pairs, np.nan)
    mean_a, mean_b = over_pairs(a), over_pairs(b)
    spread_a, spread_b = over_pairs(a * a) - mean_a**2, over_pairs(b * b) - mean_b**2
    both = spread_a * spread_b
    shared = over_pairs(a * b) - mean_a * mean_b
    return np.where(both > 0, shared / np.sqrt(np.where(both > 0, both, 1)), np.nan)
