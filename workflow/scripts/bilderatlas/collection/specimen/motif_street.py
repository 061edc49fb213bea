"""The motif of a street in perspective."""

from __future__ import annotations

import itertools

import numpy as np

from bilderatlas.collection.specimen import facade, texture, things
from bilderatlas.collection.specimen.canvas import (
    Canvas,
    grey,
    warp,
)
from bilderatlas.collection.specimen.figures import KINDS, TALL, person
from bilderatlas.collection.specimen.shot import EYE_HEIGHT, Shot
from bilderatlas.collection.specimen.trees import treeline

STREETS = (
    "Parochialstraße",
    "Waisenstraße",
    "Am Krögel",
    "Rosenstraße",
    "Fischerstraße",
    "Petristraße",
    "Kleine Gasse",
    "Sophienstraße",
    "Mühlendamm",
    "Brüderstraße",
    "Jüdenhof",
    "Holzmarktstraße",
    "Spreegasse",
    "Linienstraße",
    "Spandauer Straße",
)


def invent_street(rng: np.random.Generator) -> tuple[dict[str, str], str]:
    """Facts and title of a street."""
    views = {
        "": "any",
        ", Blick zur Kirche": "church",
        ", Blick nach Westen": "any",
        ", Morgensonne": "any",
        " mit Passanten": "busy",
        ", menschenleer": "empty",
        " mit Fuhrwerk": "cart",
        ", Ecke Wallstraße": "any",
    }
    view = str(rng.choice(list(views)))
    return {"view": views[view]}, f"{rng.choice(STREETS)}{view}"


class Eye:
    """A camera at eye level: ground coordinates in metres to px."""

    def __init__(self, x: float, y: float, focal: float, step: float = 0.0):
        self.x, self.y, self.focal, self.step = x, y, focal, step

    def __call__(self, across: float, up: float, deep: float) -> tuple[float, float]:
        return (
            self.x + self.focal * (across - self.step) / deep,
            self.y - self.focal * (up - EYE_HEIGHT) / deep,
        )


def draw_street(shot: Shot) -> np.ndarray:
    """Two rows of houses running to a vanishing point; tones (height, width)."""
    place, moment = shot.place, shot.moment
    canvas = Canvas(shot.width, shot.height)
    horizon = int(shot.height * float(np.clip(shot.habit.horizon * 0.55 + 0.28, 0.42, 0.64)))
    wide = float(place.uniform(3.6, 7.5))
    focal = shot.unit * float(place.uniform(0.75, 1.0)) * (0.6 + 0.4 * shot.habit.closeness)
    eye = Eye(
        shot.width * float(np.clip(place.normal(0.5, 0.17), 0.18, 0.82)), horizon, focal, shot.step
    )
    rim = float(place.uniform(0.78, 0.95))
    canvas.put(texture.sky(place, horizon + 4, shot.width, 0.5 * place.random(), rim - 0.12, rim))
    rows = shot.height - horizon
    stones = texture.cobbles() if place.random() < 0.75 else texture.bank()
    tone = float(place.uniform(0.36, 0.56))
    pave = texture.receding(stones, place, rows, shot.width, eye.x, 1.1, across=shot.parallax(rows))
    canvas.put(tone * (1.1 + 0.13 * pave) * np.linspace(1.15, 0.85, rows)[:, None], 0, horizon)
    _closing(canvas, shot, eye, wide, rim)
    for side in (-1, 1):
        _row(canvas, shot, eye, side, wide, rim)
    for side in (-1, 1):  # pavements with their kerb
        inner, outer = side * wide * 0.62, side * wide
        canvas.shade(
            [eye(inner, 0, 60), eye(outer, 0, 60), eye(outer, 0, 1.5), eye(inner, 0, 1.5)], 1.22
        )
        canvas.shade(
            [
                eye(inner, 0, 60),
                eye(inner * 0.975, 0, 60),
                eye(inner * 0.975, 0, 1.5),
                eye(inner, 0, 1.5),
            ],
            0.6,
        )
    dark = -1 if shot.light < 0 else 1  # the shaded side is where the light comes from
    reach = dark * -wide * float(place.uniform(-0.5, 0.7))
    canvas.shade(
        [
            eye(-dark * wide, 0, 70),
            eye(reach, 0, 70),
            eye(reach, 0, 1.4),
            eye(-dark * wide, 0, 1.4),
        ],
        0.58,
        3,
    )
    _people(canvas, shot, eye, wide)
    if shot.facts["view"] == "cart" or moment.random() < 0.25:
        deep = float(place.uniform(6, 14))
        wagon = things.cart(place, focal * 1.9 / deep, "sacks", shot.light)
        x, y = eye(wide * 0.4 * float(place.choice([-1, 1])), 0, deep)
        canvas.stand(wagon, x, y, 0.7, shot.light)
    return canvas.array()


def _closing(canvas: Canvas, shot: Shot, eye: Eye, wide: float, rim: float) -> None:
    """What closes the view: a house across, or a church tower in the haze."""
    place = shot.place
    tone = rim * float(place.uniform(0.72, 0.9))
    top = float(place.uniform(9, 17))
    left, up = eye(-wide * 1.6, top, 62)
    right, down = eye(wide * 1.6, 0, 62)
    canvas.box(left, up, right, down, tone)
    for row in range(4):
        for column in range(9):
            x, y = left + (right - left) * (column + 0.4) / 9, up + (down - up) * (row + 0.4) / 4.6
            canvas.box(x, y, x + (right - left) * 0.03, y + (down - up) * 0.1, tone * 0.85)
    if place.random() < 0.35:
        treeline(canvas, place, down + 2, (down - up) * 0.9, tone * 0.55, shot.light)
    if shot.facts["view"] == "church" or place.random() < 0.15:
        x = float(place.uniform(-wide, wide))
        (a, b), (c, _) = eye(x - 2.6, 34, 66), eye(x + 2.6, 34, 66)
        canvas.box(a, b, c, down, tone * 0.86)
        canvas.polygon([(a, b), ((a + c) / 2, eye(x, 58, 66)[1]), (c, b)], tone * 0.78)
        canvas.ellipse((a + c) / 2, b + (c - a) * 0.5, (c - a) * 0.2, (c - a) * 0.2, tone * 1.2)


def _row(canvas: Canvas, shot: Shot, eye: Eye, side: int, wide: float, rim: float) -> None:
    """The houses of one side, from the far end to the near."""
    place = shot.place
    edges = [float(place.uniform(1.2, 2.0))]
    while edges[-1] < 60:
        edges.append(edges[-1] + float(place.uniform(6, 15)))
    lit = 1.12 if side * shot.light < 0 else 0.66
    for near, far in reversed(list(itertools.pairwise(edges))):
        storeys = int(place.integers(2, 5))
        tall = storeys * float(place.uniform(3.1, 3.7)) + 1
        metres = far - near
        detail = 26 if near < 14 else 12
        front = facade.front(
            place, int(metres * detail), int(tall * detail), storeys, max(2, round(metres / 2.6))
        )
        haze = min(0.72, 0.012 * near + 0.02)
        tones = front.array() * lit * (1 - haze) + rim * 0.85 * haze
        image = grey(tones)
        if side > 0:
            corners = [
                eye(wide, tall, far),
                eye(wide, tall, near),
                eye(wide, 0, near),
                eye(wide, 0, far),
            ]
        else:
            corners = [
                eye(-wide, tall, near),
                eye(-wide, tall, far),
                eye(-wide, 0, far),
                eye(-wide, 0, near),
            ]
        across, up = side * (wide + 2.5), tall + float(place.uniform(1.5, 3.2))
        roof = (0.3 * lit) * (1 - haze) + rim * 0.85 * haze
        canvas.polygon(
            [
                eye(side * wide, tall, near),
                eye(side * wide, tall, far),
                eye(across, up, far),
                eye(across, up, near),
            ],
            roof,
        )
        for _ in range(2):
            deep = float(place.uniform(near, far))
            (a, b), (c, d) = eye(across, up + 0.9, deep), eye(across + 0.8, up - 6, deep)
            canvas.box(min(a, c), b, max(a, c), d, roof * 0.8)
        warped, mask = warp(image, corners, canvas.image.size)
        canvas.image.paste(warped, (0, 0), mask)


def _people(canvas: Canvas, shot: Shot, eye: Eye, wide: float) -> None:
    moment, view = shot.moment, shot.facts["view"]
    many = {"empty": (0, 1), "busy": (9, 18)}.get(view, (2, 10))
    count = int(moment.integers(*many))
    spots = sorted((float(moment.uniform(4.5, 26)) for _ in range(count)), reverse=True)
    for deep in spots:
        kind = str(moment.choice(KINDS, p=[0.35, 0.4, 0.12, 0.13]))
        pose = str(moment.choice(["stand", "walk", "carry", "akimbo"]))
        facing = str(moment.choice(["front", "back", "side"]))
        tall = eye.focal * TALL[kind] / deep
        figure = person(moment, tall, kind, pose, facing, shot.light, min(0.4, 0.011 * deep))
        figure = figure.mirrored() if moment.random() < 0.5 else figure
        across = wide * float(
            moment.choice(
                [moment.uniform(-0.95, -0.6), moment.uniform(0.6, 0.95), moment.uniform(-0.5, 0.5)]
            )
        )
        canvas.stand(figure, *eye(across, 0, deep), 0.75, shot.light * 0.7)
