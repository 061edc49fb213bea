"""A bust or half-length figure: clothes, collar, face."""

from __future__ import annotations

import numpy as np

from bilderatlas.collection.specimen.canvas import (
    Canvas,
)
from bilderatlas.collection.specimen.face import Brush, paint_face, paint_hair
from bilderatlas.collection.specimen.shot import Shot


def paint_bust(canvas: Canvas, shot: Shot) -> None:
    """Paint a sitter down to the chest or the knees, filling the picture's middle."""
    place, moment, h = shot.place, shot.moment, shot.height
    who, light = shot.facts["who"], shot.light if abs(shot.light) > 0.25 else 0.4
    three = shot.facts["view"] == "three"
    size = (
        h
        * (0.1 if three else 0.155)
        * float(place.uniform(0.85, 1.12))
        * (0.6 + 0.4 * shot.habit.closeness)
    )
    size = min(size, shot.width * 0.2)
    x = shot.width * float(np.clip(moment.normal(0.5, 0.025), 0.42, 0.58))
    y = h * (0.27 if three else 0.38) + size * float(moment.normal(0, 0.08))
    brush = Brush(canvas, x, y, size)
    skin = float(place.uniform(0.62, 0.8))
    turn = float(np.clip(place.normal(0, 0.16) + moment.normal(0, 0.04), -0.3, 0.3))
    hair = float(place.choice([0.06, 0.12, 0.25, 0.5, 0.75]))
    female = who in ("woman", "girl")
    wide = float(place.uniform(0.68, 0.8))
    if female:
        brush.oval(-turn * 0.3, -0.25, wide * 1.32, 1.05, hair, 0.06)
        if who == "girl":
            brush.paint([(-0.95, -0.2), (0.95, -0.2), (1.05, 1.4), (-1.05, 1.4)], hair * 0.9, 0.09)
    _clothes(brush, shot, female, skin, light)
    paint_face(brush, place, wide, skin, turn, light)
    paint_hair(brush, place, who, shot.facts["title"], wide, hair, turn, light)
    if place.random() < 0.3:  # a vignette: the picture fades to the paper
        rows, columns = np.mgrid[-1 : 1 : shot.height * 1j, -1 : 1 : shot.width * 1j].astype(
            np.float32
        )
        fade = np.clip((rows**2 + columns**2 - 0.55) * 2.2, 0, 1)
        canvas.put(canvas.array() * (1 - fade) + 0.88 * fade)


def _clothes(brush: Brush, shot: Shot, female: bool, skin: float, light: float) -> None:
    place = shot.place
    tone = (
        float(place.uniform(0.06, 0.35))
        if place.random() < 0.65
        else float(place.uniform(0.5, 0.8))
    )
    broad = float(place.uniform(1.65, 1.95)) * (0.85 if female else 1)
    down = (brush.canvas.height - brush.y) / brush.size + 1
    body = [(-0.42, 1.15), (0.42, 1.15), (broad * 0.7, 1.48), (broad, 1.9), (broad * 1.12, 3.2)]
    waist = broad * (0.62 if female else 0.85)
    body += [
        (waist, 4.6),
        (broad * 1.05, 6.5),
        (broad * 1.2, down),
        (-broad * 1.2, down),
        (-broad * 1.05, 6.5),
    ]
    body += [(-waist, 4.6), (-broad * 1.12, 3.2), (-broad, 1.9), (-broad * 0.7, 1.48)]
    brush.paint(body, tone, 0.04)
    for side in (-1, 1):  # modelling: the side away from the light sinks
        shade = tone * (1.3 if side * light < 0 else 0.6)
        brush.paint(
            [
                (side * broad * 0.62, 1.6),
                (side * broad, 1.95),
                (side * broad * 1.1, 3.4),
                (side * broad * 0.72, 4.4),
            ],
            shade,
            0.22,
            0.8,
        )
        brush.line(
            [(side * broad * 0.8, 2.3), (side * broad * 0.72, 3.3), (side * broad * 0.78, 4.6)],
            0.05,
            tone * 0.5,
            0.05,
        )
    for _ in range(7):
        u = float(place.uniform(-0.8, 0.8)) * broad
        brush.paint(
            [(u, 2.0), (u + 0.07, 2.0), (u * 0.8 + 0.1, 4.5), (u * 0.8, 4.5)],
            tone * float(place.choice([0.65, 1.3])),
            0.07,
            0.6,
        )
    brush.paint(
        [(-0.34, 0.6), (0.34, 0.6), (0.42, 1.35), (0, 1.6), (-0.42, 1.35)], skin * 0.8, 0.04
    )
    brush.paint([(-0.36, 0.75), (0.36, 0.75), (0.3, 1.1), (-0.34, 1.05)], skin * 0.5, 0.1, 0.8)
    if female:
        brush.paint([(-0.44, 1.05), (0.44, 1.05), (0.5, 1.4), (-0.5, 1.4)], 0.84, 0.03)
        for fold in np.linspace(-0.4, 0.4, 9):
            brush.line([(fold, 1.08), (fold + 0.01, 1.24), (fold + 0.02, 1.38)], 0.02, 0.6, 0.012)
        if place.random() < 0.6:
            brush.oval(0, 1.5, 0.12, 0.15, 0.3, 0.02)
            brush.oval(-0.03, 1.46, 0.05, 0.06, 0.75, 0.02)
        if place.random() < 0.5:
            for button in range(5):
                brush.oval(0, 1.9 + 0.45 * button, 0.06, 0.06, tone * 2 + 0.1, 0.015)
    else:
        brush.paint([(-0.4, 1.12), (0.4, 1.12), (0.5, 1.3), (0, 2.7), (-0.5, 1.3)], 0.86, 0.02)
        brush.paint([(-0.13, 1.34), (0.13, 1.34), (0.2, 2.4), (0, 2.7), (-0.2, 2.4)], 0.12, 0.02)
        for side in (-1, 1):
            brush.paint(
                [
                    (side * 0.46, 1.18),
                    (side * 0.95, 1.55),
                    (side * 0.72, 2.1),
                    (side * 0.88, 2.2),
                    (0, 3.1),
                    (side * 0.28, 2.2),
                ],
                tone * (1.35 if side * light < 0 else 0.8) + 0.02,
                0.025,
            )
        if shot.facts["title"].endswith("Soldaten"):
            for button in range(6):
                brush.oval(0.12, 1.8 + 0.4 * button, 0.07, 0.07, 0.85, 0.012)
        brush.oval(0.05, 3.3, 0.06, 0.06, tone * 2 + 0.1, 0.015)
