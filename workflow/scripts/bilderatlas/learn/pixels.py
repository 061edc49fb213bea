"""The control that learns nothing: a small grey thumbnail as an embedding."""

from __future__ import annotations

import numpy as np
from PIL import Image

from bilderatlas.data.pack import Pack

RECIPE = 1  # raise when the same pack would give other embeddings


def embed_pixels(pack: Pack, side: int = 16) -> np.ndarray:
    """Thumbnails of ``side`` x ``side`` pixels as unit vectors, float32 (n, side * side).

    Each picture of a grey pack is squeezed (antialiased bilinear), its mean is removed, and the
    row is divided by its length: a row's dot product with another is the correlation of the two
    thumbnails. A picture of one even tone has no direction; it becomes a row of zeros.
    """
    rows = np.empty((len(pack), side * side), np.float32)
    for row in range(len(pack)):
        picture = Image.fromarray(pack.picture(row)[:, :, 0])
        small = picture.resize((side, side), Image.Resampling.BILINEAR)
        rows[row] = np.asarray(small, np.float32).ravel()
    rows -= rows.mean(axis=1, keepdims=True)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 1e-6)
