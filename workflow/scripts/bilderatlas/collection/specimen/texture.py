"""Textures from filtered noise: plaster, soil, cobbles, skies (float32, 0 black, 1 white).

All noise comes from one periodic bank that is made once a process from a fixed seed: a texture
is a random cut-out of it, which is ten times faster than new noise for each picture.
"""

from __future__ import annotations

import functools

import numpy as np
from PIL import Image

BANK = 1024  # side of the periodic noise tile in px


@functools.cache
def bank() -> np.ndarray:
    """Periodic noise of spectrum 1/f^1.1, shape (1024, 1024), mean 0, standard deviation 1."""
    rng = np.random.default_rng(1858)
    spectrum = np.fft.rfft2(rng.standard_normal((BANK, BANK)))
    fy, fx = np.fft.fftfreq(BANK)[:, None], np.fft.rfftfreq(BANK)[None, :]
    radius = np.hypot(fy, fx)
    # features larger than 1/8 of the tile are damped, or a cut-out would be one slope
    spectrum *= 1 / (radius**2 + (3.0 / BANK) ** 2) ** 0.55
    spectrum[0, 0] = 0
    noise = np.fft.irfft2(spectrum, (BANK, BANK))
    return (noise / noise.std()).astype(np.float32)


@functools.cache
def white_bank() -> np.ndarray:
    """White Gaussian noise, shape (1024, 1024): the grain of an emulsion before it is filtered."""
    rng = np.random.default_rng(1929)
    return rng.standard_normal((BANK, BANK)).astype(np.float32)


def cut(
    tile: np.ndarray,
    rng: np.random.Generator,
    height: int,
    width: int,
    zoom: float = 1.0,
    stretch: float = 1.0,
) -> np.ndarray:
    """A random cut-out of a periodic tile, enlarged ``zoom`` times (``stretch`` more in x)."""
    rows, columns = max(2, round(height / zoom)), max(2, round(width / (zoom * stretch)))
    row, column = rng.integers(0, BANK, 2)
    patch = tile[np.ix_((row + np.arange(rows)) % BANK, (column + np.arange(columns)) % BANK)]
    if rng.random() < 0.5:
        patch = patch[:, ::-1]
    if (rows, columns) == (height, width):
        return np.ascontiguousarray(patch)
    image = Image.fromarray(np.ascontiguousarray(patch))
    return np.asarray(image.resize((width, height), Image.Resampling.BICUBIC))


def fractal(
    rng: np.random.Generator, height: int, width: int, zoom: float = 1.0, stretch: float = 1.0
) -> np.ndarray:
    """Fractal noise, about standard normal, shape (height, width)."""
    return cut(bank(), rng, height, width, zoom, stretch)


def plaster(rng: np.random.Generator, height: int, width: int, tone: float) -> np.ndarray:
    """Old plaster: clouds of tone, streaks of rain, fine roughness, darker towards the foot."""
    wall = tone * (1 + 0.07 * fractal(rng, height, width, 1.5))
    wall *= 1 + 0.05 * fractal(rng, height, width, 1.0, 0.12)
    wall *= 1 + 0.05 * cut(white_bank(), rng, height, width)
    foot = np.linspace(0, 1, height, dtype=np.float32)[:, None] ** 6
    return wall * (1 - 0.35 * foot * (1 + 0.3 * fractal(rng, height, width)))


def bricks(rng: np.random.Generator, height: int, width: int, tone: float, size: int = 6):
    """Courses of bricks ``size`` px high, each brick with a tone of its own."""
    rows, columns = height // size + 2, width // (2 * size) + 3
    each = tone * (1 + 0.16 * rng.standard_normal((rows, columns), dtype=np.float32))
    y, x = np.arange(height), np.arange(width)
    course = y // size
    shifted = x[None, :] + (course % 2)[:, None] * size
    wall = each[course[:, None], shifted // (2 * size)]
    joint = ((y % size) == 0)[:, None] | ((shifted % (2 * size)) == 0)
    wall = np.where(joint, tone * 1.25, wall)
    return wall * (1 + 0.08 * fractal(rng, height, width, 1.5))


@functools.cache
def cobbles() -> np.ndarray:
    """Setts in offset rows, rounded by their own shading: a periodic tile around 0."""
    rng = np.random.default_rng(1900)
    size = 16
    y, x = np.mgrid[0:BANK, 0:BANK]
    row = y // size
    shift = rng.integers(0, size, BANK // size)[row]
    column = ((x + shift) // size) % (BANK // size)
    stone = rng.standard_normal((BANK // size, BANK // size))[row, column]
    inside_y = (y % size) / size - 0.5
    inside_x = ((x + shift) % size) / size - 0.5
    dome = 1 - 5 * (inside_x**4 + inside_y**4) * 8
    return (0.5 * stone + 1.1 * dome - 0.8 * inside_y + 0.4 * bank()).astype(np.float32)


@functools.cache
def planks() -> np.ndarray:
    """Boards that run away from the viewer: a periodic tile around 0."""
    rng = np.random.default_rng(1907)
    x = np.arange(BANK)
    tone = rng.standard_normal(BANK // 32)[x // 32] - 3.0 * ((x % 32) < 2)
    vein = np.asarray(Image.fromarray(bank()[::16]).resize((BANK, BANK)))
    return (tone[None, :] + 0.5 * vein).astype(np.float32)


def receding(
    tile: np.ndarray,
    rng: np.random.Generator,
    rows: int,
    width: int,
    centre: float,
    grain: float = 1.0,
    shift: float = 0.0,
    across: float = 0.0,
) -> np.ndarray:
    """A tile laid on the ground plane: row 0 is just below the horizon.

    Args:
        tile: periodic, shape (1024, 1024).
        rng: where the tile is cut.
        rows: rows between the horizon and the lower edge.
        width: of the picture in px.
        centre: column of the vanishing point.
        grain: size of the tile's features at the lower edge, in px of the tile.
        shift: offset in depth, as if the camera had stepped forward.
        across: px that the lower edge lies to the right, as if the camera had stepped to the left.
    """
    y = (np.arange(rows, dtype=np.float32) + 0.5) / max(rows, 1)
    depth = 1 / (y + 0.02)
    u = (np.arange(width, dtype=np.float32)[None, :] - centre) * depth[:, None] / grain
    u -= across / grain
    v = depth * (rows / grain) * 1.0 + shift
    origin = rng.integers(0, BANK, 2)
    picked = tile[
        ((-v[:, None]).astype(np.int32) + origin[0]) % BANK, (u.astype(np.int32) + origin[1]) % BANK
    ]
    # far ground is sampled ever more coarsely: its contrast sinks instead of flickering
    return picked / (1 + 0.07 * depth[:, None] ** 1.3)


def sky(
    rng: np.random.Generator, height: int, width: int, cover: float, zenith: float, rim: float
) -> np.ndarray:
    """A sky from ``zenith`` tone above to ``rim`` at its lower edge; ``cover`` 0..1 of cloud."""
    slope = np.linspace(0, 1, height, dtype=np.float32)[:, None] ** 0.8
    air = zenith + (rim - zenith) * slope + np.zeros((1, width), np.float32)
    if cover > 0.05:
        size = float(rng.uniform(1.6, 4.5))
        cloud = 0.8 * fractal(rng, height, width, size, 2.0) + 0.35 * fractal(
            rng, height, width, 8, 3
        )
        veil = np.clip((cloud - 1.1 + 1.9 * cover) * float(rng.uniform(0.4, 0.8)), 0, 1)
        # the lower side of a cloud lies in its own shade
        edge = np.gradient(veil, axis=0) * 6
        air = air + veil * (0.97 - air) * 0.75 - np.clip(edge, -0.2, 0.2) * 0.35 * veil
    return np.clip(air, 0, 1)
