"""The specimen: a small photograph collection drawn from a seed, offline, in under a minute.

It stands in for an archive where none is at hand: scenes in eight motifs, two photographers,
1880 to 1920, with records, series, and prints of one negative. What it is made of is known (the
truth table), so methods can be checked on it. :func:`draw_other_world` draws the pictures of
another time that play the large unlabelled collection.
"""

from __future__ import annotations

from pathlib import Path

from bilderatlas.collection.specimen.drawing import clear, draw_picture, for_each, save
from bilderatlas.collection.specimen.otherworld import draw_other_world
from bilderatlas.collection.specimen.plan import Picture, plan_collection
from bilderatlas.collection.specimen.records import TRUTH, write_lido, write_truth

RECIPE = 1  # raise when the same seed would draw other pictures or records

__all__ = ["TRUTH", "draw_other_world", "draw_specimen"]


def _draw(seed: int, picture: Picture, first_aspect: float, folder: Path) -> None:
    save(draw_picture(seed, picture, first_aspect), folder / f"{picture.image_id}.jpg")


def draw_specimen(folder: Path, seed: int, count: int = 240, workers: int = 1) -> None:
    """Draw the specimen collection.

    Args:
        folder: gets ``images/<image_id>.jpg`` (RGB, long side 420-520 px), ``lido.xml`` (LIDO
            1.0) and ``truth.csv`` (:data:`TRUTH`).
        seed: the same seed and count give the same bytes, whatever ``workers`` is.
        count: pictures, at least 8. A tenth of them are further prints of one negative.
        workers: processes that draw.

    Raises:
        ValueError: ``count`` is below 8.
    """
    folder = Path(folder)
    pictures = plan_collection(seed, count)
    # a cut print has an aspect of its own: the negative is drawn with that of its scene
    aspects = {p.scene: p.aspect for p in pictures if p.cut is None}
    images = folder / "images"
    tasks = [(seed, picture, aspects[picture.scene], images) for picture in pictures]
    clear(images, (picture.image_id for picture in pictures))
    for_each(_draw, tasks, "drawing the specimen", workers)
    write_lido(pictures, folder / "lido.xml")
    write_truth(pictures, folder / "truth.csv")
