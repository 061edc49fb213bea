"""The other world, outdoors: mountains with a lake, the beach."""

from __future__ import annotations

import numpy as np

from bilderatlas.collection.specimen import texture
from bilderatlas.collection.specimen.canvas import (
    Canvas,
)
from bilderatlas.collection.specimen.figures import KINDS, person
from bilderatlas.collection.specimen.otherworld_ground import ground, open_sky, water


def mountains(canvas: Canvas, rng: np.random.Generator, light: float) -> str:
    """Ranges behind each other over a lake, firs in front."""
    w, h = canvas.width, canvas.height
    horizon = int(h * float(rng.uniform(0.55, 0.72)))
    rim = open_sky(canvas, rng, horizon)
    ranges = int(rng.integers(2, 5))
    for layer in range(ranges):
        near = (layer + 1) / ranges
        tall = horizon * (0.95 - 0.62 * near) * _ridge(rng, w, int(rng.integers(3, 8)))
        tone = rim * (1 - near) * 0.75 + 0.22 * near + 0.06
        outline = [
            (0, horizon),
            *zip(range(0, w, 2), (horizon - tall)[::2], strict=True),
            (w, horizon),
        ]

        def rock(height: int, width: int, tone: float = tone, near: float = near) -> np.ndarray:
            crags = texture.fractal(rng, height, width, 0.8, 0.7)
            lit = np.gradient(crags, axis=1) * light
            snow = np.linspace(1.0, -1.4, height, dtype=np.float32)[:, None] + 0.55 * crags
            bright = np.clip(snow * 2, 0, 1) * (1.1 - 0.6 * near)
            return tone * (1 + 0.1 * crags + 1.3 * lit) * (1 - bright) + 0.93 * bright

        canvas.surface(outline, rock, 0.6)
    shore = int(h * float(rng.uniform(0.86, 1.05)))
    if rng.random() < 0.75:
        water(canvas, rng, horizon, min(h, shore), 0.4)
        if shore < h:
            ground(canvas, rng, shore, 0.3, texture.bank())
        if rng.random() < 0.4:
            x, y, size = w * float(rng.uniform(0.2, 0.8)), horizon + (h - horizon) * 0.45, w * 0.09
            canvas.polygon(
                [
                    (x - size, y),
                    (x + size, y),
                    (x + size * 0.7, y + size * 0.3),
                    (x - size * 0.7, y + size * 0.3),
                ],
                0.15,
            )
            canvas.polygon(
                [(x, y - 2), (x, y - size * 2.2), (x + size * 0.9, y - size * 0.2)], 0.92
            )
    else:
        ground(canvas, rng, horizon, 0.42, texture.bank())
    for _ in range(int(rng.integers(2, 10))):
        _fir(
            canvas,
            rng,
            w * float(rng.random()),
            h * float(rng.uniform(0.9, 1.02)),
            h * float(rng.uniform(0.15, 0.5)),
        )
    return "Bergsee" if shore < h else "Gebirge"


def _ridge(rng: np.random.Generator, width: int, peaks: int) -> np.ndarray:
    """The outline of a range, 0..1: tents of unlike height and slope, roughened."""
    x = np.linspace(0, 1, width, dtype=np.float32)
    line = np.full(width, 0.15, np.float32)
    for _ in range(peaks):
        top, middle = float(rng.uniform(0.35, 1.0)), float(rng.uniform(-0.05, 1.05))
        left, right = rng.uniform(1.2, 3.6, 2)
        away = x - middle
        line = np.maximum(line, top - np.where(away < 0, -left * away, right * away))
    rough = texture.fractal(rng, 3, width, 1.6)[1]
    return np.clip(line * (1 + 0.05 * rough), 0.05, 1)


def _fir(canvas: Canvas, rng: np.random.Generator, x: float, y: float, tall: float) -> None:
    tone = float(rng.uniform(0.05, 0.2))
    canvas.stroke([(x, y), (x, y - tall)], tall * 0.03, tone)
    tiers = max(5, int(tall / 11))
    for tier in range(tiers):
        top = y - tall + tall * 0.85 * tier / tiers
        wide = tall * 0.23 * (tier + 1) / tiers * float(rng.uniform(0.8, 1.2))
        canvas.polygon(
            [
                (x, top - tall * 0.05),
                (x + wide, top + tall * 0.12),
                (x + wide * 0.2, top + tall * 0.09),
                (x - wide * 0.9, top + tall * 0.13),
            ],
            tone * float(rng.uniform(0.8, 1.4)),
        )


def beach(canvas: Canvas, rng: np.random.Generator, light: float) -> str:
    """Sea, surf, sand, hooded chairs, parasols and bathers."""
    w, h = canvas.width, canvas.height
    horizon = int(h * float(rng.uniform(0.26, 0.5)))
    open_sky(canvas, rng, horizon)
    shore = int(horizon + (h - horizon) * float(rng.uniform(0.2, 0.45)))
    canvas.put(np.full((shore - horizon, w), 0.5), 0, horizon)
    water(canvas, rng, horizon, shore + 4, float(rng.uniform(0.4, 0.7)))
    for _ in range(int(rng.integers(0, 3))):
        x, size = w * float(rng.random()), w * float(rng.uniform(0.02, 0.06))
        canvas.polygon(
            [(x, horizon), (x, horizon - size * 1.8), (x + size, horizon - size * 0.2)], 0.9
        )
        canvas.box(x - size * 0.5, horizon - 1, x + size, horizon + size * 0.2, 0.2)
    ground(canvas, rng, shore, float(rng.uniform(0.62, 0.82)), texture.bank())
    surf = texture.fractal(rng, 3, w, 9)[1] * 4
    for offset, tone in ((0, 0.95), (-9, 0.85), (6, 0.5)):
        canvas.stroke([(x, shore + offset + surf[x]) for x in range(0, w, 4)], 4, tone)
    stands = sorted(float(rng.uniform(0.05, 0.95)) for _ in range(int(rng.integers(5, 22))))
    for near in stands:
        y, x = shore + (h - shore) * near, w * float(rng.random())
        tall = h * (0.06 + 0.26 * near)
        pick = rng.random()
        if pick < 0.3:
            tone = float(rng.uniform(0.35, 0.75))
            canvas.shade(
                [
                    (x, y),
                    (x + tall * 0.5, y),
                    (x + tall * (0.5 + light), y - 4),
                    (x + tall * light, y - 5),
                ],
                0.5,
                2,
            )
            canvas.polygon(
                [
                    (x, y),
                    (x, y - tall * 0.6),
                    (x + tall * 0.2, y - tall * 0.75),
                    (x + tall * 0.55, y - tall * 0.6),
                    (x + tall * 0.5, y),
                ],
                tone,
            )
            canvas.box(
                x + tall * 0.08, y - tall * 0.5, x + tall * 0.42, y - tall * 0.12, tone * 0.35
            )
            for row in range(4):
                canvas.box(
                    x + tall * 0.08,
                    y - tall * (0.3 - 0.05 * row),
                    x + tall * 0.42,
                    y - tall * (0.28 - 0.05 * row),
                    0.85,
                )
        elif pick < 0.5:
            canvas.stroke([(x, y), (x + tall * 0.06, y - tall * 0.8)], 2, 0.25)
            for part in range(6):
                a = np.pi * np.array([part, part + 1]) / 6
                rim = [
                    (x + tall * (0.06 + 0.5 * np.cos(v)), y - tall * (0.62 + 0.28 * np.sin(v)))
                    for v in a
                ]
                canvas.polygon(
                    [(x + tall * 0.06, y - tall * 0.92), *rim], 0.85 if part % 2 else 0.3
                )
        else:
            kind = str(rng.choice(KINDS))
            figure = person(
                rng,
                tall * 0.8,
                "boy" if kind == "woman" else kind,
                str(rng.choice(["stand", "walk", "akimbo", "point"])),
                str(rng.choice(["front", "back", "side"])),
                light,
                0.25,
            )
            canvas.stand(figure, x, y, 0.6, light)
    return "Strand"
