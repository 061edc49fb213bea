"""A still life: vessels, fruit, books and flowers on a table."""

from __future__ import annotations

import numpy as np

from bilderatlas.collection.specimen import texture
from bilderatlas.collection.specimen.canvas import (
    Canvas,
    Sprite,
    blurred,
)
from bilderatlas.collection.specimen.shot import Shot
from bilderatlas.collection.specimen.trees import foliage
from bilderatlas.collection.specimen.vessels import ball, books, turned


def invent_still(rng: np.random.Generator) -> tuple[dict[str, str], str]:
    """Facts and title of a still life."""
    first = {
        "Flasche": "bottle",
        "Krug": "jug",
        "Vase mit Blumen": "vase",
        "Weinglas": "glass",
        "Leuchter": "candle",
        "Topf": "pot",
    }
    second = {
        "Äpfeln": "fruit",
        "Büchern": "books",
        "Obstschale": "bowl",
        "Kanne": "jug",
        "Brot": "bread",
        "Gläsern": "glass",
    }
    where = str(
        rng.choice(["", " auf dem Küchentisch", " vor dunklem Grund", " am Fenster", " im Atelier"])
    )
    a, b = str(rng.choice(list(first))), str(rng.choice(list(second)))
    return {
        "first": first[a],
        "second": second[b],
        "where": where,
    }, f"Stillleben: {a} mit {b}{where}".replace("Blumen mit", "Blumen und")


def draw_still(shot: Shot) -> np.ndarray:
    """Things on a table before a wall; tones (height, width)."""
    canvas = Canvas(shot.width, shot.height)
    place, moment, size = shot.place, shot.moment, shot.unit
    w, h = shot.width, shot.height
    light = shot.light if abs(shot.light) > 0.3 else 0.5
    dark = "dunklem" in shot.facts["where"] or place.random() < 0.5
    ground = float(place.uniform(0.12, 0.26)) if dark else float(place.uniform(0.36, 0.66))
    y, x = np.mgrid[0 : 1 : h * 1j, 0 : 1 : w * 1j].astype(np.float32)
    glow = np.exp(-(((x - (0.5 + 0.35 * light)) / 0.5) ** 2 + ((y - 0.3) / 0.6) ** 2))
    canvas.put(ground * (0.75 + 0.8 * glow) * (1 + 0.08 * texture.fractal(place, h, w, 2)))
    if "Fenster" in shot.facts["where"]:
        a = w * (0.02 if light > 0 else 0.7)
        canvas.box(a, 0, a + w * 0.28, h * 0.55, 0.95)
        canvas.box(a + w * 0.13, 0, a + w * 0.15, h * 0.55, 0.3)
        canvas.box(a, h * 0.25, a + w * 0.28, h * 0.27, 0.3)
        canvas.box(a - w * 0.01, h * 0.55, a + w * 0.3, h * 0.58, 0.6)
    edge = int(
        h * float(np.clip(place.normal(0.57 + 0.1 * (shot.habit.horizon - 0.5), 0.04), 0.48, 0.7))
    )
    cloth = (
        float(place.uniform(0.6, 0.85))
        if place.random() < 0.55
        else float(place.uniform(0.2, 0.36))
    )
    rows = h - edge
    grain = texture.receding(
        texture.planks() if cloth < 0.4 else texture.bank(), place, rows, w, w / 2, 2.4
    )
    reach = np.linspace(0.85, 1.1, rows, dtype=np.float32)[:, None]
    canvas.put(cloth * reach * (1 + 0.06 * grain) * (0.85 + 0.3 * glow[edge:]), 0, edge)
    if cloth > 0.4:
        for _ in range(int(place.integers(3, 8))):  # folds of the tablecloth
            u, tilt = w * place.random(), w * float(place.normal(0, 0.2))
            canvas.shade(
                [(u, edge), (u + 8, edge), (u + tilt + 26, h), (u + tilt, h)],
                float(place.choice([0.82, 1.15])),
                4,
            )
    scale = size * 0.34 * (0.55 + 0.45 * shot.habit.closeness) * float(place.uniform(0.85, 1.2))
    things_ = _arrange(shot, scale)
    for name, across, near, tall in sorted(things_, key=lambda thing: thing[2]):
        u = w * across + float(moment.normal(0, 0.012)) * w
        v = edge + rows * (0.12 + 0.62 * near)
        room = v * (0.6 if name == "vase" else 0.9)  # nothing is cut off above
        _place(canvas, shot, name, u, v, min(tall, room), light)
    return np.asarray(blurred(canvas.image, 0.7), np.float32) / 255


def _arrange(shot: Shot, scale: float) -> list[tuple[str, float, float, float]]:
    """What stands where: name, share of the width, nearness 0..1, height in px."""
    place = shot.place
    side = 1 if place.random() < 0.5 else -1
    things_ = [
        (
            shot.facts["first"],
            0.5 - side * float(place.uniform(0.02, 0.14)),
            0.3,
            scale * float(place.uniform(1.05, 1.5)),
        )
    ]
    tall = {"jug": 0.85, "glass": 0.75, "bowl": 0.42, "fruit": 0.3, "bread": 0.36, "books": 0.7}
    second = shot.facts["second"]
    for copy in range({"fruit": int(place.integers(3, 8)), "glass": 2}.get(second, 1)):
        across = 0.5 + side * float(
            place.uniform(0.1, 0.3) if copy == 0 else place.uniform(-0.1, 0.34)
        )
        things_.append((second, across, float(place.uniform(0.35, 0.95)), scale * tall[second]))
    for _ in range(int(place.integers(0, 3))):
        extra = str(place.choice(["fruit", "bottle", "pot", "glass", "books"]))
        things_.append(
            (
                extra,
                float(place.uniform(0.14, 0.86)),
                float(place.uniform(0.0, 0.5)),
                scale * tall.get(extra, 0.9),
            )
        )
    return things_


def _place(
    canvas: Canvas, shot: Shot, name: str, x: float, y: float, tall: float, light: float
) -> None:
    place = shot.place
    tall *= 0.72 if name == "pot" else 1.0
    drop = tall * (0.55 if name not in ("fruit", "bread") else 0.9)
    canvas.shade(
        [
            (x - drop * 0.3, y - 3),
            (x + drop * 0.3, y - 3),
            (x + drop * (0.3 + 1.3 * light), y - drop * 0.25),
            (x + drop * (1.3 * light - 0.2), y - drop * 0.28),
        ],
        0.45,
        tall * 0.05,
    )
    canvas.shade(
        [
            (x - drop * 0.5, y - 6),
            (x + drop * 0.5, y - 6),
            (x + drop * 0.4, y + 6),
            (x - drop * 0.4, y + 6),
        ],
        0.4,
        4,
    )
    if name == "books":
        books(canvas, place, x, y, tall)
    elif name in ("fruit", "bread"):
        sprite = ball(place, tall / 2, float(place.uniform(0.3, 0.75)), light)
        if name == "bread":
            size = (int(sprite.image.width * 1.9), sprite.image.height)
            sprite = Sprite(
                sprite.image.resize(size), sprite.mask.resize(size), (size[0] / 2, size[1])
            )
        canvas.stand(sprite, x, y)
    else:
        tone = float(place.uniform(0.15, 0.72))
        gloss = 0.25 if name == "pot" else float(place.uniform(0.15, 0.4))
        if name == "bowl":
            for _ in range(6):
                fruit = ball(place, tall * 0.3, float(place.uniform(0.3, 0.7)), light)
                canvas.stand(fruit, x + tall * float(place.normal(0, 0.4)), y - tall * 0.72)
        if name == "vase":
            for _ in range(int(place.integers(9, 22))):
                a, r = float(place.uniform(-0.9, 0.9)), tall * float(place.uniform(0.35, 0.85))
                u, v = x + np.sin(a) * r, y - tall * 0.95 - np.cos(a) * r * 0.8
                canvas.stroke([(x, y - tall * 0.95), (u, v)], 2, 0.2)
                tone_ = float(place.uniform(0.35, 0.95))
                canvas.stand(
                    foliage(place, int(tall * 0.26), int(tall * 0.24), tone_, light, 1.4), u, v
                )
        canvas.stand(turned(place, name, tall, tone, light, gloss), x, y)
        if name == "candle":
            canvas.ellipse(x, y - tall * 1.06, tall * 0.018, tall * 0.05, 0.95)
        if name == "jug":
            canvas.pen.arc(
                (x + tall * 0.2, y - tall * 0.86, x + tall * 0.52, y - tall * 0.36),
                -110,
                110,
                fill=int(255 * tone * 0.8),
                width=max(3, int(tall * 0.05)),
            )
