"""Pictures for the tests of prints: drawn scenes with much detail, and what becomes of them."""

import cv2
import numpy as np


def scene(seed: int, width: int = 420, height: int = 300, things: int = 90) -> np.ndarray:
    """A grey picture (uint8) full of drawn shapes, as rich in corners as a street."""
    rng = np.random.default_rng(seed)
    picture = np.full((height, width), int(rng.integers(90, 160)), np.uint8)
    for _ in range(things):
        place = (int(rng.integers(0, width)), int(rng.integers(0, height)))
        size = (int(rng.integers(4, 36)), int(rng.integers(4, 36)))
        tone, turn = int(rng.integers(10, 245)), float(rng.uniform(0, 180))
        if rng.random() < 0.5:
            cv2.ellipse(picture, place, size, turn, 0, 360, tone, -1)
        else:
            corners = cv2.boxPoints((place, size, turn)).astype(np.int32)
            cv2.fillPoly(picture, [corners], tone)
    return grain(cv2.GaussianBlur(picture, (0, 0), 0.8), seed)


def grain(picture: np.ndarray, seed: int, deviation: float = 4) -> np.ndarray:
    """The picture on another sheet of paper."""
    noise = np.random.default_rng([9, seed]).normal(0, deviation, picture.shape)
    return (picture + noise).clip(0, 255).astype(np.uint8)


def reprint(picture: np.ndarray, seed: int, gamma: float = 1.5) -> np.ndarray:
    """Another print: darker or lighter, flatter, with its own grain."""
    tones = (picture / 255.0) ** gamma * 0.8 + 0.1
    return grain((255 * tones).astype(np.uint8), seed)


def turn(picture: np.ndarray, degrees: float) -> np.ndarray:
    """The picture turned about its middle; corners are white."""
    height, width = picture.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    return cv2.warpAffine(picture, matrix, (width, height), borderValue=235)


def framed(picture: np.ndarray, rim: int = 15) -> np.ndarray:
    """The picture with a white rim of paper."""
    return cv2.copyMakeBorder(picture, rim, rim, rim, rim, cv2.BORDER_CONSTANT, value=232)
