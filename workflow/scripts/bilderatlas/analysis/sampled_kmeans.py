"""k-means of many pictures: how many clusters is asked of some, the clusters are of all."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np


class SampledKMeans:
    """As :class:`bilderatlas.analysis.clusters.KMeansOverK`, fitted on drawn rows for every k.

    Args:
        values: float64 (n, d), finite.
        drawn: ``KMeansOverK`` of some of the rows; its silhouettes are given as they are, its
            inertia is scaled to all rows.
    """

    def __init__(self, values: np.ndarray, drawn):
        self.values = values
        self.drawn = drawn

    def labels(self, k: int) -> np.ndarray:
        """Labels (n,) of k clusters: k-means on all rows, from the centres of the drawn ones on."""
        from sklearn.cluster import KMeans

        labels = self.drawn.labels(k)
        centres = [self.drawn.values[labels == label].mean(axis=0) for label in np.unique(labels)]
        made = KMeans(len(centres), init=np.array(centres), n_init=1, max_iter=300, tol=1e-4)
        return made.fit(self.values).labels_

    def best_k(self) -> int:
        """The k with the highest silhouette among the drawn rows."""
        return self.drawn.best_k()

    def __iter__(self) -> Iterator[tuple[int, float, float]]:
        scale = len(self.values) / len(self.drawn.values)
        for k, inertia, silhouette in self.drawn:
            yield k, inertia * scale, silhouette
