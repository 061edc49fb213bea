"""A drawing board for one figure, and the light on its round body."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from bilderatlas.collection.specimen.canvas import (
    Points,
    Sprite,
    blurred,
    grey,
    level,
)
from bilderatlas.collection.specimen.texture import fractal


class Doll:
    """A drawing board for one figure: the same strokes go to the image and its mask."""

    def __init__(self, height: float):
        self.size = min(max(height * 2.5, 60), 900)
        self.wide, self.tall = int(self.size * 1.1), int(self.size * 1.22)
        self.image = Image.new("L", (self.wide, self.tall), 90)
        self.mask = Image.new("L", (self.wide, self.tall), 0)
        self.pens = ImageDraw.Draw(self.image), ImageDraw.Draw(self.mask)
        self.ground = self.tall - 0.05 * self.size

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Body coordinates to px."""
        return self.wide / 2 + x * self.size, self.ground - y * self.size

    def shape(self, points: Points, tone: float) -> None:
        """A filled outline."""
        where = [self.at(x, y) for x, y in points]
        for pen, fill in zip(self.pens, (level(tone), 255), strict=True):
            pen.polygon(where, fill=fill)

    def limb(self, points: Points, width: float, tone: float) -> None:
        """A bent limb with round joints."""
        where = [self.at(x, y) for x, y in points]
        thick = max(2, round(width * self.size))
        for pen, fill in zip(self.pens, (level(tone), 255), strict=True):
            pen.line(where, fill=fill, width=thick, joint="curve")
            for x, y in where:
                r = thick / 2
                pen.ellipse((x - r, y - r, x + r, y + r), fill=fill)

    def oval(self, x: float, y: float, rx: float, ry: float, tone: float) -> None:
        """An ellipse around (x, y)."""
        u, v = self.at(x, y)
        rx, ry = rx * self.size, ry * self.size
        for pen, fill in zip(self.pens, (level(tone), 255), strict=True):
            pen.ellipse((u - rx, v - ry, u + rx, v + ry), fill=fill)

    def finish(self, rng: np.random.Generator, light: float, height: float) -> Sprite:
        """Round the body by light from one side, add folds, shrink to ``height`` px."""
        sprite = Sprite(self.image, self.mask, self.at(0, 0.0)).shrunk(self.size / height)
        wide, tall = sprite.mask.size
        bulge = np.asarray(blurred(sprite.mask, height * 0.014), np.float32) / 255
        step = max(1, round(height * 0.014))
        bulge = np.roll(bulge, step, axis=1) - np.roll(bulge, -step, axis=1)
        tones = np.asarray(sprite.image, np.float32) / 255
        folds = fractal(rng, tall, wide, max(height / 170, 0.25), 0.4)
        tones = tones * (1 + 0.09 * folds) - bulge * light * (0.1 + 0.34 * tones)
        sprite.image = grey(tones)
        return sprite
