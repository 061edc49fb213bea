"""Picture by picture: from a line of the plan to a JPEG file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
from PIL import Image

from bilderatlas import job
from bilderatlas.collection.specimen.motifs import MOTIFS
from bilderatlas.collection.specimen.plan import Picture, picture_size, random_state
from bilderatlas.collection.specimen.shot import Shot
from bilderatlas.collection.specimen.tone import expose, make_print
from bilderatlas.files import write_atomically

CANVAS = 680  # long side that scenes are drawn at, px
QUALITY = 90


def negative(seed: int, picture: Picture, aspect: float) -> np.ndarray:
    """The negative of a picture: tones 0..1, shape (height, width), ``aspect`` width/height.

    Its random numbers come from scene and exposure alone: prints of it share it exactly.
    """
    scene, exposure = picture.scene, picture.exposure
    width, height = (
        (CANVAS, round(CANVAS / aspect)) if aspect >= 1 else (round(CANVAS * aspect), CANVAS)
    )
    moment = random_state(seed, 2, scene, exposure)
    shot = Shot(
        width,
        height,
        picture.habit,
        picture.year,
        picture.winter,
        picture.facts,
        random_state(seed, 1, scene),
        moment,
        picture.light,
        _step(seed, picture),
    )
    tones = MOTIFS[picture.motif].draw(shot)
    # the camera was moved a little between the exposures of a series
    lens = random_state(seed, 3, scene, exposure)
    keep = 1 - 0.09 * float(lens.random()) * (0.5 + picture.habit.wander)
    w, h = round(width * keep), round(height * keep)
    x, y = round((width - w) * lens.random()), round((height - h) * lens.random())
    return expose(tones[y : y + h, x : x + w], picture.habit, picture.year, lens)


def _step(seed: int, picture: Picture) -> float:
    """Metres that the camera was carried aside since the first exposure of the place.

    Without it a street that nobody walks through would be the same drawing in all exposures of a
    series, and nothing on earth could tell them from prints of one negative.
    """
    if picture.exposure == 0:
        return 0.0
    # ASSUME: whoever photographs one thing again goes a pace aside
    legs = random_state(seed, 5, picture.scene, picture.exposure)
    return float(legs.uniform(0.25, 0.6)) * float(legs.choice([-1, 1]))


def draw_picture(seed: int, picture: Picture, first_aspect: float) -> Image.Image:
    """The picture as it lies in the archive; ``first_aspect`` is that of the whole negative."""
    tones = negative(seed, picture, first_aspect)
    if picture.cut:
        across, down, x, y = picture.cut
        h, w = tones.shape
        cut_w, cut_h = round(w * across), round(h * down)
        left, top = round((w - cut_w) * x), round((h - cut_h) * y)
        tones = tones[top : top + cut_h, left : left + cut_w]
    if picture.mirrored:
        tones = tones[:, ::-1]
    rng = random_state(seed, 4, picture.number)
    image = make_print(
        np.ascontiguousarray(tones),
        picture_size(picture),
        picture.printed,
        picture.process,
        picture.border,
        rng,
    )
    return image


def save(image: Image.Image, path: Path) -> None:
    """Write a JPEG, atomically."""
    with write_atomically(path) as temporary:
        image.save(temporary, quality=QUALITY)


def for_each(work: Callable, tasks: Sequence[tuple], what: str, workers: int) -> list:
    """``work(*task)`` for all tasks, with a progress bar, in ``workers`` processes; in order."""
    if workers <= 1:
        return [work(*task) for task in job.progress(tasks, what)]
    with ProcessPoolExecutor(workers) as pool:
        done = pool.map(work, *zip(*tasks, strict=True), chunksize=8)
        return list(job.progress(done, what, total=len(tasks)))


def clear(folder: Path, keep: Iterable[str]) -> None:
    """Take away pictures of an earlier drawing (numeric names) that are not in ``keep``."""
    names = set(keep)
    for path in folder.glob("*.jpg"):
        if path.stem.isdigit() and path.stem not in names:
            path.unlink()
