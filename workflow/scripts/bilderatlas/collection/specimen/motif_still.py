"""A still life: turned vessels, fruit, books and flowers on a table, modelled by lamplight."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from bilderatlas.collection.specimen import texture
from bilderatlas.collection.specimen.canvas import Canvas, Sprite, blurred, grey
from bilderatlas.collection.specimen.shot import Shot
from bilderatlas.collection.specimen.things import foliage

# radius as share of the height, from top to foot
PROFILES = {
    "bottle": (0.06, 0.07, 0.065, 0.065, 0.07, 0.12, 0.19, 0.2, 0.2, 0.2, 0.2, 0.19),
    "jug": (0.2, 0.18, 0.16, 0.19, 0.28, 0.34, 0.37, 0.37, 0.34, 0.29, 0.24, 0.23),
    "vase": (0.17, 0.13, 0.1, 0.12, 0.19, 0.26, 0.28, 0.26, 0.2, 0.13, 0.12, 0.16),
    "glass": (0.28, 0.29, 0.28, 0.25, 0.18, 0.06, 0.03, 0.03, 0.03, 0.04, 0.15, 0.24),
    "bowl": (0.98, 0.97, 0.94, 0.88, 0.8, 0.68, 0.54, 0.4, 0.34, 0.36),
    "candle": (0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.12, 0.05, 0.05, 0.09, 0.2),
    "pot": (0.4, 0.41, 0.38, 0.42, 0.45, 0.46, 0.46, 0.45, 0.42, 0.38),
}


def invent_still(rng) -> tuple[dict[str, str], str]:
    """Facts and title of a still life."""
    first = {"Flasche": "bottle", "Krug": "jug", "Vase mit Blumen": "vase", "Weinglas": "glass",
             "Leuchter": "candle", "Topf": "pot"}  # fmt: skip
    second = {"Äpfeln": "fruit", "Büchern": "books", "Obstschale": "bowl", "Kanne": "jug", "Brot": "bread",
              "Gläsern": "glass"}  # fmt: skip
    where = str(rng.choice(["", " auf dem Küchentisch", " vor dunklem Grund", " am Fenster", " im Atelier"]))
    a, b = str(rng.choice(list(first))), str(rng.choice(list(second)))
    return {"first": first[a], "second": second[b], "where": where}, f"Stillleben: {a} mit {b}{where}".replace(
        "Blumen mit", "Blumen und")  # fmt: skip


def turned(rng, profile: str, height: float, tone: float, light: float, gloss: float) -> Sprite:
    """A vessel turned on the lathe: Lambert shading of the round body, and a highlight."""
    tall = int(height * 2)
    radii = np.array(PROFILES[profile])
    at = np.linspace(0, len(radii) - 1, tall)
    kernel = np.hanning(max(5, tall // 6))
    radius = np.interp(at, np.arange(len(radii)), radii) * tall
    pad = len(kernel)
    radius = np.convolve(np.pad(radius, pad, mode="edge"), kernel / kernel.sum(), "same")[pad:-pad]
    half = int(radius.max()) + 4
    x = np.arange(-half, half, dtype=np.float32)[None, :]
    across = x / np.maximum(radius, 1)[:, None]
    inside = np.abs(across) <= 1
    normal_z = np.sqrt(np.clip(1 - across**2, 0, 1))
    slope = np.clip(np.gradient(radius), -1.2, 1.2)[:, None]
    direction = np.array([-light, -0.55, 0.75]) / np.linalg.norm([light, 0.55, 0.75])
    facing = across * direction[0] - slope * 0.5 * direction[1] * -1 + normal_z * direction[2]
    shine = np.clip(facing, 0, 1)
    wear = 1 + 0.06 * texture.fractal(rng, tall, 2 * half)
    tones = tone * (0.22 + 0.95 * shine) * wear + gloss * shine**14
    tones += gloss * 0.14 * np.exp(-(((across * np.sign(light) - 0.75) / 0.1) ** 2))
    mouth = radius[2]
    lip = max(2, int(mouth * 0.3))
    image, mask = grey(tones), grey(inside.astype(np.float32))
    board = Image.new("L", (2 * half, tall + 2 * lip), 0)
    cover = board.copy()
    board.paste(image, (0, lip))
    cover.paste(mask, (0, lip))
    canvas = Canvas(1, 1)
    for target, rim, hole in ((board, tone * 1.15, tone * 0.25), (cover, 1, 1)):
        canvas.image, canvas.pen = target, None
        canvas.pen = ImageDraw.Draw(target)
        canvas.ellipse(half, lip, mouth, lip, rim)
        canvas.ellipse(half, lip, mouth * 0.88, lip * 0.8, hole)
        foot = radius[-1]
        if target is cover:
            canvas.ellipse(half, tall + lip, foot, foot * 0.22, 1)
        else:
            strip = board.crop((0, tall + lip - 2, 2 * half, tall + lip - 1))
            board.paste(strip.resize((2 * half, lip)), (0, tall + lip - 1))
    return Sprite(board, cover, (half, tall + lip + 2)).shrunk(2)


def ball(rng, radius: float, tone: float, light: float) -> Sprite:
    """An apple, a loaf, an onion: a ball with shading, speckles and a stalk."""
    size = max(6, int(radius * 4))
    y, x = np.mgrid[-1 : 1 : size * 1j, -1 : 1 : size * 1j].astype(np.float32)
    rr = x**2 + y**2
    z = np.sqrt(np.clip(1 - rr, 0, 1))
    lit = np.clip((-light * x - 0.6 * y + 0.75 * z) / 1.15, 0, 1)
    tones = tone * (0.2 + 1.0 * lit) * (1 + 0.07 * texture.fractal(rng, size, size)) + 0.35 * lit**22
    tones -= 0.4 * np.exp(-((x / 0.09) ** 2 + ((y + 0.82) / 0.1) ** 2))
    return Sprite(grey(tones), grey((1 - rr) * size * 0.4), (size / 2, size * 0.96)).shrunk(2)


def _books(canvas: Canvas, rng, x: float, y: float, size: float) -> None:
    for _ in range(int(rng.integers(2, 5))):
        wide, thick = size * float(rng.uniform(0.75, 1.0)), size * float(rng.uniform(0.12, 0.2))
        shift, tone = size * float(rng.normal(0, 0.04)), float(rng.uniform(0.1, 0.5))
        left = x - wide / 2 + shift
        canvas.polygon([(left, y - thick), (left + wide * 0.12, y - thick - size * 0.1),
                        (left + wide * 1.08, y - thick - size * 0.1), (left + wide, y - thick)], tone * 1.5)  # fmt: skip
        canvas.box(left, y - thick, left + wide, y, tone)
        canvas.box(left + wide * 0.1, y - thick, left + wide * 0.14, y, tone * 1.8)
        canvas.box(left + wide * 0.8, y - thick, left + wide * 0.84, y, tone * 1.8)
        canvas.polygon([(left + wide, y - thick), (left + wide * 1.08, y - thick - size * 0.1),
                        (left + wide * 1.08, y - size * 0.1), (left + wide, y)], 0.75)  # fmt: skip
        y -= thick


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
    edge = int(h * float(np.clip(place.normal(0.57 + 0.1 * (shot.habit.horizon - 0.5), 0.04), 0.48, 0.7)))
    cloth = float(place.uniform(0.6, 0.85)) if place.random() < 0.55 else float(place.uniform(0.2, 0.36))
    rows = h - edge
    grain = texture.receding(texture.planks() if cloth < 0.4 else texture.bank(), place, rows, w, w / 2, 2.4)
    reach = np.linspace(0.85, 1.1, rows, dtype=np.float32)[:, None]
    canvas.put(cloth * reach * (1 + 0.06 * grain) * (0.85 + 0.3 * glow[edge:]), 0, edge)
    if cloth > 0.4:
        for _ in range(int(place.integers(3, 8))):  # folds of the tablecloth
            u, tilt = w * place.random(), w * float(place.normal(0, 0.2))
            canvas.shade([(u, edge), (u + 8, edge), (u + tilt + 26, h), (u + tilt, h)],
                         float(place.choice([0.82, 1.15])), 4)  # fmt: skip
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
    things_ = [(shot.facts["first"], 0.5 - side * float(place.uniform(0.02, 0.14)), 0.3,
                scale * float(place.uniform(1.05, 1.5)))]  # fmt: skip
    tall = {"jug": 0.85, "glass": 0.75, "bowl": 0.42, "fruit": 0.3, "bread": 0.36, "books": 0.7}
    second = shot.facts["second"]
    for copy in range({"fruit": int(place.integers(3, 8)), "glass": 2}.get(second, 1)):
        across = 0.5 + side * float(place.uniform(0.1, 0.3) if copy == 0 else place.uniform(-0.1, 0.34))
        things_.append((second, across, float(place.uniform(0.35, 0.95)), scale * tall[second]))
    for _ in range(int(place.integers(0, 3))):
        extra = str(place.choice(["fruit", "bottle", "pot", "glass", "books"]))
        things_.append((extra, float(place.uniform(0.14, 0.86)), float(place.uniform(0.0, 0.5)),
                        scale * tall.get(extra, 0.9)))  # fmt: skip
    return things_


def _place(canvas: Canvas, shot: Shot, name: str, x: float, y: float, tall: float, light: float) -> None:
    place = shot.place
    tall *= 0.72 if name == "pot" else 1.0
    drop = tall * (0.55 if name not in ("fruit", "bread") else 0.9)
    canvas.shade([(x - drop * 0.3, y - 3), (x + drop * 0.3, y - 3), (x + drop * (0.3 + 1.3 * light), y - drop * 0.25),
                  (x + drop * (1.3 * light - 0.2), y - drop * 0.28)], 0.45, tall * 0.05)  # fmt: skip
    canvas.shade([(x - drop * 0.5, y - 6), (x + drop * 0.5, y - 6), (x + drop * 0.4, y + 6),
                  (x - drop * 0.4, y + 6)], 0.4, 4)  # fmt: skip
    if name == "books":
        _books(canvas, place, x, y, tall)
    elif name in ("fruit", "bread"):
        sprite = ball(place, tall / 2, float(place.uniform(0.3, 0.75)), light)
        if name == "bread":
            size = (int(sprite.image.width * 1.9), sprite.image.height)
            sprite = Sprite(sprite.image.resize(size), sprite.mask.resize(size), (size[0] / 2, size[1]))
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
                canvas.stand(foliage(place, int(tall * 0.26), int(tall * 0.24), tone_, light, 1.4), u, v)
        canvas.stand(turned(place, name, tall, tone, light, gloss), x, y)
        if name == "candle":
            canvas.ellipse(x, y - tall * 1.06, tall * 0.018, tall * 0.05, 0.95)
        if name == "jug":
            canvas.pen.arc((x + tall * 0.2, y - tall * 0.86, x + tall * 0.52, y - tall * 0.36), -110, 110,
                           fill=int(255 * tone * 0.8), width=max(3, int(tall * 0.05)))  # fmt: skip
