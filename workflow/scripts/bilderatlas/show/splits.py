"""Which split numbers stand on, in words: every table and figure says it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

import pandas as pd

from bilderatlas.show.labels import label


def splits_said(
    pairs: Iterable[tuple[str, str]], language: str, quote: Callable[[str], str] = str
) -> str:
    """One sentence: the usual split, and which experiments stand on another one.

    Args:
        pairs: experiment and the split that it stands on.
        language: ``de`` or ``en``.
        quote: makes a name fit for the text that the sentence stands in.

    Returns:
        the sentence; empty where no split is known.
    """
    known = [pair for pair in dict.fromkeys(pairs) if pair[1]]
    if not known:
        return ""
    usual = Counter(split for _, split in known).most_common(1)[0][0]
    others: dict[str, list[str]] = {}
    for experiment, split in known:
        if split != usual:
            others.setdefault(split, []).append(quote(experiment))
    parts = [label("splits.usual", language, split=quote(usual))]
    parts += [
        label("splits.other", language, split=quote(split), experiments=", ".join(names))
        for split, names in others.items()
    ]
    return "; ".join(parts) + "."


def splits_of(metrics: pd.DataFrame) -> list[tuple[str, str]]:
    """Experiment and split of each row of a table with these columns."""
    return list(zip(metrics["experiment"], metrics["split"], strict=True))
