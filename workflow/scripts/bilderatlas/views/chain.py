"""A chain of operations from config, drawn and applied to a batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields

import torch
from torch import Tensor

from bilderatlas.errors import InputError
from bilderatlas.views import dense, place
from bilderatlas.views.blur import Blur
from bilderatlas.views.colour import Grey, Jitter, grey
from bilderatlas.views.geometry import Crop, Flip, Whole, crop_matrices, resized_crop, whole_boxes
from bilderatlas.views.sobel import Sobel
from bilderatlas.views.tables import Tables
from bilderatlas.views.tone import Gamma, Invert, Solarize

RECIPE = 1  # raise when the same chain of operations would draw other views

# Pictures worked on at once on a CPU: the work stays in the cache, and memory stays small. A GPU
# takes the batch as a whole.
PIECE = 32

# ASSUME: means over the three channels of the ImageNet statistics, as in the published SimCLR
# study; the network sees one channel.
MEAN, STD = 0.449, 0.226

OPERATIONS = {
    "blur": Blur,
    "crop": Crop,
    "flip": Flip,
    "gamma": Gamma,
    "grey": Grey,
    "invert": Invert,
    "jitter": Jitter,
    "sobel": Sobel,
    "solarize": Solarize,
}


def normalise(levels: Tensor) -> Tensor:
    """Grey levels 0..255 to ``(x / 255 - MEAN) / STD``."""
    return levels / (255.0 * STD) - MEAN / STD


def to_grey_levels(tensor: Tensor) -> Tensor:
    """The inverse of the normalisation, uint8, for figures."""
    return ((tensor.float() * STD + MEAN) * 255.0).round().clamp(0, 255).to(torch.uint8)


def evaluate(pictures: Tensor, sizes: Tensor, size: int) -> Tensor:
    """The view without chance: squashed to the square, grey, normalised.

    Stands for ``Resize((size, size))``, ``Grayscale(1)``, ``ToTensor``, ``Normalize``.

    Args:
        pictures: uint8 (B, C, H, W), C 1 or 3, each in the top-left corner of a zero canvas.
        sizes: int64 (B, 2), height and width of each picture.
        size: side of the result.

    Returns:
        float32 (B, 1, size, size).
    """
    with torch.no_grad():
        boxes = whole_boxes(sizes.to(pictures.device))
        return normalise(resized_crop(pictures, boxes, size, prepare=grey))


class Views:
    """Draws one random view of each picture of a batch; see :func:`build_views`.

    Attributes:
        operations: what is applied, in order, beginning with the crop.
        grey_first: whether pictures become grey before all that.
        size: side of the square views.
    """

    def __init__(self, operations: Sequence, size: int):
        crops = [i for i, operation in enumerate(operations) if isinstance(operation, Crop | Whole)]
        start = crops[0]
        # grey and the crop may change places, as both are linear: the crop stands first
        chain = [operations[start], *operations[:start], *operations[start + 1 :]]
        sure = [i for i, op in enumerate(chain) if isinstance(op, Grey) and op.probability == 1]
        if not sure:
            sure = [len(chain)]
            chain.append(Grey())
        # the same holds for all that is linear and alike for the channels: one channel is cheaper
        # to work on than three
        self.grey_first = all(
            isinstance(op, Crop | Whole | Flip | Blur | Grey) for op in chain[: sure[0]]
        )
        if self.grey_first:
            del chain[sure[0]]
        self.operations = chain
        self.size = size

    def draw(self, sizes: Tensor, generator: torch.Generator) -> list[dict[str, Tensor]]:
        """Parameters of each operation for each picture, on the generator's device."""
        sizes = sizes.to(generator.device)
        return [operation.draw(sizes, generator) for operation in self.operations]

    @torch.no_grad()
    def __call__(self, pictures: Tensor, sizes: Tensor, generator: torch.Generator) -> Tensor:
        """One view of each picture.

        Args:
            pictures: uint8 (B, C, H, W), C 1 or 3, each in the top-left corner of a zero canvas.
            sizes: int64 (B, 2), height and width of each picture.
            generator: the only source of chance; on the CPU or on the pictures' device.

        Returns:
            float32 (B, 1, size, size), normalised, on the pictures' device.
        """
        if pictures.dtype != torch.uint8 or pictures.dim() != 4 or pictures.shape[1] not in (1, 3):
            raise ValueError(f"pictures are {pictures.dtype} {tuple(pictures.shape)}")
        drawn = self.draw(sizes, generator)
        device = pictures.device
        return self.apply(pictures, [{k: x.to(device) for k, x in one.items()} for one in drawn])

    @torch.no_grad()
    def apply(self, pictures: Tensor, drawn: Sequence[Mapping[str, Tensor]]) -> Tensor:
        """The views that the parameters ``drawn`` (by :meth:`draw`) give."""
        if not place.on_cpu(pictures) or len(pictures) <= PIECE:
            return self._apply(pictures, drawn)
        pieces = []
        for start in range(0, len(pictures), PIECE):
            part = slice(start, start + PIECE)
            parameters = [{name: x[part] for name, x in one.items()} for one in drawn]
            pieces.append(self._apply(pictures[part], parameters))
        return torch.cat(pieces)

    def _apply(self, pictures: Tensor, drawn: Sequence[Mapping[str, Tensor]]) -> Tensor:
        levels, done = self._begin(pictures, drawn)
        tables: Tables | None = None
        for operation, parameters in zip(self.operations[done:], drawn[done:], strict=True):
            channels = levels.shape[1]
            if isinstance(operation, Grey) and channels == 1:
                continue
            mixes_channels = channels == 3 and getattr(operation, "coloured", False)
            if hasattr(operation, "tone") and not mixes_channels:
                tables = tables or Tables(levels)
                tables.levels = operation.tone(tables.levels, tables.mean, **parameters)
                continue
            if tables is not None:
                levels, tables = tables.look_up(), None
            levels = operation.apply(levels, **parameters)
        if tables is None:
            return normalise(levels).contiguous()
        tables.levels = normalise(tables.levels)
        return tables.look_up()

    def _begin(self, pictures: Tensor, drawn: Sequence[Mapping[str, Tensor]]) -> tuple[Tensor, int]:
        """The crop, on a GPU with the blur that follows it; and how many operations that was."""
        prepare = grey if self.grey_first else Tensor.float
        boxes = drawn[0]["boxes"]
        second = self.operations[1] if len(self.operations) > 1 else None
        if place.on_cpu(pictures) or not isinstance(second, Blur):
            return resized_crop(pictures, boxes, self.size, prepare), 1
        softened = second.matrix(self.size, **drawn[1])
        axes = [softened @ matrix for matrix in crop_matrices(pictures, boxes, self.size)]
        return dense.both_axes(prepare(pictures), *axes), 2


def build_views(operations: Sequence[Mapping[str, Mapping | None]], size: int) -> Views:
    """The chain that config describes.

    The crop comes first (only grey may stand before it); without one, the whole picture is
    squashed to the square. The chain ends in one channel: grey is added where config has none.

    Args:
        operations: one-key mappings ``{name: {parameter: value}}``, in order.
        size: side of the square views in pixels.

    Raises:
        InputError: an operation, a parameter or its value is not allowed.
    """
    if isinstance(size, bool) or not isinstance(size, int) or size < 1:
        raise InputError(f"views: the size is {size!r}; it must be a whole number of pixels.")
    if not isinstance(operations, Sequence) or isinstance(operations, str):
        raise InputError("views: the operations must be a list, in the order of application.")
    chain = [_build(entry) for entry in operations]
    before = 0
    while before < len(chain) and isinstance(chain[before], Grey):
        before += 1
    crops = [i for i, operation in enumerate(chain) if isinstance(operation, Crop)]
    if crops not in ([], [before]):
        raise InputError("views: crop must come first, and once; only grey may stand before it.")
    if not crops:
        chain.insert(before, Whole())
    for operation in chain:
        if isinstance(operation, Blur) and operation.kernel // 2 >= size:
            raise InputError(
                f"views: blur.kernel {operation.kernel} is too large for views of {size} pixels; "
                f"at most {2 * size - 1} is allowed."
            )
    return Views(chain, size)


def _build(entry: Mapping[str, Mapping | None]):
    """One operation from ``{name: {parameter: value}}``."""
    if not isinstance(entry, Mapping) or len(entry) != 1:
        raise InputError(
            f"views: {entry!r} is not of the form {{operation: {{parameter: value}}}}."
        )
    name, parameters = next(iter(entry.items()))
    if name not in OPERATIONS:
        raise InputError(
            f"views: unknown operation {name!r}; allowed are {', '.join(sorted(OPERATIONS))}."
        )
    parameters = {} if parameters is None else parameters
    if not isinstance(parameters, Mapping):
        raise InputError(f"views: the parameters of {name} must be a mapping, not {parameters!r}.")
    allowed = [field.name for field in fields(OPERATIONS[name])]
    for parameter in parameters:
        if parameter not in allowed:
            raise InputError(
                f"views: {name} has no parameter {parameter!r}; allowed are {', '.join(allowed)}."
            )
    return OPERATIONS[name](**parameters)
