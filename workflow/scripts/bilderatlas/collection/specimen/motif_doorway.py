"""The motif of a doorway, seen frontally."""

from __future__ import annotations

import numpy as np

from bilderatlas.collection.specimen import facade, texture
from bilderatlas.collection.specimen.canvas import (
    Canvas,
)
from bilderatlas.collection.specimen.figures import TALL, person
from bilderatlas.collection.specimen.motif_street import STREETS
from bilderatlas.collection.specimen.shot import Shot


def invent_doorway(rng: np.random.Generator) -> tuple[dict[str, str], str]:
    """Facts and title of a doorway."""
    what = {
        "Hauseingang": "flat",
        "Portal": "arch",
        "Toreinfahrt": "arch",
        "Haustür": "flat",
        "Kellereingang": "flat",
        "Hofdurchgang": "arch",
    }
    who = {
        "": "",
        " mit Frau": "woman",
        " mit zwei Jungen": "boy boy",
        " mit Kindern": "girl boy girl",
        " mit Hausmeister": "man",
        " mit Wäscherin": "woman",
        ", Frau mit Kind": "woman girl",
    }
    name, guest = str(rng.choice(list(what))), str(rng.choice(list(who)))
    number = int(rng.integers(2, 60))
    title = f"{name} {rng.choice(STREETS)} {number}{guest}".replace("Am Krögel", "im Krögel")
    return {"kind": what[name], "who": who[guest], "number": str(number)}, title


def draw_doorway(shot: Shot) -> np.ndarray:
    """A door, seen frontally, with steps, wall, signs and whoever stands there."""
    place, moment, size = shot.place, shot.moment, shot.unit
    canvas = Canvas(shot.width, shot.height)
    w, h = shot.width, shot.height
    wall = float(place.uniform(0.38, 0.72))
    front = (
        texture.bricks(place, h, w, wall, int(size / 75))
        if place.random() < 0.25
        else (texture.plaster(place, h, w, wall))
    )
    canvas.put(facade.light_edge(front, shot.light))
    for _ in range(int(place.integers(0, 4))):  # plaster has come off: bricks underneath
        x, y, r = w * place.random(), h * place.random(), size * float(place.uniform(0.03, 0.09))
        around = np.linspace(0, 6.28, 14)
        torn = [
            (
                x + r * float(place.uniform(0.5, 1.4)) * np.cos(a),
                y + r * float(place.uniform(0.4, 1)) * np.sin(a),
            )
            for a in around
        ]
        canvas.surface(
            torn, lambda a, b: texture.bricks(place, a, b, wall * 0.72, int(size / 80)), 0.7
        )
    tall = min(h * 0.74, size * 0.62 * float(place.uniform(0.8, 1.1)) * shot.habit.closeness)
    wide = tall * float(place.uniform(0.42, 0.62))
    ground = h * float(np.clip(place.normal(0.87, 0.03), 0.8, 0.93))
    steps = int(place.integers(1, 5))
    rise = size * 0.022
    sill = ground - steps * rise
    x = w * float(np.clip(place.normal(0.5, 0.09), 0.33, 0.67)) - wide / 2
    y = sill - tall
    for side in (-1, 1):  # windows beside the door
        u = x + wide / 2 + side * wide * float(place.uniform(1.2, 1.5)) - wide * 0.3
        if place.random() < 0.8:
            facade.window(canvas, place, u, y + tall * 0.2, wide * 0.6, tall * 0.5, wall)
    stone = min(0.88, wall * float(place.uniform(1.15, 1.5)))
    arch = shot.facts["kind"] == "arch"
    rim = wide * 0.16
    if arch:
        canvas.ellipse(x + wide / 2, y, wide / 2 + rim, wide / 2 + rim, stone)
    canvas.box(x - rim, y - (0 if arch else rim), x + wide + rim, sill, stone)
    if not arch:
        canvas.box(x - rim * 1.5, y - rim * 1.7, x + wide + rim * 1.5, y - rim, stone * 1.12)
        canvas.box(x - rim * 1.5, y - rim, x + wide + rim * 1.5, y - rim * 0.75, stone * 0.5)
    deep = float(place.uniform(0.06, 0.14))
    if arch:
        canvas.ellipse(x + wide / 2, y, wide / 2, wide / 2, deep)
        for ray in np.linspace(0.2, 2.94, 6):
            canvas.stroke(
                [
                    (x + wide / 2, y),
                    (x + wide / 2 + np.cos(ray) * wide * 0.48, y - np.sin(ray) * wide * 0.48),
                ],
                4,
                0.3,
            )
    canvas.box(x, y, x + wide, sill, deep)
    opened = float(place.choice([0, 0, 0.5, 1.0]))
    if opened < 1:  # closed, or one wing open to the dark hall
        part = wide * (1 - opened)
        facade.panelled_door(
            canvas, place, x, y + rim * 0.2, part, tall - rim * 0.2, 1 if opened else 2
        )
    else:
        inner = texture.receding(texture.bank(), place, int(tall * 0.3), int(wide), wide / 2, 2)
        canvas.put(0.14 + 0.05 * inner, int(x), int(sill - tall * 0.3))
        canvas.box(x + wide * 0.36, y + tall * 0.32, x + wide * 0.64, sill - tall * 0.22, 0.72)
    shadow = wide * 0.13 * (1 if shot.light > 0 else -1)
    edge = x if shot.light > 0 else x + wide
    canvas.shade(
        [(edge, y), (edge + shadow, y + abs(shadow)), (edge + shadow, sill), (edge, sill)], 0.45
    )
    canvas.shade([(x, y), (x + wide, y), (x + wide, y + rim), (x, y + rim)], 0.5, 2)
    facade.lettering(
        canvas, shot.facts["number"], x + wide + rim * 2.2, y + tall * 0.12, size * 0.03, 0.9
    )
    _street_floor(canvas, shot, ground, x, wide, steps, rise, stone, wall)
    if place.random() < 0.6:  # the shadow of the house across, cut off slantwise
        drop = float(place.uniform(0.1, 0.6)) * h
        slant = float(place.uniform(0.2, 0.7)) * h * (1 if shot.light > 0 else -1)
        canvas.shade([(0, 0), (w, 0), (w, drop - slant / 2), (0, drop + slant / 2)], 0.62, 3)
    for index, kind in enumerate(shot.facts["who"].split()):
        figure_size = tall * (TALL[kind] / 2.45)
        inside = index == 0 and moment.random() < 0.6
        u = (
            x
            + wide * float(moment.uniform(0.3, 0.7))
            + (
                0
                if inside
                else wide * float(moment.choice([-1, 1])) * float(moment.uniform(0.55, 1.1))
            )
        )
        v = sill + 3 if inside else ground + size * float(moment.uniform(0.015, 0.05))
        figure = person(
            moment,
            figure_size,
            kind,
            str(moment.choice(["stand", "akimbo", "carry"])),
            "front",
            shot.light,
        )
        canvas.stand(figure, u, v, 0.75, shot.light * 0.5)
    return canvas.array()


def _street_floor(canvas: Canvas, shot: Shot, ground, x, wide, steps, rise, stone, wall) -> None:
    place, rows = shot.place, int(shot.height - ground)
    # a step aside moves what lies before the wall, and the wall not at all: it fills the picture
    aside = shot.parallax(max(rows, 2) * 3)
    centre = shot.width / 2 - aside * 2 / 3
    flat = texture.receding(
        texture.cobbles(), place, max(rows, 2) * 3, shot.width, centre, 1.4, across=aside
    )
    canvas.put(wall * 0.9 * (1.05 + 0.14 * flat[-max(rows, 2) :]), 0, int(ground))
    canvas.shade(
        [(0, ground), (shot.width, ground), (shot.width, ground + 9), (0, ground + 9)], 0.5, 3
    )
    for step in range(steps):
        reach = wide * (0.16 + 0.09 * (steps - step))
        top = ground - (step + 1) * rise
        left = x + shot.parallax((steps - step) * rise)
        canvas.box(left - reach, top, left + wide + reach, top + rise, stone * 0.72)
        light = min(0.95, stone * 1.12)
        canvas.box(left - reach, top, left + wide + reach, top + rise * 0.35, light)
