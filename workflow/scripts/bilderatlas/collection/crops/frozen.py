"""The crops that a run uses, as the rule freeze_crops wrote them."""

from __future__ import annotations

import os
from collections.abc import Mapping

import pandas as pd

from bilderatlas.collection.crops.crop import Crop
from bilderatlas.errors import InputError
from bilderatlas.files import FROZEN_CROPS, read_table, write_table

NUMBERS = ("left", "top", "right", "bottom", "turn", "width", "height")


def write_frozen(
    crops: Mapping[str, Crop], told: Mapping[str, tuple[str, str, str]], path: str | os.PathLike
) -> None:
    """Write crops, sorted by image id.

    Args:
        crops: by image id.
        told: who decided, when, and the source (hand or rule), by image id.
        path: of the table, columns :data:`bilderatlas.files.FROZEN_CROPS`.
    """
    rows = [
        {"image_id": name, **{key: getattr(crop, key) for key in NUMBERS}}
        | dict(zip(("by", "checked_at", "source"), told[name], strict=True))
        for name, crop in sorted(crops.items())
    ]
    write_table(pd.DataFrame(rows, columns=list(FROZEN_CROPS)), path, FROZEN_CROPS)


def read_frozen(path: str | os.PathLike | None) -> dict[str, Crop]:
    """The crops of a collection by image id; none where ``path`` is empty or None.

    Raises:
        InputError: the file is missing or none of ours.
    """
    if not path:
        return {}
    table = read_table(path, FROZEN_CROPS)
    try:
        return {
            row["image_id"]: Crop(*(int(row[name]) for name in NUMBERS))
            for row in table.to_dict("records")
        }
    except ValueError:
        raise InputError(
            f"{path} holds a box that is no whole numbers: delete the file, the run makes it anew."
        ) from None
