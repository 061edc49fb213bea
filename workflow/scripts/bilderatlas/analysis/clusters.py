"""Clusters of an experiment: k-means as published and on the embedding, OPTICS, HDBSCAN.

Clusters are numbered from 1 by falling size (of two equally large ones the one with the first
picture comes first), so that numbers do not hang on a method's inner order; -1 is noise.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from bilderatlas import files
from bilderatlas.analysis.neighbours import check_values
from bilderatlas.analysis.sampled_kmeans import SampledKMeans
from bilderatlas.errors import InputError

log = logging.getLogger(__name__)

METHODS = ("kmeans-tsne-3", "kmeans", "optics", "hdbscan")
SILHOUETTE = "silhouette"
# inertia and silhouette are written of so many numbers of clusters, as in the published elbow
MOST_COUNTED = 19
# ASSUME: OPTICS and HDBSCAN compare all with all; beyond this they take minutes for each experiment
MOST_DENSITY = 10_000
# ASSUME: a silhouette over this many pictures, drawn with the seed, says what all would say
MOST_SILHOUETTE = 5_000
# ASSUME: of more pictures, each number of clusters is tried on those drawn for a silhouette
MOST_TRIED = 10_000
NOISE = -1


def cluster_table(
    embeddings: files.Embeddings, projections: pd.DataFrame, k: int | str, seed: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Cluster an experiment's pictures, the test part (as published) and all of them.

    Methods: ``kmeans-tsne-3``, k-means on the coordinates of the t-SNE in space, as published;
    ``kmeans``, on the embedding; ``optics`` (Ankerst et al. 1999), cosine distance up to 0.13,
    two pictures make a cluster; ``hdbscan`` (Campello et al. 2013), Euclidean, likewise two.
    k-means starts 10 times, 300 iterations at most, tolerance 1e-4, as published.

    Args:
        embeddings: of one experiment.
        projections: its table ``files.PROJECTIONS``; ``tsne-3`` is used.
        k: clusters of both k-means; ``silhouette`` takes, from 2 to 19, the k with the highest
            silhouette on the embedding.
        seed: of k-means and of the pictures drawn for a silhouette.

    Returns:
        clusters in the columns of ``files.CLUSTERS``, and in those of ``files.CLUSTER_COUNTS``
        inertia (sum of squared distances to the centre) and mean silhouette (-1 to 1; empty
        for one cluster) for k from 1 to 19 in the spaces ``tsne-3`` and ``embedding``.

    Raises:
        InputError: an embedding is not finite, a picture is named twice, or the projections
            lack some of the pictures.
        ValueError: k is neither a positive whole number nor ``silhouette``.
    """
    if k != SILHOUETTE and (isinstance(k, str | bool) or int(k) != k or k < 1):
        raise ValueError(f"k is {k!r}; it is a whole number from 1 or {SILHOUETTE!r}")
    check_values(embeddings.values)
    repeated = pd.Index(embeddings.image_ids).duplicated()
    if repeated.any():
        name = embeddings.image_ids[int(repeated.argmax())]
        raise InputError(f"The embeddings name the picture {name!r} twice: compute them anew.")
    clusters, counts = [], []
    for population, part in (("test", "test"), ("all", None)):
        chosen = embeddings.select(part)
        if not chosen.image_ids:
            log.warning("clusters of %s: no pictures, left out.", population)
            continue
        space = _tsne_space(projections, population, chosen.image_ids)
        labels, table = _cluster(chosen.values.astype(np.float64), space, k, seed)
        table.insert(0, "population", population)
        counts.append(table)
        clusters += [
            pd.DataFrame(
                {
                    "population": population,
                    "method": method,
                    "image_id": chosen.image_ids,
                    "cluster": number_by_size(found),
                }
            )
            for method, found in labels.items()
        ]
    return _joined(clusters, files.CLUSTERS), _joined(counts, files.CLUSTER_COUNTS)


def number_by_size(labels: np.ndarray) -> np.ndarray:
    """Labels (n,) renumbered from 1 by falling size, ties by first row; negative becomes -1."""
    labels = np.asarray(labels)
    names, first, size = np.unique(labels[labels >= 0], return_index=True, return_counts=True)
    order = np.lexsort((first, -size))
    numbers = {names[old]: new for new, old in enumerate(order, start=1)}
    return np.array([numbers.get(label, NOISE) for label in labels], dtype=np.int64)


def highest_silhouette(scores: Mapping[int, float]) -> int:
    """The k of the highest silhouette, the smallest of equal ones; 1 where there is none."""
    return max(scores, key=lambda k: (scores[k], -k), default=1)


def _joined(tables: list[pd.DataFrame], columns: tuple[str, ...]) -> pd.DataFrame:
    empty = pd.DataFrame(columns=list(columns))
    return pd.concat(tables, ignore_index=True)[list(columns)] if tables else empty


def _tsne_space(
    projections: pd.DataFrame, population: str, image_ids: list[str]
) -> np.ndarray | None:
    """The t-SNE coordinates (n, 3) of these pictures in this order; None where there is none."""
    here = (projections["population"] == population) & (projections["method"] == "tsne-3")
    table = projections[here].set_index("image_id")
    if table.empty:
        # of all pictures none is made; of the test part it is missed
        log.log(
            logging.WARNING if population == "test" else logging.INFO,
            "There is no t-SNE of the population %s: k-means on it is left out.", population,
        )  # fmt: skip
        return None
    missing = [name for name in image_ids if name not in table.index]
    if missing or len(table) != len(image_ids):
        raise InputError(
            f"The projections (population {population}) hold {len(table)} pictures and the "
            f"embeddings {len(image_ids)}, of which {len(missing)} are not projected: they "
            "belong to other files, project them anew."
        )
    return check_values(table.loc[image_ids, ["x", "y", "z"]].to_numpy())


def _cluster(
    values: np.ndarray, space: np.ndarray | None, k: int | str, seed: int
) -> tuple[dict[str, np.ndarray], pd.DataFrame]:
    """Labels by method and the table of counts (without its population)."""
    fits = {"embedding": _over_k(values, seed)}
    if space is not None:
        fits["tsne-3"] = _over_k(space, seed)
    if k == SILHOUETTE:
        k = fits["embedding"].best_k()
    labels = {}
    for method, name in (("kmeans-tsne-3", "tsne-3"), ("kmeans", "embedding")):
        if name in fits:
            labels[method] = fits[name].labels(int(k))
    labels |= _by_density(values)
    table = pd.DataFrame(
        [(name, *row) for name in ("tsne-3", "embedding") if name in fits for row in fits[name]],
        columns=["space", "k", "inertia", "silhouette"],
    )
    return labels, table


def _over_k(values: np.ndarray, seed: int) -> KMeansOverK | SampledKMeans:
    if len(values) <= MOST_TRIED:
        return KMeansOverK(values, seed)
    told = "%d pictures: inertia and silhouette for each number of clusters are of %d, drawn."
    log.warning(told, len(values), MOST_SILHOUETTE)
    drawn = np.random.default_rng(seed).permutation(len(values))[:MOST_SILHOUETTE]
    return SampledKMeans(values, KMeansOverK(values[np.sort(drawn)], seed))


def _by_density(values: np.ndarray) -> dict[str, np.ndarray]:
    """The labels of OPTICS and HDBSCAN; nothing where they cannot be had."""
    from sklearn.cluster import HDBSCAN, OPTICS

    if len(values) < 2:
        log.warning("OPTICS and HDBSCAN need two pictures: left out.")
        return {}
    if len(values) > MOST_DENSITY:
        log.warning(
            "%d pictures are too many for OPTICS and HDBSCAN (%d at most): both are left out.",
            len(values), MOST_DENSITY,
        )  # fmt: skip
        return {}
    methods = {
        "optics": OPTICS(metric="cosine", min_samples=2, max_eps=0.13),
        # ASSUME: a photograph and one other print of it are a group already; with three or
        # more, nearly all pictures fall into one cluster
        "hdbscan": HDBSCAN(min_cluster_size=2, copy=True),
    }
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        # that no picture is near another, or that all are alike, is a finding and not a fault
        warnings.simplefilter("ignore")
        return {name: method.fit_predict(values) for name, method in methods.items()}


class KMeansOverK:
    """k-means on one space for several k, each fitted once; iterates over the published range.

    Args:
        values: float64 (n, d), finite, n >= 1.
        seed: of the starts, and of the pictures drawn for a silhouette.
    """

    def __init__(self, values: np.ndarray, seed: int):
        self.values = values
        self.seed = seed
        # equal pictures cannot be parted: more clusters than different rows would stay empty.
        # Rows are float32: what differs by a millionth of the largest number is equal
        step = 1e-6 * np.abs(values).max() or 1.0
        self.most = len(np.unique(np.rint(values / step), axis=0))
        self._fits: dict[int, tuple[np.ndarray, float]] = {}
        self._sample = np.arange(len(values))
        if len(values) > MOST_SILHOUETTE:
            drawn = np.random.default_rng(seed).permutation(len(values))[:MOST_SILHOUETTE]
            self._sample = np.sort(drawn)

    def _fit(self, k: int) -> tuple[np.ndarray, float]:
        from sklearn.cluster import KMeans

        if k not in self._fits:
            made = KMeans(k, n_init=10, max_iter=300, tol=1e-4, random_state=self.seed)
            made.fit(self.values)
            self._fits[k] = (made.labels_, float(made.inertia_))
        return self._fits[k]

    def labels(self, k: int) -> np.ndarray:
        """Labels (n,) of k clusters; a k above the number of different rows is cut."""
        if k > self.most:
            log.warning(
                "%d clusters asked of %d different picture(s): cut to %d.", k, self.most, self.most
            )
        return self._fit(min(k, self.most))[0]

    def silhouette(self, k: int) -> float:
        """Mean silhouette (Rousseeuw 1987), -1 to 1, Euclidean; NaN where it is not defined."""
        from sklearn.metrics import silhouette_score

        labels = self._fit(k)[0][self._sample]
        if not 2 <= len(np.unique(labels)) <= len(labels) - 1:
            return np.nan
        return float(silhouette_score(self.values[self._sample], labels))

    def best_k(self) -> int:
        """The k from 2 to 19 with the highest silhouette, the smaller of equal ones; else 1."""
        scores = {k: score for k, _, score in self if not np.isnan(score)}
        if not scores:
            count = len(self.values)
            log.warning(
                "No silhouette can be computed on %d picture(s): one cluster is made.", count
            )
        return highest_silhouette(scores)

    def __iter__(self) -> Iterator[tuple[int, float, float]]:
        for k in range(1, min(MOST_COUNTED, self.most) + 1):
            yield k, self._fit(k)[1], self.silhouette(k)
