"""Trees, carts, skylines and other things that stand about outdoors."""

from __future__ import annotations

import math

import numpy as np
from PIL import Image, ImageDraw

from bilderatlas.collection.specimen.canvas import Canvas, Sprite, blurred, grey, level
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
                    x + (x2 - x) * start, y + (y2 - y) * start, bend,
                    length * float(rng.uniform(0.6, 0.85)), thick * 0.62, depth - 1,
                )  # fmt: skip

    crowns: list[tuple[float, float, float, float]] = []
    if kind == "bare":
        branch(*foot, float(rng.normal(0, 0.05)), tall * 0.3, tall * 0.035, 6)
    elif kind == "pine":
        bend = float(rng.normal(0, 0.06))
        branch(*foot, bend, tall * 0.8, tall * 0.026, 0)
        for _ in range(int(rng.integers(4, 8))):
            up = float(rng.uniform(0.6, 0.9))
            x = wide / 2 + math.sin(bend) * tall * up + float(rng.normal(0, 0.13)) * wide
            branch(wide / 2 + bend * tall * up * 0.9, tall * (1.08 - up), 0.9 * np.sign(x - wide / 2),
                   abs(x - wide / 2), tall * 0.009, 0)  # fmt: skip
            crowns.append((x, tall * (1 - up), wide * float(rng.uniform(0.2, 0.42)),
                           tall * float(rng.uniform(0.09, 0.16))))  # fmt: skip
        crowns.append((wide / 2 + bend * tall, tall * 0.13, wide * 0.45, tall * 0.2))
    elif kind == "poplar":
        branch(*foot, 0, tall * 0.4, tall * 0.02, 0)
        crowns.append((wide / 2, tall * 0.47, wide * 1.05, tall * 0.94))
    else:
        branch(*foot, float(rng.normal(0, 0.04)), tall * 0.34, tall * 0.035, 1)
        for _ in range(int(rng.integers(4, 8))):
            crowns.append((wide * float(rng.uniform(0.3, 0.7)), tall * float(rng.uniform(0.28, 0.6)),
                           wide * float(rng.uniform(0.45, 0.75)),
                           tall * float(rng.uniform(0.35, 0.5))))  # fmt: skip
    for x, y, w, h in crowns:
        leaf = foliage(rng, int(w), int(h), tone * float(rng.uniform(0.85, 1.2)), light, 1.7)
        where = (int(x - w / 2), int(y - h / 2))
        image.paste(leaf.image, where, leaf.mask)
        mask.paste(255, where, leaf.mask)
    return Sprite(image, mask, foot).shrunk(factor)


def treeline(canvas: Canvas, rng, y: float, size: float, tone: float, light: float) -> None:
    """A far wood along the horizon, up to ``size`` px high, over the whole width."""
    height = max(8, int(size * 1.6))
    outline = fractal(rng, 3, canvas.width, size / 60)[1]
    outline = size * (0.62 + 0.3 * np.clip(outline, -1.6, 1.8) / 1.8)
    rows = np.arange(height, 0, -1, dtype=np.float32)[:, None]
    leaves = fractal(rng, height, canvas.width, max(0.35, size / 200))
    mask = np.clip((outline[None, :] + leaves * size * 0.1 - rows) * 0.7, 0, 1)
    tones = tone * (1 + 0.25 * leaves + 0.5 * (rows / height - 0.3))
    canvas.image.paste(grey(tones), (0, round(y) - height), grey(mask))


def skyline(canvas: Canvas, rng, y: float, size: float, tone: float, light: float) -> None:
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
            [(x, y - tall), (x + wide * 0.15, y - tall - roof), (x + wide * 0.9, y - tall - roof),
             (x + wide, y - tall)], wall * 0.75)  # fmt: skip
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
        canvas.polygon([(steeple - size * 0.14, y - size * 1.3), (steeple, y - size * 2.1),
                        (steeple + size * 0.14, y - size * 1.3)], tone * 0.8)  # fmt: skip


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


def cart(rng, length: float, load: str, light: float) -> Sprite:
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
            both("line", (middle - reach * math.cos(a), base - reach * math.sin(a),
                          middle + reach * math.cos(a), base + reach * math.sin(a)),
                 float(rng.uniform(0.05, 0.5)), width=max(2, round(k * 0.012)))  # fmt: skip
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
                both("line", (x + k * leg, bed - k * 0.2, x + k * (leg + 0.05), bed - k * 0.62), 0.15,
                     width=round(k * 0.025))  # fmt: skip
            both("line", (x + k * 0.5, bed - k * 0.4, x + k * 0.76, bed - k * 0.4), 0.2,
                 width=round(k * 0.03))  # fmt: skip
    both("polygon", [(left, bed - k * 0.16), (right, bed - k * 0.14), (right - k * 0.03, bed + k * 0.03),
                     (left + k * 0.05, bed + k * 0.03)], wood)  # fmt: skip
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


def tufts(canvas: Canvas, rng, horizon: int, count: int, tone: float, bottom: float = 1.0) -> None:
    """Blades of grass and weeds, thicker and taller towards the viewer."""
    for _ in range(count):
        near = float(rng.random()) ** 0.6
        y = horizon + (canvas.height * bottom - horizon) * near + 4
        x = float(rng.uniform(0, canvas.width))
        tall = (3 + 24 * near**1.5) * canvas.width / 700
        shade = tone * float(rng.uniform(0.45, 1.5))
        for _ in range(4):
            u = x + float(rng.normal(0, 3 * near + 0.5))
            canvas.stroke([(u, y), (u + float(rng.normal(0, tall * 0.35)), y - tall * rng.random())],
                          1 + near, shade)  # fmt: skip


def soften(canvas: Canvas, top: int, bottom: int, radius: float) -> None:
    """Blur a band of the picture: what lies far away is out of focus."""
    box = (0, max(0, top), canvas.width, min(canvas.height, bottom))
    if box[3] > box[1]:
        canvas.image.paste(blurred(canvas.image.crop(box), radius), box)
