"""The specimen as a folder of scans: the photographs laid on a scanner, with the same records."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from bilderatlas.collection.specimen.drawing import clear, draw_picture, for_each, save
from bilderatlas.collection.specimen.plan import Picture, plan_collection, random_state
from bilderatlas.collection.specimen.records import write_lido, write_truth
from bilderatlas.collection.specimen.scans import Scan, lay_on_scanner
from bilderatlas.files import write_table

# where the photograph lies in a scan, in pixels; the cards beside it, joined by " | "
BOXES = ("image_id", "left", "top", "right", "bottom", "cards", "mounted", "width", "height")


def draw_scan(seed: int, picture: Picture, first_aspect: float) -> Scan:
    """One photograph of a specimen, scanned; ``first_aspect`` is that of the whole negative."""
    photograph = draw_picture(seed, picture, first_aspect)
    return lay_on_scanner(photograph, random_state(seed, 7, picture.number), not picture.border)


def draw_scanned(folder: Path, seed: int, count: int, workers: int = 1) -> None:
    """Draw a specimen as scans.

    Args:
        folder: gets ``images/<image_id>.jpg``, ``lido.xml``, ``truth.csv`` as of
            :func:`draw_specimen`, and ``true-boxes.csv`` (:data:`BOXES`).
        seed: the same seed and count give the same bytes, whatever ``workers`` is.
        count: pictures, at least 8.
        workers: processes that draw.

    Raises:
        ValueError: ``count`` is below 8.
    """
    folder = Path(folder)
    pictures = plan_collection(seed, count)
    aspects = {p.scene: p.aspect for p in pictures if p.cut is None}
    images = folder / "images"
    clear(images, (picture.image_id for picture in pictures))
    tasks = [(seed, picture, aspects[picture.scene], images) for picture in pictures]
    rows = for_each(_draw, tasks, "drawing scans", workers)
    write_lido(pictures, folder / "lido.xml")
    write_truth(pictures, folder / "truth.csv")
    write_table(pd.DataFrame(rows, columns=list(BOXES)), folder / "true-boxes.csv", BOXES)


def _draw(seed: int, picture: Picture, first_aspect: float, folder: Path) -> tuple:
    scan = draw_scan(seed, picture, first_aspect)
    save(scan.image, folder / f"{picture.image_id}.jpg")
    cards = " | ".join(scan.cards)
    mounted = "yes" if scan.mounted else "no"
    return picture.image_id, *scan.box, cards, mounted, *scan.image.size
