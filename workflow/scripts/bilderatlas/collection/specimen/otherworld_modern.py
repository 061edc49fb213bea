"""The other world, modern: tower blocks and the motor road."""

from __future__ import annotations

import numpy as np

from bilderatlas.collection.specimen import texture
from bilderatlas.collection.specimen.canvas import (
    Canvas,
)
from bilderatlas.collection.specimen.otherworld_ground import ground, open_sky
from bilderatlas.collection.specimen.trees import tree


def towers(canvas: Canvas, rng: np.random.Generator, light: float) -> str:
    """A skyline of tower blocks with a grid of windows, lit and shaded sides, seen from below."""
    w, h = canvas.width, canvas.height
    horizon = int(h * float(rng.uniform(0.78, 1.0)))
    rim = open_sky(canvas, rng, min(h, horizon))
    layers = int(rng.integers(2, 4))
    for layer in range(layers):
        near = (layer + 1) / layers
        x = -w * 0.1
        while x < w:
            wide, tall = (
                w * float(rng.uniform(0.08, 0.2)) * (0.6 + near),
                h * float(rng.uniform(0.25, 0.95)) * (1.05 - 0.25 * near),
            )
            tone = rim * 0.75 * (1 - near) + float(rng.uniform(0.2, 0.6)) * near
            top, part = horizon - tall, wide * float(rng.uniform(0.6, 0.8))
            lit, dark = (1.15, 0.6) if light > 0 else (0.65, 1.15)
            canvas.box(x, top, x + part, horizon, tone * lit)
            canvas.polygon(
                [
                    (x + part, top),
                    (x + wide, top + wide * 0.12),
                    (x + wide, horizon),
                    (x + part, horizon),
                ],
                tone * dark,
            )
            step = max(5.0, w * 0.02 * (0.6 + near))
            for row in range(int(tall / step) - 1):
                for column in range(int(part / step)):
                    u, v = x + (column + 0.3) * step, top + (row + 0.6) * step
                    glass = tone * lit * float(rng.choice([0.45, 0.55, 1.4], p=[0.5, 0.4, 0.1]))
                    canvas.box(u, v, u + step * 0.5, v + step * 0.55, glass)
            if rng.random() < 0.4:
                inner = part * 0.5
                canvas.box(x + inner * 0.5, top - inner * 0.6, x + inner * 1.5, top, tone * lit)
                canvas.stroke(
                    [(x + inner, top - inner * 0.6), (x + inner, top - inner * 1.8)], 2, tone * 0.7
                )
            x += wide * float(rng.uniform(0.9, 1.5))
    if horizon < h:
        ground(canvas, rng, horizon, 0.4, texture.bank())
        for _ in range(int(rng.integers(2, 9))):
            _car(
                canvas,
                rng,
                w * float(rng.random()),
                horizon + (h - horizon) * float(rng.uniform(0.3, 0.9)),
                w * 0.06,
            )
    return "Hochhäuser"


def _car(canvas: Canvas, rng: np.random.Generator, x: float, y: float, size: float) -> None:
    tone, side = float(rng.choice([0.05, 0.12, 0.35, 0.7])), float(rng.choice([-1, 1]))

    def at(u: float, v: float) -> tuple[float, float]:
        return x + side * u * size, y - v * size

    canvas.shade([at(-1.1, 0.05), at(1.1, 0.05), at(1.1, -0.1), at(-1.1, -0.1)], 0.4, 2)
    canvas.polygon(
        [
            at(-1, 0.12),
            at(1, 0.12),
            at(1, 0.42),
            at(0.42, 0.5),
            at(0.25, 0.86),
            at(-0.65, 0.88),
            at(-0.95, 0.5),
        ],
        tone,
    )
    for a, b in ((-0.62, -0.2), (-0.12, 0.22)):
        canvas.polygon([at(a, 0.52), at(b, 0.52), at(b - 0.03, 0.79), at(a + 0.05, 0.8)], 0.65)
    canvas.stroke([at(-0.9, 0.46), at(0.95, 0.4)], max(1, size * 0.03), tone + 0.25)
    for wheel in (-0.6, 0.62):
        u, v = at(wheel, 0.12)
        canvas.ellipse(u, v, size * 0.2, size * 0.2, 0.05)
        canvas.ellipse(u, v, size * 0.09, size * 0.09, 0.7)


def motor_road(canvas: Canvas, rng: np.random.Generator, light: float) -> str:
    """A concrete road through hills, with cars, and often a bridge on arches."""
    w, h = canvas.width, canvas.height
    horizon = int(h * float(rng.uniform(0.38, 0.55)))
    open_sky(canvas, rng, horizon)
    for layer in range(3):
        hills = texture.fractal(rng, 3, w, w / 60)[1]
        tops = horizon - h * (0.09 - 0.03 * layer) * (1 + 0.5 * hills)
        outline = [(0, horizon + 3), *zip(range(0, w, 3), tops[::3], strict=True), (w, horizon + 3)]
        canvas.polygon(outline, 0.6 - 0.13 * layer)
    ground(canvas, rng, horizon, float(rng.uniform(0.35, 0.5)), texture.bank())
    vanish, foot = w * float(rng.uniform(0.25, 0.75)), w * float(rng.uniform(0.2, 0.8))
    wide = w * float(rng.uniform(0.3, 0.55))
    canvas.polygon(
        [(vanish - 2, horizon), (vanish + 2, horizon), (foot + wide, h), (foot - wide, h)], 0.68
    )
    canvas.polygon(
        [
            (vanish - 1, horizon),
            (vanish + 1, horizon),
            (foot + wide * 0.02, h),
            (foot - wide * 0.02, h),
        ],
        0.3,
    )
    for joint in 1 / np.linspace(0.08, 1, 12):
        y = horizon + (h - horizon) / joint
        middle = vanish + (foot - vanish) / joint
        canvas.box(middle - wide / joint, y, middle + wide / joint, y + 2 / joint, 0.5)
    if rng.random() < 0.5:
        y, deep = horizon + h * float(rng.uniform(-0.16, -0.05)), h * 0.045
        canvas.box(0, y, w, y + deep, 0.72)
        spans = int(rng.integers(3, 8))
        for span in range(spans + 1):
            x = w * span / spans
            canvas.box(x - w * 0.012, y, x + w * 0.012, horizon + h * 0.08, 0.6)
            canvas.pen.arc(
                (x, y + deep - 2, x + w / spans, y + h * 0.22),
                180,
                360,
                fill=165,
                width=max(3, int(deep * 0.5)),
            )
    for near in sorted(float(rng.uniform(0.1, 0.9)) for _ in range(int(rng.integers(1, 6)))):
        middle = vanish + (foot - vanish) * near
        _car(
            canvas,
            rng,
            middle + wide * near * float(rng.choice([-0.5, 0.5])),
            horizon + (h - horizon) * near,
            w * 0.13 * near + 3,
        )
    for _ in range(int(rng.integers(0, 5))):
        kind = str(rng.choice(["leafy", "poplar"]))
        tall = h * float(rng.uniform(0.12, 0.4))
        canvas.stand(
            tree(rng, tall, kind, light),
            w * float(rng.choice([rng.uniform(0, 0.2), rng.uniform(0.8, 1)])),
            horizon + tall * 0.4,
            0.5,
            light,
        )
    return "Landstraße"
