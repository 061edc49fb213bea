"""The motif of a crowd on a square or at a fair."""

from __future__ import annotations

import numpy as np

from bilderatlas.collection.specimen.canvas import (
    Canvas,
)
from bilderatlas.collection.specimen.figures import KINDS, person
from bilderatlas.collection.specimen.shot import Shot
from bilderatlas.collection.specimen.square import backdrop


def invent_crowd(rng: np.random.Generator) -> tuple[dict[str, str], str]:
    """Facts and title of a crowd."""
    what = {
        "Zuschauer": "back",
        "Menschenmenge": "mixed",
        "Festbesucher": "front",
        "Wartende": "mixed",
        "Gruppe von Arbeitern": "front",
        "Sonntagsausflügler": "front",
        "Marktpublikum": "mixed",
        "Schaulustige": "back",
    }
    where = {
        "auf dem Rummelplatz": "tents",
        "vor dem Festzelt": "tents",
        "auf dem Marktplatz": "houses",
        "am Bahnhof": "hall",
        "vor der Fabrik": "hall",
        "auf der Wiese": "wood",
        "am Schlossplatz": "houses",
        "bei der Parade": "houses",
        "in der Gartenkolonie": "wood",
    }
    name, place = str(rng.choice(list(what))), str(rng.choice(list(where)))
    return {"facing": what[name], "where": where[place]}, f"{name} {place}"


def draw_crowd(shot: Shot) -> np.ndarray:
    """Rows of people, the far ones pale and small, the near ones dark; tones (height, width)."""
    canvas = Canvas(shot.width, shot.height)
    place, moment, size = shot.place, shot.moment, shot.unit
    horizon = int(
        shot.height * float(np.clip(shot.habit.horizon * 0.7 + place.normal(0.08, 0.03), 0.3, 0.58))
    )
    backdrop(canvas, shot, horizon, shot.facts["where"])
    close = shot.habit.closeness * float(place.uniform(0.75, 1.2))
    rows = int(place.integers(4, 8))
    gap = float(place.uniform(0.0, 0.25))
    for row in range(rows):
        near = (row + 0.6) / rows
        tall = size * (0.07 + 0.30 * near**1.7) * close
        y = horizon + tall * 0.92 + (canvas.height * 0.12) * near * (1 - close * 0.4)
        # far rows hide behind the near ones: there are at most 26 heads in a row
        step = max(tall * float(place.uniform(0.28, 0.5)), canvas.width / 26)
        x = -step * float(moment.random())
        while x < canvas.width + step:
            x += step * float(moment.uniform(0.6, 1.5))
            if moment.random() < gap + 0.15 * (near > 0.8):
                continue
            facing = shot.facts["facing"]
            if facing == "mixed" or moment.random() < 0.2:
                facing = str(moment.choice(["front", "back", "side"]))
            kind = str(moment.choice(KINDS, p=[0.34, 0.46, 0.1, 0.1]))
            small = 0.74 if kind in ("girl", "boy") else 1.0
            pose = str(
                moment.choice(
                    ["stand", "stand", "walk", "akimbo", "point"], p=[0.4, 0.25, 0.2, 0.11, 0.04]
                )
            )
            figure = person(
                moment,
                tall * small * float(moment.uniform(0.94, 1.06)),
                kind,
                pose,
                facing,
                shot.light,
                0.42 * (1 - near),
            )
            canvas.stand(
                figure,
                x,
                y + tall * float(moment.normal(0, 0.035)),
                0.4 if row % 2 else 0,
                shot.light * 0.5,
            )
    if place.random() < 0.4:  # flags over their heads
        for _ in range(int(place.integers(1, 4))):
            x, y = canvas.width * place.random(), horizon - size * float(place.uniform(0.1, 0.3))
            canvas.stroke([(x, y), (x, horizon + size * 0.1)], 3, 0.2)
            for stripe, tone in enumerate((0.1, 0.9, 0.3)):
                v = y + stripe * size * 0.022
                canvas.polygon(
                    [
                        (x, v),
                        (x + size * 0.12, v + size * 0.012),
                        (x + size * 0.12, v + size * 0.034),
                        (x, v + size * 0.022),
                    ],
                    tone,
                )
    return canvas.array()
