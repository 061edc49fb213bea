"""Cells: small even patches with straight sides, and the rows of them that cards consist of."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

EVEN = 1.6  # L*a*b* units per pixel: a step below this lies inside a cell
LEAST, MOST = 0.00012, 0.02  # area of a cell, share of the scan


@dataclass(frozen=True)
class Cell:
    """An even patch: centre and sides in pixels, L*a*b* tone."""

    x: float
    y: float
    width: float
    height: float
    tone: tuple[float, float, float]


@dataclass(frozen=True)
class Row:
    """Cells in a line, equal and equally far apart; ``upright`` where the line runs downwards."""

    cells: tuple[Cell, ...]
    upright: bool

    @property
    def box(self) -> tuple[float, float, float, float]:
        return (
            min(cell.x - cell.width / 2 for cell in self.cells),
            min(cell.y - cell.height / 2 for cell in self.cells),
            max(cell.x + cell.width / 2 for cell in self.cells),
            max(cell.y + cell.height / 2 for cell in self.cells),
        )

    @property
    def tones(self) -> np.ndarray:
        return np.array([cell.tone for cell in self.cells])


def find_cells(lab: np.ndarray, steps: np.ndarray) -> list[Cell]:
    """Even patches that fill an upright rectangle.

    Args:
        lab: float32 (h, w, 3).
        steps: the larger of the gradients across and down, float32 (h, w).
    """
    even = (steps < EVEN).astype(np.uint8)
    area = even.size
    count, labels, stats, centres = cv2.connectedComponentsWithStats(even, connectivity=4)
    cells = []
    for number in range(1, count):
        left, top, width, height, size = stats[number]
        if not LEAST * area < size < MOST * area or min(width, height) < 4:
            continue
        if size < 0.72 * width * height or max(width, height) > 4.5 * min(width, height):
            continue
        part = labels[top : top + height, left : left + width] == number
        tone = np.median(lab[top : top + height, left : left + width][part], axis=0)
        # the step between two cells belongs to neither: a pixel is given back all round
        cells.append(
            Cell(*centres[number], width + 2.0, height + 2.0, tuple(float(v) for v in tone))
        )
    return cells


def find_rows(cells: list[Cell], least: int = 5) -> list[Row]:
    """Rows of at least ``least`` cells, the longest first; no cell is in two rows."""
    found = [row for upright in (False, True) for row in _rows(cells, upright, least)]
    found.sort(key=lambda row: -len(row.cells))
    taken: set[Cell] = set()
    rows = []
    for row in found:
        if not taken & set(row.cells):
            taken |= set(row.cells)
            rows.append(row)
    return rows


def _rows(cells: list[Cell], upright: bool, least: int) -> list[Row]:
    """Chains of neighbours of like size: each cell followed by the nearest that fits."""
    if len(cells) < least:
        return []
    along = np.array([c.y if upright else c.x for c in cells])
    across = np.array([c.x if upright else c.y for c in cells])
    long = np.array([c.height if upright else c.width for c in cells])
    wide = np.array([c.width if upright else c.height for c in cells])
    following: dict[int, int] = {}
    for index in range(len(cells)):
        pitch = along - along[index]
        like = (
            (pitch > 0.6 * long[index])
            & (pitch < 2.1 * np.maximum(long[index], long))
            & (np.abs(across - across[index]) < 0.12 * wide[index] + 0.03 * pitch)
            & (np.abs(np.log(long / long[index])) < 0.35)
            & (np.abs(np.log(wide / wide[index])) < 0.25)
        )
        near = np.nonzero(like)[0]
        if len(near):
            following[index] = int(near[pitch[near].argmin()])
    rows, later = [], set(following.values())
    for first in [index for index in following if index not in later]:
        chain = [first]
        while chain[-1] in following:
            chain.append(following[chain[-1]])
        rows += [
            Row(tuple(cells[i] for i in part), upright)
            for part in _regular(chain, along)
            if len(part) >= least
        ]
    return rows


def _regular(chain: list[int], along: np.ndarray) -> list[list[int]]:
    """The parts of a chain in which the pitch stays the same, a missing cell allowed."""
    if len(chain) < 2:
        return [chain]
    pitches = np.diff(along[chain])
    usual = np.median(pitches)
    parts, current = [], [chain[0]]
    for index, pitch in zip(chain[1:], pitches, strict=True):
        if abs(pitch / usual - round(pitch / usual)) < 0.22 and pitch < 2.4 * usual:
            current.append(index)
        else:
            parts.append(current)
            current = [index]
    return [*parts, current]
