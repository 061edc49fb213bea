"""Every pair of a collection laid over each other, without the step that proposes pairs.

What that step saves is what it may lose; this is how the loss is counted. The number of pairs
grows with the square of the pictures: 194,376 pairs, each as it is and mirrored, take about twenty
minutes of one core. So a pair is first tried with its strongest points alone, and measured as
the workflow does where those agree at all.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

import pandas as pd

from bilderatlas import job
from bilderatlas.collection.prints import features, find, matching, relations
from bilderatlas.collection.prints.cache import Cache
from bilderatlas.collection.prints.find import Pictures
from bilderatlas.files import MATCHES

STRONGEST = 400  # points that a pair is tried with


def all_pairs(pictures: Pictures, cache: Cache, points: int) -> pd.DataFrame:
    """The pairs that can be laid over each other, out of all.

    Args:
        pictures: of one collection.
        cache: has the features of the pictures, or takes them.
        points: local features a picture at most.

    Returns:
        columns :data:`bilderatlas.files.MATCHES` but ``routes``, which is ``all``.
    """
    count = len(pictures.image_ids)
    keys = [find.pixel_key(pictures.load(row)) for row in range(count)]
    whole = [
        find._features(cache, key, points, lambda row=row: pictures.load(row))
        for row, key in enumerate(keys)
    ]
    few = [_strongest(one) for one in whole]
    mirrored = [features.mirror(one) for one in few]
    order = sorted(range(count), key=lambda row: pictures.image_ids[row])
    load = lru_cache(256)(pictures.load)
    rows = []
    pairs = itertools.combinations(order, 2)
    for a, b in job.progress(pairs, "all pairs", total=count * (count - 1) // 2):
        ways = [way for way, other in enumerate((few[b], mirrored[b])) if _agree(few[a], other)]
        key = f"all-{keys[a]}-{keys[b]}-{ways}-{find.RECIPE}-{features.RECIPE}-{points}"
        found = cache.pair(key) if ways else {}
        if found is None:
            loads = (lambda a=a: load(a)), (lambda b=b: load(b))
            found = find.compare_two(whole[a], whole[b], [bool(way) for way in ways], *loads)
            cache.keep_pair(key, found)
        verdict = relations.judge(found) if found else None
        if verdict is not None:
            rows.append(_row(pictures.image_ids, a, b, verdict, found))
    return pd.DataFrame(rows, columns=list(MATCHES))


def _strongest(one: features.Features) -> features.Features:
    kept = slice(STRONGEST)
    return replace(
        one,
        points=one.points[kept],
        sizes=one.sizes[kept],
        angles=one.angles[kept],
        descriptors=matching._unit(one.descriptors[kept]),
    )


def _agree(a: features.Features, b: features.Features) -> bool:
    """Do the strongest points agree on any place? Asks for less than the workflow does."""
    return matching.match(a, b, False) is not None


def _row(
    ids: Sequence[str], a: int, b: int, verdict: relations.Verdict, found: dict[str, Any]
) -> dict[str, Any]:
    pair = {"image_a": ids[a], "image_b": ids[b], "routes": "all"}
    return pair | {"relation": verdict.relation, "cut": verdict.cut, "score": verdict.score} | found
