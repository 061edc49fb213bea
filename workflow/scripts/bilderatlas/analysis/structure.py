"""How an embedding fills its space: alignment, uniformity, effective rank, silhouettes."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bilderatlas.analysis.outcomes import LeftOut, Outcome, Sample, need_pictures

_LEAST_FOR_RANK = 100


def alignment(sample: Sample) -> list[Outcome]:
    """Mean squared distance of pictures of one title and date, in [0, 4]; small is close.

    Wang & Isola (2020), equation 3 with alpha 2; the positive pairs are here not two views of a
    picture but two pictures of one title and date. Every group counts the same: one sitting of
    22 pictures has 231 pairs, more than all pairs of two together. ``n`` is the number of pairs;
    groups are drawn.

    Raises:
        LeftOut: no two pictures share title and date.
    """
    rows, codes = sample.companions
    means, pairs = [], 0
    for code in range(codes.max() + 1):
        members = rows[codes == code]
        upper = np.triu_indices(len(members), 1)
        means.append((sample.distances[np.ix_(members, members)][upper] ** 2).mean())
        pairs += len(upper[0])
    means = np.array(means)
    draws = sample.draws_of(np.arange(len(means)))
    return [Outcome("alignment", pairs, float(means.mean()), draws.mean(means))]


def uniformity(sample: Sample) -> list[Outcome]:
    """Logarithm of the mean of exp(-2 d^2) over all pairs, in [-8, 0]; small is spread evenly.

    Wang & Isola (2020), equation 4 with t = 2. 0 is all pictures in one place. In a draw, two
    copies of one picture are no pair. ``n`` is the number of pictures; groups are drawn.
    """
    need_pictures(len(sample))
    kernel = np.exp(-2.0 * sample.distances**2)
    np.fill_diagonal(kernel, 0.0)
    count = len(sample)
    value = np.log(kernel.sum() / (count * (count - 1)))
    times, draws = sample.draws.times, None
    if times is not None:
        pairs = times.sum(axis=1) ** 2 - (times**2).sum(axis=1)
        draws = np.log(np.einsum("ij,ij->i", times @ kernel, times) / pairs)
    return [Outcome("uniformity", count, float(value), draws)]


def effective_rank(sample: Sample) -> list[Outcome]:
    """Number of directions that the embedding uses, from 1 to its dimensions.

    Roy & Vetterli (2007), definition 2: the exponential of the entropy of the singular values of
    the centred matrix, normalised to sum 1. It grows with the number of pictures until there are
    several times as many as dimensions: compare it only over equally many. No interval: drawing
    with replacement repeats rows, and repeated rows add no direction. ``n`` counts pictures.

    Raises:
        LeftOut: not more than 100 pictures, or not more than dimensions; or all pictures alike.
    """
    count, dimensions = sample.values.shape
    # ASSUME: up to d pictures it is their number that is measured, not the embedding; two
    # pictures a dimension would be better, but a collection of some hundred should have a number
    need_pictures(count, max(_LEAST_FOR_RANK, dimensions) + 1)
    spread = np.linalg.svd(sample.values - sample.values.mean(axis=0), compute_uv=False)
    # rounding of equal rows is no direction
    spread = spread[spread > spread.max() * 1e-9] if spread.max() > 1e-9 else spread[:0]
    if not len(spread):
        raise LeftOut("all pictures are in one place")
    share = spread / spread.sum()
    return [Outcome("effective_rank", count, float(np.exp(-(share * np.log(share)).sum())))]


def cluster_silhouette(sample: Sample, labels: pd.Series, method: str) -> list[Outcome]:
    """Silhouette of clusters, measured in the space of the embedding, in [-1, 1].

    Rousseeuw (1987), the mean over pictures. The clusters stay as they are when pictures are
    drawn. ``n`` counts pictures; groups are drawn.

    Args:
        sample: the embedding.
        labels: cluster by image id.
        method: how the clusters were made, as in ``files.CLUSTERS``.

    Raises:
        LeftOut: a picture is in no cluster, or there are fewer than two.
    """
    need_pictures(len(sample))
    found = labels.reindex(pd.Index(sample.image_ids))
    if found.isna().any():
        raise LeftOut(f"no clusters of these pictures by {method}")
    codes, names = pd.factorize(found)
    if not 2 <= len(names) < len(sample):
        raise LeftOut(f"{method} made {len(names)} cluster(s) of {len(sample)} pictures")
    scores = _silhouettes(sample.distances, codes)
    draws = sample.draws.mean(scores)
    name = f"silhouette_{method.replace('-', '_')}"
    return [Outcome(name, len(sample), float(scores.mean()), draws)]


def title_silhouette(sample: Sample) -> list[Outcome]:
    """Silhouette of the groups of one title and date, among the pictures that are in one.

    ``n`` counts these pictures; groups are drawn.

    Raises:
        LeftOut: fewer than two groups.
    """
    rows, codes = sample.companions
    if codes.max() < 1:
        raise LeftOut("only one group of pictures shares title and date")
    scores = _silhouettes(sample.distances[np.ix_(rows, rows)], codes)
    draws = sample.draws_of(codes).mean(scores)
    return [Outcome("silhouette_same_title", len(rows), float(scores.mean()), draws)]


def _silhouettes(distances: np.ndarray, codes: np.ndarray) -> np.ndarray:
    from sklearn.metrics import silhouette_samples

    return silhouette_samples(distances, codes, metric="precomputed")
