"""The motif of a gravel pit, or a slope, with pines."""

from __future__ import annotations

import numpy as np

from bilderatlas.collection.specimen import texture
from bilderatlas.collection.specimen.canvas import (
    Canvas,
    blurred,
)
from bilderatlas.collection.specimen.figures import person
from bilderatlas.collection.specimen.land import open_land
from bilderatlas.collection.specimen.shot import Shot
from bilderatlas.collection.specimen.trees import tree, tufts


def invent_pit(rng: np.random.Generator) -> tuple[dict[str, str], str]:
    """Facts and title of a pit with pines."""
    what = {
        "Kiesgrube": "pit",
        "Sandgrube": "pit",
        "Kiefern am Abhang": "slope",
        "Alte Kiefern": "slope",
        "Wilde Müllkippe": "dump",
        "Sandweg": "slope",
    }
    where = (
        "im Grunewald",
        "am Westend",
        "bei Schmargendorf",
        "hinter dem Bahndamm",
        "am Spandauer Berg",
        "an der Jungfernheide",
    )
    how = {
        "": "",
        " mit Spaziergänger": "man",
        " mit Reisigsammlerin": "woman",
        " mit spielendem Kind": "boy",
        ", Gegenlicht": "",
        ", Blick zum Waldrand": "",
    }
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
    soil = open_land(canvas, shot, horizon, "pit")
    bank_side = 1 if place.random() < 0.5 else -1
    for layer in range(int(place.integers(1, 4))):  # slopes, one before the other
        near = (layer + 1) / 4
        edge = texture.fractal(place, 3, canvas.width, size / 120)[1]
        xs = np.linspace(0, 1, canvas.width)
        fall = xs if bank_side > 0 else 1 - xs
        top = horizon - size * 0.16 * (1 - fall * 2.1) + size * (0.16 * near + 0.012 * edge)
        outline = [
            (0, canvas.height),
            *zip(range(0, canvas.width, 4), top[::4], strict=True),
            (canvas.width, canvas.height),
        ]
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
        canvas.stand(
            tree(place, tall, kind, shot.light, trunk_tone),
            canvas.width * float(place.uniform(0, 1)) + shot.parallax(y - horizon),
            y,
            0.6,
            shot.light,
        )
    if shot.facts["kind"] == "dump":
        for _ in range(260):
            near = float(place.random()) ** 0.7
            x, y = (
                canvas.width * place.random(),
                horizon + (canvas.height - horizon) * (0.3 + 0.7 * near),
            )
            r = 1 + 9 * near * place.random()
            canvas.polygon(
                [(x + r * a, y + r * b) for a, b in place.normal(0, 1, (4, 2))],
                float(place.uniform(0.08, 0.85)),
            )
    tufts(canvas, place, horizon + int(size * 0.08), int(place.integers(80, 350)), soil * 0.6)
    if shot.facts["guest"]:
        kind = shot.facts["guest"]
        tall = size * float(place.uniform(0.12, 0.26)) * (0.7 if kind == "boy" else 1)
        figure = person(
            shot.moment,
            tall,
            kind,
            str(shot.moment.choice(["walk", "stand", "bend"])),
            str(shot.moment.choice(["side", "back", "front"])),
            shot.light,
        )
        canvas.stand(
            figure,
            canvas.width * float(shot.moment.uniform(0.25, 0.75)),
            horizon + tall * 1.15,
            0.7,
            shot.light,
        )
    canvas.image = blurred(canvas.image, 0.4)
    return canvas.array()
