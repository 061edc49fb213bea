"""Groups: pictures that must not be torn apart between training and test."""

from __future__ import annotations

import logging

import pandas as pd

from bilderatlas.files import GROUPS

log = logging.getLogger("bilderatlas")


def title_and_date(catalogue: pd.DataFrame) -> pd.Series:
    """What pictures of one group share: title and date, empty where either is unknown.

    The one meaning of "same title and date": groups, retrieval, marks in figures and the count of
    leaks all use it.

    Args:
        catalogue: with the columns ``title`` and ``date``; its index is kept.
    """
    # ASSUME: spelling is the archive's word; only white space is evened out, since
    # "1897/98" and "1897/1898" may well be two archivists' records of two sessions
    title, date = (
        catalogue[name].astype(str).str.split().str.join(" ") for name in ("title", "date")
    )
    return (title + " · " + date).where((title != "") & (date != ""), "")


def group_pictures(catalogue: pd.DataFrame, largest: float) -> pd.DataFrame:
    """Group pictures with the same title and date; every other picture is a group of its own.

    A group that holds more than the share ``largest`` of all pictures would unbalance any split:
    it is parted by the beginning of its date, and where that does not help, in the order of the
    ids. Either is warned of.

    Args:
        catalogue: with the columns image_id, title, date, date_from.
        largest: share of all pictures, 0 to 1.

    Returns:
        columns image_id, group (the first id in it), reason.
    """
    table = catalogue[["image_id", "title", "date", "date_from"]].reset_index(drop=True)
    table = table.sort_values("image_id").reset_index(drop=True)
    key = title_and_date(table)
    key = key.where(key != "", "\n" + table["image_id"])
    size = key.groupby(key).transform("size")
    reason = pd.Series("alone", index=table.index).where(size == 1, "title and date")
    limit = max(1, int(largest * len(table)))
    for name in key[size > limit].unique():
        rows = table[key == name]
        title = rows["title"].iloc[0]
        parted = rows["date_from"]
        if (parted.value_counts() > limit).any():
            log.warning(
                "The %d pictures called %r are more than %.0f %% of all and share their date: the"
                " group is cut in the order of the ids, so near twins may stand on both sides.",
                len(rows), title, 100 * largest,
            )  # fmt: skip
            parted = pd.Series(range(len(rows)), index=rows.index) // limit
        else:
            log.warning(
                "The %d pictures called %r are more than %.0f %% of all: the group is parted by"
                " date.", len(rows), title, 100 * largest,
            )  # fmt: skip
        key[rows.index] = name + "\n" + parted.astype(str)
        reason[rows.index] = "title and date, parted"
    table["group"] = table.groupby(key)["image_id"].transform("first")
    table["reason"] = reason
    return table[list(GROUPS)]
