"""Colour cards, grey strips and rulers, drawn from seeds: what lies beside a photograph in a scan.

A card is drawn lying (its length across) and turned by whoever lays it down. No make of card is
copied: patches, holders and lettering vary from card to card.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw

from bilderatlas.collection.specimen import texture

# printers' primaries and their overprints, a skin, a sky, a leaf: what cards agree on
INKS = (
    (0, 130, 200), (200, 20, 110), (240, 215, 0), (205, 30, 40), (0, 130, 60), (50, 40, 130),
    (190, 130, 105), (95, 120, 155), (90, 110, 65), (225, 125, 40), (65, 90, 165), (160, 60, 130),
)  # fmt: skip
HOLDERS = ((18, 18, 20), (60, 62, 66), (118, 118, 120), (235, 235, 232), (205, 200, 190))


def _holder(rng: np.random.Generator, length: int, thickness: int) -> Image.Image:
    tone = np.array(HOLDERS[rng.integers(len(HOLDERS))], float) + rng.normal(0, 6)
    return Image.new("RGB", (length, thickness), tuple(int(v) for v in tone.clip(6, 246)))


def _ink(image: Image.Image) -> tuple[int, int, int]:
    """A colour that can be read on the holder."""
    return (25, 25, 25) if np.mean(image.getpixel((1, 1))) > 110 else (225, 225, 225)


def _letter(rng: np.random.Generator, image: Image.Image, box: tuple[float, ...]) -> None:
    """Strokes that stand for lettering, inside a box."""
    pen = ImageDraw.Draw(image)
    left, top, right, bottom = box
    x, ink = left, _ink(image)
    while x < right - 3:
        wide = rng.uniform(1.5, 4)
        if rng.random() < 0.8:
            height = (bottom - top) * rng.uniform(0.5, 1)
            pen.line((x, bottom - height, x, bottom), fill=ink)
            pen.line((x, bottom - height * rng.random(), x + wide * 0.6, bottom), fill=ink)
        x += wide


def _patches(
    rng: np.random.Generator, image: Image.Image, colours: np.ndarray, top: float, bottom: float
) -> None:
    """A row of patches, side by side or parted, in the share ``top`` to ``bottom`` of the card."""
    pen = ImageDraw.Draw(image)
    length, thickness = image.size
    rim = rng.uniform(0.02, 0.06) * length
    pitch = (length - 2 * rim) / len(colours)
    gap = 0.0 if rng.random() < 0.45 else pitch * rng.uniform(0.06, 0.22)
    for number, colour in enumerate(colours):
        x = rim + number * pitch
        place = (x, top * thickness, x + pitch - gap - 1, bottom * thickness)
        pen.rectangle(place, fill=tuple(int(v) for v in colour))


def _inks(rng: np.random.Generator, count: int) -> np.ndarray:
    picked = rng.permutation(len(INKS))[:count]
    colours = np.array(INKS, float)[np.resize(picked, count)]
    return (colours * rng.uniform(0.8, 1.05) + rng.normal(0, 8, (count, 3))).clip(4, 250)


def _greys(rng: np.random.Generator, count: int) -> np.ndarray:
    # steps of equal density, so of equal ratio
    tones = 244 * np.linspace(1, rng.uniform(0.22, 0.32), count) ** 2
    tones = tones if rng.random() < 0.5 else tones[::-1]
    return (tones[:, None] + rng.normal(0, 1.2, (count, 3))).clip(4, 250)


def _ticks(
    rng: np.random.Generator, image: Image.Image, pitch: float, top: float, bottom: float
) -> None:
    """A scale: a tick every ``pitch`` px, each fifth and tenth longer, from ``top`` downwards."""
    pen = ImageDraw.Draw(image)
    ink, deep = _ink(image), (bottom - top) * image.height
    for number in range(int(image.width / pitch)):
        x = 4 + number * pitch
        share = 1.0 if number % 10 == 0 else 0.72 if number % 5 == 0 else 0.45
        pen.line((x, top * image.height, x, top * image.height + deep * share), fill=ink)
        if number % 10 == 0:
            y = top * image.height + deep * 1.1
            _letter(rng, image, (x - pitch * 1.5, y, x + pitch * 1.5, y + image.height * 0.14))


def draw_colour_card(rng: np.random.Generator, length: int, thickness: int) -> Image.Image:
    """One or two rows of coloured patches, lettering beside them, perhaps a scale."""
    image = _holder(rng, length, thickness)
    count = int(rng.integers(7, 13))
    colours = _inks(rng, count)
    scale = rng.random() < 0.4
    low = 0.72 if scale else 0.95
    if rng.random() < 0.5:
        middle = rng.uniform(0.4, 0.5)
        _patches(rng, image, colours, 0.06, middle)
        pale = colours * 0.45 + 255 * 0.5
        _patches(rng, image, pale, middle, low)
    else:
        top = rng.uniform(0.08, 0.36)
        _letter(rng, image, (length * 0.05, 2, length * rng.uniform(0.3, 0.9), top * thickness - 2))
        _patches(rng, image, colours, top, low)
    if scale:
        _ticks(rng, image, max(3.0, length / rng.uniform(90, 200)), 0.76, 0.93)
    return image


def draw_grey_strip(rng: np.random.Generator, length: int, thickness: int) -> Image.Image:
    """Steps of grey from white to black, or the other way."""
    image = _holder(rng, length, thickness)
    count = int(rng.integers(8, 21))
    top = rng.uniform(0.0, 0.4)
    if top > 0.15:
        _letter(rng, image, (length * 0.05, 2, length * rng.uniform(0.3, 0.9), top * thickness - 3))
    _patches(rng, image, _greys(rng, count), top, rng.uniform(0.9, 1.0))
    return image


def draw_ruler(rng: np.random.Generator, length: int, thickness: int) -> Image.Image:
    """A ruler with ticks and figures along one edge."""
    image = _holder(rng, length, max(12, thickness * 3 // 5))
    _ticks(rng, image, max(3.5, length / rng.uniform(90, 200)), 0.02, 0.55)
    return image


def draw_target(rng: np.random.Generator, length: int, thickness: int) -> Image.Image:
    """Colours, greys and a scale on one holder."""
    image = _holder(rng, length, thickness)
    half = int(rng.integers(6, 10))
    both = np.concatenate([_inks(rng, half), _greys(rng, half)])
    _patches(rng, image, both, 0.34, 0.9)
    _ticks(rng, image, max(3.0, length / rng.uniform(110, 220)), 0.03, 0.24)
    return image


CARDS: dict[str, Callable[[np.random.Generator, int, int], Image.Image]] = {
    "colour": draw_colour_card,
    "grey": draw_grey_strip,
    "ruler": draw_ruler,
    "target": draw_target,
}


def draw_card(rng: np.random.Generator, kind: str, length: int, thickness: int) -> Image.Image:
    """A card of some kind, RGB, ``length`` x about ``thickness`` px, worn a little."""
    card = np.asarray(CARDS[kind](rng, max(60, length), max(14, thickness)), np.float32)
    rough = texture.fractal(rng, *card.shape[:2], 2)[..., None]
    return Image.fromarray((card * (1 + 0.012 * rough)).clip(0, 255).astype(np.uint8))
