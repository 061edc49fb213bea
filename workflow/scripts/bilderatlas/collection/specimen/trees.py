"""Trees, far woods and grass."""

from __future__ import annotations

import math

import numpy as np
from PIL import Image, ImageDraw

from bilderatlas.collection.specimen.canvas import (
    Canvas,
    Sprite,
    grey,
    level,
)
from bilderatlas.collection.specimen.texture import fractal


def foliage(
    rng: np.random.Generator, width: int, height: int, tone: float, light: float, ragged: float = 1
) -> Sprite:
    """A crown of leaves: an oval torn by noise, lit from one side and from above."""
    width, height = max(width, 6), max(height, 6)
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j].astype(np.float32)
    zoom = max(width, height) / 260
    lumps = fractal(rng, height, width, zoom)
    inside = 0.62 - (x**2 + y**2) + 0.26 * ragged * lumps * np.clip(1.1 - x**2 - y**2, 0, 1)
    mask = np.clip(inside * 9 * zoom**0.3, 0, 1) * np.clip(
        (1 - np.maximum(abs(x), abs(y))) * 9, 0, 1
    )
    leaves = fractal(rng, height, width, max(zoom * 0.5, 0.3))
    shine = 1 + 0.35 * (-x * light - y * 0.8) + 0.3 * leaves + 0.2 * lumps
    return Sprite(grey(tone * shine), grey(mask), (width / 2, height * 0.92))


def tree(
    rng: np.random.Generator, height: float, kind: str, light: float, tone: float = 0.2
) -> Sprite:
    """A tree ``height`` px tall; kind leafy, poplar, pine (a Scots pine) or bare."""
    factor = 2.0
    tall, wide = int(height * factor), int(height * factor * (0.42 if kind == "poplar" else 0.95))
    image, mask = Image.new("L", (wide, tall), level(tone)), Image.new("L", (wide, tall))
    pens = ImageDraw.Draw(image), ImageDraw.Draw(mask)
    foot = (wide / 2, tall - 1)
    bark = tone * 0.8

    def branch(x: float, y: float, angle: float, length: float, thick: float, depth: int) -> None:
        x2, y2 = x + math.sin(angle) * length, y - math.cos(angle) * length
        for pen, fill in zip(pens, (level(bark), 255), strict=True):
            pen.line((x, y, x2, y2), fill=fill, width=max(1, round(thick)))
        if depth:
            for side in (-1, 1, -1, 1)[: 2 + (depth > 2)]:
                bend = angle + side * float(rng.uniform(0.2, 0.62))
                start = float(rng.uniform(0.6, 1))
                branch(
                    x + (x2 - x) * start,
                    y + (y2 - y) * start,
                    bend,
                    length * float(rng.uniform(0.6, 0.85)),
                    thick * 0.62,
                    depth - 1,
                )

    crowns: list[tuple[float, float, float, float]] = []
    if kind == "bare":
        branch(*foot, float(rng.normal(0, 0.05)), tall * 0.3, tall * 0.035, 6)
    elif kind == "pine":
        bend = float(rng.normal(0, 0.06))
        branch(*foot, bend, tall * 0.8, tall * 0.026, 0)
        for _ in range(int(rng.integers(4, 8))):
            up = float(rng.uniform(0.6, 0.9))
            x = wide / 2 + math.sin(bend) * tall * up + float(rng.normal(0, 0.13)) * wide
            branch(
                wide / 2 + bend * tall * up * 0.9,
                tall * (1.08 - up),
                0.9 * np.sign(x - wide / 2),
                abs(x - wide / 2),
                tall * 0.009,
                0,
            )
            crowns.append(
                (
                    x,
                    tall * (1 - up),
                    wide * float(rng.uniform(0.2, 0.42)),
                    tall * float(rng.uniform(0.09, 0.16)),
                )
            )
        crowns.append((wide / 2 + bend * tall, tall * 0.13, wide * 0.45, tall * 0.2))
    elif kind == "poplar":
        branch(*foot, 0, tall * 0.4, tall * 0.02, 0)
        crowns.append((wide / 2, tall * 0.47, wide * 1.05, tall * 0.94))
    else:
        branch(*foot, float(rng.normal(0, 0.04)), tall * 0.34, tall * 0.035, 1)
        for _ in range(int(rng.integers(4, 8))):
            crowns.append(
                (
                    wide * float(rng.uniform(0.3, 0.7)),
                    tall * float(rng.uniform(0.28, 0.6)),
                    wide * float(rng.uniform(0.45, 0.75)),
                    tall * float(rng.uniform(0.35, 0.5)),
                )
            )
    for x, y, w, h in crowns:
        leaf = foliage(rng, int(w), int(h), tone * float(rng.uniform(0.85, 1.2)), light, 1.7)
        where = (int(x - w / 2), int(y - h / 2))
        image.paste(leaf.image, where, leaf.mask)
        mask.paste(255, where, leaf.mask)
    return Sprite(image, mask, foot).shrunk(factor)


def treeline(
    canvas: Canvas, rng: np.random.Generator, y: float, size: float, tone: float, light: float
) -> None:
    """A far wood along the horizon, up to ``size`` px high, over the whole width."""
    height = max(8, int(size * 1.6))
    outline = fractal(rng, 3, canvas.width, size / 60)[1]
    outline = size * (0.62 + 0.3 * np.clip(outline, -1.6, 1.8) / 1.8)
    rows = np.arange(height, 0, -1, dtype=np.float32)[:, None]
    leaves = fractal(rng, height, canvas.width, max(0.35, size / 200))
    mask = np.clip((outline[None, :] + leaves * size * 0.1 - rows) * 0.7, 0, 1)
    tones = tone * (1 + 0.25 * leaves + 0.5 * (rows / height - 0.3))
    canvas.image.paste(grey(tones), (0, round(y) - height), grey(mask))


def tufts(
    canvas: Canvas,
    rng: np.random.Generator,
    horizon: int,
    count: int,
    tone: float,
    bottom: float = 1.0,
) -> None:
    """Blades of grass and weeds, thicker and taller towards the viewer."""
    for _ in range(count):
        near = float(rng.random()) ** 0.6
        y = horizon + (canvas.height * bottom - horizon) * near + 4
        x = float(rng.uniform(0, canvas.width))
        tall = (3 + 24 * near**1.5) * canvas.width / 700
        shade = tone * float(rng.uniform(0.45, 1.5))
        for _ in range(4):
            u = x + float(rng.normal(0, 3 * near + 0.5))
            canvas.stroke(
                [(u, y), (u + float(rng.normal(0, tall * 0.35)), y - tall * rng.random())],
                1 + near,
                shade,
            )
