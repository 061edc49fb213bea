"""Whitening: no direction of an embedding outshouts the others.

Jégou, Chum: Negative evidences and co-occurrences in image retrieval: the benefit of PCA and
whitening, ECCV 2012. A network trained on a few hundred pictures spreads them along few
directions; most of what tells two prints apart lies in the others.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

import numpy as np

RECIPE = 1  # raise when the same embeddings would be whitened otherwise

log = logging.getLogger("bilderatlas")

_NOTHING = 1e-6  # of the largest deviation: what is smaller is rounding


def whiten(values: np.ndarray, parts: Sequence[str], floor: float) -> np.ndarray:
    """Centre on the training part, divide by its deviation in each principal direction.

    With mean m, principal directions v_i and standard deviations s_i of the training part, the
    result is (x - m) · v_i / sqrt(s_i² + (floor · s_1)²), scaled to unit length.

    Args:
        values: (n, d), finite.
        parts: n strings; mean and directions are read off the rows of ``train``, and nothing off
            the others.
        floor: 0 to 1; keeps directions that hardly vary from being blown up to noise.

    Returns:
        float32 (n, r) of unit length, r the number of directions in which the training part
        varies, at most d and fewer than its rows. Where it does not vary at all, ``values``.
    """
    values = np.asarray(values, dtype=np.float64)
    rows = values[np.asarray(parts, dtype=object) == "train"]
    if len(rows) < 2:
        log.warning("Not whitened: the training part has %d picture(s).", len(rows))
        return values.astype(np.float32)
    mean = rows.mean(axis=0)
    _, deviations, directions = np.linalg.svd(rows - mean, full_matrices=False)
    deviations /= np.sqrt(len(rows) - 1)
    kept = deviations > max(_NOTHING * deviations[0], np.finfo(np.float32).eps)
    if not kept.any():
        log.warning("Not whitened: all pictures of the training part have one embedding.")
        return values.astype(np.float32)
    scale = np.hypot(deviations[kept], floor * deviations[0])
    found = (values - mean) @ directions[kept].T / scale
    length = np.linalg.norm(found, axis=1, keepdims=True)
    return (found / np.maximum(length, np.finfo(np.float64).tiny)).astype(np.float32)
