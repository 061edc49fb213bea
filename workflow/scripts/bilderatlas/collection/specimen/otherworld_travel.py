"""The other world, under way: aeroplanes and the railway."""

from __future__ import annotations

import numpy as np

from bilderatlas.collection.specimen import texture
from bilderatlas.collection.specimen.canvas import (
    Canvas,
)
from bilderatlas.collection.specimen.figures import person
from bilderatlas.collection.specimen.otherworld_ground import ground, open_sky
from bilderatlas.collection.specimen.trees import foliage, treeline


def aeroplane(canvas: Canvas, rng: np.random.Generator, light: float) -> str:
    """A monoplane or biplane in the air, or parked on the airfield."""
    w, h = canvas.width, canvas.height
    flying = rng.random() < 0.6
    horizon = int(h * float(rng.uniform(0.78, 1.1) if flying else rng.uniform(0.45, 0.65)))
    open_sky(canvas, rng, min(horizon, h))
    if horizon < h - 4:
        treeline(canvas, rng, horizon + 2, h * 0.05, 0.3, light)
        ground(canvas, rng, horizon, float(rng.uniform(0.35, 0.6)), texture.bank())
    size = w * float(rng.uniform(0.35, 0.8))
    x = w * float(rng.uniform(0.42, 0.58))
    y = h * float(rng.uniform(0.3, 0.6)) if flying else horizon + size * 0.14
    side, tilt = float(rng.choice([-1, 1])), float(rng.normal(0, 0.16)) * flying
    hull = float(rng.uniform(0.2, 0.75))

    def at(u: float, v: float) -> tuple[float, float]:
        u, v = u * np.cos(tilt) - v * np.sin(tilt), u * np.sin(tilt) + v * np.cos(tilt)
        return x + side * u * size, y + v * size

    if not flying:
        canvas.shade([at(-0.5, 0.14), at(0.5, 0.14), at(0.4, 0.18), at(-0.45, 0.18)], 0.5, 4)
    canvas.polygon([at(-0.1, 0.0), at(0.12, 0.0), at(-0.06, -0.22), at(-0.16, -0.22)], hull * 0.8)
    canvas.polygon(
        [at(-0.5, -0.16), at(-0.42, -0.17), at(-0.34, -0.02), at(-0.48, -0.01)], hull * 0.9
    )
    body = [
        at(0.5, 0.0),
        at(0.46, -0.055),
        at(0.2, -0.075),
        at(-0.48, -0.03),
        at(-0.5, 0.0),
        at(-0.2, 0.05),
        at(0.3, 0.065),
        at(0.46, 0.05),
    ]
    canvas.polygon(body, hull)
    canvas.shade(
        [at(0.5, 0.01), at(-0.5, 0.0), at(-0.2, 0.05), at(0.3, 0.065), at(0.46, 0.05)], 0.55, 2
    )
    for window in range(int(rng.integers(1, 8))):
        canvas.polygon(
            [
                at(0.3 - 0.07 * window, -0.035),
                at(0.34 - 0.07 * window, -0.035),
                at(0.34 - 0.07 * window, -0.005),
                at(0.3 - 0.07 * window, -0.005),
            ],
            0.1,
        )
    canvas.polygon(
        [at(0.2, 0.02), at(-0.02, 0.02), at(-0.2, 0.3), at(-0.1, 0.3)], min(1, hull * 1.2)
    )
    if rng.random() < 0.4:
        canvas.polygon(
            [at(0.28, -0.16), at(0.06, -0.16), at(-0.04, -0.1), at(0.2, -0.1)], hull * 1.1
        )
        for strut in (0.08, 0.2):
            canvas.stroke([at(strut, -0.14), at(strut - 0.03, 0.02)], 2, 0.15)
    canvas.polygon([at(0.5, -0.14), at(0.515, 0.0), at(0.5, 0.14), at(0.49, 0.0)], 0.3)
    for wheel in (0.25, 0.12) if not flying or rng.random() < 0.6 else ():
        canvas.stroke([at(wheel, 0.04), at(wheel, 0.12)], 3, 0.15)
        u, v = at(wheel, 0.13)
        canvas.ellipse(u, v, size * 0.03, size * 0.03, 0.08)
    if not flying:
        for _ in range(int(rng.integers(1, 5))):
            figure = person(
                rng, size * 0.26, "man", "stand", str(rng.choice(["front", "back"])), light
            )
            canvas.stand(
                figure,
                w * float(rng.uniform(0.1, 0.9)),
                y + size * float(rng.uniform(0.15, 0.22)),
                0.6,
                light,
            )
    return "Flugzeug"


def railway(canvas: Canvas, rng: np.random.Generator, light: float) -> str:
    """Rails running to the horizon, a steam engine with coaches, signals and smoke."""
    w, h = canvas.width, canvas.height
    horizon = int(h * float(rng.uniform(0.36, 0.52)))
    rim = open_sky(canvas, rng, horizon)
    treeline(canvas, rng, horizon + 2, h * float(rng.uniform(0.04, 0.14)), 0.35, light)
    ground(canvas, rng, horizon, float(rng.uniform(0.35, 0.55)), texture.bank(), 1.2)
    vanish = w * float(rng.uniform(0.3, 0.7))
    deep = h - horizon
    for track in range(int(rng.integers(1, 4))):
        offset = (track - 0.6) * 1.5 + float(rng.normal(0, 0.2))
        for sleeper in 1 / np.linspace(0.06, 1, 30):
            y = horizon + deep / sleeper
            a, b = (
                vanish + (offset - 0.5) * w * 0.6 / sleeper,
                vanish + (offset + 0.5) * w * 0.6 / sleeper,
            )
            canvas.box(a, y, b, y + 7 / sleeper, 0.2)
        for rail in (-0.33, 0.33):
            x = vanish + (offset + rail) * w * 0.6
            canvas.polygon([(vanish, horizon), (x - 4, h), (x + 4, h)], 0.8)
    y, size = horizon + deep * float(rng.uniform(0.12, 0.4)), h * float(rng.uniform(0.12, 0.24))
    side = float(rng.choice([-1, 1]))
    x = w * float(rng.uniform(0.35, 0.65))
    for coach in range(5):
        a = x - side * size * (1.7 + coach * 2.3)
        left, right = min(a, a - side * size * 2.2), max(a, a - side * size * 2.2)
        canvas.box(left, y - size * 0.85, right, y - size * 0.15, 0.24)
        canvas.box(left, y - size * 0.92, right, y - size * 0.8, 0.45)
        for window in range(7):
            u = left + (right - left) * (window + 0.25) / 7
            canvas.box(u, y - size * 0.7, u + size * 0.18, y - size * 0.45, 0.75)
        for wheel in (0.15, 0.3, 0.7, 0.85):
            canvas.ellipse(
                left + (right - left) * wheel, y - size * 0.08, size * 0.1, size * 0.1, 0.1
            )
    left, right = min(x, x - side * size * 1.6), max(x, x - side * size * 1.6)
    canvas.box(left, y - size * 0.75, right, y - size * 0.25, 0.1)
    canvas.box(left, y - size * 0.73, right, y - size * 0.68, 0.3)
    cab = x - side * size * 1.4
    canvas.box(
        min(cab, cab + side * size * 0.5),
        y - size,
        max(cab, cab + side * size * 0.5),
        y - size * 0.2,
        0.13,
    )
    canvas.box(
        x - side * size * 0.2 - size * 0.08,
        y - size * 1.05,
        x - side * size * 0.2 + size * 0.08,
        y - size * 0.7,
        0.08,
    )
    for wheel in range(4):
        u = x - side * size * (0.2 + 0.38 * wheel)
        canvas.ellipse(u, y - size * 0.16, size * 0.18, size * 0.18, 0.06)
        canvas.ellipse(u, y - size * 0.16, size * 0.12, size * 0.12, 0.25)
    for puff in range(14):
        u = x - side * size * (0.2 + 0.34 * puff)
        sprite = foliage(
            rng,
            int(size * (0.5 + 0.09 * puff)),
            int(size * (0.4 + 0.06 * puff)),
            rim * 0.85,
            light,
            1.2,
        )
        canvas.stand(sprite, u, y - size * (0.95 + 0.05 * puff))
    for _ in range(int(rng.integers(1, 4))):
        u, tall = w * float(rng.random()), h * float(rng.uniform(0.25, 0.5))
        canvas.stroke([(u, horizon + deep * 0.3), (u, horizon + deep * 0.3 - tall)], 3, 0.2)
        canvas.box(
            u,
            horizon + deep * 0.3 - tall,
            u + tall * 0.22,
            horizon + deep * 0.3 - tall * 0.92,
            0.85,
        )
    return "Eisenbahn"
