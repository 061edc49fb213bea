"""From negative to print: tone curve, grain, process colour, paper, wear.

A print is made of a negative (tones 0..1) by the process of its year. All that differs between
two prints of one negative is decided here; what differs between two exposures is not.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from bilderatlas.collection.specimen import texture
from bilderatlas.collection.specimen.canvas import blurred, grey
from bilderatlas.collection.specimen.shot import Habit

# colours of black, middle and white of a process, sRGB 0..255
PALETTES = {
    "albumen": ((52, 32, 24), (150, 112, 84), (236, 216, 180)),
    "zelloidin": ((40, 26, 28), (132, 104, 98), (232, 218, 202)),
    "platinum": ((26, 26, 28), (122, 120, 118), (226, 222, 212)),
    "silver": ((16, 17, 19), (118, 119, 120), (228, 228, 226)),
    "cool": ((14, 18, 26), (110, 117, 126), (220, 226, 230)),
}


@dataclass(frozen=True)
class Process:
    """A printing process: its catalogue names, its palettes, the years of its use."""

    names: tuple[str, ...]
    palettes: tuple[str, ...]
    peak: float
    spread: float
    contrast: float


# ASSUME: the order of the processes in time follows the history of photographic papers
# (albumen, then collodion and Zelloidin, then gelatine silver); the widths are ours
PROCESSES = {
    "albumen": Process(
        ("Albumin", "Albumin, ungetont", "Albuminpapier, ungetont"), ("albumen",), 1884, 6.5, 0.92
    ),
    "zelloidin": Process(
        ("Zelloidin", "Zelloidin matt", "mattes Zelloidinpapier"), ("zelloidin",), 1897, 5.5, 1.0
    ),
    "collodion": Process(
        ("Kollodiumpapier, matt", "mattes Kollodiumpapier", "mattes Kollodiumpapier, platingetont"),
        ("platinum",),
        1900,
        5.0,
        0.95,
    ),
    "silver": Process(("Silbergelatinepapier",), ("silver", "cool"), 1911, 9.0, 1.12),
}


def choose_process(rng: np.random.Generator, year: int) -> str:
    """A process in use in ``year``."""
    names = list(PROCESSES)
    weights = np.array(
        [np.exp(-0.5 * ((year - p.peak) / p.spread) ** 2) for p in PROCESSES.values()]
    )
    return str(rng.choice(names, p=(weights + 1e-3) / (weights + 1e-3).sum()))


def drift(year: int) -> float:
    """0 in 1880, 1 in 1920: what grain, contrast, sharpness and formats drift with."""
    return float(np.clip((year - 1880) / 40, 0, 1))


def expose(scene: np.ndarray, habit: Habit, year: int, rng: np.random.Generator) -> np.ndarray:
    """The negative of a scene: soft focus, vignetting of the lens, the habit's contrast.

    Args:
        scene: tones 0..1, shape (height, width).
        habit: of the photographer.
        year: of the exposure.
        rng: numbers of this exposure.
    """
    h, w = scene.shape
    late = drift(year)
    radius = max(h, w) / 1000 * habit.softness * (1.25 - 0.5 * late)
    tones = np.asarray(blurred(grey(scene), radius), np.float32) / 255
    y, x = np.mgrid[-1 : 1 : h * 1j, -1 : 1 : w * 1j].astype(np.float32)
    corner = (x**2 + y**2) / 2
    tones = tones * (1 - (0.42 - 0.22 * late) * float(rng.uniform(0.6, 1.4)) * corner**1.6)
    slope = habit.contrast * (0.88 + 0.26 * late) * float(rng.uniform(0.92, 1.08))
    # an S-shaped curve around the middle: the characteristic curve of the plate
    return 1 / (1 + np.exp(-slope * 4.6 * (tones - 0.5 + 0.32 * habit.key)))


def make_print(
    negative: np.ndarray,
    size: tuple[int, int],
    year: int,
    process: str,
    border: bool,
    rng: np.random.Generator,
) -> Image.Image:
    """A positive on paper as it lies in the archive today: an RGB image.

    Args:
        negative: tones 0..1, shape (height, width).
        size: width and height of the result in px.
        year: the print was made.
        process: a key of :data:`PROCESSES`.
        border: whether the white rim of the paper was left.
        rng: numbers of this print.
    """
    kind = PROCESSES[process]
    late = drift(year)
    w, h = size
    image = Image.fromarray(negative.astype(np.float32)).resize((w, h), Image.Resampling.BOX)
    tones = np.asarray(image)
    # density of the print: a gamma for exposure, a slope for the paper's grade
    tones = np.clip(tones, 0.001, 1) ** float(np.exp(rng.normal(-0.1, 0.16)))
    tones = 0.5 + (tones - 0.5) * kind.contrast * float(rng.uniform(0.88, 1.1))
    # ASSUME: grain grows with the faster, smaller plates of later years
    white = texture.cut(texture.white_bank(), rng, h, w)
    coarse = texture.cut(texture.white_bank(), rng, h, w, 1.7)
    tones = tones + (0.012 + 0.026 * late) * (0.6 * white + 0.6 * coarse) * (
        1.15 - 0.6 * np.abs(tones - 0.4)
    )
    tones = tones * (1 + 0.02 * texture.fractal(rng, h, w, 2.5))
    tones = _wear(tones, rng)
    fade = float(rng.uniform(0, 0.14)) * (1.3 - late)
    tones = np.clip(tones, 0, 1) * (1 - fade) + fade * 0.75
    rgb = _colour(tones, kind, rng)
    rgb = _border(rgb, late, rng) if border else rgb
    return Image.fromarray(rgb)


def _wear(tones: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Scratches, dust, bleaching at the edges, a stain: each only now and then."""
    h, w = tones.shape
    if rng.random() < 0.45:
        layer = Image.new("L", (w, h))
        pen = ImageDraw.Draw(layer)
        for _ in range(int(rng.integers(1, 5))):
            x, y = rng.uniform(0, w), rng.uniform(0, h)
            dx, dy = rng.normal(0, w * 0.05), rng.normal(0, h * 0.25)
            pen.line((x, y, x + dx, y + dy), fill=int(rng.integers(60, 200)), width=1)
        for _ in range(int(rng.integers(4, 40))):
            x, y, r = rng.uniform(0, w), rng.uniform(0, h), rng.uniform(0.3, 1.4)
            pen.ellipse((x - r, y - r, x + r, y + r), fill=int(rng.integers(90, 255)))
        marks = np.asarray(layer, np.float32) / 255
        tones = tones + marks * (0.85 - tones if rng.random() < 0.7 else 0.12 - tones)
    edge = texture.fractal(rng, h, w, 2) * 0.05
    y, x = np.mgrid[-1 : 1 : h * 1j, -1 : 1 : w * 1j].astype(np.float32)
    rim = np.clip((np.maximum(np.abs(x), np.abs(y)) - 0.86 + edge) * 6, 0, 1)
    tones = tones + rim * float(rng.uniform(-0.05, 0.14)) * (0.9 - tones)
    side = float(rng.normal(0, 0.05))
    tones = tones * (1 + side * x + float(rng.normal(0, 0.04)) * y)
    if rng.random() < 0.12:
        u, v, r = rng.uniform(-1, 1), rng.uniform(-1, 1), rng.uniform(0.1, 0.4)
        spot = np.exp(-((((x - u) ** 2 + (y - v) ** 2) / r**2 + edge * 8) ** 3))
        tones = tones * (1 - 0.14 * spot)
    return tones


def _colour(tones: np.ndarray, kind: Process, rng: np.random.Generator) -> np.ndarray:
    stops = np.array(PALETTES[str(rng.choice(kind.palettes))], float)
    stops = stops + rng.normal(0, 0.9, 3)[None, :] + rng.normal(0, 4, (3, 1))
    levels = np.linspace(0, 1, 256)
    table = np.stack([np.interp(levels, (0, 0.5, 1), stops[:, band]) for band in range(3)], axis=1)
    index = (np.clip(tones, 0, 1) * 255).astype(np.uint8)
    return np.clip(table, 0, 255).astype(np.uint8)[index]


def _border(rgb: np.ndarray, late: float, rng: np.random.Generator) -> np.ndarray:
    """The rim of the paper: its width is a share of each side, so the aspect stays."""
    h, w = rgb.shape[:2]
    share = float(rng.uniform(0.012, 0.034)) * (1.25 - 0.5 * late)
    top, left = max(2, round(h * share)), max(2, round(w * share))
    paper = np.array([238, 232 + 4 * late, 214 + 16 * late]) - float(rng.uniform(0, 26))
    rough = (
        texture.fractal(rng, h, w, 2)[..., None] * 3
        + texture.cut(texture.white_bank(), rng, h, w)[..., None]
    )
    framed = np.clip(paper[None, None, :] + rough, 0, 255).astype(np.uint8)
    inner = Image.fromarray(rgb).resize((w - 2 * left, h - 2 * top), Image.Resampling.BICUBIC)
    framed[top : h - top, left : w - left] = np.asarray(inner)
    return framed
