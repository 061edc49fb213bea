"""A painted face and its hair, in face coordinates."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from bilderatlas.collection.specimen.canvas import (
    Canvas,
    blurred,
    level,
)


class Brush:
    """Soft shapes in face coordinates: 0 is the middle of the face, 1 half its height."""

    def __init__(self, canvas: Canvas, x: float, y: float, size: float):
        self.canvas, self.x, self.y, self.size = canvas, x, y, size

    def paint(self, points, tone: float, soft: float = 0.02, strength: float = 1.0) -> None:
        """A filled outline with a soft edge."""
        where = [(self.x + u * self.size, self.y + v * self.size) for u, v in points]
        radius = soft * self.size
        left, top = (int(min(c) - 3 * radius - 2) for c in zip(*where, strict=True))
        right, bottom = (int(max(c) + 3 * radius + 3) for c in zip(*where, strict=True))
        mask = Image.new("L", (right - left, bottom - top))
        ImageDraw.Draw(mask).polygon(
            [(u - left, v - top) for u, v in where], fill=int(255 * strength)
        )
        self.canvas.image.paste(level(tone), (left, top), blurred(mask, radius))

    def oval(self, x, y, rx, ry, tone, soft=0.03, strength=1.0) -> None:
        """A soft ellipse."""
        around = np.linspace(0, 2 * np.pi, 40)
        self.paint(
            list(zip(x + rx * np.cos(around), y + ry * np.sin(around), strict=True)),
            tone,
            soft,
            strength,
        )

    def line(self, points, width: float, tone: float, soft: float = 0.012) -> None:
        """A soft stroke."""
        top = [(x, y - width / 2) for x, y in points]
        self.paint(top + [(x, y + width / 2) for x, y in reversed(points)], tone, soft)


def paint_face(
    brush: Brush, rng: np.random.Generator, wide: float, skin: float, turn: float, light: float
) -> None:
    """Paint ears, jaw, the shaded side, eyes, nose, mouth; ``turn`` -0.3..0.3 looks aside."""
    for side in (-1, 1):
        brush.oval(side * wide * 0.98 - turn * 0.3, 0.08, 0.12, 0.22, skin * 0.8, 0.03)
    jaw = [
        (-wide, -0.3),
        (-wide * 0.97, 0.25),
        (-wide * 0.72, 0.72),
        (-wide * 0.3, 0.99),
        (wide * 0.3, 0.99),
        (wide * 0.72, 0.72),
        (wide * 0.97, 0.25),
        (wide, -0.3),
        (wide * 0.7, -0.85),
        (0, -1.0),
        (-wide * 0.7, -0.85),
    ]
    brush.paint(jaw, skin, 0.06)
    away = 1 if light > 0 else -1
    brush.paint(
        [
            (away * wide * 0.35, -0.7),
            (away * wide, -0.4),
            (away * wide, 0.4),
            (away * wide * 0.55, 0.9),
            (away * wide * 0.42, 0.3),
        ],
        skin * 0.6,
        0.16,
        0.85,
    )
    brush.oval(-away * wide * 0.45, 0.25, 0.2, 0.16, min(1, skin * 1.18), 0.12, 0.8)
    brush.oval(-away * 0.15 + turn, -0.6, 0.32, 0.17, min(1, skin * 1.15), 0.12, 0.8)
    brush.oval(turn * 0.5, 0.93, 0.4, 0.1, skin * 0.62, 0.09, 0.7)
    for side in (-1, 1):
        u, v = side * 0.34 + turn, -0.1
        narrow = 1 - 0.5 * max(0.0, side * turn)
        brush.oval(u, v - 0.04, 0.2 * narrow, 0.13, skin * 0.58, 0.06, 0.85)
        brush.oval(u, v, 0.135 * narrow, 0.055, 0.82, 0.012)
        brush.oval(u + turn * 0.15, v, 0.058, 0.062, 0.12, 0.012)
        brush.oval(u - 0.02 * away, v - 0.02, 0.015, 0.015, 0.95, 0.004)
        brush.line([(u - 0.15, v - 0.01), (u, v - 0.065), (u + 0.15, v - 0.01)], 0.03, 0.15)
        brush.line(
            [(u - 0.19, v - 0.2), (u, v - 0.26), (u + 0.19, v - 0.2)], 0.05, skin * 0.35, 0.02
        )
    tip = turn * 1.35
    brush.paint(
        [(turn, -0.1), (turn + away * 0.06, -0.1), (tip + away * 0.17, 0.34), (tip, 0.38)],
        skin * 0.68,
        0.035,
        0.9,
    )
    brush.paint(
        [(turn - 0.03, -0.1), (turn + 0.03, -0.1), (tip + 0.04, 0.3), (tip - 0.05, 0.3)],
        min(1, skin * 1.15),
        0.03,
        0.8,
    )
    for side in (-1, 1):
        brush.oval(tip + side * 0.075, 0.37, 0.04, 0.022, skin * 0.35, 0.014)
    brush.oval(tip, 0.46, 0.14, 0.05, skin * 0.78, 0.04, 0.8)
    brush.paint(
        [
            (turn - 0.24, 0.6),
            (turn - 0.06, 0.555),
            (turn, 0.57),
            (turn + 0.06, 0.555),
            (turn + 0.24, 0.6),
            (turn, 0.625),
        ],
        skin * 0.5,
        0.014,
    )
    brush.paint([(turn - 0.2, 0.615), (turn + 0.2, 0.615), (turn, 0.7)], skin * 0.72, 0.025)
    brush.oval(turn, 0.755, 0.14, 0.03, skin * 0.7, 0.03, 0.7)


def paint_hair(
    brush: Brush,
    rng: np.random.Generator,
    who: str,
    title: str,
    wide: float,
    hair: float,
    turn: float,
    light: float,
) -> None:
    """Paint hair, beard and hat over the face."""
    line = -0.62 if who != "man" else float(rng.uniform(-0.78, -0.55))
    parting = float(rng.uniform(-0.4, 0.4))
    brush.paint(
        [
            (-wide * 1.08, 0.02),
            (-wide * 1.12, -0.6),
            (-wide * 0.75, -1.12),
            (0, -1.28),
            (wide * 0.75, -1.12),
            (wide * 1.12, -0.6),
            (wide * 1.08, 0.02),
            (wide * 0.9, -0.35),
            (wide * 0.6, line - 0.02),
            (parting, line - 0.12),
            (-wide * 0.6, line),
            (-wide * 0.9, -0.35),
        ],
        hair,
        0.035,
    )
    for strand in np.linspace(-0.9, 0.9, 13):
        tone = hair * float(rng.uniform(0.6, 1.5)) + 0.05
        brush.line(
            [
                (strand * wide * 0.7, line - 0.12),
                (strand * wide * 0.9, -0.95 + abs(strand) * 0.25),
                (strand * wide * 1.02, -0.55),
            ],
            0.03,
            tone,
            0.025,
        )
    brush.oval(-0.35 * np.sign(light), -1.02, 0.25, 0.07, hair + 0.22, 0.07, 0.7)
    if who == "woman" and "Hut" not in title and rng.random() < 0.7:
        brush.oval(turn * -0.5, -1.35, 0.42, 0.3, hair * 1.1, 0.05)
    if who == "man":
        beard = float(rng.uniform(0.08, 0.65)) if hair > 0.4 else hair * 1.2
        if title.endswith("Schnurrbart") or rng.random() < 0.65:
            tip = turn * 1.2
            brush.paint(
                [
                    (tip - 0.36, 0.58),
                    (tip - 0.2, 0.47),
                    (tip, 0.44),
                    (tip + 0.2, 0.47),
                    (tip + 0.36, 0.58),
                    (tip + 0.1, 0.58),
                    (tip, 0.55),
                    (tip - 0.1, 0.58),
                ],
                beard,
                0.02,
            )
        if title == "Alter Mann" or rng.random() < 0.3:
            brush.paint(
                [
                    (-wide * 0.95, 0.25),
                    (-wide * 0.55, 0.62),
                    (0, 0.72),
                    (wide * 0.55, 0.62),
                    (wide * 0.95, 0.25),
                    (wide * 0.7, 1.1),
                    (0, 1.6),
                    (-wide * 0.7, 1.1),
                ],
                beard + 0.05,
                0.06,
            )
    hatted = (
        "Hut" in title
        or (who != "girl" and rng.random() < 0.18)
        or title.endswith(("Soldaten", "Schwester"))
    )
    if hatted:
        tone = 0.85 if title == "Schwester" else float(rng.choice([0.07, 0.12, 0.78]))
        brim = 1.9 if who == "woman" and title != "Schwester" else 1.12
        brush.oval(0, -0.72, wide * brim, 0.16, tone * 0.8, 0.03)
        brush.paint(
            [
                (-wide, -0.75),
                (wide, -0.75),
                (wide * 0.95, -1.35),
                (wide * 0.4, -1.6),
                (-wide * 0.5, -1.6),
                (-wide * 0.98, -1.3),
            ],
            tone,
            0.04,
        )
        brush.line([(-wide, -0.8), (0, -0.74), (wide, -0.8)], 0.14, 1 - tone, 0.02)
        if brim > 1.5:
            for _ in range(6):
                brush.oval(
                    float(rng.uniform(0, 1)) * wide,
                    -1.2 + float(rng.normal(0, 0.15)),
                    0.2,
                    0.16,
                    float(rng.uniform(0.2, 0.9)),
                    0.04,
                )
