"""The page ``docs/crops.md``: what ``measure_crops.py`` measured, in tables, and a picture."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
from PIL import Image, ImageDraw

from bilderatlas.collection.specimen.plan import plan_collection
from bilderatlas.collection.specimen.scanned import draw_scan
from bilderatlas.files import write_atomically
from bilderatlas.show.crop_sheet import boxed
from bilderatlas.show.markdown import code, table

NEAR = (0.02, 0.01)  # of the scan's width or height
LEVELS = (0.0, 0.5, 0.7, 0.9, 0.95, 0.97, 1.0)
LOST = 0.02  # share of a whole picture's area
TILE, GAP, COLUMNS, SHOWN = 168, 8, 6, 12
TRUE = (20, 120, 220)
SIDES = ("left", "top", "right", "bottom")


@dataclass(frozen=True)
class Measured:
    """What the page tells.

    Attributes:
        scans: a row for each scan of the specimen, by seed.
        cards: a row for each real scan with a card, or None.
        whole: a row for each picture that is whole, by folder; ``fitted``: was it fitted on.
        seeds, count, folders: what the weights were fitted on.
        weights, code: digests.
    """

    scans: dict[int, pd.DataFrame]
    cards: pd.DataFrame | None
    whole: dict[str, pd.DataFrame]
    seeds: list[int]
    count: int
    folders: list[str]
    weights: str
    code: str


def page(measured: Measured) -> str:
    """The page in Markdown."""
    every = pd.concat(measured.scans.values())
    parts = [_head(measured, every), _scans(measured.scans, every), _sure(every)]
    if measured.whole:
        parts.append(_whole(measured.whole))
    if measured.cards is not None:
        parts.append(_cards(measured.cards))
    parts.append(_again(measured))
    return "\n\n".join(parts) + "\n"


def _head(measured: Measured, every: pd.DataFrame) -> str:
    near = (every["error"] <= NEAR[0]).mean()
    seeds = ", ".join(map(str, measured.seeds))
    parted = (one.rsplit(":", 1) for one in measured.folders)
    folders = ", ".join(f"{number} of `{name}`" for name, number in parted)
    return f"""# Proposed crops: how good they are

<!-- written by tools/measure_crops.py; edit the words in tools/crops_page.py -->

A rule proposes what of a scan is the photograph; how to use it is told in
[config/README.md](../config/README.md#colour-cards-and-borders).
On {len(every)} drawn scans that it was not fitted on, the median overlap with the true box
(intersection through union) is {every["overlap"].median():.4f}, and {near:.1%} of the proposals
lie within 2 % of the scan's width or height at all four edges.

Fitted on {len(measured.seeds) * measured.count} scans of the specimen (seeds {seeds};
{measured.count} each) and on pictures that count as whole, drawn at random ({folders}).
Weights `{measured.weights}`, code `{measured.code}`."""


def _scans(scans: dict[int, pd.DataFrame], every: pd.DataFrame) -> str:
    rows = []
    for name, of in [*((f"seed {seed}", of) for seed, of in scans.items()), ("all", every)]:
        for kind, some in [("all", of), *of.groupby("kind")]:
            shares = [f"{(some['error'] <= near).mean():.3f}" for near in NEAR]
            rows.append([name, kind, str(len(some)), f"{some['overlap'].median():.4f}", *shares])
    head = ["scans", "kind", "n", "median overlap", "within 2 %", "within 1 %"]
    return f"""## Drawn scans

Photographs of the specimen on a scanner's bed: cards, grey scales, rulers at any edge, boards,
shadows, a slight turn. *Plain*: lies on the bed; *mounted*: is glued to a board, which is to be
cut away too; *whole*: was cut already. The record's size is missing for 15 of 100 and has height
and width exchanged for 3 of 100.

{table(head, rows)}

![Scans of the specimen](crops.png)

*The first {SHOWN} scans of seed {next(iter(scans))}, none chosen. Blue: the true box; red: the
proposal; pale: what would be cut away.*"""


def _bands(of: pd.DataFrame, told: Callable[[pd.DataFrame], list[str]]) -> list[list[str]]:
    """A row for each band of confidence that holds something."""
    rows = []
    for low, high in itertools.pairwise(LEVELS):
        top = of["confidence"] < high if high < 1 else of["confidence"] <= high
        some = of[(of["confidence"] >= low) & top]
        if len(some):
            rows.append([f"{low:.2f} to {high:.2f}", str(len(some)), *told(some)])
    return rows


def _sure(every: pd.DataFrame) -> str:
    wrong = every["error"] > NEAR[0]
    lowest = every["confidence"].rank(method="first") <= len(every) / 5
    rows = _bands(
        every,
        lambda some: [
            f"{some['confidence'].mean():.3f}", f"{(some['error'] <= NEAR[0]).mean():.3f}"
        ],
    )  # fmt: skip
    return f"""## How sure

Right is what lies within 2 % at all four edges. {wrong.sum()} of {len(every)} are wrong,
{(wrong & lowest).sum()} of them in the least sure fifth, which the desk shows first.

{table(["confidence", "n", "mean confidence", "right"], rows)}"""


def _whole(whole: dict[str, pd.DataFrame]) -> str:
    rows, bands = [], []
    for name, every in whole.items():
        for fitted, of in every.groupby("fitted"):
            lost, sure = of["lost"] > LOST, of["confidence"] >= 0.95
            rows.append(
                [
                    f"`{code(name)}`", "fitted on" if fitted else "not fitted on", str(len(of)),
                    str((of["lost"] == 0).sum()), f"{lost.sum()} ({lost.mean():.1%})",
                    str((lost & sure).sum()),
                ]
            )  # fmt: skip
        new = every[~every["fitted"]]
        bands += [
            [f"`{code(name)}`", *row]
            for row in _bands(new, lambda some: [str((some["lost"] > LOST).sum())])
        ]
    head = ["pictures", "", "n", "whole", "lose > 2 %", "of these sure (>= 0.95)"]
    return f"""## Pictures whose borders were cut away before

Nothing should be cut of them. *Whole*: exactly the whole picture is proposed; *lose*: share of
the area.

{table(head, rows)}

Those not fitted on, by confidence (others of the same folder were fitted on):

{table(["pictures", "confidence", "n", "lose > 2 %"], bands)}"""


def _cards(cards: pd.DataFrame) -> str:
    rows = []
    for row in cards.to_dict("records"):
        box, true = (
            ", ".join(f"{row[f'{front}{side}']:.0f}" for side in SIDES) for front in ("", "true_")
        )
        known = row["overlap"] == row["overlap"]  # not a NaN
        rows.append(
            [
                f"`{code(row['name'])}`", f"{row['width']} x {row['height']}", box,
                true if known else "not measured", f"{row['overlap']:.3f}" if known else "",
                f"{row['confidence']:.3f}", row["cards"],
            ]
        )  # fmt: skip
    head = ["scan", "pixels", "proposal", "drawn by hand", "overlap", "confidence", "cards found"]
    return f"""## Real scans with a card

Two scans are no measure; they are named because nothing of them was drawn for the purpose. No
record says how large the things are. The box drawn by hand keeps a rim of dark ground at the right.

{table(head, rows)}"""


def _again(measured: Measured) -> str:
    seeds = " ".join(map(str, measured.scans))
    count = len(next(iter(measured.scans.values())))
    whole = " ".join(f"../shared/data/{name}" for name in measured.whole)
    return f"""## Measuring again

```
python tools/measure_crops.py --seeds {seeds} --count {count} --write docs/crops.md \\
    --cards ../shared/data/colour_cards \\
    --whole {whole}
```

`tools/fit_crops.py` fits the weights anew; seeds that it used are refused here."""


def draw(measured: Measured, path: str | os.PathLike) -> None:
    """Draw the first scans of the first seed with their true boxes and proposals as a PNG."""
    seed, rows = next(iter(measured.scans.items()))
    pictures = plan_collection(seed, len(rows))
    aspects = {picture.scene: picture.aspect for picture in pictures if picture.cut is None}
    step = TILE + GAP
    lines = -(-min(SHOWN, len(rows)) // COLUMNS)
    sheet = Image.new("RGB", (COLUMNS * step + GAP, lines * step + GAP), "white")
    for number, row in enumerate(rows.to_dict("records")[:SHOWN]):
        picture = pictures[int(row["name"])]
        scan = draw_scan(seed, picture, aspects[picture.scene]).image
        sizes = (row["width"], row["height"]) * 2
        found, true = (
            [row[f"{front}{side}"] / size for side, size in zip(SIDES, sizes, strict=True)]
            for front in ("", "true_")
        )
        scan.thumbnail((TILE, TILE), Image.Resampling.LANCZOS)
        tile = boxed(scan, found)
        # within the proposal's line, so that both are seen where they agree
        left, top, right, bottom = (
            share * side for share, side in zip(true, (*tile.size, *tile.size), strict=True)
        )
        ImageDraw.Draw(tile).rectangle((left + 2, top + 2, right - 3, bottom - 3), outline=TRUE)
        x, y = GAP + number % COLUMNS * step, GAP + number // COLUMNS * step
        sheet.paste(tile, (x + (TILE - tile.width) // 2, y + (TILE - tile.height) // 2))
    with write_atomically(path) as temporary:
        sheet.quantize(192).save(temporary, format="PNG", optimize=True)
