"""Many people: a crowd on a square or at a fair, and market booths."""

from __future__ import annotations

import numpy as np

from bilderatlas.collection.specimen import facade, texture, things
from bilderatlas.collection.specimen.canvas import Canvas
from bilderatlas.collection.specimen.figures import KINDS, person
from bilderatlas.collection.specimen.shot import Shot


def invent_crowd(rng) -> tuple[dict[str, str], str]:
    """Facts and title of a crowd."""
    what = {"Zuschauer": "back", "Menschenmenge": "mixed", "Festbesucher": "front", "Wartende": "mixed",
            "Gruppe von Arbeitern": "front", "Sonntagsausflügler": "front", "Marktpublikum": "mixed",
            "Schaulustige": "back"}  # fmt: skip
    where = {"auf dem Rummelplatz": "tents", "vor dem Festzelt": "tents", "auf dem Marktplatz": "houses",
             "am Bahnhof": "hall", "vor der Fabrik": "hall", "auf der Wiese": "wood", "am Schlossplatz":
             "houses", "bei der Parade": "houses", "in der Gartenkolonie": "wood"}  # fmt: skip
    name, place = str(rng.choice(list(what))), str(rng.choice(list(where)))
    return {"facing": what[name], "where": where[place]}, f"{name} {place}"


def _backdrop(canvas: Canvas, shot: Shot, horizon: int, where: str) -> float:
    place, size = shot.place, shot.unit
    rim = float(place.uniform(0.82, 0.96))
    canvas.put(texture.sky(place, horizon + 2, canvas.width, 0.6 * place.random(), rim - 0.1, rim))
    if where in ("wood", "tents") or place.random() < 0.3:
        tall = size * float(place.uniform(0.1, 0.3))
        things.treeline(canvas, place, horizon + 2, tall, 0.27, shot.light)
    if where == "houses":
        x = -size * 0.2 * float(place.random())
        while x < canvas.width:
            wide = int(size * float(place.uniform(0.3, 0.5)))
            tall = int(min(horizon * 0.95, size * float(place.uniform(0.28, 0.5))))
            front = facade.front(place, wide, tall, int(place.integers(2, 5)), int(place.integers(3, 6)))
            canvas.put(front.array() * 0.8 + 0.16, int(x), horizon - tall)
            x += wide
    if where == "hall":
        wide, tall = canvas.width * float(place.uniform(0.6, 1.1)), size * float(place.uniform(0.2, 0.34))
        x = canvas.width * float(place.uniform(-0.2, 0.4))
        wall = float(place.uniform(0.35, 0.55))
        tones = texture.bricks(place, int(tall), int(wide), wall, 4)
        canvas.put(tones, int(x), int(horizon - tall))
        bays = int(place.integers(5, 10))
        for bay in range(bays):
            u, b = x + wide * (bay + 0.22) / bays, wide * 0.56 / bays
            canvas.ellipse(u + b / 2, horizon - tall * 0.66, b / 2, b / 2, 0.14)
            canvas.box(u, horizon - tall * 0.66, u + b, horizon - tall * 0.1, 0.14)
        canvas.polygon([(x, horizon - tall), (x + wide * 0.5, horizon - tall * 1.35),
                        (x + wide, horizon - tall)], wall * 0.7)  # fmt: skip
    if where == "tents":
        for _ in range(int(place.integers(1, 4))):
            tent(canvas, place, canvas.width * float(place.uniform(0, 1)), horizon + size * 0.02,
                 size * float(place.uniform(0.16, 0.34)))  # fmt: skip
    things.soften(canvas, 0, horizon, 1.0)
    rows = canvas.height - horizon
    stones = texture.cobbles() if where == "houses" else texture.bank()
    soil = float(place.uniform(0.36, 0.6))
    floor = texture.receding(stones, place, rows, canvas.width, canvas.width / 2, 1.5)
    canvas.put(soil * (1 + 0.14 * floor), 0, horizon)
    return soil


def tent(canvas: Canvas, rng, x: float, y: float, size: float) -> None:
    """A fairground tent with striped cloth, scalloped rim and pennant."""
    wide, tall = size * float(rng.uniform(0.9, 1.4)), size
    cloth = float(rng.uniform(0.55, 0.8))
    stripes = int(rng.integers(8, 15))
    for stripe in range(stripes):
        a, b = (stripe / stripes - 0.5) * wide, ((stripe + 1) / stripes - 0.5) * wide
        tone = cloth if stripe % 2 else cloth * 0.42
        tone *= 1.12 - 0.35 * abs(stripe / stripes - 0.35)
        canvas.polygon([(x + a, y), (x + b, y), (x + b * 1.05, y - tall * 0.5),
                        (x + a * 1.05, y - tall * 0.5)], tone * 0.85)  # fmt: skip
        canvas.polygon([(x + a * 1.12, y - tall * 0.48), (x + b * 1.12, y - tall * 0.48),
                        (x, y - tall)], tone)  # fmt: skip
        canvas.ellipse(x + (a + b) * 0.56, y - tall * 0.48, wide / stripes * 0.5, tall * 0.04, tone * 1.1)
    canvas.stroke([(x, y - tall), (x, y - tall * 1.25)], 2, 0.2)
    canvas.polygon([(x, y - tall * 1.25), (x + size * 0.14, y - tall * 1.2), (x, y - tall * 1.14)], 0.2)
    canvas.polygon([(x - wide * 0.1, y), (x, y - tall * 0.42), (x + wide * 0.1, y)], 0.08)


def draw_crowd(shot: Shot) -> np.ndarray:
    """Rows of people, the far ones pale and small, the near ones dark; tones (height, width)."""
    canvas = Canvas(shot.width, shot.height)
    place, moment, size = shot.place, shot.moment, shot.unit
    horizon = int(shot.height * float(np.clip(shot.habit.horizon * 0.7 + place.normal(0.08, 0.03), 0.3, 0.58)))
    _backdrop(canvas, shot, horizon, shot.facts["where"])
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
            pose = str(moment.choice(["stand", "stand", "walk", "akimbo", "point"],
                                     p=[0.4, 0.25, 0.2, 0.11, 0.04]))  # fmt: skip
            figure = person(moment, tall * small * float(moment.uniform(0.94, 1.06)), kind, pose, facing,
                            shot.light, 0.42 * (1 - near))  # fmt: skip
            canvas.stand(figure, x, y + tall * float(moment.normal(0, 0.035)),
                         0.4 if row % 2 else 0, shot.light * 0.5)  # fmt: skip
    if place.random() < 0.4:  # flags over their heads
        for _ in range(int(place.integers(1, 4))):
            x, y = canvas.width * place.random(), horizon - size * float(place.uniform(0.1, 0.3))
            canvas.stroke([(x, y), (x, horizon + size * 0.1)], 3, 0.2)
            for stripe, tone in enumerate((0.1, 0.9, 0.3)):
                v = y + stripe * size * 0.022
                canvas.polygon([(x, v), (x + size * 0.12, v + size * 0.012), (x + size * 0.12, v + size * 0.034),
                                (x, v + size * 0.022)], tone)  # fmt: skip
    return canvas.array()


def invent_booth(rng) -> tuple[dict[str, str], str]:
    """Facts and title of market stalls and show booths."""
    what = {"Schaubude": "show", "Marktstand": "stall", "Obststand": "stall", "Kasperltheater": "show",
            "Wahrsagerin": "show", "Blumenstand": "stall", "Töpfermarkt": "stall", "Waffelbude": "show"}  # fmt: skip
    where = ("auf dem Wochenmarkt", "am Lietzensee", "am Rand des Rummelplatzes", "am Friedrich-Karl-Platz",
             "in Halensee", "beim Frühlingsfest", "an der Brücke")  # fmt: skip
    name, place = str(rng.choice(list(what))), str(rng.choice(where))
    guests = str(rng.choice(["", "", " mit Besuchern", ", späte Nachmittagssonne", " mit Kindern"]))
    return {"kind": what[name], "name": name, "guests": guests}, f"{name} {place}{guests}"


def draw_booth(shot: Shot) -> np.ndarray:
    """One or two booths with goods or painted boards, a keeper, visitors; tones (height, width)."""
    canvas = Canvas(shot.width, shot.height)
    place, moment, size = shot.place, shot.moment, shot.unit
    horizon = int(shot.height * float(np.clip(shot.habit.horizon * 0.6 + 0.2, 0.4, 0.6)))
    _backdrop(canvas, shot, horizon, str(place.choice(["wood", "houses", "tents"])))
    close = 0.55 + 0.45 * shot.habit.closeness
    base = horizon + size * 0.15 * close
    x = canvas.width * float(place.uniform(0.02, 0.25))
    for index in range(int(place.integers(1, 4))):
        wide = size * float(place.uniform(0.34, 0.56)) * close
        tall = size * float(place.uniform(0.3, 0.42)) * close
        _booth(canvas, shot, x, base, wide, tall, index == 0)
        x += wide * float(place.uniform(1.05, 1.35))
    count = int(moment.integers(2, 6)) + 5 * bool(shot.facts["guests"])
    for _ in range(count):
        childish = "Kindern" in shot.facts["guests"] and moment.random() < 0.7
        kind = str(moment.choice(["girl", "boy"])) if childish else str(moment.choice(KINDS))
        tall = size * 0.25 * close * (0.74 if kind in ("girl", "boy") else 1)
        near = float(moment.uniform(0.02, 0.14)) * size
        figure = person(moment, tall * (1 + near / size * 2.2), kind,
                        str(moment.choice(["stand", "walk", "akimbo", "carry"])),
                        str(moment.choice(["back", "back", "side", "front"])), shot.light)  # fmt: skip
        canvas.stand(figure, canvas.width * float(moment.uniform(0.05, 0.95)), base + near, 0.7, shot.light)
    return canvas.array()


def _booth(canvas: Canvas, shot: Shot, x: float, base: float, wide: float, tall: float, first: bool) -> None:
    place, moment = shot.place, shot.moment
    top = base - tall
    canvas.box(x, top + tall * 0.2, x + wide, base, 0.1)
    if shot.facts["kind"] == "show":
        boards = int(place.integers(3, 6))
        for board in range(boards):
            u, v = x + wide * (board + 0.06) / boards, x + wide * (board + 0.94) / boards
            tone = float(place.uniform(0.4, 0.75))
            canvas.put(texture.plaster(place, int(tall * 0.62), int(v - u), tone), int(u), int(top + tall * 0.3))
            middle, r = (u + v) / 2, (v - u) * 0.36
            canvas.ellipse(middle, top + tall * 0.5, r, r * 1.1, tone * 0.45)
            canvas.ellipse(middle, top + tall * 0.47, r * 0.4, r * 0.55, 0.82)
            canvas.polygon([(middle - r * 0.7, top + tall * 0.62), (middle, top + tall * 0.5),
                            (middle + r * 0.7, top + tall * 0.62)], 0.3)  # fmt: skip
            for line in range(3):
                canvas.box(u + r * 0.2, top + tall * (0.7 + 0.06 * line), v - r * 0.2,
                           top + tall * (0.725 + 0.06 * line), tone * 0.4)  # fmt: skip
        door = x + wide * float(place.uniform(0.35, 0.6))
        canvas.box(door, base - tall * 0.55, door + wide * 0.17, base, 0.06)
    canvas.box(x - wide * 0.03, top, x + wide * 1.03, top + tall * 0.2, float(place.uniform(0.12, 0.3)))
    name = shot.facts["name"] if first else str(place.choice(facade.SIGNS))
    name = name if name.isascii() else "Irdenwaren"  # Pillow's own face has no umlauts
    facade.lettering(canvas, name, x + wide / 2, top + tall * 0.1, tall * 0.13, 0.88)
    if shot.facts["kind"] == "stall":
        keeper = person(moment, tall * 0.8, "woman", "akimbo", "front", shot.light)
        canvas.stand(keeper, x + wide * float(moment.uniform(0.2, 0.8)), base)
        counter = base - tall * 0.3
        canvas.put(texture.plaster(place, int(tall * 0.3), int(wide), 0.32), int(x), int(counter))
        for _ in range(60):
            u, v = x + wide * float(place.uniform(0.02, 0.98)), counter - tall * float(place.uniform(-0.06, 0.06))
            r = tall * float(place.uniform(0.015, 0.04))
            tone = float(place.uniform(0.2, 0.8))
            canvas.ellipse(u, v, r, r * 0.9, tone)
            canvas.ellipse(u - r * 0.3 * np.sign(shot.light), v - r * 0.3, r * 0.4, r * 0.35, tone * 1.3)
    stripes = int(place.integers(7, 14))
    cloth, hang = float(place.uniform(0.6, 0.85)), tall * float(place.uniform(0.1, 0.2))
    for stripe in range(stripes):
        a, b = x + wide * stripe / stripes, x + wide * (stripe + 1) / stripes
        out = wide * 0.06
        centre = x + wide / 2
        spread = [centre + (v - centre) * (1 + 2 * out / wide) for v in (b, a)]
        canvas.polygon([(a, top + tall * 0.2), (b, top + tall * 0.2), (spread[0], top + tall * 0.2 + hang),
                        (spread[1], top + tall * 0.2 + hang)], cloth if stripe % 2 else cloth * 0.5)  # fmt: skip
    under = top + tall * 0.2 + hang
    canvas.shade([(x, under), (x + wide, under), (x + wide, under + tall * 0.14), (x, under + tall * 0.14)],
                 0.55, 3)  # fmt: skip
    for side in (x, x + wide):
        canvas.stroke([(side, top + tall * 0.2), (side, base)], 4, 0.3)
    canvas.shade([(x, base), (x + wide, base), (x + wide * (1 + 0.2 * shot.light), base + tall * 0.14),
                  (x + wide * 0.2 * shot.light, base + tall * 0.14)], 0.6, 4)  # fmt: skip
