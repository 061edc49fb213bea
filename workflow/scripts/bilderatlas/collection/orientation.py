"""Does a picture lie as its record says? Upright or lying sheets, by measurement and by pixels.

A registrar's list: where both disagree, height and width were exchanged in the record, the
photograph was turned when it was scanned, or the record is of another picture.
"""

from __future__ import annotations

import logging
import math
import warnings
from collections.abc import Mapping

import numpy as np
import pandas as pd

from bilderatlas import files, job
from bilderatlas.collection.crops.crop import Crop, shown_size

log = logging.getLogger("bilderatlas")

UPRIGHT, LYING = "upright", "lying"
# what may explain it, in the column note
EXCHANGED, NEARLY_SQUARE, OTHER_SHAPE = "height and width exchanged", "nearly square", "other shape"
# ASSUME: within a tenth two proportions are one: scans show a margin, or miss it.
_SAME = math.log(1.1)
# ASSUME: sides that differ by less than this are measured, or cut, one way as well as the other.
_SQUARE = math.log(1.04)


def picture_sizes(manifest: pd.DataFrame, crops: Mapping[str, Crop] | None = None) -> pd.DataFrame:
    """Pixels of each picture as it is shown, upright and cropped; no pixel is decoded.

    Args:
        manifest: columns ``image_id`` and ``file``.
        crops: of the pictures that have one, by image id.

    Returns:
        columns ``height_px`` and ``width_px``, indexed by image id, without the pictures that
        cannot be opened (the pack lists them).
    """
    from PIL import Image

    found = {}
    pictures = list(zip(manifest["image_id"], manifest["file"], strict=True))
    with warnings.catch_warnings():
        # a large picture is no danger: its pixels are not decoded
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        for image_id, file in job.progress(pictures, "pictures"):
            try:
                with Image.open(file) as picture:
                    width, height = shown_size(picture)
            except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
                log.warning("%s cannot be opened and is left out: %s", file, error)
                continue
            if crops and image_id in crops:
                width, height = crops[image_id].size
            found[image_id] = (height, width)
    return pd.DataFrame.from_dict(found, orient="index", columns=["height_px", "width_px"])


def list_disagreements(catalogue: pd.DataFrame, sizes: pd.DataFrame) -> pd.DataFrame:
    """The pictures that lie where their record has them stand, or the other way round.

    Squares, on either side, contradict nobody.

    Args:
        catalogue: indexed by ``image_id``, with ``title``, ``inventory_number``, ``height_cm``
            and ``width_cm``.
        sizes: ``height_px`` and ``width_px`` by image id, as :func:`picture_sizes` gives them or
            a pack has them.

    Returns:
        columns :data:`bilderatlas.files.ORIENTATION`, sorted by image id. ``stated`` and
        ``seen`` are *upright* or *lying*; ``note`` says what may explain it.
    """
    kept = ["title", "inventory_number", "height_cm", "width_cm"]
    table = catalogue[kept].join(sizes, how="inner").sort_index()
    stated = np.log(_length(table["height_cm"]) / _length(table["width_cm"]))
    seen = np.log(_length(table["height_px"]) / _length(table["width_px"]))
    table["stated"], table["seen"] = _word(stated), _word(seen)
    square = (stated.abs() < _SQUARE) & (seen.abs() < _SQUARE)
    exchanged = (stated + seen).abs() < _SAME
    table["note"] = np.select([square, exchanged], [NEARLY_SQUARE, EXCHANGED], OTHER_SHAPE)
    table = table[stated * seen < 0].rename_axis("image_id").reset_index()
    return table[list(files.ORIENTATION)]


def _length(column: pd.Series) -> pd.Series:
    length = column.astype(np.float64)
    return length.where(length > 0)


def _word(proportion: pd.Series) -> np.ndarray:
    return np.where(proportion > 0, UPRIGHT, LYING)
