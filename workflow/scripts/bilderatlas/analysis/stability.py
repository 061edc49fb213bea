"""What another seed would have changed: clusters over seeds of k-means and of training."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import combinations

import numpy as np
import pandas as pd

from bilderatlas.analysis.agreement import asked, shared_neighbours
from bilderatlas.analysis.neighbours import NEIGHBOURS, nearest
from bilderatlas.analysis.outcomes import (
    MINIMUM,
    Draws,
    LeftOut,
    Outcome,
    Sample,
    need_pictures,
)
from bilderatlas.files import Embeddings

SEEDS = 5
_INITIALISATIONS = 10  # as the published clusters were made
_SEED_IN_NAME = re.compile(r"~s-?\d+$")


def clustering_stability(sample: Sample, k: int, seeds: int = SEEDS) -> list[Outcome]:
    """Adjusted Rand index of k-means over seeds: the mean over pairs, at most 1.

    1 is the same clusters from every seed; 0 is what chance gives (Hubert & Arabie 1985). ``n``
    counts seeds. No interval: a handful of seeds allows none.

    Args:
        sample: the embedding.
        k: clusters, at least 2.
        seeds: how many.

    Raises:
        LeftOut: there are not more pictures than clusters, or fewer than two clusters.
    """
    from sklearn.cluster import KMeans

    if k < 2:
        raise LeftOut(f"{k} clusters by kmeans are the same from every seed")
    need_pictures(len(sample), max(k + 1, MINIMUM))
    values = sample.values.astype(np.float32)
    labels = [
        KMeans(k, n_init=_INITIALISATIONS, random_state=sample.seed + number).fit_predict(values)
        for number in range(seeds)
    ]
    return [Outcome("ari_clustering_seeds", seeds, _mean_ari(labels), None, {"chance": 0.0})]


def siblings(experiments: Mapping[str, Embeddings]) -> dict[str, list[str]]:
    """Experiments that share everything but the seed of training.

    Args:
        experiments: embeddings by name; the attribute ``lineage`` ends in ``~s<seed>`` where the
            seed is not the default.

    Returns:
        by experiment the names of its siblings, itself included, one a seed; only where there
        are two and more. Experiments of one lineage share the model: they count once.
    """
    families: dict[tuple, dict[str, str]] = {}
    for name, made in experiments.items():
        lineage = str(made.attributes.get("lineage", ""))
        if lineage:
            key = (_SEED_IN_NAME.sub("", lineage), str(made.attributes.get("split", "")))
            families.setdefault(key, {}).setdefault(lineage, name)
    found = {}
    for family in families.values():
        if len(family) > 1:
            found |= {name: list(family.values()) for name in family.values()}
    return found


def training_stability(
    members: Mapping[str, Embeddings],
    clusters: Mapping[str, pd.Series],
    groups: pd.Series,
    seed: int,
    resamples: int,
) -> list[Outcome]:
    """How far trainings from several seeds agree: mean over pairs of the seeds.

    ``ari_training_seeds`` compares their k-means clusters, ``knn_overlap_training_seeds`` is the
    share of common pictures among ten neighbours (chance: 10 / (n - 1)). ``n`` counts seeds. The
    overlap's interval draws groups of pictures and leaves the seeds as they are. Of a large
    collection some pictures are drawn to ask, as in :func:`bilderatlas.analysis.agreement.asked`.

    Args:
        members: embeddings of two and more seeds, by experiment.
        clusters: k-means cluster by image id, by experiment.
        groups: group by image id, for the draws.
        seed: of the draws.
        resamples: how many draws.

    Raises:
        LeftOut: the seeds have too few pictures in common, or a value is not finite.
    """
    first, *others = [made.image_ids for made in members.values()]
    shared = set(first).intersection(*others)
    common = [name for name in first if name in shared]
    need_pictures(len(common))
    rows = asked(common)
    drawn = common if rows is None else [common[row] for row in rows]
    near = []
    for made in members.values():
        values = made.values[pd.Index(made.image_ids).get_indexer(common)]
        if not np.isfinite(values).all():
            raise LeftOut("the embedding of a seed holds values that are not finite")
        near.append(nearest(values, NEIGHBOURS, rows)[0])
    shares = np.mean([shared_neighbours(a, b) for a, b in combinations(near, 2)], axis=0)
    draws = Draws(groups.reindex(drawn).to_numpy(dtype=object), seed, resamples).mean(shares)
    chance = {"chance": NEIGHBOURS / (len(common) - 1)}
    value = float(shares.mean())
    found = [Outcome("knn_overlap_training_seeds", len(members), value, draws, chance)]
    labels = [clusters[name].reindex(common) for name in members if name in clusters]
    if len(labels) == len(members) and not any(each.isna().any() for each in labels):
        codes = [pd.factorize(each)[0] for each in labels]
        ari = _mean_ari(codes)
        found.append(Outcome("ari_training_seeds", len(members), ari, None, {"chance": 0.0}))
    return found


def _mean_ari(labels: list[np.ndarray]) -> float:
    from sklearn.metrics import adjusted_rand_score

    return float(np.mean([adjusted_rand_score(a, b) for a, b in combinations(labels, 2)]))
