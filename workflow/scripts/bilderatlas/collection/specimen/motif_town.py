"""In town: a doorway, and a street in perspective."""

from __future__ import annotations

import numpy as np

from bilderatlas.collection.specimen import facade, texture, things
from bilderatlas.collection.specimen.canvas import Canvas, grey, warp
from bilderatlas.collection.specimen.figures import KINDS, TALL, person
from bilderatlas.collection.specimen.shot import Shot

STREETS = ("Parochialstraße", "Waisenstraße", "Am Krögel", "Rosenstraße", "Fischerstraße", "Petristraße",
           "Kleine Gasse", "Sophienstraße", "Mühlendamm", "Brüderstraße", "Jüdenhof", "Holzmarktstraße",
           "Spreegasse", "Linienstraße", "Spandauer Straße")  # fmt: skip


def invent_street(rng) -> tuple[dict[str, str], str]:
    """Facts and title of a street."""
    views = {"": "any", ", Blick zur Kirche": "church", ", Blick nach Westen": "any",
             ", Morgensonne": "any", " mit Passanten": "busy", ", menschenleer": "empty",
             " mit Fuhrwerk": "cart", ", Ecke Wallstraße": "any"}  # fmt: skip
    view = str(rng.choice(list(views)))
    return {"view": views[view]}, f"{rng.choice(STREETS)}{view}"


class Eye:
    """A camera at eye level: ground coordinates in metres to px."""

    def __init__(self, x: float, y: float, focal: float, tall: float = 1.65):
        self.x, self.y, self.focal, self.tall = x, y, focal, tall

    def __call__(self, across: float, up: float, deep: float) -> tuple[float, float]:
        return (self.x + self.focal * across / deep, self.y - self.focal * (up - self.tall) / deep)


def draw_street(shot: Shot) -> np.ndarray:
    """Two rows of houses running to a vanishing point; tones (height, width)."""
    place, moment = shot.place, shot.moment
    canvas = Canvas(shot.width, shot.height)
    horizon = int(shot.height * float(np.clip(shot.habit.horizon * 0.55 + 0.28, 0.42, 0.64)))
    wide = float(place.uniform(3.6, 7.5))
    focal = shot.unit * float(place.uniform(0.75, 1.0)) * (0.6 + 0.4 * shot.habit.closeness)
    eye = Eye(shot.width * float(np.clip(place.normal(0.5, 0.17), 0.18, 0.82)), horizon, focal)
    rim = float(place.uniform(0.78, 0.95))
    canvas.put(texture.sky(place, horizon + 4, shot.width, 0.5 * place.random(), rim - 0.12, rim))
    rows = shot.height - horizon
    stones = texture.cobbles() if place.random() < 0.75 else texture.bank()
    tone = float(place.uniform(0.36, 0.56))
    pave = texture.receding(stones, place, rows, shot.width, eye.x, 1.1)
    canvas.put(tone * (1.1 + 0.13 * pave) * np.linspace(1.15, 0.85, rows)[:, None], 0, horizon)
    _closing(canvas, shot, eye, wide, rim)
    for side in (-1, 1):
        _row(canvas, shot, eye, side, wide, rim)
    for side in (-1, 1):  # pavements with their kerb
        inner, outer = side * wide * 0.62, side * wide
        canvas.shade(
            [eye(inner, 0, 60), eye(outer, 0, 60), eye(outer, 0, 1.5), eye(inner, 0, 1.5)], 1.22
        )
        canvas.shade([eye(inner, 0, 60), eye(inner * 0.975, 0, 60), eye(inner * 0.975, 0, 1.5),
                      eye(inner, 0, 1.5)], 0.6)  # fmt: skip
    dark = -1 if shot.light < 0 else 1  # the shaded side is where the light comes from
    reach = dark * -wide * float(place.uniform(-0.5, 0.7))
    canvas.shade([eye(-dark * wide, 0, 70), eye(reach, 0, 70), eye(reach, 0, 1.4),
                  eye(-dark * wide, 0, 1.4)], 0.58, 3)  # fmt: skip
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
        things.treeline(canvas, place, down + 2, (down - up) * 0.9, tone * 0.55, shot.light)
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
    for near, far in reversed(list(zip(edges, edges[1:], strict=False))):
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
        canvas.polygon([eye(side * wide, tall, near), eye(side * wide, tall, far), eye(across, up, far),
                        eye(across, up, near)], roof)  # fmt: skip
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
        across = wide * float(moment.choice([moment.uniform(-0.95, -0.6), moment.uniform(0.6, 0.95),
                                             moment.uniform(-0.5, 0.5)]))  # fmt: skip
        canvas.stand(figure, *eye(across, 0, deep), 0.75, shot.light * 0.7)


def invent_doorway(rng) -> tuple[dict[str, str], str]:
    """Facts and title of a doorway."""
    what = {"Hauseingang": "flat", "Portal": "arch", "Toreinfahrt": "arch", "Haustür": "flat",
            "Kellereingang": "flat", "Hofdurchgang": "arch"}  # fmt: skip
    who = {"": "", " mit Frau": "woman", " mit zwei Jungen": "boy boy", " mit Kindern": "girl boy girl",
           " mit Hausmeister": "man", " mit Wäscherin": "woman", ", Frau mit Kind": "woman girl"}  # fmt: skip
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
    front = texture.bricks(place, h, w, wall, int(size / 75)) if place.random() < 0.25 else (
        texture.plaster(place, h, w, wall))  # fmt: skip
    canvas.put(facade.light_edge(front, shot.light))
    for _ in range(int(place.integers(0, 4))):  # plaster has come off: bricks underneath
        x, y, r = w * place.random(), h * place.random(), size * float(place.uniform(0.03, 0.09))
        around = np.linspace(0, 6.28, 14)
        torn = [(x + r * float(place.uniform(0.5, 1.4)) * np.cos(a), y + r * float(place.uniform(0.4, 1))
                 * np.sin(a)) for a in around]  # fmt: skip
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
            canvas.stroke([(x + wide / 2, y), (x + wide / 2 + np.cos(ray) * wide * 0.48,
                                               y - np.sin(ray) * wide * 0.48)], 4, 0.3)  # fmt: skip
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
        u = x + wide * float(moment.uniform(0.3, 0.7)) + (0 if inside else
            wide * float(moment.choice([-1, 1])) * float(moment.uniform(0.55, 1.1)))  # fmt: skip
        v = sill + 3 if inside else ground + size * float(moment.uniform(0.015, 0.05))
        figure = person(moment, figure_size, kind, str(moment.choice(["stand", "akimbo", "carry"])),
                        "front", shot.light)  # fmt: skip
        canvas.stand(figure, u, v, 0.75, shot.light * 0.5)
    return canvas.array()


def _street_floor(canvas: Canvas, shot: Shot, ground, x, wide, steps, rise, stone, wall) -> None:
    place, rows = shot.place, int(shot.height - ground)
    flat = texture.receding(
        texture.cobbles(), place, max(rows, 2) * 3, shot.width, shot.width / 2, 1.4
    )
    canvas.put(wall * 0.9 * (1.05 + 0.14 * flat[-max(rows, 2) :]), 0, int(ground))
    canvas.shade(
        [(0, ground), (shot.width, ground), (shot.width, ground + 9), (0, ground + 9)], 0.5, 3
    )
    for step in range(steps):
        reach = wide * (0.16 + 0.09 * (steps - step))
        top = ground - (step + 1) * rise
        canvas.box(x - reach, top, x + wide + reach, top + rise, stone * 0.72)
        canvas.box(x - reach, top, x + wide + reach, top + rise * 0.35, min(0.95, stone * 1.12))
