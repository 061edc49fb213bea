"""Coloured pictures of sixteen kinds of figure and texture, drawn in batches.

They are what stand-in weights are learnt from: a world of ornaments, far from photographs and
from the scenes of the specimen collection. Position, scale, rotation, colours, lighting, softness
and noise vary within each kind, so that only the form tells the kinds apart.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

SHARPNESS = 10.0  # of edges, in grey steps per tenth of the picture


class Canvas:
    """Turned, scaled and shifted coordinates of n pictures, and the chance for their figures.

    Attributes:
        u, v: float (n, side, side), about -1..1 across the picture.
        generator: the only source of chance.
    """

    def __init__(self, count: int, side: int, generator: torch.Generator):
        self.count, self.side, self.generator = count, side, generator
        line = (torch.arange(side) + 0.5) / side * 2 - 1
        y, x = line.view(1, -1, 1), line.view(1, 1, -1)
        angle, scale = self.draw(0, 2 * math.pi), self.draw(0.75, 1.5)
        x, y = x - self.draw(-0.3, 0.3), y - self.draw(-0.3, 0.3)
        self.u = (x * angle.cos() + y * angle.sin()) * scale
        self.v = (y * angle.cos() - x * angle.sin()) * scale

    def draw(self, low: float, high: float, *more: int) -> Tensor:
        """Uniform numbers of shape (n, *more, 1, 1)."""
        shape = (self.count, *more, 1, 1)
        return torch.rand(shape, generator=self.generator) * (high - low) + low

    def whole(self, low: int, high: int) -> Tensor:
        """Whole numbers low..high of shape (n, 1, 1), as float."""
        return torch.randint(low, high + 1, (self.count, 1, 1), generator=self.generator).float()

    def noise(self, cells: int) -> Tensor:
        """Smooth noise of unit spread with about ``cells`` bumps across: (n, side, side)."""
        grid = torch.randn(self.count, 1, cells, cells, generator=self.generator)
        smooth = F.interpolate(grid, size=(self.side, self.side), mode="bicubic")[:, 0]
        return smooth / smooth.std((1, 2), keepdim=True).clamp(min=1e-3)

    def polar(self) -> tuple[Tensor, Tensor]:
        """Radius and angle."""
        return torch.hypot(self.u, self.v), torch.atan2(self.v, self.u)


def edge(signed: Tensor) -> Tensor:
    """A soft step: 0 where ``signed`` is far below zero, 1 far above."""
    return torch.sigmoid(signed * SHARPNESS)


def stripes(c: Canvas) -> Tensor:
    return edge(torch.sin(c.u * c.draw(8, 18)) - c.draw(-0.5, 0.5))


def checks(c: Canvas) -> Tensor:
    step = c.draw(6, 13)
    return edge(2 * torch.sin(c.u * step) * torch.sin(c.v * step))


def dots(c: Canvas) -> Tensor:
    step = c.draw(1.8, 4)
    a, b = (c.u * step) % 1 - 0.5, (c.v * step) % 1 - 0.5
    return edge(3 * (c.draw(0.2, 0.36) - torch.hypot(a, b)))


def rings(c: Canvas) -> Tensor:
    return edge(torch.sin(c.polar()[0] * c.draw(10, 22) + c.draw(0, 6)))


def rays(c: Canvas) -> Tensor:
    radius, angle = c.polar()
    return edge(2 * torch.sin(angle * c.whole(4, 10)) * radius.clamp(max=0.5))


def plaid(c: Canvas) -> Tensor:
    bands = edge(torch.sin(c.u * c.draw(6, 16)) - c.draw(-0.3, 0.6))
    crossing = edge(torch.sin(c.v * c.draw(6, 16)) - c.draw(-0.3, 0.6))
    return (bands + crossing) / 2


def blobs(c: Canvas) -> Tensor:
    return edge(c.noise(7) - c.draw(-0.4, 0.4))


def clouds(c: Canvas) -> Tensor:
    octaves = sum(c.noise(cells) / 2**level for level, cells in enumerate((3, 6, 12, 24, 48)))
    return torch.sigmoid(octaves * 1.2)


def polygons(c: Canvas) -> Tensor:
    radius, angle = c.polar()
    slice_ = 2 * math.pi / c.whole(3, 6)
    reach = radius * torch.cos(angle % slice_ - slice_ / 2)
    return edge(3 * (c.draw(0.3, 0.6) - reach))


def stars(c: Canvas) -> Tensor:
    radius, angle = c.polar()
    points = 1 + c.draw(0.35, 0.6) * torch.cos(angle * c.whole(4, 8))
    return edge(3 * (c.draw(0.4, 0.65) * points - radius))


def ramps(c: Canvas) -> Tensor:
    side = (c.u + c.draw(-0.3, 0.3) > 0).float()
    slope = c.draw(0.3, 0.6) * torch.where(side > 0, c.v, c.draw(-1, 1) * c.u)
    return (0.35 + 0.3 * side + slope).clamp(0, 1)


def segments(c: Canvas, ends: Tensor, width: Tensor) -> Tensor:
    """Strokes of ``width`` along the lines between ends (n, k, 2, 2): k, from and to, u and v."""
    nearest = torch.full_like(c.u, math.inf)
    for k in range(ends.shape[1]):
        start, way = ends[:, k, 0], ends[:, k, 1] - ends[:, k, 0]
        au, av = c.u - start[:, 0, None, None], c.v - start[:, 1, None, None]
        wu, wv = way[:, 0, None, None], way[:, 1, None, None]
        along = ((au * wu + av * wv) / (wu * wu + wv * wv).clamp(min=1e-4)).clamp(0, 1)
        nearest = torch.minimum(nearest, torch.hypot(au - along * wu, av - along * wv))
    return edge(4 * (width - nearest))


def letters(c: Canvas) -> Tensor:
    """Four strokes between the points of a 3 x 3 grid."""
    ends = torch.randint(-1, 2, (c.count, 4, 2, 2), generator=c.generator) * 0.55
    return segments(c, ends, c.draw(0.07, 0.13))


def waves(c: Canvas) -> Tensor:
    bent = c.u + c.draw(0.12, 0.22) * torch.sin(c.v * c.draw(7, 12))
    return edge(torch.sin(bent * c.draw(10, 18)))


def cells(c: Canvas) -> Tensor:
    """Walls between the regions nearest to 14 seeds (Voronoi)."""
    u, v = c.draw(-1.3, 1.3, 14), c.draw(-1.3, 1.3, 14)
    distance = torch.hypot(c.u.unsqueeze(1) - u, c.v.unsqueeze(1) - v)
    first, second = distance.topk(2, dim=1, largest=False).values.unbind(1)
    return edge(4 * (second - first - c.draw(0.05, 0.1)))


def scribbles(c: Canvas) -> Tensor:
    """One thin line on a path of three superposed turns, as 30 short strokes."""
    place = torch.linspace(0, 1, 31).view(1, 1, -1)
    path = torch.zeros(c.count, 2, 31)
    for turns in (1, 2, 5):
        size, phase = c.draw(0.15, 0.45, 2)[..., 0], c.draw(0, 6.3, 2)[..., 0]
        path = path + size * torch.sin(2 * math.pi * turns * place + phase)
    points = path.transpose(1, 2)
    ends = torch.stack([points[:, :-1], points[:, 1:]], 2)
    return segments(c, ends, c.draw(0.02, 0.05))


def bricks(c: Canvas) -> Tensor:
    step, joint = c.draw(1.8, 3.2), c.draw(0.06, 0.12)
    row = torch.floor(c.v * step)
    across = (c.u * step / 2 + row / 2) % 1
    down = (c.v * step) % 1
    gap = torch.minimum(2 * torch.minimum(across, 1 - across), torch.minimum(down, 1 - down))
    return edge(4 * (gap - joint))


KINDS: dict[str, Callable[[Canvas], Tensor]] = {
    function.__name__: function
    for function in (
        stripes, checks, dots, rings, rays, plaid, blobs, clouds,
        polygons, stars, ramps, letters, waves, cells, scribbles, bricks,
    )
}  # fmt: skip


def colour(field: Tensor, generator: torch.Generator) -> Tensor:
    """Two random colours, lighting and noise on fields (n, side, side): float (n, 3, side, side).

    Either colour may be the darker one. A third of the pictures is grey.
    """
    count, side = len(field), field.shape[-1]

    def draw(low, high, *shape):
        return torch.rand((count, *shape), generator=generator) * (high - low) + low

    # a step in lightness between the colours, so that the form also shows without colour
    lightness = draw(0.2, 0.8, 1)
    step = draw(0.25, 0.6, 1) * torch.where(lightness > 0.5, -1.0, 1.0)
    tint = 0.25 * (draw(0, 1, 1) > 1 / 3)
    one = (lightness + tint * draw(-1, 1, 3))[..., None, None]
    other = (lightness + step + tint * draw(-1, 1, 3))[..., None, None]
    pictures = one + (other - one) * field.unsqueeze(1)
    line = torch.linspace(-0.5, 0.5, side)
    light = 1 + draw(-0.5, 0.5, 1, 1, 1) * line.view(-1, 1) + draw(-0.5, 0.5, 1, 1, 1) * line
    grain = torch.randn(count, 1, side, side, generator=generator) * draw(0, 0.08, 1, 1, 1)
    return (pictures * light + grain).clamp(0, 1)


def draw_pictures(labels: Tensor, side: int, generator: torch.Generator) -> Tensor:
    """Pictures of the kinds numbered in ``labels`` (in the order of :data:`KINDS`).

    Args:
        labels: int64 (n,), 0..15.
        side: pixels of a side.
        generator: on the CPU; the same state and labels give the same pictures.

    Returns:
        float32 (n, 3, side, side) in [0, 1].
    """
    field = torch.empty(len(labels), side, side)
    for number, function in enumerate(KINDS.values()):
        rows = (labels == number).nonzero().squeeze(1)
        if len(rows):
            field[rows] = function(Canvas(len(rows), side, generator))
    return colour(field, generator)
