"""Further prints of a photograph: what another paper, a cut or a mirror makes of it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.prints import framed, grain, turn

Change = Callable[[np.ndarray, np.random.Generator], np.ndarray]


def cut(picture: np.ndarray, kept: float, rng: np.random.Generator) -> np.ndarray:
    """A part of the picture, anywhere, with ``kept`` of its sides."""
    height, width = (round(kept * side) for side in picture.shape)
    top = int(rng.integers(0, picture.shape[0] - height + 1))
    left = int(rng.integers(0, picture.shape[1] - width + 1))
    return picture[top : top + height, left : left + width]


def toned(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Another paper: gamma 0.6 to 1.7, contrast 0.7 to 1.2, grain of its own."""
    tones = (picture / 255.0) ** rng.uniform(0.6, 1.7)
    tones = (0.5 + (tones - 0.5) * rng.uniform(0.7, 1.2)).clip(0, 1)
    return grain((255 * tones).astype(np.uint8), int(rng.integers(1 << 30)), 7)


def remade(path: str, change: Change, side: int, rng: np.random.Generator) -> np.ndarray:
    """A further print of a photograph, scanned and brought to ``side`` px."""
    whole = cv2.imread(path, cv2.IMREAD_GRAYSCALE)
    other = np.ascontiguousarray(change(toned(whole, rng), rng))
    packed = cv2.imencode(".jpg", other, [cv2.IMWRITE_JPEG_QUALITY, 85])[1]
    other = cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE)
    scale = side / max(other.shape)
    return cv2.resize(other, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)


def _rim(picture: np.ndarray) -> np.ndarray:
    return framed(picture, round(0.05 * max(picture.shape)))


KINDS: dict[str, Change] = {
    "tone": lambda one, rng: one,
    "mirrored": lambda one, rng: one[:, ::-1],
    "white border of 5 %": lambda one, rng: _rim(one),
    "turned by up to 3 degrees": lambda one, rng: turn(one, rng.uniform(-3, 3)),
    "turned by 90 degrees": lambda one, rng: np.rot90(one),
    "cut to 75 % of its sides": lambda one, rng: cut(one, 0.75, rng),
    "cut to 60 %": lambda one, rng: cut(one, 0.6, rng),
    "cut to 45 %": lambda one, rng: cut(one, 0.45, rng),
    "mirrored, cut to 60 %, turned, bordered": lambda one, rng: _rim(
        turn(cut(one[:, ::-1], 0.6, rng), rng.uniform(-3, 3))
    ),
}
