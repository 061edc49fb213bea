"""Carts, skylines and other things that stand about outdoors."""

from __future__ import annotations

import math

import numpy as np
from PIL import Image, ImageDraw

from bilderatlas.collection.specimen.canvas import (
    Canvas,
    Sprite,
    blurred,
    grey,
    level,
)
from bilderatlas.collection.specimen.texture import fractal


def skyline(
    canvas: Canvas, rng: np.random.Generator, y: float, size: float, tone: float, light: float
) -> None:
    """Tenements at the edge of the town, with fire walls, windows, chimneys, a steeple."""
    x = -float(rng.uniform(0, size))
    steeple = float(rng.uniform(0.1, 0.9)) * canvas.width
    while x < canvas.width + size:
        wide = size * float(rng.uniform(0.5, 1.6))
        if rng.random() < 0.2:
            x += wide * float(rng.uniform(0.3, 1.2))
            continue
        tall = size * float(rng.uniform(0.55, 1.05))
        wall = tone * float(rng.uniform(0.85, 1.2))
        canvas.box(x, y - tall, x + wide, y, wall)
        roof = tall * float(rng.uniform(0.04, 0.22))
        canvas.polygon(
            [
                (x, y - tall),
                (x + wide * 0.15, y - tall - roof),
                (x + wide * 0.9, y - tall - roof),
                (x + wide, y - tall),
            ],
            wall * 0.75,
        )
        if rng.random() < 0.7:  # windows; the other walls are blind fire walls
            step = max(3.0, size * 0.12)
            for row in range(int(tall / (step * 1.3))):
                for column in range(int(wide / step) - 1):
                    u, v = x + (column + 0.7) * step, y - tall + (row + 0.4) * step * 1.3
                    canvas.box(u, v, u + step * 0.4, v + step * 0.62, wall * 0.62)
        for _ in range(int(rng.integers(1, 4))):
            u = x + wide * float(rng.uniform(0.1, 0.9))
            canvas.box(u, y - tall - roof - size * 0.13, u + size * 0.05, y - tall - roof / 2, wall)
        x += wide
    if rng.random() < 0.5:
        canvas.box(steeple - size * 0.12, y - size * 1.3, steeple + size * 0.12, y, tone * 0.9)
        canvas.polygon(
            [
                (steeple - size * 0.14, y - size * 1.3),
                (steeple, y - size * 2.1),
                (steeple + size * 0.14, y - size * 1.3),
            ],
            tone * 0.8,
        )


def wheel(pens, x: float, y: float, radius: float, tone: float, spokes: int = 10) -> None:
    """A spoked wheel drawn with both pens (image and mask)."""
    thick = max(2, round(radius * 0.13))
    for pen, fill in zip(pens, (level(tone), 255), strict=True):
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), outline=fill, width=thick)
        for spoke in range(spokes):
            a = spoke * 2 * math.pi / spokes + 0.2
            end = (x + math.cos(a) * radius * 0.92, y + math.sin(a) * radius * 0.92)
            pen.line((x, y, *end), fill=fill, width=max(1, thick // 2))
        r = radius * 0.16
        pen.ellipse((x - r, y - r, x + r, y + r), fill=fill)


def cart(rng: np.random.Generator, length: float, load: str, light: float) -> Sprite:
    """A handcart in side view, shafts to the right; load brushwood, sacks, empty, or furniture."""
    factor = 3.0
    k = length * factor
    wide, tall = int(k * 1.5), int(k * 1.05)
    image, mask = Image.new("L", (wide, tall), 80), Image.new("L", (wide, tall))
    pens = ImageDraw.Draw(image), ImageDraw.Draw(mask)
    ground, left, right = tall - 3, k * 0.1, k * 1.0
    bed = ground - k * 0.30
    wood = float(rng.uniform(0.16, 0.36))

    def both(kind: str, where, tone: float, **more) -> None:
        for pen, fill in zip(pens, (level(tone), 255), strict=True):
            getattr(pen, kind)(where, fill=fill, **more)

    if load == "brushwood":
        for _ in range(150):
            a, middle = (
                float(rng.normal(0, 0.16)),
                float(rng.uniform(left + k * 0.1, right - k * 0.1)),
            )
            base = bed - k * float(rng.uniform(0.0, 0.38)) * (1 - abs(middle - k * 0.55) / k)
            reach = k * float(rng.uniform(0.2, 0.52))
            both(
                "line",
                (
                    middle - reach * math.cos(a),
                    base - reach * math.sin(a),
                    middle + reach * math.cos(a),
                    base + reach * math.sin(a),
                ),
                float(rng.uniform(0.05, 0.5)),
                width=max(2, round(k * 0.012)),
            )
    elif load in ("sacks", "furniture"):
        for row in range(3 if load == "sacks" else 1):
            for column in range(3 - row):
                x = left + k * (0.22 + 0.26 * column + 0.13 * row) + k * float(rng.normal(0, 0.02))
                y, r = bed - k * (0.08 + 0.15 * row), k * 0.17
                tone = float(rng.uniform(0.4, 0.72))
                both("ellipse", (x - r, y - r * 0.65, x + r, y + r * 0.65), tone)
                both("ellipse", (x - r, y + r * 0.1, x + r, y + r * 0.65), tone * 0.6)
        if load == "furniture":
            x = left + k * 0.15
            both("rectangle", (x, bed - k * 0.55, x + k * 0.34, bed), 0.22)
            both("rectangle", (x + k * 0.03, bed - k * 0.5, x + k * 0.31, bed - k * 0.28), 0.32)
            for leg in (0.5, 0.72):
                both(
                    "line",
                    (x + k * leg, bed - k * 0.2, x + k * (leg + 0.05), bed - k * 0.62),
                    0.15,
                    width=round(k * 0.025),
                )
            both(
                "line",
                (x + k * 0.5, bed - k * 0.4, x + k * 0.76, bed - k * 0.4),
                0.2,
                width=round(k * 0.03),
            )
    both(
        "polygon",
        [
            (left, bed - k * 0.16),
            (right, bed - k * 0.14),
            (right - k * 0.03, bed + k * 0.03),
            (left + k * 0.05, bed + k * 0.03),
        ],
        wood,
    )
    for row in (0.11, 0.05):
        both(
            "line",
            (left, bed - k * row, right, bed - k * row),
            wood * 0.55,
            width=max(2, round(k * 0.01)),
        )
    for x in np.linspace(left + k * 0.05, right - k * 0.05, 6):
        both(
            "line",
            (x, bed - k * 0.19, x, bed + k * 0.03),
            wood * 1.35,
            width=max(2, round(k * 0.018)),
        )
    both(
        "line",
        (right - k * 0.1, bed, wide - k * 0.06, bed - k * 0.12),
        wood * 1.2,
        width=round(k * 0.03),
    )
    small = k * float(rng.uniform(0.17, 0.2))
    wheel(pens, left + k * 0.2, ground - small * 1.2, small * 1.2, wood * 0.5)
    wheel(pens, right - k * 0.2, ground - small, small, wood * 0.5)
    tones = np.asarray(image, np.float32) / 255
    top = np.linspace(1.2, 0.75, tall, dtype=np.float32)[:, None]
    image = grey(tones * top * (1 + 0.12 * fractal(rng, tall, wide)))
    return Sprite(image, mask, (wide / 2, ground)).shrunk(factor)


def soften(canvas: Canvas, top: int, bottom: int, radius: float) -> None:
    """Blur a band of the picture: what lies far away is out of focus."""
    box = (0, max(0, top), canvas.width, min(canvas.height, bottom))
    if box[3] > box[1]:
        canvas.image.paste(blurred(canvas.image.crop(box), radius), box)
