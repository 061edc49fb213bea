"""The other world at work: harbours and factories."""

from __future__ import annotations

import numpy as np

from bilderatlas.collection.specimen import texture
from bilderatlas.collection.specimen.canvas import (
    Canvas,
)
from bilderatlas.collection.specimen.otherworld_ground import ground, open_sky, water
from bilderatlas.collection.specimen.trees import foliage


def _ship(canvas: Canvas, rng: np.random.Generator, x: float, y: float, size: float) -> None:
    side = float(rng.choice([-1, 1]))
    hull = float(rng.choice([0.08, 0.15, 0.7]))

    def at(u: float, v: float) -> tuple[float, float]:
        return x + side * u * size, y - v * size

    canvas.polygon([at(-0.95, 0.22), at(1.1, 0.3), at(0.95, 0.0), at(-0.85, 0.0)], hull)
    canvas.polygon([at(-0.95, 0.24), at(1.1, 0.32), at(1.09, 0.29), at(-0.95, 0.21)], 0.85)
    for deck in range(int(rng.integers(1, 4))):
        a, b = -0.55 + 0.08 * deck, 0.5 - 0.14 * deck
        low, high = 0.25 + 0.11 * deck, 0.36 + 0.11 * deck
        canvas.polygon([at(a, low), at(b, low), at(b, high), at(a, high)], 0.82 - 0.06 * deck)
        for window in np.arange(a + 0.04, b - 0.04, 0.08):
            canvas.polygon(
                [
                    at(window, low + 0.04),
                    at(window + 0.03, low + 0.04),
                    at(window + 0.03, high - 0.03),
                    at(window, high - 0.03),
                ],
                0.2,
            )
    for funnel in range(int(rng.integers(1, 4))):
        u = -0.3 + 0.27 * funnel
        canvas.polygon(
            [at(u, 0.35), at(u + 0.12, 0.35), at(u + 0.09, 0.78), at(u - 0.02, 0.78)], 0.25
        )
        canvas.polygon(
            [at(u - 0.01, 0.68), at(u + 0.1, 0.68), at(u + 0.095, 0.73), at(u - 0.015, 0.73)], 0.9
        )
    for mast in (-0.75, 0.75):
        canvas.stroke([at(mast, 0.2), at(mast, 1.15)], max(2, size * 0.02), 0.15)
        canvas.stroke([at(mast, 1.1), at(mast * 0.4, 0.35)], 1, 0.25)
        canvas.stroke([at(mast, 1.1), at(mast * 1.3, 0.28)], 1, 0.25)


def _crane(canvas: Canvas, rng: np.random.Generator, x: float, y: float, tall: float) -> None:
    tone, side = float(rng.uniform(0.08, 0.3)), float(rng.choice([-1, 1]))
    wide = tall * 0.2
    for leg in (-1, 1):
        canvas.stroke(
            [(x + leg * wide, y), (x + leg * wide * 0.5, y - tall * 0.5)], tall * 0.03, tone
        )
    for step in range(4):
        a, b = y - tall * 0.5 * step / 4, y - tall * 0.5 * (step + 1) / 4
        canvas.stroke(
            [(x - wide * (1 - 0.12 * step), a), (x + wide * (0.88 - 0.12 * step), b)], 2, tone
        )
        canvas.stroke(
            [(x + wide * (1 - 0.12 * step), a), (x - wide * (0.88 - 0.12 * step), b)], 2, tone
        )
    canvas.box(x - wide * 0.8, y - tall * 0.65, x + wide * 0.8, y - tall * 0.5, tone * 1.3)
    end = (x + side * tall * float(rng.uniform(0.5, 0.9)), y - tall * float(rng.uniform(0.8, 1.15)))
    canvas.stroke([(x, y - tall * 0.6), end], tall * 0.025, tone)
    canvas.stroke([(x, y - tall * 0.78), end], 2, tone)
    canvas.stroke([(x, y - tall * 0.6), (x, y - tall * 0.8)], tall * 0.03, tone)
    canvas.stroke([end, (end[0], y - tall * 0.25)], 1, tone)
    canvas.box(end[0] - 6, y - tall * 0.27, end[0] + 6, y - tall * 0.2, tone)


def harbour(canvas: Canvas, rng: np.random.Generator, light: float) -> str:
    """Water with ships, sheds and cranes on the quay."""
    w, h = canvas.width, canvas.height
    horizon = int(h * float(rng.uniform(0.42, 0.66)))
    rim = open_sky(canvas, rng, horizon)
    for _ in range(int(rng.integers(2, 7))):
        x, wide, tall = (
            w * float(rng.uniform(-0.1, 0.9)),
            w * float(rng.uniform(0.1, 0.3)),
            h * float(rng.uniform(0.03, 0.12)),
        )
        tone = rim * float(rng.uniform(0.4, 0.7))
        canvas.box(x, horizon - tall, x + wide, horizon, tone)
        canvas.polygon(
            [(x, horizon - tall), (x + wide / 2, horizon - tall * 1.4), (x + wide, horizon - tall)],
            tone * 0.8,
        )
    for _ in range(int(rng.integers(1, 6))):
        _crane(canvas, rng, w * float(rng.random()), horizon + 1, h * float(rng.uniform(0.2, 0.48)))
    ships = int(rng.integers(1, 4))
    for _ in range(ships):
        _ship(
            canvas,
            rng,
            w * float(rng.uniform(0.15, 0.85)),
            horizon + 3,
            w * float(rng.uniform(0.1, 0.3)),
        )
    water(canvas, rng, horizon, h, float(rng.uniform(0.3, 0.6)))
    if rng.random() < 0.5:
        quay = int(h * float(rng.uniform(0.84, 0.94)))
        ground(canvas, rng, quay, 0.45, texture.cobbles())
        canvas.box(0, quay - 3, w, quay + 3, 0.7)
        for x in np.arange(w * 0.1, w, w * float(rng.uniform(0.15, 0.35))):
            canvas.box(x, quay - h * 0.05, x + w * 0.025, quay + 4, 0.08)
    return "Hafen"


def factory(canvas: Canvas, rng: np.random.Generator, light: float) -> str:
    """Saw-tooth sheds, halls with tall windows, smoking chimneys, a gas holder."""
    w, h = canvas.width, canvas.height
    horizon = int(h * float(rng.uniform(0.6, 0.8)))
    rim = open_sky(canvas, rng, horizon)
    for _ in range(int(rng.integers(1, 6))):
        x, tall, wide = (
            w * float(rng.uniform(0.05, 0.95)),
            h * float(rng.uniform(0.35, 0.62)),
            w * float(rng.uniform(0.018, 0.04)),
        )
        tone = float(rng.uniform(0.2, 0.5))
        for stripe in range(5):
            a, b = x + wide * (stripe / 2.5 - 1), x + wide * ((stripe + 1) / 2.5 - 1)
            canvas.polygon(
                [
                    (a, horizon),
                    (b, horizon),
                    (x + (b - x) * 0.6, horizon - tall),
                    (x + (a - x) * 0.6, horizon - tall),
                ],
                tone * (1 + 0.3 * light * (1 - stripe / 2)),
            )
        drift = float(rng.uniform(-0.14, 0.14)) * w
        for puff in range(int(rng.integers(0, 9))):
            size = wide * (1.5 + 0.9 * puff)
            smoke = foliage(rng, int(size * 1.3), int(size), rim * 0.55 + 0.05 * puff, light, 1.2)
            canvas.stand(smoke, x + drift * puff / 4, horizon - tall - puff * wide * 0.9)
    if rng.random() < 0.4:
        x, wide, tall = w * float(rng.uniform(0.1, 0.7)), w * 0.2, h * 0.3
        for stripe in range(12):
            a = x + wide * stripe / 12
            canvas.box(
                a,
                horizon - tall,
                a + wide / 12,
                horizon,
                0.5 - 0.3 * abs(stripe / 12 - 0.5 + 0.3 * light),
            )
            canvas.stroke([(a, horizon), (a, horizon - tall * 1.2)], 1, 0.2)
        canvas.ellipse(x + wide / 2, horizon - tall, wide / 2, tall * 0.12, 0.55)
    x = -w * 0.1 * float(rng.random())
    while x < w:
        wide, tall = w * float(rng.uniform(0.2, 0.5)), h * float(rng.uniform(0.14, 0.3))
        wall = float(rng.uniform(0.25, 0.6))
        canvas.put(texture.bricks(rng, int(tall), int(wide), wall, 4), int(x), int(horizon - tall))
        if rng.random() < 0.6:
            teeth = int(rng.integers(3, 7))
            for tooth in range(teeth):
                a, b = x + wide * tooth / teeth, x + wide * (tooth + 1) / teeth
                canvas.polygon(
                    [(a, horizon - tall), (a, horizon - tall * 1.4), (b, horizon - tall)], 0.2
                )
                canvas.polygon(
                    [(a, horizon - tall), (a, horizon - tall * 1.4), (a + 6, horizon - tall)], 0.75
                )
        bays, rows = int(rng.integers(4, 10)), int(rng.integers(1, 4))
        for bay in range(bays):
            for row in range(rows):
                a, top = x + wide * (bay + 0.2) / bays, horizon - tall * (0.88 - 0.86 * row / rows)
                glass = float(rng.uniform(0.1, 0.35))
                canvas.box(a, top, a + wide * 0.6 / bays, top + tall * 0.58 / rows, glass)
                canvas.box(
                    a + wide * 0.28 / bays,
                    top,
                    a + wide * 0.32 / bays,
                    top + tall * 0.58 / rows,
                    0.6,
                )
        x += wide * float(rng.uniform(0.95, 1.15))
    ground(
        canvas,
        rng,
        horizon,
        float(rng.uniform(0.3, 0.55)),
        texture.cobbles() if rng.random() < 0.4 else texture.bank(),
    )
    if rng.random() < 0.5:
        y = horizon + (h - horizon) * 0.5
        for rail in (0, 0.12):
            canvas.stroke([(0, y + h * rail), (w, y + h * (rail - 0.05))], 2, 0.75)
    return "Fabrik"
