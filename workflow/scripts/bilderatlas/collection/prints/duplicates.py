"""The table of pairs that belong together: as found, as recorded, and as people say."""

from __future__ import annotations

import itertools

import pandas as pd

from bilderatlas.collection.groups import title_and_date
from bilderatlas.collection.prints.overrides import Decision, apply_decisions
from bilderatlas.files import DUPLICATES, RELATIONS, SERIES
from bilderatlas.job import log

# ASSUME: nobody looks through the 435 pairs of a longer series; a chain tells as well who belongs
# to it
LONGEST_SERIES = 30


def list_duplicates(
    matches: pd.DataFrame,
    catalogue: pd.DataFrame,
    decisions: dict[tuple[str, str], Decision],
) -> pd.DataFrame:
    """Every pair that belongs together, once, with its strongest relation.

    Args:
        matches: columns :data:`bilderatlas.files.MATCHES`.
        catalogue: indexed by ``image_id``, with ``title`` and ``date``.
        decisions: the word of people, by pair.

    Returns:
        columns :data:`bilderatlas.files.DUPLICATES`, sorted by the pair. A series is what shares
        title and date; one of more than LONGEST_SERIES pictures is listed as a chain.
    """
    found = matches.assign(source="rule")[list(DUPLICATES)]
    series = pd.DataFrame(series_pairs(catalogue), columns=["image_a", "image_b"], dtype=str)
    series = series.assign(relation=SERIES, mirrored="no", cut="no", score=1.0, source="rule")
    # an empty part would decide about the columns' kinds
    parts = [part for part in (found, series.reindex(columns=list(DUPLICATES))) if len(part)]
    table = pd.concat(parts, ignore_index=True) if parts else found
    table["transform"] = table["transform"].fillna("")
    strength = table["relation"].map(RELATIONS.index)
    table = table.assign(strength=strength).sort_values(["image_a", "image_b", "strength"])
    table = table.drop_duplicates(["image_a", "image_b"]).drop(columns="strength")
    return apply_decisions(table.reset_index(drop=True), decisions)


def series_pairs(catalogue: pd.DataFrame) -> list[tuple[str, str]]:
    """Pairs of pictures with the same title and date, either sorted as text."""
    shared = title_and_date(catalogue)
    pairs = []
    for title, members in shared[shared != ""].groupby(shared):
        ids = sorted(members.index)
        if len(ids) > LONGEST_SERIES:
            log.info("The %d pictures called %r are listed as a chain.", len(ids), title)
            pairs += itertools.pairwise(ids)
        else:
            pairs += itertools.combinations(ids, 2)
    return sorted(pairs)
