"""Open land: a figure with a cart, and the gravel pit with its pines."""

from __future__ import annotations

import numpy as np

from bilderatlas.collection.specimen import texture, things
from bilderatlas.collection.specimen.canvas import Canvas, blurred
from bilderatlas.collection.specimen.figures import person
from bilderatlas.collection.specimen.shot import Shot

WHO = {
    "Frau": ["woman"], "Mann": ["man"], "Alte Frau": ["woman"], "Zwei Frauen": ["woman", "woman"],
    "Frau und Kind": ["woman", "girl"], "Mann und Frau": ["man", "woman"],
    "Frau mit Sohn": ["woman", "boy"], "Reisigsammlerin": ["woman"], "Junge": ["boy"],
    "Zwei Jungen": ["boy", "boy"],
}  # fmt: skip
LOAD = {
    "mit Handwagen": "empty", "mit reisigbeladenem Handwagen": "brushwood",
    "mit Karren voller Säcke": "sacks", "mit Hausrat auf dem Handwagen": "furniture",
    "beim Holzholen": "brushwood",
}  # fmt: skip
WHERE = {
    "auf freiem Feld": "plain", "vor der Silhouette der Vorstadt": "town", "am Waldrand": "wood",
    "auf dem Sandweg": "track", "auf dem Heimweg": "track", "vor der Westend-Kolonie": "town",
    "bei den drei Pappeln": "poplars", "am Bahndamm": "poles",
}  # fmt: skip


def invent_cart(rng) -> tuple[dict[str, str], str]:
    """Facts and title of a scene with a cart."""
    who, load, where = (str(rng.choice(list(table))) for table in (WHO, LOAD, WHERE))
    return {"who": who, "load": LOAD[load], "where": WHERE[where]}, f"{who} {load} {where}"


def _land(canvas: Canvas, shot: Shot, horizon: int, where: str) -> float:
    """Sky, distance and soil; returns the tone of the soil."""
    place, size = shot.place, shot.unit
    cover = float(place.uniform(0, 0.8)) * (place.random() < 0.7)
    bright = float(place.uniform(0.82, 0.97))
    canvas.put(texture.sky(place, horizon + 2, canvas.width, cover, bright - float(place.uniform(0.05, 0.25)), bright))
    soil = 0.74 if shot.winter else float(place.uniform(0.3, 0.55))
    far = float(place.uniform(0.35, 0.55))
    if where == "town":
        things.skyline(canvas, place, horizon + 1, size * float(place.uniform(0.05, 0.13)), far,
                       shot.light)  # fmt: skip
    if where in ("wood", "plain", "track", "pit"):
        tall = {"wood": 0.2, "pit": 0.12}.get(where, 0.035) * size * float(place.uniform(0.7, 1.3))
        things.treeline(canvas, place, horizon + 2, tall, far * 0.7, shot.light)
    things.soften(canvas, 0, horizon + 2, 1.2)
    rows = canvas.height - horizon
    centre = canvas.width * float(place.uniform(0.2, 0.8))
    lumps = texture.receding(texture.bank(), place, rows, canvas.width, centre, 1.6)
    fine = texture.receding(texture.white_bank(), place, rows, canvas.width, centre, 0.7)
    slope = np.linspace(1.12, 0.8, rows, dtype=np.float32)[:, None]
    canvas.put(soil * slope * (1 + 0.17 * lumps + 0.09 * fine), 0, horizon)
    if where in ("track", "pit") or place.random() < 0.5:
        _ruts(canvas, place, horizon, centre, soil)
    for _ in range(int(place.integers(0, 4))):  # shadows of clouds, strips of field
        y = horizon + rows * float(place.uniform(0.02, 0.4))
        deep = rows * float(place.uniform(0.02, 0.1))
        canvas.shade([(0, y), (canvas.width, y + deep * 0.2), (canvas.width, y + deep),
                      (0, y + deep)], float(place.uniform(0.72, 1.2)), 3)  # fmt: skip
    return soil


def _ruts(canvas: Canvas, rng, horizon: int, centre: float, soil: float) -> None:
    bottom = canvas.width * float(rng.uniform(0.1, 0.9))
    bend = canvas.width * float(rng.normal(0, 0.12))
    deep = canvas.height - horizon
    steps = np.linspace(0.03, 1, 14)
    middle = [centre + (bottom - centre) * s + bend * s * (1 - s) for s in steps]
    wide = [canvas.width * 0.16 * s for s in steps]
    rows = [horizon + deep * s**1.15 for s in steps]
    left = [(m - w, r) for m, w, r in zip(middle, wide, rows, strict=True)]
    right = [(m + w, r) for m, w, r in zip(middle, wide, rows, strict=True)]
    canvas.shade(left + right[::-1], 1.22 if soil < 0.6 else 0.85, 4)
    for offset in (-0.55, 0.5):
        inner = [(m + w * offset, r) for m, w, r in zip(middle, wide, rows, strict=True)]
        outer = [(m + w * (offset + 0.16), r) for m, w, r in zip(middle, wide, rows, strict=True)]
        canvas.shade(inner + outer[::-1], 0.68, 1.5)


def _scatter(canvas: Canvas, shot: Shot, horizon: int, where: str) -> None:
    """Trees, poles and fences of the middle distance."""
    place, size = shot.place, shot.unit
    if where == "poplars":
        x = canvas.width * float(place.uniform(0.1, 0.8))
        for step in range(3):
            tall = size * float(place.uniform(0.22, 0.34))
            canvas.stand(things.tree(place, tall, "poplar", shot.light, 0.24),
                         x + step * tall * 0.28, horizon + size * 0.02, 0.5, shot.light)  # fmt: skip
    if where == "poles" or shot.year > 1904:
        x, y = canvas.width * float(place.uniform(-0.1, 0.4)), horizon + size * 0.2
        for step in range(6):
            near = 0.62**step
            u, v = x + canvas.width * 0.95 * (1 - near), horizon + (y - horizon) * near
            tall = size * 0.55 * near
            canvas.stroke([(u, v), (u, v - tall)], 7 * near, 0.22 + 0.05 * step)
            for arm in (0.9, 0.97):
                canvas.stroke([(u - tall * 0.07, v - tall * arm), (u + tall * 0.07, v - tall * arm)],
                              4 * near, 0.25)  # fmt: skip
    for _ in range(int(place.integers(0, 3)) + 2 * (where == "wood")):
        kind = "bare" if shot.winter else str(place.choice(["leafy", "bare", "leafy"]))
        tall = size * float(place.uniform(0.12, 0.4))
        near = float(place.uniform(0, 0.12)) * size
        canvas.stand(things.tree(place, tall, kind, shot.light, float(place.uniform(0.16, 0.3))),
                     canvas.width * float(place.choice([place.uniform(-0.05, 0.3),
                                                        place.uniform(0.7, 1.05)])),
                     horizon + near, 0.6, shot.light)  # fmt: skip


def draw_cart(shot: Shot) -> np.ndarray:
    """A figure, or two, with a handcart on open land; tones (height, width)."""
    canvas = Canvas(shot.width, shot.height)
    horizon, where = shot.horizon(), shot.facts["where"]
    soil = _land(canvas, shot, horizon, where)
    _scatter(canvas, shot, horizon, where)
    if not shot.winter:
        things.tufts(canvas, shot.place, horizon, int(shot.place.integers(60, 500)), soil * 0.8)
    moment = shot.moment
    close = shot.habit.closeness * float(shot.place.uniform(0.7, 1.25))
    tall = shot.unit * 0.36 * close
    ground = min(canvas.height * 0.97, horizon + tall * float(shot.place.uniform(0.72, 0.95)))
    x = canvas.width * float(np.clip(moment.normal(0.5, 0.1), 0.3, 0.7))
    leftward = bool(shot.place.random() < 0.5)
    side = -1 if leftward else 1
    wagon = things.cart(shot.place, tall * float(shot.place.uniform(0.75, 0.95)),
                        shot.facts["load"], shot.light * side)  # fmt: skip
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
        figure = person(moment, tall * (1 if grown else 0.74), kind, pose, facing,
                        shot.light * (side if facing == "side" else 1))  # fmt: skip
        figure = figure.mirrored() if leftward and facing == "side" else figure
        canvas.stand(figure, x + side * tall * reach, ground + tall * float(moment.uniform(0, 0.05)),
                     0.85, shot.light)  # fmt: skip
    return canvas.array()


def invent_pit(rng) -> tuple[dict[str, str], str]:
    """Facts and title of a pit with pines."""
    what = {"Kiesgrube": "pit", "Sandgrube": "pit", "Kiefern am Abhang": "slope",
            "Alte Kiefern": "slope", "Wilde Müllkippe": "dump", "Sandweg": "slope"}  # fmt: skip
    where = ("im Grunewald", "am Westend", "bei Schmargendorf", "hinter dem Bahndamm", "am Spandauer Berg",
             "an der Jungfernheide")  # fmt: skip
    how = {"": "", " mit Spaziergänger": "man", " mit Reisigsammlerin": "woman", " mit spielendem Kind": "boy",
           ", Gegenlicht": "", ", Blick zum Waldrand": ""}  # fmt: skip
    name, place, guest = (
        str(rng.choice(list(what))),
        str(rng.choice(where)),
        str(rng.choice(list(how))),
    )
    return {"kind": what[name], "guest": how[guest]}, f"{name} {place}{guest}"


def draw_pit(shot: Shot) -> np.ndarray:
    """Slopes of sand, a hollow, pines in front of a wood; tones (height, width)."""
    canvas = Canvas(shot.width, shot.height)
    place, size = shot.place, shot.unit
    horizon = shot.horizon(0.06)
    soil = _land(canvas, shot, horizon, "pit")
    bank_side = 1 if place.random() < 0.5 else -1
    for layer in range(int(place.integers(1, 4))):  # slopes, one before the other
        near = (layer + 1) / 4
        edge = texture.fractal(place, 3, canvas.width, size / 120)[1]
        xs = np.linspace(0, 1, canvas.width)
        fall = xs if bank_side > 0 else 1 - xs
        top = horizon - size * 0.16 * (1 - fall * 2.1) + size * (0.16 * near + 0.012 * edge)
        outline = [(0, canvas.height), *zip(range(0, canvas.width, 4), top[::4], strict=True),
                   (canvas.width, canvas.height)]  # fmt: skip
        tone = soil * float(place.uniform(0.95, 1.45))

        def sand(height: int, width: int, tone: float = tone) -> np.ndarray:
            rough = texture.fractal(place, height, width, 0.9, 1.9)
            fine = texture.cut(texture.white_bank(), place, height, width)
            slope = np.linspace(1.18, 0.62, height, dtype=np.float32)[:, None]
            return tone * slope * (1 + 0.1 * rough + 0.06 * fine)

        canvas.surface(outline, sand, 1)
        bank_side = -bank_side if place.random() < 0.6 else bank_side
    trunk_tone = float(place.uniform(0.1, 0.24))
    for _ in range(int(place.integers(2, 9))):
        tall = size * float(place.uniform(0.22, 0.75)) * shot.habit.closeness
        y = horizon + tall * float(place.uniform(0.05, 0.3))
        kind = "pine" if place.random() < 0.8 else ("bare" if shot.winter else "leafy")
        canvas.stand(things.tree(place, tall, kind, shot.light, trunk_tone),
                     canvas.width * float(place.uniform(0, 1)), y, 0.6, shot.light)  # fmt: skip
    if shot.facts["kind"] == "dump":
        for _ in range(260):
            near = float(place.random()) ** 0.7
            x, y = (
                canvas.width * place.random(),
                horizon + (canvas.height - horizon) * (0.3 + 0.7 * near),
            )
            r = 1 + 9 * near * place.random()
            canvas.polygon([(x + r * a, y + r * b) for a, b in place.normal(0, 1, (4, 2))],
                           float(place.uniform(0.08, 0.85)))  # fmt: skip
    things.tufts(
        canvas, place, horizon + int(size * 0.08), int(place.integers(80, 350)), soil * 0.6
    )
    if shot.facts["guest"]:
        kind = shot.facts["guest"]
        tall = size * float(place.uniform(0.12, 0.26)) * (0.7 if kind == "boy" else 1)
        figure = person(shot.moment, tall, kind, str(shot.moment.choice(["walk", "stand", "bend"])),
                        str(shot.moment.choice(["side", "back", "front"])), shot.light)  # fmt: skip
        canvas.stand(figure, canvas.width * float(shot.moment.uniform(0.25, 0.75)),
                     horizon + tall * 1.15, 0.7, shot.light)  # fmt: skip
    canvas.image = blurred(canvas.image, 0.4)
    return canvas.array()
