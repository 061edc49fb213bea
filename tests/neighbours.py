"""Neighbours, plainly."""

import numpy as np


def overlap(one, other, k):
    """Share of the first ``k`` neighbours (cosine, without the picture itself) that two share."""
    nearest = []
    for values in (one, other):
        unit = values / np.linalg.norm(values, axis=1, keepdims=True)
        alike = unit.astype(np.float64) @ unit.T.astype(np.float64)
        np.fill_diagonal(alike, -np.inf)
        nearest.append(np.argsort(-alike, axis=1)[:, :k])
    return np.mean([len(np.intersect1d(a, b)) / k for a, b in zip(*nearest, strict=True)])
