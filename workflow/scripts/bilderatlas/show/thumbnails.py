"""Small pictures inside a page: JPEG as data addresses, so that the page needs no other file."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable, Sequence

from bilderatlas.show.pictures import Pictures

SIDES = (160, 128, 96, 64, 48)  # box of a thumbnail, pixels, the largest that the page can bear
QUALITY = 72
# bytes of base64 for each pixel of the box, measured on 624 photographs and rounded up
BYTES_PER_PIXEL = 0.25
BUDGET = 3_500_000  # bytes for all pictures of a page


def side_for(count: int, budget: int = BUDGET, sides: Sequence[int] = SIDES) -> int:
    """Side of the box in pixels for ``count`` pictures in ``budget`` bytes; 0 for too many."""
    for side in sides:
        if count * side * side * BYTES_PER_PIXEL <= budget:
            return side
    return 0


def thumbnails(
    image_ids: Iterable[str],
    pictures: Pictures,
    budget: int = BUDGET,
    sides: Sequence[int] = SIDES,
) -> dict[str, str]:
    """By image id, the picture as ``data:image/jpeg;base64,...``.

    The more pictures, the smaller they are; where even the smallest would make the page too
    large to open, the result is empty, and pages show the words alone.
    """
    wanted = list(dict.fromkeys(image_ids))
    side = side_for(len(wanted), budget, sides)
    if not side:
        return {}
    return {image_id: data_address(pictures, image_id, side) for image_id in wanted}


def data_address(pictures: Pictures, image_id: str, side: int) -> str:
    """One picture, fitted into ``side`` x ``side`` pixels."""
    buffer = io.BytesIO()
    pictures.thumbnail(image_id, side, side).save(buffer, "JPEG", quality=QUALITY, optimize=True)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")
