"""What a pair is: one file, prints of one negative, or variants; and whether one print is cut.

The limits stand between what was seen on the Zille photographs (a test holds them to the pairs
that were judged by eye). They lean to *variant*: a print that is called a variant is found by who
looks through the variants; a variant that is called a print is taken for granted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bilderatlas.files import PRINT, VARIANT

# Fewer points agree by chance in 194,000 pairs.
FEWEST_INLIERS = 12
# ASSUME: of what two pictures share by their looks, this much must lie in its place
LEAST_SHARE = 0.4
# With two prints, below: the share of the structure that disagrees, of the blocks that do so in one
# place, of the small blocks that show something else, and by how much of a block's side blocks lie
# beside their places.
MOST_APART = 0.09
MOST_CLUSTERED = 0.08
MOST_MOVED = 0.0068
MOST_SHIFTED = 0.04
FEWEST_BLOCKS = 12
LEAST_PRINT_SHARE = 0.75
# ASSUME: a print shows less than the other where a seventh of the other's frame is missing
WHOLE = 0.86


@dataclass(frozen=True)
class Verdict:
    """What a pair is.

    Attributes:
        relation: one of :data:`bilderatlas.files.RELATIONS`.
        cut: yes or no: does one print show clearly less than the other? Of two exposures each
            shows what it shows: no.
        score: confidence of the relation, 0 to 1; below 0.5 it is more of a guess.
    """

    relation: str
    cut: str
    score: float


def judge(found: Mapping[str, float]) -> Verdict | None:
    """The relation of two pictures that lie over each other; None where it may be chance.

    Args:
        found: ``matches``, ``inliers``, ``blocks``, ``apart``, ``cluster``, ``moved``,
            ``shift``, ``covered_a`` and ``covered_b``, as :class:`.matching.Match` and
            :class:`.alignment.Agreement` have them.
    """
    share = found["inliers"] / found["matches"]
    if found["inliers"] < FEWEST_INLIERS or share < LEAST_SHARE:
        return None
    cut = "yes" if min(found["covered_a"], found["covered_b"]) < WHOLE else "no"
    strain = max(
        found["apart"] / MOST_APART,
        found["cluster"] / MOST_CLUSTERED,
        found["moved"] / MOST_MOVED,
        found["shift"] / MOST_SHIFTED,
        (1 - share) / (1 - LEAST_PRINT_SHARE),
    )
    if strain < 1 and found["blocks"] >= FEWEST_BLOCKS:
        return Verdict(PRINT, cut, round(1 - strain / 2, 3))
    # the nearer to chance, the less sure
    sure = 1 - FEWEST_INLIERS / found["inliers"] / 2
    return Verdict(VARIANT, "no", round(sure * min(1.0, share / 0.6), 3))
