"""Judging hypotheses: what speaks for a rectangle, in numbers, and how likely the best one is.

The numbers are weighed by a small network (some 750 weights in ``judge.npz``): one part looks at
each side by itself, one at the whole. It was fitted to scans of the specimen and to photographs
that had been cut already; ``tools/fit_crops.py`` does it again, ``docs/crops.md`` tells what it
gave.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bilderatlas.collection.crops import hypotheses
from bilderatlas.collection.crops.hypotheses import Evidence, Line

FILE = Path(__file__).with_name("judge.npz")
# of the whole rectangle
FEATURES = (
    "on_board", "bare", "broken", "beyond", "rival", "parted", "least", "ground_within",
    "left_over", "card_within", "log_area", "crooked", "one_edge", "two_edges", "three_edges",
    "aspect", "aspect_off", "card_whole", "rim", "board_within", "board_wide",
)  # fmt: skip
# of each side; all but the last are 0 where the side is the scan's own edge
SIDE_FEATURES = (
    "support", "support_squared", "step", "ground_inside", "board_inside", "calm_inside",
    "ground_near", "ground_mid", "ground_far", "board_near", "board_mid", "calm_near", "calm_mid",
    "rival", "rival_bare", "margin_narrow", "margin", "edge",
)  # fmt: skip
STEADY = 1.5  # L*a*b* units per pixel: a step of this size all along a side counts full


@dataclass(frozen=True)
class Features:
    """What is weighed: ``whole`` (n, 21) and ``sides`` (n, 4, 18), between about 0 and 1."""

    whole: np.ndarray
    sides: np.ndarray


def features(
    lines: dict[str, list[Line]],
    chosen: np.ndarray,
    boxes: np.ndarray,
    evidence: Evidence,
    aspect: float | None,
    has_card: bool,
) -> Features:
    """What speaks for and against rectangles.

    Args:
        lines: by side.
        chosen: indices of the lines, (n, 4).
        boxes: (n, 4), pixels.
        evidence: the maps.
        aspect: expected width through height, or None where unknown.
        has_card: whether a card was found.
    """
    edge = hypotheses.values_of(lines, chosen, "edge").astype(bool)
    means, rivals = hypotheses.along(lines, chosen, boxes)
    count = (~edge).sum(axis=1)
    whole = [
        *_summed(means, rivals, ~edge),
        *_areas(boxes, evidence),
        *_shape(lines, chosen, boxes, evidence, aspect),
        (count == 0) * float(has_card),
        *_rims(boxes, evidence, count),
    ]
    return Features(np.stack(whole, axis=1), _sides(means, rivals, edge, boxes, evidence))


def _summed(means: np.ndarray, rivals: np.ndarray, free: np.ndarray) -> list[np.ndarray]:
    """What the sides say together."""
    support, ground_in, board_in = means[..., 0], means[..., 4], means[..., 5]
    ground, board, calm = (means[..., at : at + 2].max(axis=2) for at in (7, 10, 13))
    beyond = np.maximum(means[..., 9] - ground, 0)  # ground that begins only farther out
    good = support * np.maximum(ground * (1 - ground_in), board * (1 - board_in))
    values = [
        support * board * (1 - board_in) * (1 - ground),
        support * calm * (1 - np.maximum(ground, board)),
        (1 - support) ** 2,
        beyond,
        rivals * (1 - ground),
        rivals * ground,
    ]
    least = np.where(free.any(axis=1), np.where(free, good, 9).min(axis=1), 0)
    return [*((value * free).sum(axis=1) / 4 for value in values), least]


def _sides(
    means: np.ndarray,
    rivals: np.ndarray,
    edge: np.ndarray,
    boxes: np.ndarray,
    evidence: Evidence,
) -> np.ndarray:
    """What each side says by itself, (n, 4, 18)."""
    support, margins = means[..., 0], _margins(boxes, evidence)
    step = np.minimum(np.linalg.norm(means[..., 1:4], axis=-1) / STEADY, 1)
    found = np.stack(
        [
            support, support**2, step,
            *(means[..., at] for at in (4, 5, 6, 7, 8, 9, 10, 11, 13, 14)),
            rivals, rivals * (1 - means[..., 7]),
            np.minimum(margins / 0.05, 1), np.minimum(margins / 0.2, 1), edge,
        ],
        axis=-1,
    )  # fmt: skip
    found[edge] = 0
    found[..., -1] = edge
    return found


def _margins(boxes: np.ndarray, evidence: Evidence) -> np.ndarray:
    """How far each side lies from the scan's edge, as a share of the scan, (n, 4)."""
    height, width = evidence.ground.shape
    return np.concatenate(
        [boxes[:, :2] / [width, height], 1 - boxes[:, 2:] / [width, height]], axis=1
    )


def _areas(boxes: np.ndarray, evidence: Evidence) -> list[np.ndarray]:
    """Ground within, all that is neither ground nor board outside, cards within, the area."""
    whole = float(evidence.ground.size)
    size = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1)
    ground = evidence.ground | evidence.cards
    left = hypotheses.integral(~(ground | evidence.board))
    over = left[-1, -1] - hypotheses.inside(left, boxes)
    within = hypotheses.inside(hypotheses.integral(ground), boxes) / size
    card = hypotheses.inside(hypotheses.integral(evidence.cards), boxes) / whole
    return [within, over / whole, np.minimum(card * 20, 1), np.log(size / whole)]


def _shape(
    lines: dict[str, list[Line]],
    chosen: np.ndarray,
    boxes: np.ndarray,
    evidence: Evidence,
    aspect: float | None,
) -> list[np.ndarray]:
    """How crooked the sides lie, how many lie at the scan's edge, how well the aspect fits."""
    edge = hypotheses.values_of(lines, chosen, "edge").astype(bool)
    free = ~edge
    count = free.sum(axis=1)
    # a thing turned by some angle has upright sides that lean one way, lying ones the other
    lean = np.degrees(hypotheses.values_of(lines, chosen, "slope") * np.array([-1, 1, -1, 1]))
    centre = (lean * free).sum(axis=1) / np.maximum(count, 1)
    spread = ((lean - centre[:, None]) ** 2 * free).sum(axis=1) / np.maximum(count, 1)
    known = off = np.zeros(len(boxes))
    if aspect is not None:
        shape = np.log((boxes[:, 2] - boxes[:, 0]) / (boxes[:, 3] - boxes[:, 1]))
        # height and width may have been exchanged in the record
        near = np.minimum(np.abs(shape - np.log(aspect)), np.abs(shape + np.log(aspect)) + 0.02)
        known, off = np.minimum(near, 0.06) / 0.06, np.minimum(near, 0.3) / 0.3
    edges = [count == number for number in (3, 2, 1)]
    return [np.minimum(np.sqrt(spread), 1), *edges, known, off]


def _rims(boxes: np.ndarray, evidence: Evidence, count: np.ndarray) -> list[np.ndarray]:
    """Is all that would be cut a narrow rim; how much board lies within."""
    margins = _margins(boxes, evidence)
    size = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1)
    alone = evidence.board & ~(evidence.ground | evidence.cards)
    board = hypotheses.inside(hypotheses.integral(alone), boxes) / size
    rim = (margins.max(axis=1) < hypotheses.RIM[1]) & (count > 0)
    return [rim, np.minimum(board, 0.18) / 0.18, np.maximum(board - 0.18, 0)]


@functools.cache
def weights() -> dict[str, np.ndarray]:
    """The network's weights by name."""
    with np.load(FILE, allow_pickle=False) as stored:
        return {name: stored[name] for name in stored.files}


def scores(found: Features) -> np.ndarray:
    """What the network makes of rectangles, (n,): differences are logarithms of odds."""
    net = weights()
    sides = _layers(found.sides, net, "sides")  # (n, 4, 2)
    whole = (found.whole - net["mean"]) / net["spread"]
    # the sides together, and the weakest of them
    whole = np.concatenate([whole, sides[..., 1].min(axis=1)[:, None]], axis=1)
    alone = _layers(whole, net, "whole")[:, 0]
    return sides[..., 0].sum(axis=1) + alone + whole @ net["linear"]


def _layers(values: np.ndarray, net: dict[str, np.ndarray], name: str) -> np.ndarray:
    """Two layers, the first one bent."""
    hidden = np.tanh(values @ net[f"{name}_in"] + net[f"{name}_in_shift"])
    return hidden @ net[f"{name}_out"] + net[f"{name}_out_shift"]


def chances(found: Features) -> np.ndarray:
    """How likely each rectangle is the photograph, (n,), in all 1: a softmax of the scores."""
    score = scores(found)
    chance = np.exp(score - score.max())
    return chance / chance.sum()


def on_board(found: Features, row: int) -> float:
    """How much of a rectangle's surroundings is a mount, 0..1."""
    return float(found.whole[row, FEATURES.index("on_board")])
