"""Judging hypotheses: what speaks for a rectangle, in numbers, and how sure the best one is."""

from __future__ import annotations

import numpy as np

from bilderatlas.collection.crops import hypotheses
from bilderatlas.collection.crops.hypotheses import Evidence, Line

# what speaks for or against a rectangle, and how much: fitted to scans of the specimen and to
# photographs that have been cut already; the signs were given (docs/crops.md)
WEIGHTS = {
    "on_board": 5.6, "bare": 7.8, "broken": -32.5, "beyond": -28.2, "rival": -10.6, "least": 3.9,
    "ground_within": -16.2, "left_over": -14.8, "card_within": -3.2, "log_area": 7.9,
    "crooked": -3.1, "one_edge": -3.6, "two_edges": -8.4, "three_edges": -8.9, "aspect": -7.8,
    "aspect_off": -2.3, "card_whole": -7.3, "rim": -7.2, "board_within": -0.6, "board_wide": -7.1,
}  # fmt: skip
FEATURES = tuple(WEIGHTS)


def features(
    lines: dict[str, list[Line]],
    chosen: np.ndarray,
    boxes: np.ndarray,
    evidence: Evidence,
    aspect: float | None,
    has_card: bool,
) -> np.ndarray:
    """What is weighed by :data:`WEIGHTS`, float (n, k), each between about 0 and 1.

    Args:
        lines: by side.
        chosen: indices of the lines, (n, 4).
        boxes: (n, 4), pixels.
        evidence: the maps.
        aspect: expected width through height, or None where unknown.
        has_card: whether a card was found.
    """
    edge = hypotheses.values_of(lines, chosen, "edge").astype(bool)
    free = ~edge
    count = free.sum(axis=1)
    means, rivals = hypotheses.along(lines, chosen, boxes)
    support, ground_in, board_in = means[..., 0], means[..., 4], means[..., 5]
    ground, board, calm = (means[..., at : at + 2].max(axis=2) for at in (7, 10, 13))
    beyond = np.maximum(means[..., 9] - ground, 0)  # ground that begins only farther out
    good = support * np.maximum(ground * (1 - ground_in), board * (1 - board_in))
    sides = [
        support * board * (1 - board_in) * (1 - ground),
        support * calm * (1 - np.maximum(ground, board)),
        (1 - support) ** 2,
        beyond,
        rivals,
    ]
    summed = [(values * free).sum(axis=1) / 4 for values in sides]
    least = np.where(count, np.where(free, good, 9).min(axis=1), 0)
    return np.stack(
        [*summed, least, *_areas(boxes, evidence), *_shape(lines, chosen, boxes, evidence, aspect),
         (count == 0) * float(has_card), *_rims(boxes, evidence, count)],
        axis=1,
    )  # fmt: skip


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
    height, width = evidence.ground.shape
    margins = np.concatenate(
        [boxes[:, :2] / [width, height], 1 - boxes[:, 2:] / [width, height]], axis=1
    )
    size = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1)
    alone = evidence.board & ~(evidence.ground | evidence.cards)
    board = hypotheses.inside(hypotheses.integral(alone), boxes) / size
    rim = (margins.max(axis=1) < hypotheses.RIM[1]) & (count > 0)
    return [rim, np.minimum(board, 0.18) / 0.18, np.maximum(board - 0.18, 0)]


def chances(found: np.ndarray) -> np.ndarray:
    """How likely each rectangle is the photograph, (n,), in all 1: a softmax of the weighed sum."""
    score = found @ np.array([WEIGHTS[name] for name in FEATURES])
    chance = np.exp(score - score.max())
    return chance / chance.sum()


def named(row: np.ndarray) -> dict[str, float]:
    """The features of one rectangle by their names."""
    return dict(zip(FEATURES, row.tolist(), strict=True))
