"""Squares and fairgrounds: what stands behind crowds and booths."""

from __future__ import annotations

import numpy as np

from bilderatlas.collection.specimen import facade, texture, things
from bilderatlas.collection.specimen.canvas import (
    Canvas,
)
from bilderatlas.collection.specimen.shot import Shot
from bilderatlas.collection.specimen.trees import treeline


def backdrop(canvas: Canvas, shot: Shot, horizon: int, where: str) -> float:
    """Paint sky, what stands behind (houses, hall, wood, tents) and the ground."""
    place, size = shot.place, shot.unit
    rim = float(place.uniform(0.82, 0.96))
    canvas.put(texture.sky(place, horizon + 2, canvas.width, 0.6 * place.random(), rim - 0.1, rim))
    if where in ("wood", "tents") or place.random() < 0.3:
        tall = size * float(place.uniform(0.1, 0.3))
        treeline(canvas, place, horizon + 2, tall, 0.27, shot.light)
    if where == "houses":
        x = -size * 0.2 * float(place.random())
        while x < canvas.width:
            wide = int(size * float(place.uniform(0.3, 0.5)))
            tall = int(min(horizon * 0.95, size * float(place.uniform(0.28, 0.5))))
            front = facade.front(
                place, wide, tall, int(place.integers(2, 5)), int(place.integers(3, 6))
            )
            canvas.put(front.array() * 0.8 + 0.16, int(x), horizon - tall)
            x += wide
    if where == "hall":
        wide, tall = (
            canvas.width * float(place.uniform(0.6, 1.1)),
            size * float(place.uniform(0.2, 0.34)),
        )
        x = canvas.width * float(place.uniform(-0.2, 0.4))
        wall = float(place.uniform(0.35, 0.55))
        tones = texture.bricks(place, int(tall), int(wide), wall, 4)
        canvas.put(tones, int(x), int(horizon - tall))
        bays = int(place.integers(5, 10))
        for bay in range(bays):
            u, b = x + wide * (bay + 0.22) / bays, wide * 0.56 / bays
            canvas.ellipse(u + b / 2, horizon - tall * 0.66, b / 2, b / 2, 0.14)
            canvas.box(u, horizon - tall * 0.66, u + b, horizon - tall * 0.1, 0.14)
        canvas.polygon(
            [
                (x, horizon - tall),
                (x + wide * 0.5, horizon - tall * 1.35),
                (x + wide, horizon - tall),
            ],
            wall * 0.7,
        )
    if where == "tents":
        for _ in range(int(place.integers(1, 4))):
            tent(
                canvas,
                place,
                canvas.width * float(place.uniform(0, 1)),
                horizon + size * 0.02,
                size * float(place.uniform(0.16, 0.34)),
            )
    things.soften(canvas, 0, horizon, 1.0)
    rows = canvas.height - horizon
    stones = texture.cobbles() if where == "houses" else texture.bank()
    soil = float(place.uniform(0.36, 0.6))
    floor = texture.receding(stones, place, rows, canvas.width, canvas.width / 2, 1.5)
    canvas.put(soil * (1 + 0.14 * floor), 0, horizon)
    return soil


def tent(canvas: Canvas, rng: np.random.Generator, x: float, y: float, size: float) -> None:
    """A fairground tent with striped cloth, scalloped rim and pennant."""
    wide, tall = size * float(rng.uniform(0.9, 1.4)), size
    cloth = float(rng.uniform(0.55, 0.8))
    stripes = int(rng.integers(8, 15))
    for stripe in range(stripes):
        a, b = (stripe / stripes - 0.5) * wide, ((stripe + 1) / stripes - 0.5) * wide
        tone = cloth if stripe % 2 else cloth * 0.42
        tone *= 1.12 - 0.35 * abs(stripe / stripes - 0.35)
        canvas.polygon(
            [
                (x + a, y),
                (x + b, y),
                (x + b * 1.05, y - tall * 0.5),
                (x + a * 1.05, y - tall * 0.5),
            ],
            tone * 0.85,
        )
        canvas.polygon(
            [(x + a * 1.12, y - tall * 0.48), (x + b * 1.12, y - tall * 0.48), (x, y - tall)], tone
        )
        canvas.ellipse(
            x + (a + b) * 0.56, y - tall * 0.48, wide / stripes * 0.5, tall * 0.04, tone * 1.1
        )
    canvas.stroke([(x, y - tall), (x, y - tall * 1.25)], 2, 0.2)
    canvas.polygon(
        [(x, y - tall * 1.25), (x + size * 0.14, y - tall * 1.2), (x, y - tall * 1.14)], 0.2
    )
    canvas.polygon([(x - wide * 0.1, y), (x, y - tall * 0.42), (x + wide * 0.1, y)], 0.08)
