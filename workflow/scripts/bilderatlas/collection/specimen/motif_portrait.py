"""A studio portrait: bust or figure before a painted cloth, with chair, column or plant."""

from __future__ import annotations

import numpy as np

from bilderatlas.collection.specimen import texture
from bilderatlas.collection.specimen.bust import paint_bust
from bilderatlas.collection.specimen.canvas import (
    Canvas,
)
from bilderatlas.collection.specimen.figures import person
from bilderatlas.collection.specimen.shot import Shot
from bilderatlas.collection.specimen.trees import foliage

WHO = {
    "Bildnis einer Frau": "woman",
    "Bildnis eines Mannes": "man",
    "Junge Frau": "woman",
    "Herr mit Schnurrbart": "man",
    "Dame mit Hut": "woman",
    "Alter Mann": "man",
    "Mädchen": "girl",
    "Knabe": "boy",
    "Bildnis eines Soldaten": "man",
    "Bildnis eines Malers": "man",
    "Selbstbildnis": "man",
    "Schwester": "woman",
}


def invent_portrait(rng: np.random.Generator) -> tuple[dict[str, str], str]:
    """Facts and title of a portrait."""
    views = {
        "": "bust",
        ", Brustbild": "bust",
        ", Kniestück": "three",
        ", stehend": "full",
        ", sitzend": "seated",
        ", im Atelier": "full",
        ", nach links": "bust",
        ", frontal": "bust",
        ", mit Stuhl": "full",
    }
    who, view = str(rng.choice(list(WHO))), str(rng.choice(list(views)))
    cloth = ("", "", "", " vor gemaltem Grund", " im Sonntagsstaat", " vor heller Leinwand")
    facts = {"who": WHO[who], "view": views[view], "title": who}
    return facts, f"{who}{rng.choice(cloth)}{view}"


def _cloth(shot: Shot, w: int, h: int) -> np.ndarray:
    """The painted backdrop: clouds of tone, lighter behind the sitter."""
    place = shot.place
    tone = float(place.uniform(0.2, 0.68))
    y, x = np.mgrid[0 : 1 : h * 1j, 0 : 1 : w * 1j].astype(np.float32)
    halo = np.exp(-(((x - 0.5 + 0.15 * shot.light) / 0.42) ** 2 + ((y - 0.4) / 0.5) ** 2))
    painted = texture.fractal(place, h, w, 3.2)
    return tone * (0.75 + 0.5 * halo) * (1 + 0.12 * painted)


def draw_portrait(shot: Shot) -> np.ndarray:
    """A sitter in the studio; tones (height, width)."""
    canvas = Canvas(shot.width, shot.height)
    canvas.put(_cloth(shot, shot.width, shot.height))
    if shot.facts["view"] in ("full", "seated"):
        _full(canvas, shot)
    else:
        paint_bust(canvas, shot)
    return canvas.array()


def _full(canvas: Canvas, shot: Shot) -> None:
    place, moment, w, h = shot.place, shot.moment, shot.width, shot.height
    edge = int(h * float(place.uniform(0.74, 0.84)))
    floor = texture.receding(texture.planks(), place, h - edge, w, w / 2, 1.8)
    canvas.put(float(place.uniform(0.26, 0.5)) * (1 + 0.12 * floor), 0, edge)
    canvas.shade([(0, edge - 3), (w, edge - 3), (w, edge + 4), (0, edge + 4)], 0.6, 2)
    carpet = float(place.uniform(0.2, 0.45))
    middle, deep = h * 0.93, h * 0.07
    canvas.polygon(
        [
            (w * 0.12, middle + deep),
            (w * 0.2, middle - deep),
            (w * 0.8, middle - deep),
            (w * 0.88, middle + deep),
        ],
        carpet,
    )
    for _ in range(60):
        u, v = float(place.uniform(0.2, 0.8)) * w, middle + deep * float(place.uniform(-0.9, 0.9))
        canvas.ellipse(u, v, w * 0.012, w * 0.004, carpet * float(place.choice([0.6, 1.5])))
    child = shot.facts["who"] in ("girl", "boy")
    tall = h * (0.56 if child else 0.72) * (0.75 + 0.25 * shot.habit.closeness)
    y = h * float(place.uniform(0.92, 0.96))
    x = w * float(np.clip(moment.normal(0.5, 0.04), 0.4, 0.6))
    side = float(place.choice([-1, 1]))
    prop = str(place.choice(["chair", "column", "plant", "curtain", "table"]))
    if shot.facts["title"].endswith("Stuhl"):
        prop = "chair"
    u = x + side * tall * float(place.uniform(0.26, 0.4))
    if prop == "curtain":
        for fold in range(9):
            a = (0 if side < 0 else w) - side * fold * w * 0.035
            canvas.shade(
                [(a, 0), (a - side * w * 0.03, 0), (a - side * w * 0.02, h), (a, h)],
                0.35 + 0.25 * (fold % 3),
                3,
            )
    elif prop == "column":
        tone = float(place.uniform(0.5, 0.75))
        for stripe in np.linspace(-1, 1, 15):
            a = u + stripe * tall * 0.06
            canvas.box(
                a,
                y - tall * 0.62,
                a + tall * 0.009,
                y - tall * 0.05,
                tone * (1 - 0.45 * abs(stripe + 0.5 * shot.light)),
            )
        canvas.box(u - tall * 0.085, y - tall * 0.66, u + tall * 0.09, y - tall * 0.61, tone)
        canvas.box(u - tall * 0.09, y - tall * 0.07, u + tall * 0.095, y, tone * 0.8)
    elif prop == "plant":
        canvas.box(u - tall * 0.07, y - tall * 0.15, u + tall * 0.07, y, 0.2)
        for _ in range(16):
            a = float(place.uniform(-1.3, 1.3))
            r = tall * float(place.uniform(0.25, 0.5))
            curve = [
                (u + np.sin(a * s) * r * s, y - tall * 0.15 - np.cos(a * s) * r * s)
                for s in np.linspace(0, 1, 6)
            ]
            canvas.stroke(curve, tall * 0.014, float(place.uniform(0.08, 0.3)))
    if prop in ("chair", "table") or shot.facts["view"] == "seated":
        wood = float(place.uniform(0.08, 0.2))
        seat = u if shot.facts["view"] != "seated" else x - tall * 0.02
        high = y - tall * 0.28
        for leg in (-0.12, 0.12):
            canvas.stroke(
                [(seat + leg * tall, high), (seat + leg * tall * 1.15, y)], tall * 0.022, wood
            )
        canvas.box(
            seat - tall * 0.15,
            high - tall * 0.02,
            seat + tall * 0.15,
            high + tall * 0.015,
            wood * 1.5,
        )
        if prop == "chair" or shot.facts["view"] == "seated":
            for leg in (-0.12, 0.0, 0.12):
                canvas.stroke(
                    [(seat + leg * tall, high), (seat + leg * tall, high - tall * 0.32)],
                    tall * 0.02,
                    wood,
                )
            canvas.stroke(
                [
                    (seat - tall * 0.13, high - tall * 0.32),
                    (seat + tall * 0.13, high - tall * 0.32),
                ],
                tall * 0.035,
                wood * 1.3,
            )
        else:
            canvas.stand(
                foliage(place, int(tall * 0.2), int(tall * 0.2), 0.55, shot.light, 1.4),
                seat,
                high - tall * 0.03,
            )
    pose = (
        "sit"
        if shot.facts["view"] == "seated"
        else str(moment.choice(["stand", "akimbo", "carry"]))
    )
    # the same sitter in every exposure: clothes come from the place's numbers
    figure = person(place, tall, shot.facts["who"], pose, "front", shot.light)
    canvas.stand(figure, x, y, 0.6, shot.light * 0.5)
