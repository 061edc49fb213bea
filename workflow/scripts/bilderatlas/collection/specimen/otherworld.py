"""Pictures of another world, 1930 to 1950: what a large unlabelled collection is played by.

No motif, person or house of the specimen is in it, and its prints are of another time, so what
is learnt here is not learnt from the specimen.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from PIL import Image

from bilderatlas.collection.specimen import (
    otherworld_modern,
    otherworld_nature,
    otherworld_travel,
    otherworld_works,
)
from bilderatlas.collection.specimen.canvas import Canvas
from bilderatlas.collection.specimen.drawing import clear, for_each, save
from bilderatlas.collection.specimen.plan import random_state
from bilderatlas.collection.specimen.shot import Habit
from bilderatlas.collection.specimen.tone import expose, make_print
from bilderatlas.files import write_table

COLUMNS = ("id", "title", "date", "author")
SCENES = (
    otherworld_nature.mountains,
    otherworld_nature.beach,
    otherworld_travel.aeroplane,
    otherworld_travel.railway,
    otherworld_works.harbour,
    otherworld_works.factory,
    otherworld_modern.towers,
    otherworld_modern.motor_road,
)
TOWNS = (
    "Hamburg",
    "Genua",
    "Chicago",
    "Rotterdam",
    "Zürich",
    "Bergen",
    "Lissabon",
    "Stettin",
    "Triest",
)
AUTHORS = ("Bildagentur Nord", "Marta Lindqvist", "Pressedienst Süd", "J. P. Owens", "Unbekannt")
CANVAS = 460
LONG_SIDE = (360, 441)
YEARS = (1930, 1951)


def draw_other_picture(seed: int, number: int, scene: int) -> tuple[Image.Image, str, int, str]:
    """Picture ``number``: the image (RGB), its title, year and author."""
    rng = random_state(seed, 5, number)
    year = int(rng.integers(*YEARS))
    aspect = float(rng.choice([1.33, 1.5, 1.4, 0.75, 0.7, 1.0]))
    width, height = (
        (CANVAS, round(CANVAS / aspect)) if aspect >= 1 else (round(CANVAS * aspect), CANVAS)
    )
    canvas = Canvas(width, height)
    light = float(rng.choice([-1, 1])) * float(rng.uniform(0.3, 1))
    what = SCENES[scene](canvas, rng, light)
    # every picture by another camera: habits are drawn anew
    habit = Habit(
        "other",
        "",
        0.5,
        1.0,
        float(rng.uniform(0.85, 1.25)),
        float(rng.uniform(-0.1, 0.12)),
        float(rng.uniform(0.4, 1.6)),
        0.5,
        1.0,
    )
    tones = expose(canvas.array(), habit, 1920, rng)
    long_side = int(rng.integers(*LONG_SIDE))
    size = tuple(round(side * long_side / CANVAS) for side in (width, height))
    image = make_print(
        np.ascontiguousarray(tones), size, 1920, "silver", bool(rng.random() < 0.25), rng
    )
    return image, f"{what}, {rng.choice(TOWNS)}", year, str(rng.choice(AUTHORS))


def _draw(seed: int, number: int, scene: int, image_id: str, images: Path) -> tuple[str, ...]:
    image, title, year, author = draw_other_picture(seed, number, scene)
    save(image, images / f"{image_id}.jpg")
    return image_id, title, str(year), author


def draw_other_world(folder: Path, seed: int, count: int = 600, workers: int = 1) -> None:
    """Draw the other world: eight motifs in equal parts, unordered, one picture a negative.

    Args:
        folder: gets ``images/<id>.jpg`` (RGB) and ``metadata.csv`` (:data:`COLUMNS`; ``date``
            is the year).
        seed: the same seed and count give the same bytes, whatever ``workers`` is.
        count: pictures, at least 1.
        workers: processes that draw.

    Raises:
        ValueError: ``count`` is below 1.
    """
    if count < 1:
        raise ValueError(f"another world of {count} pictures is none: at least 1")
    images = Path(folder) / "images"
    rng = random_state(seed, 6, count)
    ids = sorted((str(500000 + int(n)) for n in rng.choice(400000, count, replace=False)), key=int)
    scenes = rng.permutation(np.resize(np.arange(len(SCENES)), count))
    clear(images, ids)
    tasks = [(seed, number, int(scenes[number]), ids[number], images) for number in range(count)]
    rows = for_each(_draw, tasks, "drawing the other world", workers)
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    write_table(table, Path(folder) / "metadata.csv", COLUMNS)
