"""The motif of a figure, or two, with a handcart on open land."""

from __future__ import annotations

import numpy as np

from bilderatlas.collection.specimen import things
from bilderatlas.collection.specimen.canvas import (
    Canvas,
)
from bilderatlas.collection.specimen.figures import person
from bilderatlas.collection.specimen.land import open_land, scatter
from bilderatlas.collection.specimen.shot import Shot
from bilderatlas.collection.specimen.trees import tufts

WHO = {
    "Frau": ["woman"],
    "Mann": ["man"],
    "Alte Frau": ["woman"],
    "Zwei Frauen": ["woman", "woman"],
    "Frau und Kind": ["woman", "girl"],
    "Mann und Frau": ["man", "woman"],
    "Frau mit Sohn": ["woman", "boy"],
    "Reisigsammlerin": ["woman"],
    "Junge": ["boy"],
    "Zwei Jungen": ["boy", "boy"],
}


LOAD = {
    "mit Handwagen": "empty",
    "mit reisigbeladenem Handwagen": "brushwood",
    "mit Karren voller Säcke": "sacks",
    "mit Hausrat auf dem Handwagen": "furniture",
    "beim Holzholen": "brushwood",
}


WHERE = {
    "auf freiem Feld": "plain",
    "vor der Silhouette der Vorstadt": "town",
    "am Waldrand": "wood",
    "auf dem Sandweg": "track",
    "auf dem Heimweg": "track",
    "vor der Westend-Kolonie": "town",
    "bei den drei Pappeln": "poplars",
    "am Bahndamm": "poles",
}


def invent_cart(rng: np.random.Generator) -> tuple[dict[str, str], str]:
    """Facts and title of a scene with a cart."""
    who, load, where = (str(rng.choice(list(table))) for table in (WHO, LOAD, WHERE))
    return {"who": who, "load": LOAD[load], "where": WHERE[where]}, f"{who} {load} {where}"


def draw_cart(shot: Shot) -> np.ndarray:
    """A figure, or two, with a handcart on open land; tones (height, width)."""
    canvas = Canvas(shot.width, shot.height)
    horizon, where = shot.horizon(), shot.facts["where"]
    soil = open_land(canvas, shot, horizon, where)
    scatter(canvas, shot, horizon, where)
    if not shot.winter:
        tufts(canvas, shot.place, horizon, int(shot.place.integers(60, 500)), soil * 0.8)
    moment = shot.moment
    close = shot.habit.closeness * float(shot.place.uniform(0.7, 1.25))
    tall = shot.unit * 0.36 * close
    ground = min(canvas.height * 0.97, horizon + tall * float(shot.place.uniform(0.72, 0.95)))
    x = canvas.width * float(np.clip(moment.normal(0.5, 0.1), 0.3, 0.7))
    leftward = bool(shot.place.random() < 0.5)
    side = -1 if leftward else 1
    wagon = things.cart(
        shot.place,
        tall * float(shot.place.uniform(0.75, 0.95)),
        shot.facts["load"],
        shot.light * side,
    )
    wagon = wagon.mirrored() if leftward else wagon
    pulls = bool(moment.random() < 0.65)
    canvas.stand(wagon, x - side * tall * 0.25 * (1 if pulls else -1), ground, 0.8, shot.light)
    who = WHO[shot.facts["who"]]
    for index, kind in enumerate(who):
        grown = kind in ("woman", "man")
        facing, pose = "side", "pull" if pulls else "push"
        reach = 0.52 if pulls else -0.62
        if index:
            facing = str(moment.choice(["front", "side", "back"]))
            pose, reach = (
                str(moment.choice(["stand", "walk", "carry"])),
                float(moment.choice([-1.0, 1.0])),
            )
        elif moment.random() < 0.25:
            facing, pose = "front", "stand"
        figure = person(
            moment,
            tall * (1 if grown else 0.74),
            kind,
            pose,
            facing,
            shot.light * (side if facing == "side" else 1),
        )
        figure = figure.mirrored() if leftward and facing == "side" else figure
        canvas.stand(
            figure,
            x + side * tall * reach,
            ground + tall * float(moment.uniform(0, 0.05)),
            0.85,
            shot.light,
        )
    return canvas.array()
