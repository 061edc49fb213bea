"""A studio portrait: bust or figure before a painted cloth, with chair, column or plant."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from bilderatlas.collection.specimen import texture
from bilderatlas.collection.specimen.canvas import Canvas, blurred, level
from bilderatlas.collection.specimen.figures import person
from bilderatlas.collection.specimen.shot import Shot
from bilderatlas.collection.specimen.things import foliage

WHO = {"Bildnis einer Frau": "woman", "Bildnis eines Mannes": "man", "Junge Frau": "woman",
       "Herr mit Schnurrbart": "man", "Dame mit Hut": "woman", "Alter Mann": "man", "Mädchen": "girl",
       "Knabe": "boy", "Bildnis eines Soldaten": "man", "Bildnis eines Malers": "man",
       "Selbstbildnis": "man", "Schwester": "woman"}  # fmt: skip


def invent_portrait(rng) -> tuple[dict[str, str], str]:
    """Facts and title of a portrait."""
    views = {"": "bust", ", Brustbild": "bust", ", Kniestück": "three", ", stehend": "full",
             ", sitzend": "seated", ", im Atelier": "full", ", nach links": "bust", ", frontal": "bust",
             ", mit Stuhl": "full"}  # fmt: skip
    who, view = str(rng.choice(list(WHO))), str(rng.choice(list(views)))
    cloth = ("", "", "", " vor gemaltem Grund", " im Sonntagsstaat", " vor heller Leinwand")
    facts = {"who": WHO[who], "view": views[view], "title": who}
    return facts, f"{who}{rng.choice(cloth)}{view}"


class Brush:
    """Soft shapes in face coordinates: 0 is the middle of the face, 1 half its height."""

    def __init__(self, canvas: Canvas, x: float, y: float, size: float):
        self.canvas, self.x, self.y, self.size = canvas, x, y, size

    def paint(self, points, tone: float, soft: float = 0.02, strength: float = 1.0) -> None:
        """A filled outline with a soft edge."""
        where = [(self.x + u * self.size, self.y + v * self.size) for u, v in points]
        radius = soft * self.size
        left, top = (int(min(c) - 3 * radius - 2) for c in zip(*where, strict=True))
        right, bottom = (int(max(c) + 3 * radius + 3) for c in zip(*where, strict=True))
        mask = Image.new("L", (right - left, bottom - top))
        ImageDraw.Draw(mask).polygon([(u - left, v - top) for u, v in where], fill=int(255 * strength))
        self.canvas.image.paste(level(tone), (left, top), blurred(mask, radius))

    def oval(self, x, y, rx, ry, tone, soft=0.03, strength=1.0) -> None:
        """A soft ellipse."""
        around = np.linspace(0, 2 * np.pi, 40)
        self.paint(list(zip(x + rx * np.cos(around), y + ry * np.sin(around), strict=True)), tone, soft,
                   strength)  # fmt: skip

    def line(self, points, width: float, tone: float, soft: float = 0.012) -> None:
        """A soft stroke."""
        top = [(x, y - width / 2) for x, y in points]
        self.paint(top + [(x, y + width / 2) for x, y in reversed(points)], tone, soft)


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
        _bust(canvas, shot)
    return canvas.array()


def _full(canvas: Canvas, shot: Shot) -> None:
    place, moment, w, h = shot.place, shot.moment, shot.width, shot.height
    edge = int(h * float(place.uniform(0.74, 0.84)))
    floor = texture.receding(texture.planks(), place, h - edge, w, w / 2, 1.8)
    canvas.put(float(place.uniform(0.26, 0.5)) * (1 + 0.12 * floor), 0, edge)
    canvas.shade([(0, edge - 3), (w, edge - 3), (w, edge + 4), (0, edge + 4)], 0.6, 2)
    carpet = float(place.uniform(0.2, 0.45))
    middle, deep = h * 0.93, h * 0.07
    canvas.polygon([(w * 0.12, middle + deep), (w * 0.2, middle - deep), (w * 0.8, middle - deep),
                    (w * 0.88, middle + deep)], carpet)  # fmt: skip
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
            canvas.shade([(a, 0), (a - side * w * 0.03, 0), (a - side * w * 0.02, h), (a, h)],
                         0.35 + 0.25 * (fold % 3), 3)  # fmt: skip
    elif prop == "column":
        tone = float(place.uniform(0.5, 0.75))
        for stripe in np.linspace(-1, 1, 15):
            a = u + stripe * tall * 0.06
            canvas.box(a, y - tall * 0.62, a + tall * 0.009, y - tall * 0.05, tone * (1 - 0.45 * abs(stripe
                       + 0.5 * shot.light)))  # fmt: skip
        canvas.box(u - tall * 0.085, y - tall * 0.66, u + tall * 0.09, y - tall * 0.61, tone)
        canvas.box(u - tall * 0.09, y - tall * 0.07, u + tall * 0.095, y, tone * 0.8)
    elif prop == "plant":
        canvas.box(u - tall * 0.07, y - tall * 0.15, u + tall * 0.07, y, 0.2)
        for _ in range(16):
            a = float(place.uniform(-1.3, 1.3))
            r = tall * float(place.uniform(0.25, 0.5))
            curve = [(u + np.sin(a * s) * r * s, y - tall * 0.15 - np.cos(a * s) * r * s) for s in
                     np.linspace(0, 1, 6)]  # fmt: skip
            canvas.stroke(curve, tall * 0.014, float(place.uniform(0.08, 0.3)))
    if prop in ("chair", "table") or shot.facts["view"] == "seated":
        wood = float(place.uniform(0.08, 0.2))
        seat = u if shot.facts["view"] != "seated" else x - tall * 0.02
        high = y - tall * 0.28
        for leg in (-0.12, 0.12):
            canvas.stroke([(seat + leg * tall, high), (seat + leg * tall * 1.15, y)], tall * 0.022, wood)
        canvas.box(seat - tall * 0.15, high - tall * 0.02, seat + tall * 0.15, high + tall * 0.015, wood * 1.5)
        if prop == "chair" or shot.facts["view"] == "seated":
            for leg in (-0.12, 0.0, 0.12):
                canvas.stroke([(seat + leg * tall, high), (seat + leg * tall, high - tall * 0.32)],
                              tall * 0.02, wood)  # fmt: skip
            canvas.stroke([(seat - tall * 0.13, high - tall * 0.32), (seat + tall * 0.13, high - tall * 0.32)],
                          tall * 0.035, wood * 1.3)  # fmt: skip
        else:
            canvas.stand(foliage(place, int(tall * 0.2), int(tall * 0.2), 0.55, shot.light, 1.4), seat,
                         high - tall * 0.03)  # fmt: skip
    pose = "sit" if shot.facts["view"] == "seated" else str(moment.choice(["stand", "akimbo", "carry"]))
    # the same sitter in every exposure: clothes come from the place's numbers
    figure = person(place, tall, shot.facts["who"], pose, "front", shot.light)
    canvas.stand(figure, x, y, 0.6, shot.light * 0.5)


def _bust(canvas: Canvas, shot: Shot) -> None:
    place, moment, h = shot.place, shot.moment, shot.height
    who, light = shot.facts["who"], shot.light if abs(shot.light) > 0.25 else 0.4
    three = shot.facts["view"] == "three"
    size = h * (0.1 if three else 0.155) * float(place.uniform(0.85, 1.12)) * (0.6 + 0.4 * shot.habit.closeness)
    size = min(size, shot.width * 0.2)
    x = shot.width * float(np.clip(moment.normal(0.5, 0.025), 0.42, 0.58))
    y = h * (0.27 if three else 0.38) + size * float(moment.normal(0, 0.08))
    brush = Brush(canvas, x, y, size)
    skin = float(place.uniform(0.62, 0.8))
    turn = float(np.clip(place.normal(0, 0.16) + moment.normal(0, 0.04), -0.3, 0.3))
    hair = float(place.choice([0.06, 0.12, 0.25, 0.5, 0.75]))
    female = who in ("woman", "girl")
    wide = float(place.uniform(0.68, 0.8))
    if female:
        brush.oval(-turn * 0.3, -0.25, wide * 1.32, 1.05, hair, 0.06)
        if who == "girl":
            brush.paint([(-0.95, -0.2), (0.95, -0.2), (1.05, 1.4), (-1.05, 1.4)], hair * 0.9, 0.09)
    _clothes(brush, shot, female, skin, light)
    _face(brush, place, wide, skin, turn, light)
    _hair(brush, place, who, shot.facts["title"], wide, hair, turn, light)
    if place.random() < 0.3:  # a vignette: the picture fades to the paper
        rows, columns = np.mgrid[-1 : 1 : shot.height * 1j, -1 : 1 : shot.width * 1j].astype(np.float32)
        fade = np.clip((rows**2 + columns**2 - 0.55) * 2.2, 0, 1)
        canvas.put(canvas.array() * (1 - fade) + 0.88 * fade)


def _clothes(brush: Brush, shot: Shot, female: bool, skin: float, light: float) -> None:
    place = shot.place
    tone = float(place.uniform(0.06, 0.35)) if place.random() < 0.65 else float(place.uniform(0.5, 0.8))
    broad = float(place.uniform(1.65, 1.95)) * (0.85 if female else 1)
    down = (brush.canvas.height - brush.y) / brush.size + 1
    body = [(-0.42, 1.15), (0.42, 1.15), (broad * 0.7, 1.48), (broad, 1.9), (broad * 1.12, 3.2)]
    waist = broad * (0.62 if female else 0.85)
    body += [(waist, 4.6), (broad * 1.05, 6.5), (broad * 1.2, down), (-broad * 1.2, down), (-broad * 1.05, 6.5)]
    body += [(-waist, 4.6), (-broad * 1.12, 3.2), (-broad, 1.9), (-broad * 0.7, 1.48)]
    brush.paint(body, tone, 0.04)
    for side in (-1, 1):  # modelling: the side away from the light sinks
        shade = tone * (1.3 if side * light < 0 else 0.6)
        brush.paint([(side * broad * 0.62, 1.6), (side * broad, 1.95), (side * broad * 1.1, 3.4),
                     (side * broad * 0.72, 4.4)], shade, 0.22, 0.8)  # fmt: skip
        brush.line([(side * broad * 0.8, 2.3), (side * broad * 0.72, 3.3), (side * broad * 0.78, 4.6)], 0.05,
                   tone * 0.5, 0.05)  # fmt: skip
    for _ in range(7):
        u = float(place.uniform(-0.8, 0.8)) * broad
        brush.paint([(u, 2.0), (u + 0.07, 2.0), (u * 0.8 + 0.1, 4.5), (u * 0.8, 4.5)],
                    tone * float(place.choice([0.65, 1.3])), 0.07, 0.6)  # fmt: skip
    brush.paint([(-0.34, 0.6), (0.34, 0.6), (0.42, 1.35), (0, 1.6), (-0.42, 1.35)], skin * 0.8, 0.04)
    brush.paint([(-0.36, 0.75), (0.36, 0.75), (0.3, 1.1), (-0.34, 1.05)], skin * 0.5, 0.1, 0.8)
    if female:
        brush.paint([(-0.44, 1.05), (0.44, 1.05), (0.5, 1.4), (-0.5, 1.4)], 0.84, 0.03)
        for fold in np.linspace(-0.4, 0.4, 9):
            brush.line([(fold, 1.08), (fold + 0.01, 1.24), (fold + 0.02, 1.38)], 0.02, 0.6, 0.012)
        if place.random() < 0.6:
            brush.oval(0, 1.5, 0.12, 0.15, 0.3, 0.02)
            brush.oval(-0.03, 1.46, 0.05, 0.06, 0.75, 0.02)
        if place.random() < 0.5:
            for button in range(5):
                brush.oval(0, 1.9 + 0.45 * button, 0.06, 0.06, tone * 2 + 0.1, 0.015)
    else:
        brush.paint([(-0.4, 1.12), (0.4, 1.12), (0.5, 1.3), (0, 2.7), (-0.5, 1.3)], 0.86, 0.02)
        brush.paint([(-0.13, 1.34), (0.13, 1.34), (0.2, 2.4), (0, 2.7), (-0.2, 2.4)], 0.12, 0.02)
        for side in (-1, 1):
            brush.paint([(side * 0.46, 1.18), (side * 0.95, 1.55), (side * 0.72, 2.1), (side * 0.88, 2.2),
                         (0, 3.1), (side * 0.28, 2.2)], tone * (1.35 if side * light < 0 else 0.8) + 0.02, 0.025)  # fmt: skip
        if shot.facts["title"].endswith("Soldaten"):
            for button in range(6):
                brush.oval(0.12, 1.8 + 0.4 * button, 0.07, 0.07, 0.85, 0.012)
        brush.oval(0.05, 3.3, 0.06, 0.06, tone * 2 + 0.1, 0.015)


def _face(brush: Brush, rng, wide: float, skin: float, turn: float, light: float) -> None:
    for side in (-1, 1):
        brush.oval(side * wide * 0.98 - turn * 0.3, 0.08, 0.12, 0.22, skin * 0.8, 0.03)
    jaw = [(-wide, -0.3), (-wide * 0.97, 0.25), (-wide * 0.72, 0.72), (-wide * 0.3, 0.99), (wide * 0.3, 0.99),
           (wide * 0.72, 0.72), (wide * 0.97, 0.25), (wide, -0.3), (wide * 0.7, -0.85), (0, -1.0),
           (-wide * 0.7, -0.85)]  # fmt: skip
    brush.paint(jaw, skin, 0.06)
    away = 1 if light > 0 else -1
    brush.paint([(away * wide * 0.35, -0.7), (away * wide, -0.4), (away * wide, 0.4), (away * wide * 0.55, 0.9),
                 (away * wide * 0.42, 0.3)], skin * 0.6, 0.16, 0.85)  # fmt: skip
    brush.oval(-away * wide * 0.45, 0.25, 0.2, 0.16, min(1, skin * 1.18), 0.12, 0.8)
    brush.oval(-away * 0.15 + turn, -0.6, 0.32, 0.17, min(1, skin * 1.15), 0.12, 0.8)
    brush.oval(turn * 0.5, 0.93, 0.4, 0.1, skin * 0.62, 0.09, 0.7)
    for side in (-1, 1):
        u, v = side * 0.34 + turn, -0.1
        narrow = 1 - 0.5 * max(0.0, side * turn)
        brush.oval(u, v - 0.04, 0.2 * narrow, 0.13, skin * 0.58, 0.06, 0.85)
        brush.oval(u, v, 0.135 * narrow, 0.055, 0.82, 0.012)
        brush.oval(u + turn * 0.15, v, 0.058, 0.062, 0.12, 0.012)
        brush.oval(u - 0.02 * away, v - 0.02, 0.015, 0.015, 0.95, 0.004)
        brush.line([(u - 0.15, v - 0.01), (u, v - 0.065), (u + 0.15, v - 0.01)], 0.03, 0.15)
        brush.line([(u - 0.19, v - 0.2), (u, v - 0.26), (u + 0.19, v - 0.2)], 0.05, skin * 0.35, 0.02)
    tip = turn * 1.35
    brush.paint([(turn, -0.1), (turn + away * 0.06, -0.1), (tip + away * 0.17, 0.34), (tip, 0.38)],
                skin * 0.68, 0.035, 0.9)  # fmt: skip
    brush.paint([(turn - 0.03, -0.1), (turn + 0.03, -0.1), (tip + 0.04, 0.3), (tip - 0.05, 0.3)],
                min(1, skin * 1.15), 0.03, 0.8)  # fmt: skip
    for side in (-1, 1):
        brush.oval(tip + side * 0.075, 0.37, 0.04, 0.022, skin * 0.35, 0.014)
    brush.oval(tip, 0.46, 0.14, 0.05, skin * 0.78, 0.04, 0.8)
    brush.paint([(turn - 0.24, 0.6), (turn - 0.06, 0.555), (turn, 0.57), (turn + 0.06, 0.555), (turn + 0.24, 0.6),
                 (turn, 0.625)], skin * 0.5, 0.014)  # fmt: skip
    brush.paint([(turn - 0.2, 0.615), (turn + 0.2, 0.615), (turn, 0.7)], skin * 0.72, 0.025)
    brush.oval(turn, 0.755, 0.14, 0.03, skin * 0.7, 0.03, 0.7)


def _hair(brush: Brush, rng, who: str, title: str, wide: float, hair: float, turn: float, light: float) -> None:
    line = -0.62 if who != "man" else float(rng.uniform(-0.78, -0.55))
    parting = float(rng.uniform(-0.4, 0.4))
    brush.paint([(-wide * 1.08, 0.02), (-wide * 1.12, -0.6), (-wide * 0.75, -1.12), (0, -1.28), (wide * 0.75, -1.12),
                 (wide * 1.12, -0.6), (wide * 1.08, 0.02), (wide * 0.9, -0.35), (wide * 0.6, line - 0.02),
                 (parting, line - 0.12), (-wide * 0.6, line), (-wide * 0.9, -0.35)], hair, 0.035)  # fmt: skip
    for strand in np.linspace(-0.9, 0.9, 13):
        tone = hair * float(rng.uniform(0.6, 1.5)) + 0.05
        brush.line([(strand * wide * 0.7, line - 0.12), (strand * wide * 0.9, -0.95 + abs(strand) * 0.25),
                    (strand * wide * 1.02, -0.55)], 0.03, tone, 0.025)  # fmt: skip
    brush.oval(-0.35 * np.sign(light), -1.02, 0.25, 0.07, hair + 0.22, 0.07, 0.7)
    if who == "woman" and "Hut" not in title and rng.random() < 0.7:
        brush.oval(turn * -0.5, -1.35, 0.42, 0.3, hair * 1.1, 0.05)
    if who == "man":
        beard = float(rng.uniform(0.08, 0.65)) if hair > 0.4 else hair * 1.2
        if title.endswith("Schnurrbart") or rng.random() < 0.65:
            tip = turn * 1.2
            brush.paint([(tip - 0.36, 0.58), (tip - 0.2, 0.47), (tip, 0.44), (tip + 0.2, 0.47), (tip + 0.36, 0.58),
                         (tip + 0.1, 0.58), (tip, 0.55), (tip - 0.1, 0.58)], beard, 0.02)  # fmt: skip
        if title == "Alter Mann" or rng.random() < 0.3:
            brush.paint([(-wide * 0.95, 0.25), (-wide * 0.55, 0.62), (0, 0.72), (wide * 0.55, 0.62), (wide * 0.95, 0.25),
                         (wide * 0.7, 1.1), (0, 1.6), (-wide * 0.7, 1.1)], beard + 0.05, 0.06)  # fmt: skip
    hatted = "Hut" in title or (who != "girl" and rng.random() < 0.18) or title.endswith(("Soldaten", "Schwester"))
    if hatted:
        tone = 0.85 if title == "Schwester" else float(rng.choice([0.07, 0.12, 0.78]))
        brim = 1.9 if who == "woman" and title != "Schwester" else 1.12
        brush.oval(0, -0.72, wide * brim, 0.16, tone * 0.8, 0.03)
        brush.paint([(-wide, -0.75), (wide, -0.75), (wide * 0.95, -1.35), (wide * 0.4, -1.6), (-wide * 0.5, -1.6),
                     (-wide * 0.98, -1.3)], tone, 0.04)  # fmt: skip
        brush.line([(-wide, -0.8), (0, -0.74), (wide, -0.8)], 0.14, 1 - tone, 0.02)
        if brim > 1.5:
            for _ in range(6):
                brush.oval(float(rng.uniform(0, 1)) * wide, -1.2 + float(rng.normal(0, 0.15)), 0.2, 0.16,
                           float(rng.uniform(0.2, 0.9)), 0.04)  # fmt: skip
