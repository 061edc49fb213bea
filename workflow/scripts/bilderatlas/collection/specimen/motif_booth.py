"""The motif of market stalls and show booths."""

from __future__ import annotations

import numpy as np

from bilderatlas.collection.specimen import facade, texture
from bilderatlas.collection.specimen.canvas import (
    Canvas,
)
from bilderatlas.collection.specimen.figures import KINDS, person
from bilderatlas.collection.specimen.shot import Shot
from bilderatlas.collection.specimen.square import backdrop


def invent_booth(rng: np.random.Generator) -> tuple[dict[str, str], str]:
    """Facts and title of market stalls and show booths."""
    what = {
        "Schaubude": "show",
        "Marktstand": "stall",
        "Obststand": "stall",
        "Kasperltheater": "show",
        "Wahrsagerin": "show",
        "Blumenstand": "stall",
        "Töpfermarkt": "stall",
        "Waffelbude": "show",
    }
    where = (
        "auf dem Wochenmarkt",
        "am Lietzensee",
        "am Rand des Rummelplatzes",
        "am Friedrich-Karl-Platz",
        "in Halensee",
        "beim Frühlingsfest",
        "an der Brücke",
    )
    name, place = str(rng.choice(list(what))), str(rng.choice(where))
    guests = str(rng.choice(["", "", " mit Besuchern", ", späte Nachmittagssonne", " mit Kindern"]))
    return {"kind": what[name], "name": name, "guests": guests}, f"{name} {place}{guests}"


def draw_booth(shot: Shot) -> np.ndarray:
    """One or two booths with goods or painted boards, a keeper, visitors; tones (height, width)."""
    canvas = Canvas(shot.width, shot.height)
    place, moment, size = shot.place, shot.moment, shot.unit
    horizon = int(shot.height * float(np.clip(shot.habit.horizon * 0.6 + 0.2, 0.4, 0.6)))
    backdrop(canvas, shot, horizon, str(place.choice(["wood", "houses", "tents"])))
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
        figure = person(
            moment,
            tall * (1 + near / size * 2.2),
            kind,
            str(moment.choice(["stand", "walk", "akimbo", "carry"])),
            str(moment.choice(["back", "back", "side", "front"])),
            shot.light,
        )
        canvas.stand(
            figure, canvas.width * float(moment.uniform(0.05, 0.95)), base + near, 0.7, shot.light
        )
    return canvas.array()


def _booth(
    canvas: Canvas, shot: Shot, x: float, base: float, wide: float, tall: float, first: bool
) -> None:
    place, moment = shot.place, shot.moment
    top = base - tall
    canvas.box(x, top + tall * 0.2, x + wide, base, 0.1)
    if shot.facts["kind"] == "show":
        boards = int(place.integers(3, 6))
        for board in range(boards):
            u, v = x + wide * (board + 0.06) / boards, x + wide * (board + 0.94) / boards
            tone = float(place.uniform(0.4, 0.75))
            canvas.put(
                texture.plaster(place, int(tall * 0.62), int(v - u), tone),
                int(u),
                int(top + tall * 0.3),
            )
            middle, r = (u + v) / 2, (v - u) * 0.36
            canvas.ellipse(middle, top + tall * 0.5, r, r * 1.1, tone * 0.45)
            canvas.ellipse(middle, top + tall * 0.47, r * 0.4, r * 0.55, 0.82)
            canvas.polygon(
                [
                    (middle - r * 0.7, top + tall * 0.62),
                    (middle, top + tall * 0.5),
                    (middle + r * 0.7, top + tall * 0.62),
                ],
                0.3,
            )
            for line in range(3):
                canvas.box(
                    u + r * 0.2,
                    top + tall * (0.7 + 0.06 * line),
                    v - r * 0.2,
                    top + tall * (0.725 + 0.06 * line),
                    tone * 0.4,
                )
        door = x + wide * float(place.uniform(0.35, 0.6))
        canvas.box(door, base - tall * 0.55, door + wide * 0.17, base, 0.06)
    canvas.box(
        x - wide * 0.03, top, x + wide * 1.03, top + tall * 0.2, float(place.uniform(0.12, 0.3))
    )
    name = shot.facts["name"] if first else str(place.choice(facade.SIGNS))
    name = name if name.isascii() else "Irdenwaren"  # Pillow's own face has no umlauts
    facade.lettering(canvas, name, x + wide / 2, top + tall * 0.1, tall * 0.13, 0.88)
    if shot.facts["kind"] == "stall":
        keeper = person(moment, tall * 0.8, "woman", "akimbo", "front", shot.light)
        canvas.stand(keeper, x + wide * float(moment.uniform(0.2, 0.8)), base)
        counter = base - tall * 0.3
        canvas.put(texture.plaster(place, int(tall * 0.3), int(wide), 0.32), int(x), int(counter))
        for _ in range(60):
            u, v = (
                x + wide * float(place.uniform(0.02, 0.98)),
                counter - tall * float(place.uniform(-0.06, 0.06)),
            )
            r = tall * float(place.uniform(0.015, 0.04))
            tone = float(place.uniform(0.2, 0.8))
            canvas.ellipse(u, v, r, r * 0.9, tone)
            canvas.ellipse(
                u - r * 0.3 * np.sign(shot.light), v - r * 0.3, r * 0.4, r * 0.35, tone * 1.3
            )
    stripes = int(place.integers(7, 14))
    cloth, hang = float(place.uniform(0.6, 0.85)), tall * float(place.uniform(0.1, 0.2))
    for stripe in range(stripes):
        a, b = x + wide * stripe / stripes, x + wide * (stripe + 1) / stripes
        out = wide * 0.06
        centre = x + wide / 2
        spread = [centre + (v - centre) * (1 + 2 * out / wide) for v in (b, a)]
        canvas.polygon(
            [
                (a, top + tall * 0.2),
                (b, top + tall * 0.2),
                (spread[0], top + tall * 0.2 + hang),
                (spread[1], top + tall * 0.2 + hang),
            ],
            cloth if stripe % 2 else cloth * 0.5,
        )
    under = top + tall * 0.2 + hang
    canvas.shade(
        [(x, under), (x + wide, under), (x + wide, under + tall * 0.14), (x, under + tall * 0.14)],
        0.55,
        3,
    )
    for side in (x, x + wide):
        canvas.stroke([(side, top + tall * 0.2), (side, base)], 4, 0.3)
    canvas.shade(
        [
            (x, base),
            (x + wide, base),
            (x + wide * (1 + 0.2 * shot.light), base + tall * 0.14),
            (x + wide * 0.2 * shot.light, base + tall * 0.14),
        ],
        0.6,
        4,
    )
