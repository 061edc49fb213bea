"""Open land: sky, distance, soil and what is scattered over it."""

from __future__ import annotations

import numpy as np

from bilderatlas.collection.specimen import texture, things
from bilderatlas.collection.specimen.canvas import (
    Canvas,
)
from bilderatlas.collection.specimen.shot import Shot
from bilderatlas.collection.specimen.trees import tree, treeline


def open_land(canvas: Canvas, shot: Shot, horizon: int, where: str) -> float:
    """Sky, distance and soil; returns the tone of the soil."""
    place, size = shot.place, shot.unit
    cover = float(place.uniform(0, 0.8)) * (place.random() < 0.7)
    bright = float(place.uniform(0.82, 0.97))
    canvas.put(
        texture.sky(
            place,
            horizon + 2,
            canvas.width,
            cover,
            bright - float(place.uniform(0.05, 0.25)),
            bright,
        )
    )
    soil = 0.74 if shot.winter else float(place.uniform(0.3, 0.55))
    far = float(place.uniform(0.35, 0.55))
    if where == "town":
        things.skyline(
            canvas, place, horizon + 1, size * float(place.uniform(0.05, 0.13)), far, shot.light
        )
    if where in ("wood", "plain", "track", "pit"):
        tall = {"wood": 0.2, "pit": 0.12}.get(where, 0.035) * size * float(place.uniform(0.7, 1.3))
        treeline(canvas, place, horizon + 2, tall, far * 0.7, shot.light)
    things.soften(canvas, 0, horizon + 2, 1.2)
    rows = canvas.height - horizon
    centre = canvas.width * float(place.uniform(0.2, 0.8))
    lumps = texture.receding(texture.bank(), place, rows, canvas.width, centre, 1.6)
    fine = texture.receding(texture.white_bank(), place, rows, canvas.width, centre, 0.7)
    slope = np.linspace(1.12, 0.8, rows, dtype=np.float32)[:, None]
    canvas.put(soil * slope * (1 + 0.17 * lumps + 0.09 * fine), 0, horizon)
    if where in ("track", "pit") or place.random() < 0.5:
        _ruts(canvas, place, horizon, centre, soil)
    for _ in range(int(place.integers(0, 4))):  # shadows of clouds, strips of field
        y = horizon + rows * float(place.uniform(0.02, 0.4))
        deep = rows * float(place.uniform(0.02, 0.1))
        canvas.shade(
            [(0, y), (canvas.width, y + deep * 0.2), (canvas.width, y + deep), (0, y + deep)],
            float(place.uniform(0.72, 1.2)),
            3,
        )
    return soil


def _ruts(
    canvas: Canvas, rng: np.random.Generator, horizon: int, centre: float, soil: float
) -> None:
    bottom = canvas.width * float(rng.uniform(0.1, 0.9))
    bend = canvas.width * float(rng.normal(0, 0.12))
    deep = canvas.height - horizon
    steps = np.linspace(0.03, 1, 14)
    middle = [centre + (bottom - centre) * s + bend * s * (1 - s) for s in steps]
    wide = [canvas.width * 0.16 * s for s in steps]
    rows = [horizon + deep * s**1.15 for s in steps]
    left = [(m - w, r) for m, w, r in zip(middle, wide, rows, strict=True)]
    right = [(m + w, r) for m, w, r in zip(middle, wide, rows, strict=True)]
    canvas.shade(left + right[::-1], 1.22 if soil < 0.6 else 0.85, 4)
    for offset in (-0.55, 0.5):
        inner = [(m + w * offset, r) for m, w, r in zip(middle, wide, rows, strict=True)]
        outer = [(m + w * (offset + 0.16), r) for m, w, r in zip(middle, wide, rows, strict=True)]
        canvas.shade(inner + outer[::-1], 0.68, 1.5)


def scatter(canvas: Canvas, shot: Shot, horizon: int, where: str) -> None:
    """Trees, poles and fences of the middle distance."""
    place, size = shot.place, shot.unit
    if where == "poplars":
        x = canvas.width * float(place.uniform(0.1, 0.8))
        for step in range(3):
            tall = size * float(place.uniform(0.22, 0.34))
            canvas.stand(
                tree(place, tall, "poplar", shot.light, 0.24),
                x + step * tall * 0.28,
                horizon + size * 0.02,
                0.5,
                shot.light,
            )
    if where == "poles" or shot.year > 1904:
        x, y = canvas.width * float(place.uniform(-0.1, 0.4)), horizon + size * 0.2
        for step in range(6):
            near = 0.62**step
            u, v = x + canvas.width * 0.95 * (1 - near), horizon + (y - horizon) * near
            tall = size * 0.55 * near
            canvas.stroke([(u, v), (u, v - tall)], 7 * near, 0.22 + 0.05 * step)
            for arm in (0.9, 0.97):
                canvas.stroke(
                    [(u - tall * 0.07, v - tall * arm), (u + tall * 0.07, v - tall * arm)],
                    4 * near,
                    0.25,
                )
    for _ in range(int(place.integers(0, 3)) + 2 * (where == "wood")):
        kind = "bare" if shot.winter else str(place.choice(["leafy", "bare", "leafy"]))
        tall = size * float(place.uniform(0.12, 0.4))
        near = float(place.uniform(0, 0.12)) * size
        canvas.stand(
            tree(place, tall, kind, shot.light, float(place.uniform(0.16, 0.3))),
            canvas.width
            * float(place.choice([place.uniform(-0.05, 0.3), place.uniform(0.7, 1.05)])),
            horizon + near,
            0.6,
            shot.light,
        )
