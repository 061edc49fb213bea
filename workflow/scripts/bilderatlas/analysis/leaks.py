"""How many test pictures has a network all but seen? By prints of one negative, by title and date.

The one count of leaks: the leak report and the results page both take it from here.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from bilderatlas.collection.groups import title_and_date
from bilderatlas.collection.negatives import components, of_one_negative
from bilderatlas.files import LEAKS

# what a test picture shares with a training picture
BY_PRINT, BY_TITLE, EITHER = "print", "title and date", "either"


def count_leaks(
    splits: Mapping[str, pd.Series], catalogue: pd.DataFrame, duplicates: pd.DataFrame
) -> pd.DataFrame:
    """Test pictures with a companion in the training part, by split and kind of companion.

    Args:
        splits: part by image id, by the name of the split. Pictures in no part do not count.
        catalogue: indexed by image id, with the columns ``title`` and ``date``.
        duplicates: columns :data:`bilderatlas.files.DUPLICATES`.

    Returns:
        columns :data:`bilderatlas.files.LEAKS`: ``kind`` is ``print`` (a print of the same
        negative or the same file), ``title and date`` or ``either``; ``leaking`` of ``n``
        test pictures have such a companion in the training part; ``share`` is 0 to 1, empty
        where there is no test picture.
    """
    ids = catalogue.index.tolist()
    rows = of_one_negative(duplicates, ids)
    pairs = zip(rows["image_a"], rows["image_b"], strict=True)
    keys = {BY_PRINT: components(ids, pairs), BY_TITLE: title_and_date(catalogue)}
    found = []
    for split, part in splits.items():
        part = part.reindex(catalogue.index)
        test = part == "test"
        shared = {}
        for kind, key in keys.items():
            seen = set(key[part == "train"]) - {""}
            shared[kind] = key.isin(seen) & test
        shared[EITHER] = shared[BY_PRINT] | shared[BY_TITLE]
        total = int(test.sum())
        for kind, leaking in shared.items():
            count = int(leaking.sum())
            found.append(
                {
                    "split": split,
                    "kind": kind,
                    "leaking": count,
                    "n": total,
                    "share": count / total if total else None,
                }
            )
    return pd.DataFrame(found, columns=list(LEAKS))
