"""Who photographed what, when, how often: the collection on paper, before a line is drawn.

The plan knows scenes (a place and a time), exposures of a scene (negatives; two to five of them
are a series under one title and date), and prints of a negative under further ids.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from bilderatlas.collection.specimen import motifs
from bilderatlas.collection.specimen.dates import german_date
from bilderatlas.collection.specimen.shot import UNKNOWN, ZEICHNER, Habit
from bilderatlas.collection.specimen.tone import PROCESSES, choose_process, drift

PRINT_SHARE = 0.10  # further prints of a negative that is there already
# with the prints that keep their record, 25 to 30 % of all pictures share title and date
SERIES_SHARE = 0.19
UNKNOWN_SHARE = 0.25
WINTER_SHARE = 0.14
LONG_SIDE = (420, 521)  # px of the pictures


@dataclass(frozen=True)
class Picture:
    """One picture of the collection.

    Attributes:
        image_id: a number in words, without order.
        scene, exposure: which negative; equal in prints of one negative.
        number: the picture's own number in the plan, the seed of its print.
        printed: year of the print (the negative is from ``year``).
        aspect: width through height.
        cut: share of the negative's sides that a cut print keeps, and where; None for the whole.
        height_cm, width_cm: of the picture.
    """

    image_id: str
    motif: str
    habit: Habit
    year: int
    winter: bool
    light: float
    scene: int
    exposure: int
    number: int
    facts: dict[str, str]
    title: str
    date: str
    process: str
    technique: str
    printed: int
    aspect: float
    long_side: int
    border: bool
    height_cm: float
    width_cm: float
    inventory: str
    mirrored: bool = False
    cut: tuple[float, float, float, float] | None = None

    @property
    def negative(self) -> str:
        """Name of the negative."""
        return f"{self.scene:04d}-{self.exposure}"


def random_state(seed: int, *key: int) -> np.random.Generator:
    """A generator of its own for each purpose, so that no picture depends on another."""
    return np.random.default_rng([seed, *key])


def picture_size(picture: Picture) -> tuple[int, int]:
    """Width and height in px."""
    if picture.aspect >= 1:
        return picture.long_side, round(picture.long_side / picture.aspect)
    return round(picture.long_side * picture.aspect), picture.long_side


def plan_collection(seed: int, count: int) -> list[Picture]:
    """All pictures, in the order of their ids.

    Raises:
        ValueError: ``count`` is below 8.
    """
    if count < 8:
        raise ValueError(f"a specimen of {count} pictures has no room for its motifs: at least 8")
    rng = random_state(seed, 0, count)
    prints = round(PRINT_SHARE * count)
    sizes = _series_sizes(rng, round(SERIES_SHARE * count))
    sizes += [1] * (count - prints - sum(sizes))
    ids = [str(100000 + int(n)) for n in rng.choice(90000, count, replace=False)]
    names = list(motifs.MOTIFS)
    kinds = rng.permutation(np.resize(rng.permutation(names), len(sizes)))
    pictures: list[Picture] = []
    titles: set[str] = set()
    for scene, (size, motif) in enumerate(zip(sizes, kinds, strict=True)):
        first = _first_of_scene(rng, scene, str(motif), titles)
        for exposure in range(size):
            number = len(pictures)
            pictures.append(
                _printed(
                    rng,
                    replace(
                        first,
                        exposure=exposure,
                        number=number,
                        image_id=ids[number],
                        inventory=_inventory(ids[number]),
                    ),
                )
            )
    in_series = sum(size for size in sizes if size > 1)
    wanted = min(prints // 2, in_series)
    again = [*rng.choice(in_series, wanted, replace=False)] if wanted else []
    again += [*(in_series + rng.choice(len(pictures) - in_series, prints - wanted, replace=False))]
    for turn, index in enumerate(again):
        number = len(pictures)
        pictures.append(_second_print(rng, pictures[int(index)], number, ids[number], turn))
    return sorted(pictures, key=lambda picture: int(picture.image_id))


def _inventory(image_id: str) -> str:
    """An inventory number as unordered as the id (17 has no factor in common with 90,000)."""
    number = (int(image_id) - 100000) * 17 % 90000
    return f"SP-FS {number // 1000 + 10}/{number % 1000 + 1:03d}"


def _series_sizes(rng: np.random.Generator, total: int) -> list[int]:
    """Sizes 2 to 5 with the sum ``total``."""
    sizes: list[int] = []
    while total - sum(sizes) >= 2:
        left = total - sum(sizes)
        size = min(int(rng.choice([2, 2, 2, 3, 3, 4, 5])), left)
        sizes.append(size + 1 if left - size == 1 and size < 5 else size)
    return sizes


def _first_of_scene(rng: np.random.Generator, scene: int, motif: str, titles: set[str]) -> Picture:
    habit = UNKNOWN if rng.random() < UNKNOWN_SHARE else ZEICHNER
    year = int(np.clip(round(rng.normal(1899.5, 8.5)), 1880, 1920))
    winter = bool(rng.random() < WINTER_SHARE)
    for attempt in range(40):
        facts, words = motifs.MOTIFS[motif].invent(rng)
        if words not in titles:
            break
        if attempt > 25:
            words += f", {rng.choice(['Morgen', 'Mittag', 'Nachmittag', 'Abend'])}"
    titles.add(words)
    landscape = rng.random() < motifs.MOTIFS[motif].landscape * (0.65 + 0.6 * habit.landscape)
    # ASSUME: plates were 9x12, 13x18 and 18x24 cm; prints were trimmed, so the aspects scatter
    aspect = float(rng.choice([1.27, 1.31, 1.35, 1.39, 1.5])) * float(rng.uniform(0.93, 1.02))
    side = 1 if rng.random() < 0.5 else -1
    return Picture(
        "",
        motif,
        habit,
        year,
        winter,
        side * float(rng.uniform(0.35, 1.0)),
        scene,
        0,
        0,
        facts,
        f"Ohne Titel ({words})",
        german_date(rng, year, winter),
        "",
        "",
        year,
        aspect if landscape else 1 / aspect,
        0,
        False,
        0.0,
        0.0,
        "",
    )


def _printed(rng: np.random.Generator, picture: Picture) -> Picture:
    """Choose process, paper and size for one print, by the year it was made."""
    process = choose_process(rng, picture.printed)
    late = drift(picture.printed)
    # ASSUME: contact prints of small plates first, enlargements to 26 cm later
    small = rng.random() < 0.85 - 0.75 * late
    long_cm = float(rng.normal(11.0, 1.2) if small else rng.normal(25.6, 1.4))
    long_cm = max(long_cm, 7.5) * (1.0 if picture.habit is ZEICHNER else 0.9)
    long_side = int(rng.integers(*LONG_SIDE))
    width, height = picture_size(replace(picture, long_side=long_side))
    scale = long_cm / max(width, height)
    return replace(
        picture,
        process=process,
        technique=str(rng.choice(PROCESSES[process].names)),
        long_side=long_side,
        border=bool(rng.random() < 0.7),
        height_cm=round(height * scale, 1),
        width_cm=round(width * scale, 1),
    )


def _second_print(
    rng: np.random.Generator, first: Picture, number: int, image_id: str, turn: int
) -> Picture:
    """Another print of the same negative: later paper, perhaps mirrored, perhaps cut."""
    cut, aspect = None, first.aspect
    if turn % 3 == 1:
        for _ in range(20):
            across, down = rng.uniform(0.62, 0.92, 2)
            if 0.65 <= first.aspect * across / down <= 1.6:
                break
        else:
            across = down = 0.75
        cut = (float(across), float(down), float(rng.uniform(0, 1)), float(rng.uniform(0, 1)))
        aspect = first.aspect * cut[0] / cut[1]
    title, date = first.title, first.date
    if turn % 2:  # catalogued apart, by another hand
        inner = title[len("Ohne Titel (") : -1]
        more = [
            "vermutlich in Charlottenburg",
            "Ausschnitt" if cut else "späterer Abzug",
            "Variante",
        ]
        title = f"Ohne Titel ({inner}, {rng.choice(more)})"
        if rng.random() < 0.5:
            date = german_date(rng, first.year, first.winter)
    return _printed(
        rng,
        replace(
            first,
            number=number,
            image_id=image_id,
            mirrored=turn % 5 in (0, 3),
            cut=cut,
            aspect=aspect,
            title=title,
            date=date,
            printed=first.year + int(rng.integers(0, 16)),
            inventory=_inventory(image_id),
        ),
    )
