"""A grey canvas with the few operations that the scenes are built of.

Tones are floats, 0 black to 1 white; coordinates are px, y downwards. A sprite is a grey image
with its mask: figures, trees and things are drawn larger, shrunk, and laid onto the canvas.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

Points = Sequence[tuple[float, float]]


def grey(values: np.ndarray) -> Image.Image:
    """An 8-bit image from tones 0..1."""
    return Image.fromarray((np.clip(values, 0, 1) * 255).astype(np.uint8))


def level(tone: float) -> int:
    """A tone 0..1 as an 8-bit grey level."""
    return int(min(max(tone, 0.0), 1.0) * 255)


def blurred(image: Image.Image, radius: float) -> Image.Image:
    """Gaussian blur with standard deviation ``radius`` px."""
    return image.filter(ImageFilter.GaussianBlur(radius)) if radius > 0 else image


@dataclass
class Sprite:
    """A grey image and its mask (both "L", one size); ``foot`` is the point it stands on."""

    image: Image.Image
    mask: Image.Image
    foot: tuple[float, float]

    def mirrored(self) -> Sprite:
        """Seen from the other side."""
        flip = Image.Transpose.FLIP_LEFT_RIGHT
        return Sprite(
            self.image.transpose(flip),
            self.mask.transpose(flip),
            (self.image.width - self.foot[0], self.foot[1]),
        )

    def shrunk(self, factor: float) -> Sprite:
        """At 1/``factor`` of its size, smoothly."""
        size = (max(1, round(self.image.width / factor)), max(1, round(self.image.height / factor)))
        how = Image.Resampling.BOX
        foot = (self.foot[0] / factor, self.foot[1] / factor)
        return Sprite(self.image.resize(size, how), self.mask.resize(size, how), foot)


class Canvas:
    """The picture while it is being drawn."""

    def __init__(self, width: int, height: int, tone: float = 0.5):
        self.width, self.height = width, height
        self.image = Image.new("L", (width, height), level(tone))
        self.pen = ImageDraw.Draw(self.image)

    def array(self) -> np.ndarray:
        """The tones, float32, shape (height, width)."""
        return np.asarray(self.image, dtype=np.float32) / 255

    def put(self, values: np.ndarray, left: int = 0, top: int = 0) -> None:
        """Lay a rectangle of tones down at (left, top)."""
        self.image.paste(grey(values), (left, top))

    def polygon(self, points: Points, tone: float) -> None:
        """A polygon of one tone."""
        self.pen.polygon([(round(x), round(y)) for x, y in points], fill=level(tone))

    def box(self, left: float, top: float, right: float, bottom: float, tone: float) -> None:
        """A rectangle of one tone; nothing where it is turned inside out."""
        if right >= left and bottom >= top:
            self.pen.rectangle((left, top, right, bottom), fill=level(tone))

    def ellipse(self, x: float, y: float, rx: float, ry: float, tone: float) -> None:
        """An ellipse around (x, y)."""
        self.pen.ellipse((x - rx, y - ry, x + rx, y + ry), fill=level(tone))

    def stroke(self, points: Points, width: float, tone: float) -> None:
        """A line through the points with rounded joints."""
        self.pen.line(list(points), fill=level(tone), width=max(1, round(width)), joint="curve")

    def _bounds(self, points: Points, margin: float) -> tuple[int, int, int, int] | None:
        xs, ys = [x for x, _ in points], [y for _, y in points]
        left, top = max(0, int(min(xs) - margin)), max(0, int(min(ys) - margin))
        right = min(self.width, int(max(xs) + margin) + 2)
        bottom = min(self.height, int(max(ys) + margin) + 2)
        return (left, top, right, bottom) if right > left and bottom > top else None

    def _mask(self, points: Points, bounds: tuple[int, int, int, int], soft: float) -> Image.Image:
        left, top, right, bottom = bounds
        mask = Image.new("L", (right - left, bottom - top))
        ImageDraw.Draw(mask).polygon([(x - left, y - top) for x, y in points], fill=255)
        return blurred(mask, soft)

    def surface(
        self, points: Points, texture: Callable[[int, int], np.ndarray], soft: float = 0
    ) -> None:
        """A polygon filled with ``texture(height, width)`` of its bounding box."""
        bounds = self._bounds(points, 2 * soft)
        if bounds:
            left, top, right, bottom = bounds
            patch = grey(texture(bottom - top, right - left))
            self.image.paste(patch, (left, top), self._mask(points, bounds, soft))

    def shade(self, points: Points, factor: float, soft: float = 0) -> None:
        """Multiply the tones inside a polygon by ``factor``: a shadow, or a patch of light."""
        bounds = self._bounds(points, 2 * soft)
        if bounds:
            mask = np.asarray(self._mask(points, bounds, soft), dtype=np.float32) / 255
            self._multiply(bounds, 1 + (factor - 1) * mask)

    def shade_mask(self, mask: Image.Image, left: int, top: int, factor: float) -> None:
        """Multiply by ``factor`` where ``mask``, laid at (left, top), is white."""
        right, bottom = min(self.width, left + mask.width), min(self.height, top + mask.height)
        x, y = max(0, left), max(0, top)
        if right > x and bottom > y:
            part = mask.crop((x - left, y - top, right - left, bottom - top))
            strength = np.asarray(part, dtype=np.float32) / 255
            self._multiply((x, y, right, bottom), 1 + (factor - 1) * strength)

    def _multiply(self, bounds: tuple[int, int, int, int], factors: np.ndarray) -> None:
        left, top = bounds[:2]
        patch = np.asarray(self.image.crop(bounds), dtype=np.float32) / 255
        self.image.paste(grey(patch * factors), (left, top))

    def stand(
        self, sprite: Sprite, x: float, y: float, shadow: float = 0, light: float = 1
    ) -> None:
        """Set a sprite with its foot on (x, y).

        ``shadow`` 0..1 is the depth of the shadow that it casts on the ground; ``light`` -1..1
        says how far and to which side that shadow falls (positive: light from the left).
        """
        left, top = round(x - sprite.foot[0]), round(y - sprite.foot[1])
        if shadow > 0:
            self._cast(sprite, x, y, shadow, light)
        self.image.paste(sprite.image, (left, top), sprite.mask)

    def _cast(self, sprite: Sprite, x: float, y: float, depth: float, light: float) -> None:
        """The sprite's outline, laid flat to the side that is turned away from the light."""
        width, height = sprite.mask.size
        flat = max(3, round(height * 0.22))
        slant = light * 1.1 * height
        spread = width + abs(round(slant)) + 8
        start = max(0.0, -slant) + 4
        # output (u, v) -> input: the foot line stays, the head moves by `slant`
        foot_row = sprite.foot[1] / height * flat
        a, b = 1.0, slant / max(foot_row, 1)
        c = -start - slant
        data = (a, b, c, 0.0, height / flat, 0.0)
        mask = sprite.mask.transform(
            (spread, flat + 3), Image.Transform.AFFINE, data, Image.Resampling.BILINEAR
        )
        mask = blurred(mask, 1.2)
        self.shade_mask(
            mask, round(x - sprite.foot[0] - start), round(y - foot_row), 1 - 0.75 * depth
        )


def warp(image: Image.Image, corners: Points, size: tuple[int, int]) -> tuple:
    """A flat image in perspective: its corners (from upper left, clockwise) onto ``corners``.

    Returns the warped image and its mask, both of ``size`` (the homography is solved from the
    four point pairs).
    """
    source = [(0, 0), (image.width, 0), (image.width, image.height), (0, image.height)]
    rows, right = [], []
    for (x, y), (u, v) in zip(corners, source, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        right += [u, v]
    data = tuple(np.linalg.solve(np.array(rows, float), np.array(right, float)))
    mask = Image.new("L", size)
    ImageDraw.Draw(mask).polygon([(round(x), round(y)) for x, y in corners], fill=255)
    how = Image.Transform.PERSPECTIVE
    return image.transform(size, how, data, Image.Resampling.BILINEAR), mask
