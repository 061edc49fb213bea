"""Sky, land and water of the other world."""

from __future__ import annotations

import numpy as np

from bilderatlas.collection.specimen import texture
from bilderatlas.collection.specimen.canvas import (
    Canvas,
)


def open_sky(canvas: Canvas, rng: np.random.Generator, horizon: int) -> float:
    """A sky down to ``horizon``; returns its tone there."""
    rim = float(rng.uniform(0.72, 0.95))
    cover = float(rng.uniform(0.1, 0.9))
    zenith = rim - float(rng.uniform(0, 0.35))
    canvas.put(texture.sky(rng, horizon + 2, canvas.width, cover, zenith, rim))
    return rim


def ground(
    canvas: Canvas,
    rng: np.random.Generator,
    horizon: int,
    tone: float,
    tile: np.ndarray,
    grain: float = 1.5,
) -> None:
    """The plane below the horizon."""
    rows = canvas.height - horizon
    centre = canvas.width * float(rng.uniform(0.2, 0.8))
    flat = texture.receding(tile, rng, rows, canvas.width, centre, grain)
    slope = np.linspace(1.1, 0.85, rows, dtype=np.float32)[:, None]
    canvas.put(tone * slope * (1 + 0.15 * flat), 0, horizon)


def water(canvas: Canvas, rng: np.random.Generator, horizon: int, bottom: int, tone: float) -> None:
    """Water: long waves, glitter, and the mirror image of what stands above the horizon."""
    rows = bottom - horizon
    if rows < 3:
        return
    above = canvas.array()[max(0, horizon - rows) : horizon][::-1]
    if len(above) < rows:
        above = np.pad(above, ((0, rows - len(above)), (0, 0)), mode="edge")
    waves = texture.fractal(rng, rows, canvas.width, 0.5, 5.0)
    near = np.linspace(0.2, 1, rows, dtype=np.float32)[:, None]
    mirror = above * (0.75 - 0.4 * near)
    canvas.put(mirror + tone * near * 0.6 + 0.09 * waves * near, 0, horizon)
