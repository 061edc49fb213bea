"""t-SNE and UMAP of many pictures, on neighbours that are found once and exactly.

The published t-SNE (scikit-learn, Barnes-Hut, 5,000 steps from a random start) takes hours from
some ten thousand pictures on. Here its repulsion is interpolated on a grid (FIt-SNE: Linderman and
others 2019): its time grows with the number of pictures, and it works in two dimensions only. It
starts from PCA and learns at n / 12 (Kobak and Berens 2019; Belkina and others 2019), for a random
start tears a large map apart.
"""

from __future__ import annotations

import numpy as np

from bilderatlas.analysis.neighbours import nearest


class Neighbours:
    """The neighbours of some pictures, searched for when they are first asked for.

    Args:
        values: (n, d), finite.
        most: neighbours that any map needs, less than n.
    """

    def __init__(self, values: np.ndarray, most: int):
        self._values = values
        self._most = most
        self._found: tuple[np.ndarray, np.ndarray] | None = None

    def first(self, k: int) -> tuple[np.ndarray, np.ndarray]:
        """Rows int64 (n, k) and distances float64 (n, k), nearest first, without the row itself."""
        if self._found is None:
            self._found = nearest(self._values, self._most)
        return self._found[0][:, :k], self._found[1][:, :k]


def tsne(near: Neighbours, start: np.ndarray, perplexity: float, seed: int) -> np.ndarray:
    """t-SNE in the plane, float64 (n, 2): 250 steps with exaggeration 12, then 500 without.

    Args:
        near: the pictures' neighbours; three times as many as the perplexity are used.
        start: (n, 2), coordinates along the first two principal axes.
        perplexity: the number of neighbours that count, about.
        seed: for what PCA leaves open.
    """
    from openTSNE import TSNE, affinity, initialization
    from openTSNE.nearest_neighbors import PrecomputedNeighbors

    found = PrecomputedNeighbors(*near.first(int(3 * perplexity)))
    # one thread: the order of its sums, and so the map, is the same on every machine
    likeness = affinity.PerplexityBasedNN(knn_index=found, perplexity=perplexity, n_jobs=1)
    # equal pictures would stay on one spot, and large coordinates would stall the first steps
    begin = initialization.rescale(initialization.jitter(start.copy(), random_state=seed))
    model = TSNE(
        2,
        negative_gradient_method="fft",
        learning_rate="auto",
        n_jobs=1,
        random_state=seed,
    )
    return np.asarray(model.fit(affinities=likeness, initialization=begin), dtype=np.float64)


def umap_neighbours(near: Neighbours, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Neighbours as UMAP wants them: k of each picture, the first of them the picture itself."""
    rows, distances = near.first(k - 1)
    itself = np.arange(len(rows), dtype=np.int64)[:, None]
    far = np.hstack([np.zeros((len(rows), 1)), distances])
    return np.hstack([itself, rows]), far.astype(np.float32)
