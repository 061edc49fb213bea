"""House fronts as flat pictures: plaster or brick, cornices, windows, shops, doors."""

from __future__ import annotations

import numpy as np

from bilderatlas.collection.specimen.canvas import Canvas
from bilderatlas.collection.specimen.texture import bricks, plaster

SIGNS = ("Kolonialwaren", "Destillation", "Brot", "Cigarren", "Kohlen", "Schuhmacher", "Milch")


def window(
    canvas: Canvas, rng: np.random.Generator, x: float, y: float, w: float, h: float, wall: float
) -> None:
    """A casement window with frame, panes, sill, now and then a curtain or a shutter."""
    frame = float(rng.uniform(0.5, 0.8)) if rng.random() < 0.7 else wall * 0.6
    canvas.box(x - w * 0.14, y - h * 0.1, x + w * 1.14, y + h * 1.02, min(wall * 1.15, 0.92))
    canvas.box(x - w * 0.16, y - h * 0.16, x + w * 1.16, y - h * 0.09, wall * 1.25)
    canvas.box(x, y, x + w, y + h, frame)
    glass = float(rng.uniform(0.07, 0.3))
    for column in range(2):
        for top, bottom in ((0.05, 0.33), (0.38, 0.96)):
            left = x + w * (0.07 + 0.46 * column)
            shine = glass * float(rng.uniform(0.75, 1.6))
            canvas.box(left, y + h * top, left + w * 0.39, y + h * bottom, shine)
            if rng.random() < 0.3:
                canvas.polygon(
                    [(left, y + h * bottom), (left, y + h * top), (left + w * 0.3, y + h * top)],
                    shine + 0.14,
                )
    if rng.random() < 0.35:
        canvas.box(x + w * 0.05, y + h * 0.05, x + w * 0.3, y + h * 0.9, 0.62)
        canvas.box(x + w * 0.7, y + h * 0.05, x + w * 0.95, y + h * 0.9, 0.58)
    canvas.box(x - w * 0.2, y + h * 1.01, x + w * 1.2, y + h * 1.08, wall * 1.3)
    canvas.box(x - w * 0.16, y + h * 1.08, x + w * 1.2, y + h * 1.16, wall * 0.55)


def front(
    rng: np.random.Generator, width: int, height: int, storeys: int, bays: int, shop: bool = True
) -> Canvas:
    """The front of a tenement, ``width`` x ``height`` px, as a flat picture."""
    wall = float(rng.uniform(0.34, 0.72))
    canvas = Canvas(width, height, wall)
    canvas.put(
        bricks(rng, height, width, wall)
        if rng.random() < 0.25
        else plaster(rng, height, width, wall)
    )
    floor = height / (storeys + 0.35)
    bay = width / bays
    for level_ in range(storeys):
        base = height - floor * (level_ + 1)
        ground = level_ == 0
        if not ground:
            canvas.box(0, base + floor * 0.96, width, base + floor, wall * 1.2)
            canvas.box(0, base + floor, width, base + floor * 1.03, wall * 0.6)
        for column in range(bays):
            x = bay * column
            if ground and shop and rng.random() < 0.55:
                _shop(canvas, rng, x, base, bay, floor, wall)
            elif ground and rng.random() < 0.35:
                canvas.box(x + bay * 0.27, base + floor * 0.2, x + bay * 0.73, height, wall * 1.2)
                canvas.box(x + bay * 0.31, base + floor * 0.26, x + bay * 0.69, height, 0.1)
                canvas.box(x + bay * 0.34, base + floor * 0.42, x + bay * 0.49, height, 0.18)
            else:
                window(
                    canvas, rng, x + bay * 0.3, base + floor * 0.26, bay * 0.4, floor * 0.55, wall
                )
    canvas.box(0, 0, width, height * 0.02, wall * 0.5)
    canvas.box(0, height * 0.02, width, height * 0.045, min(0.95, wall * 1.35))
    canvas.box(0, height * 0.045, width, height * 0.06, wall * 0.45)
    return canvas


def _shop(
    canvas: Canvas,
    rng: np.random.Generator,
    x: float,
    base: float,
    bay: float,
    floor: float,
    wall: float,
) -> None:
    bottom = base + floor
    canvas.box(x + bay * 0.08, base + floor * 0.32, x + bay * 0.92, bottom, 0.14)
    canvas.box(x + bay * 0.13, base + floor * 0.38, x + bay * 0.6, bottom - floor * 0.14, 0.3)
    for shelf in range(4):  # goods in the window
        for thing in range(5):
            u = x + bay * (0.15 + 0.09 * thing)
            v = base + floor * (0.44 + 0.11 * shelf)
            canvas.box(u, v, u + bay * 0.06, v + floor * 0.07, float(rng.uniform(0.15, 0.75)))
    canvas.box(x + bay * 0.66, base + floor * 0.4, x + bay * 0.88, bottom, 0.06)
    board = float(rng.choice([0.1, 0.15, 0.8]))
    canvas.box(x + bay * 0.06, base + floor * 0.14, x + bay * 0.94, base + floor * 0.31, board)
    size = max(6, floor * 0.13)
    text = str(rng.choice(SIGNS))
    lettering(canvas, text, x + bay * 0.5, base + floor * 0.225, size, 0.9 - 0.8 * (board > 0.5))
    if rng.random() < 0.4:
        canvas.polygon(
            [
                (x + bay * 0.08, base + floor * 0.32),
                (x + bay * 0.92, base + floor * 0.32),
                (x + bay * 0.98, base + floor * 0.5),
                (x + bay * 0.02, base + floor * 0.5),
            ],
            float(rng.uniform(0.6, 0.85)),
        )


def lettering(canvas: Canvas, text: str, x: float, y: float, size: float, tone: float) -> None:
    """Painted letters, centred on (x, y); Pillow's own face, so it is the same everywhere."""
    from PIL import ImageFont

    face = ImageFont.load_default(size)
    canvas.pen.text((x, y), text, fill=int(255 * tone), font=face, anchor="mm")


def panelled_door(
    canvas: Canvas, rng: np.random.Generator, x: float, y: float, w: float, h: float, leaves: int
) -> None:
    """A wooden door with panels, ``leaves`` wings, lit from above."""
    wood = float(rng.uniform(0.24, 0.5))
    canvas.put(plaster(rng, max(2, int(h)), max(2, int(w)), wood), int(x), int(y))
    for leaf in range(leaves):
        left, wide = x + w * leaf / leaves, w / leaves
        canvas.box(left, y, left + 2, y + h, wood * 0.4)
        for top, bottom in ((0.05, 0.36), (0.42, 0.6), (0.66, 0.94)):
            a, b = left + wide * 0.16, left + wide * 0.84
            canvas.box(a, y + h * top, b, y + h * bottom, wood * 0.7)
            canvas.box(a + 3, y + h * top + 4, b, y + h * bottom, wood * 1.22)
            canvas.box(a + 3, y + h * top + 4, b - 3, y + h * bottom - 3, wood)
    canvas.ellipse(x + w * (0.5 + 0.06), y + h * 0.55, w * 0.025, w * 0.025, 0.75)


def light_edge(values: np.ndarray, light: float) -> np.ndarray:
    """A wall seen in raking light: a slow slope of tone across it."""
    slope = np.linspace(1 + 0.18 * light, 1 - 0.18 * light, values.shape[1], dtype=np.float32)
    return values * slope[None, :]
