"""Random resized crop and horizontal flip."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from bilderatlas.views import dense, place
from bilderatlas.views.parameters import (
    chance,
    check_number,
    check_range,
    per_sample,
    uniform,
)
from bilderatlas.views.resample import bilinear_taps, both_axes

ATTEMPTS = 10  # torchvision's number, after which the centre is cut
# Pixels turned into floats at once on a CPU. Larger pieces leave the cache and make the allocator
# ask the system for fresh pages each time, which costs more than the arithmetic.
PIECE = 2**21


def draw_boxes(
    sizes: Tensor, scale: Sequence[float], ratio: Sequence[float], generator: torch.Generator
) -> Tensor:
    """Boxes of ``torchvision.transforms.RandomResizedCrop.get_params``, one a picture.

    Area uniform in ``scale`` (share of the picture), aspect (width / height) log-uniform in
    ``ratio``; the first of ten attempts that fits into the picture, else the largest centred box
    whose aspect is inside ``ratio``.

    Args:
        sizes: int64 (B, 2), height and width of each picture, on the generator's device.
        scale: smallest and largest share of the area.
        ratio: smallest and largest aspect.
        generator: the source of chance.

    Returns:
        int64 (B, 4): top, left, height, width.
    """
    count = len(sizes)
    height, width = sizes[:, :1].float(), sizes[:, 1:].float()
    area = height * width * uniform(*scale, (count, ATTEMPTS), generator)
    aspect = uniform(math.log(ratio[0]), math.log(ratio[1]), (count, ATTEMPTS), generator).exp()
    widths, heights = (area * aspect).sqrt().round(), (area / aspect).sqrt().round()
    fits = (widths > 0) & (widths <= width) & (heights > 0) & (heights <= height)
    first = fits.int().argmax(1, keepdim=True)  # the first of equal maxima
    any_fits = fits.any(1, keepdim=True)

    whole = width / height
    # at least one pixel: torchvision's rounding would leave none of very thin pictures
    centred_width = torch.where(whole > ratio[1], (height * ratio[1]).round(), width).clamp(min=1)
    centred_height = torch.where(whole < ratio[0], (width / ratio[0]).round(), height).clamp(min=1)
    box_width = torch.where(any_fits, widths.gather(1, first), centred_width)
    box_height = torch.where(any_fits, heights.gather(1, first), centred_height)

    corner = uniform(0.0, 1.0, (count, 2), generator)
    free = torch.cat([height - box_height, width - box_width], 1)
    random_corner = torch.minimum((corner * (free + 1)).floor(), free)
    corners = torch.where(any_fits, random_corner, (free / 2).floor())
    return torch.cat([corners, box_height, box_width], 1).long()


def crop_matrices(pictures: Tensor, boxes: Tensor, size: int) -> tuple[Tensor, Tensor]:
    """Full matrices of :func:`resized_crop`: float32 (B, size, H) and (B, size, W)."""
    top, left, height, width = boxes.unbind(1)
    return (
        dense.bilinear_matrix(top, height, pictures.shape[2], size),
        dense.bilinear_matrix(left, width, pictures.shape[3], size),
    )


def resized_crop(
    pictures: Tensor,
    boxes: Tensor,
    size: int,
    prepare: Callable[[Tensor], Tensor] = Tensor.float,
) -> Tensor:
    """``torchvision.transforms.functional.resized_crop``, bilinear with antialiasing as in PIL.

    Args:
        pictures: uint8 or float32 (B, C, H, W).
        boxes: int64 (B, 4): top, left, height, width inside each picture.
        size: side of the square result.
        prepare: turns (b, C, H, W) into float32 (b, C', H, W) before resizing; it sees the
            pictures in pieces.

    Returns:
        float32 (B, C', size, size) in grey levels.
    """
    if not place.on_cpu(pictures):
        return dense.both_axes(prepare(pictures), *crop_matrices(pictures, boxes, size))
    top, left, height, width = boxes.unbind(1)
    vertical = bilinear_taps(top, height, pictures.shape[2], size)
    horizontal = bilinear_taps(left, width, pictures.shape[3], size)
    piece = max(1, PIECE // max(1, pictures[0].numel()))
    results = []
    for start in range(0, len(pictures), piece):
        part = slice(start, start + piece)
        floats = prepare(pictures[part])
        results.append(
            both_axes(floats, [x[part] for x in vertical], [x[part] for x in horizontal])
        )
    return torch.cat(results).contiguous()


def whole_boxes(sizes: Tensor) -> Tensor:
    """Boxes int64 (B, 4) that hold each whole picture."""
    return torch.cat([torch.zeros_like(sizes), sizes], 1)


def flip(pictures: Tensor, chosen: Tensor) -> Tensor:
    """``torchvision.transforms.functional.hflip`` of the chosen (bool, (B,)) pictures."""
    return torch.where(per_sample(chosen, pictures), pictures.flip(-1), pictures)


@dataclass(frozen=True)
class Crop:
    """``torchvision.transforms.RandomResizedCrop``; defaults are torchvision's."""

    scale: Sequence[float] = (0.08, 1.0)
    ratio: Sequence[float] = (3 / 4, 4 / 3)

    def __post_init__(self):
        check_range("crop.scale", self.scale, 0.0, 1.0, open_low=True)
        check_range("crop.ratio", self.ratio, 0.0, open_low=True)

    def draw(self, sizes: Tensor, generator: torch.Generator) -> dict[str, Tensor]:
        return {"boxes": draw_boxes(sizes, self.scale, self.ratio, generator)}


@dataclass(frozen=True)
class Whole:
    """The whole picture squashed to the square; what a chain without a crop begins with."""

    def draw(self, sizes: Tensor, generator: torch.Generator) -> dict[str, Tensor]:
        return {"boxes": whole_boxes(sizes)}


@dataclass(frozen=True)
class Flip:
    """``torchvision.transforms.RandomHorizontalFlip``."""

    probability: float = 0.5

    def __post_init__(self):
        check_number("flip.probability", self.probability, 0.0, 1.0)

    def draw(self, sizes: Tensor, generator: torch.Generator) -> dict[str, Tensor]:
        return {"chosen": chance(self.probability, len(sizes), generator)}

    def apply(self, pictures: Tensor, chosen: Tensor) -> Tensor:
        return flip(pictures, chosen)
