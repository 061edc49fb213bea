"""Which pictures are prints of one negative? To the pixel, and as they were found.

An archive may hold a contact print and a later enlargement of one negative. Any embedding finds
the one from the other, and a thumbnail does it best of all: retrieval with and without such exact
prints are two questions. Without them, a query's exact prints are neither companions nor
distractors.

The definition looks at pixels, the 16 x 16 grey thumbnails that are also the control ``pixels``.
So this control is handicapped by it: of the companions, just those are taken away that it finds
for sure. A network that beats it *without prints* has not yet beaten it on all pictures.

Prints as they were found (``duplicates.csv``) are a question of their own: find the other print.
There the same control is favoured, for some of them were found by thumbnails.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from bilderatlas.analysis.neighbours import check_values
from bilderatlas.errors import InputError
from bilderatlas.files import PRINT

# ASSUME: above this correlation two thumbnails are of one negative; of the Zille photographs' 45
# such pairs several were checked by eye
FLOOR = 0.95
_BLOCK = 4_000_000
# what sets two prints of one negative apart
ALL, MIRRORED, CUT, PLAIN = "all", "mirrored", "cut", "plain"


def sought(found: pd.DataFrame, kind: str) -> tuple[pd.Series, list[tuple[str, str]]]:
    """Which prints a print should find, and which are passed over while it looks for them.

    Equal files are passed over always: to find a file by itself is no question.

    Args:
        found: of :func:`bilderatlas.collection.negatives.pairs_within`.
        kind: ``all``; ``mirrored`` or ``cut``: only pairs that differ so (both count in both);
            ``plain``: only pairs that differ by neither.

    Returns:
        the negative by image id, of prints in such a pair; the pairs of one negative that are
        passed over, for a print of another kind is neither right nor wrong.
    """
    kinds = {
        ALL: True,
        MIRRORED: found["mirrored"],
        CUT: found["cut"],
        PLAIN: ~found["mirrored"] & ~found["cut"],
    }
    chosen = (found["relation"] == PRINT) & kinds[kind]
    ends = [found.loc[chosen].set_index(name)["negative"] for name in ("image_a", "image_b")]
    negatives = pd.concat(ends)
    negatives = negatives[~negatives.index.duplicated()].rename("group").rename_axis(None)
    passed = found.loc[~chosen, ["image_a", "image_b"]]
    return negatives, list(passed.itertuples(index=False, name=None))


def exact_prints(
    thumbnails: np.ndarray, image_ids: Sequence[str], floor: float = FLOOR
) -> list[tuple[str, str]]:
    """Pairs of pictures whose thumbnails correlate by more than ``floor``.

    Args:
        thumbnails: (n, d), rows of length 1 with their mean removed (or all zero, for a picture
            of one even tone), as :func:`bilderatlas.learn.pixels.embed_pixels` makes them.
        image_ids: n strings.
        floor: correlation, -1 to 1.

    Returns:
        pairs of ids, either sorted, the list too.

    Raises:
        InputError: the rows are no such thumbnails.
    """
    rows = check_values(thumbnails)
    lengths = np.linalg.norm(rows, axis=1)
    right = np.isclose(lengths, 1, atol=1e-3) | (lengths < 1e-3)
    if not right.all() or (np.abs(rows.mean(axis=1)) > 1e-3).any():
        raise InputError(
            "The embeddings of lineage 'pixels' are no thumbnails with their mean removed and of "
            "length 1: make them anew with the rule embed_pixels."
        )
    pairs = []
    step = max(1, _BLOCK // max(1, len(rows)))
    for first in range(0, len(rows), step):
        # what lies before this block has been compared with it
        one, other = np.nonzero(rows[first : first + step] @ rows[first:].T > floor)
        later = one < other
        pairs += [
            tuple(sorted((image_ids[one], image_ids[other])))
            for one, other in zip(one[later] + first, other[later] + first, strict=True)
        ]
    return sorted(pairs)
