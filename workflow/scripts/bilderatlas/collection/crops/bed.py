"""The bed: what a photograph lies on in a scan, a nearly even tone that reaches the scan's edge."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

RING = 0.006  # share of the long side that counts as the scan's edge
LEAST = 0.03  # share of the edge that a tone must hold to be a bed's
SIDE = 420  # pixels, long side at which grounds are looked for: they are large
ROUGH = 3.5  # L*: a bed's tone is evener than this within seven pixels
REACH = (5.0, 13.0)  # how far from its tone a bed may stray, in CIE L*a*b* units


@dataclass(frozen=True)
class Bed:
    """One even ground.

    Attributes:
        mask: bool (h, w), where it lies.
        tone: L*, a*, b* in its middle.
        spread: median distance of its pixels from its tone, in L*a*b* units.
    """

    mask: np.ndarray
    tone: tuple[float, float, float]
    spread: float


def to_lab(rgb: np.ndarray) -> np.ndarray:
    """CIE L*a*b* (L* 0..100) of an RGB picture, uint8 (h, w, 3), as float32."""
    return cv2.cvtColor(rgb.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)


def ring_of(shape: tuple[int, int]) -> np.ndarray:
    """The scan's edge, bool (h, w)."""
    thick = max(2, round(RING * max(shape)))
    ring = np.ones(shape, bool)
    ring[thick:-thick, thick:-thick] = False
    return ring


def find_beds(lab: np.ndarray, ring: np.ndarray | None = None) -> list[Bed]:
    """The even grounds that reach the scan's edge, the one that holds most of it first.

    Args:
        lab: float32 (h, w, 3).
        ring: bool (h, w), where the grounds must show; the scan's edge where None. The rim of
            a board on which a photograph is glued is found the same way.
    """
    height, width = lab.shape[:2]
    ring = ring_of((height, width)) if ring is None else ring
    share = min(1.0, SIDE / max(height, width))
    if share < 1:
        small = (round(width * share), round(height * share))
        lab = cv2.resize(lab, small, interpolation=cv2.INTER_AREA)
        ring = cv2.resize(ring.astype(np.uint8), small, interpolation=cv2.INTER_AREA) > 0
    beds = _find(cv2.GaussianBlur(cv2.medianBlur(lab, 3), (0, 0), 1.0), ring)
    return [
        Bed(
            cv2.resize(
                bed.mask.astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST
            ).astype(bool),
            bed.tone,
            bed.spread,
        )
        for bed in beds
    ]


def _find(smooth: np.ndarray, ring: np.ndarray) -> list[Bed]:
    level = smooth[..., 0]
    mean = cv2.blur(level, (7, 7))
    rough = np.sqrt(np.maximum(cv2.blur(level * level, (7, 7)) - mean * mean, 0))
    even = ring & (rough < ROUGH)
    left, beds = even.copy(), []
    for _ in range(5):
        if left.sum() < LEAST * ring.sum():
            break
        tone = _commonest(smooth[left])
        near = distance(smooth, tone) < REACH[0]
        seeds = near & left
        left &= ~(distance(smooth, tone) < REACH[1])
        if seeds.sum() < LEAST * ring.sum():
            continue
        bed = _grow(smooth, seeds, ring)
        if bed is not None:
            left &= ~bed.mask
            beds.append(bed)
    return sorted(beds, key=lambda bed: -int((bed.mask & ring).sum()))


def distance(lab: np.ndarray, tone: np.ndarray | float = 0.0) -> np.ndarray:
    """Length of each pixel's difference from a tone, or of a step, in L*a*b* units."""
    away = (lab - tone).astype(np.float32)
    return np.sqrt(np.einsum("...k,...k->...", away, away))


def _commonest(tones: np.ndarray) -> np.ndarray:
    """The tone around which most of these lie, (3,)."""
    bins = np.round(tones / 4).astype(np.int64)
    keys, counts = np.unique(bins, axis=0, return_counts=True)
    start = keys[counts.argmax()] * 4.0
    close = np.linalg.norm(tones - start, axis=1) < 8
    return np.median(tones[close], axis=0)


def _grow(smooth: np.ndarray, seeds: np.ndarray, ring: np.ndarray) -> Bed | None:
    """From the edge inwards, as far as the tone stays the same; it may drift across the scan."""
    height, width = seeds.shape
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j].astype(np.float32)
    terms = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=-1)
    mask, reach = seeds, REACH[0]
    spread = 0.0
    for turn in range(3):
        ys, xs = np.nonzero(mask)
        if len(ys) < 50:
            return None
        picked = slice(None, None, max(1, len(ys) // 6000))
        basis, wanted = terms[ys[picked], xs[picked]], smooth[ys[picked], xs[picked]]
        # a ground that shows at one side only says nothing of its drift to the other
        count = 1 if turn == 0 else 3 if turn == 1 else 6
        weights, *_ = np.linalg.lstsq(
            np.concatenate([basis[:, :count], _damping(count, len(basis))]),
            np.concatenate([wanted - np.median(wanted, axis=0), np.zeros((count, 3))]),
            rcond=None,
        )
        model = terms[..., :count] @ weights.astype(np.float32) + np.median(wanted, axis=0)
        away = distance(smooth, model)
        spread = float(np.median(away[mask]))
        reach = float(np.clip(6 * spread, *REACH))
        mask = _reached((away < reach).astype(np.uint8), seeds)
    # a drift that was fitted to little may lead away from every seed
    if not mask.any():
        return None
    return Bed(mask, tuple(float(v) for v in np.median(smooth[mask], axis=0)), spread)


def _damping(count: int, points: int) -> np.ndarray:
    return np.diag([0.0, *[0.05 * np.sqrt(points)] * (count - 1)])


def _reached(like: np.ndarray, seeds: np.ndarray) -> np.ndarray:
    """The parts of ``like`` that hold a seed."""
    _, labels = cv2.connectedComponents(like, connectivity=4)
    kept = np.unique(labels[seeds & (like > 0)])
    return np.isin(labels, kept[kept > 0])
