"""What is measured of one picture: local features, a perceptual hash, a small whitened copy.

Nothing here has learned from any collection. Of the mirrored picture nothing is extracted anew:
its local features are those of the picture in another order (:func:`mirror_descriptors`).
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

RECIPE = 1  # raise when the same picture would give other features: it makes the caches anew

HASH_BITS = 64
SMALL = 63  # numbers of the whitened copy: 8 x 8 cosine coefficients without the mean
# ASSUME: a third of SIFT's own threshold: faded prints and soft enlargements have little contrast,
# and the number of points is bounded anyway
_CONTRAST = 0.01
_GRID, _BINS = 4, 8  # of SIFT: cells a side, directions a cell
_SCALE = 255.0  # a RootSIFT value is at most 1


@dataclass(frozen=True)
class Features:
    """One picture, as it is compared.

    Attributes:
        height, width: of the picture, px.
        points: float32 (n, 2), x and y in px, the strongest first.
        sizes: float32 (n,), diameter of each point's patch in px.
        angles: float32 (n,), degrees clockwise (y points down), 0 to 360.
        descriptors: uint8 (n, 128), RootSIFT times 255.
        hashes: bool (2, 64), the perceptual hash of the picture and of its mirror.
        small: float32 (2, 63), the whitened copy of the picture and of its mirror, each of length
            1 (0 where the picture is one even tone).
    """

    height: int
    width: int
    points: np.ndarray
    sizes: np.ndarray
    angles: np.ndarray
    descriptors: np.ndarray
    hashes: np.ndarray
    small: np.ndarray

    def __len__(self) -> int:
        return len(self.points)


def extract(picture: np.ndarray, points: int) -> Features:
    """Measure one picture.

    Local features are RootSIFT (Lowe 2004; Arandjelović and Zisserman 2012, "Three things everyone
    should know to improve object retrieval", section 3).

    Args:
        picture: uint8 (height, width), grey.
        points: local features at most.
    """
    # precise: the mirror of a point is then where the point of the mirror is
    sift = cv2.SIFT_create(
        nfeatures=points, contrastThreshold=_CONTRAST, enable_precise_upscale=True
    )
    found, descriptors = sift.detectAndCompute(np.ascontiguousarray(picture), None)
    rows = np.array([(p.pt[0], p.pt[1], p.size, p.angle, p.response) for p in found])
    rows = rows.reshape(-1, 5).astype(np.float32)
    if descriptors is None:
        descriptors = np.zeros((0, _GRID * _GRID * _BINS), np.float32)
    order = np.argsort(-rows[:, 4], kind="stable")[:points]
    rows, descriptors = rows[order], descriptors[order]
    root = np.sqrt(descriptors / np.maximum(descriptors.sum(axis=1, keepdims=True), 1e-9))
    mirrored = np.ascontiguousarray(picture[:, ::-1])
    return Features(
        *picture.shape,
        points=rows[:, :2],
        sizes=rows[:, 2],
        angles=rows[:, 3],
        descriptors=np.rint(root * _SCALE).astype(np.uint8),
        hashes=np.stack([perceptual_hash(picture), perceptual_hash(mirrored)]),
        small=np.stack([whitened_copy(picture), whitened_copy(mirrored)]),
    )


def perceptual_hash(picture: np.ndarray) -> np.ndarray:
    """The 64 bits of imagehash's ``phash`` of a grey picture."""
    import imagehash
    from PIL import Image

    return imagehash.phash(Image.fromarray(picture)).hash.ravel()


def whitened_copy(picture: np.ndarray) -> np.ndarray:
    """The coarse structure of a grey picture, as 63 numbers of length 1.

    Cosine coefficients of the picture at 32 x 32 px, each times its frequency. Photographs have
    amplitudes that fall as one through the frequency (Field 1987): the product is about white,
    without any collection having been looked at.
    """
    small = cv2.resize(picture, (32, 32), interpolation=cv2.INTER_AREA).astype(np.float32)
    coarse = cv2.dct(small)[:8, :8]
    across, down = np.meshgrid(np.arange(8), np.arange(8))
    values = (coarse * np.hypot(across, down)).ravel()[1:].astype(np.float32)
    length = float(np.linalg.norm(values))
    # a tone that is even but for rounding has no structure
    return values / length if length > 1e-2 else np.zeros_like(values)


def mirror_descriptors(descriptors: np.ndarray) -> np.ndarray:
    """The descriptors that the same points have in the mirrored picture, shape (n, 128).

    A patch is described along its own direction. In the mirror its cells across that direction
    change places, and every direction within it turns the other way round.
    """
    cells = descriptors.reshape(-1, _GRID, _GRID, _BINS)
    turned = cells[:, ::-1, :, (-np.arange(_BINS)) % _BINS]
    return np.ascontiguousarray(turned.reshape(descriptors.shape))


def mirror(features: Features) -> Features:
    """The features of the mirrored picture (left and right exchanged)."""
    points = features.points.copy()
    points[:, 0] = features.width - 1 - points[:, 0]
    return Features(
        features.height,
        features.width,
        points,
        features.sizes,
        (180 - features.angles) % 360,
        mirror_descriptors(features.descriptors),
        features.hashes[::-1],
        features.small[::-1],
    )
