"""Turned vessels, balls and books, modelled by the light of one lamp."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from bilderatlas.collection.specimen import texture
from bilderatlas.collection.specimen.canvas import (
    Canvas,
    Sprite,
    grey,
)

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


def turned(
    rng: np.random.Generator, profile: str, height: float, tone: float, light: float, gloss: float
) -> Sprite:
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


def ball(rng: np.random.Generator, radius: float, tone: float, light: float) -> Sprite:
    """An apple, a loaf, an onion: a ball with shading, speckles and a stalk."""
    size = max(6, int(radius * 4))
    y, x = np.mgrid[-1 : 1 : size * 1j, -1 : 1 : size * 1j].astype(np.float32)
    rr = x**2 + y**2
    z = np.sqrt(np.clip(1 - rr, 0, 1))
    lit = np.clip((-light * x - 0.6 * y + 0.75 * z) / 1.15, 0, 1)
    tones = (
        tone * (0.2 + 1.0 * lit) * (1 + 0.07 * texture.fractal(rng, size, size)) + 0.35 * lit**22
    )
    tones -= 0.4 * np.exp(-((x / 0.09) ** 2 + ((y + 0.82) / 0.1) ** 2))
    return Sprite(grey(tones), grey((1 - rr) * size * 0.4), (size / 2, size * 0.96)).shrunk(2)


def books(canvas: Canvas, rng: np.random.Generator, x: float, y: float, size: float) -> None:
    """Two to four books, lying on each other, with ribs and page edges."""
    for _ in range(int(rng.integers(2, 5))):
        wide, thick = size * float(rng.uniform(0.75, 1.0)), size * float(rng.uniform(0.12, 0.2))
        shift, tone = size * float(rng.normal(0, 0.04)), float(rng.uniform(0.1, 0.5))
        left = x - wide / 2 + shift
        canvas.polygon(
            [
                (left, y - thick),
                (left + wide * 0.12, y - thick - size * 0.1),
                (left + wide * 1.08, y - thick - size * 0.1),
                (left + wide, y - thick),
            ],
            tone * 1.5,
        )
        canvas.box(left, y - thick, left + wide, y, tone)
        canvas.box(left + wide * 0.1, y - thick, left + wide * 0.14, y, tone * 1.8)
        canvas.box(left + wide * 0.8, y - thick, left + wide * 0.84, y, tone * 1.8)
        canvas.polygon(
            [
                (left + wide, y - thick),
                (left + wide * 1.08, y - thick - size * 0.1),
                (left + wide * 1.08, y - size * 0.1),
                (left + wide, y),
            ],
            0.75,
        )
        y -= thick
