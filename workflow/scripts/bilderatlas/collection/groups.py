"""Groups: pictures that must not be torn apart between training and test."""

from __future__ import annotations

import logging

import pandas as pd

from bilderatlas.collection.negatives import components, of_one_negative
from bilderatlas.files import GROUPS

log = logging.getLogger("bilderatlas")

# what ties a picture to its group, in the column `reason`
ALONE, BY_PRINT, BY_TITLE, PARTED = "alone", "print", "title and date", "parted"


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


def group_pictures(
    catalogue: pd.DataFrame, largest: float, duplicates: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Group prints of one negative and pictures with the same title and date.

    Both count, and chains of both: a print of a picture belongs to all that share that picture's
    title and date. Every other picture is a group of its own. A group that holds more than the
    share ``largest`` of all pictures would unbalance any split. It is parted, prints of one
    negative kept together: into pictures of one title and date, these by the beginning of their
    date, and where that does not help, in the order of the ids. A negative with more prints than
    that is cut last of all. Each is warned of.

    Args:
        catalogue: with the columns image_id, title, date, date_from.
        largest: share of all pictures, 0 to 1.
        duplicates: columns :data:`bilderatlas.files.DUPLICATES`; None where prints are not known.

    Returns:
        columns image_id, group (the first id in it), reason: ``print`` or ``title and date`` or
        both, whichever ties the picture to another one of its group; else ``alone``. Where the
        group was parted, ``parted`` follows.
    """
    table = catalogue[["image_id", "title", "date", "date_from"]].reset_index(drop=True)
    table = table.sort_values("image_id").reset_index(drop=True)
    table["key"] = title_and_date(table)
    ids = table["image_id"].tolist()
    pairs = _print_pairs(duplicates, ids)
    table["negative"] = components(ids, pairs).to_numpy()
    table["whole"] = _joined(table, ["negative", "key"])
    table["part"] = ""
    limit = max(1, int(largest * len(table)))
    sizes = table["whole"].value_counts()
    for number in sorted(sizes.index[sizes > limit]):
        rows = table[table["whole"] == number]
        table.loc[rows.index, "part"] = _parted(rows, limit, largest)
    groups = table.groupby(["whole", "part"])
    table["group"] = groups["image_id"].transform("first")
    table["reason"] = _reasons(table)
    return table[list(GROUPS)]


def _print_pairs(duplicates: pd.DataFrame | None, ids: list[str]) -> list[tuple[str, str]]:
    if duplicates is None:
        return []
    rows = of_one_negative(duplicates, ids)
    return list(zip(rows["image_a"], rows["image_b"], strict=True))


def _joined(table: pd.DataFrame, columns: list[str]) -> pd.Series:
    """A number by row, the same for all that a chain of equal values in ``columns`` connects."""
    rows = table.index.tolist()
    pairs = []
    for name in columns:
        known = table[name][table[name] != ""]
        first = known.index.to_series().groupby(known).transform("first")
        pairs += zip(first.tolist(), known.index.tolist(), strict=True)
    return components(rows, pairs)


def _parted(rows: pd.DataFrame, limit: int, largest: float) -> pd.Series:
    """By row, the name of the part of an oversized group that it goes to."""
    # all prints of a negative go where the commonest title and date among them goes
    home = rows[rows["key"] != ""].groupby("negative")[["key", "date_from"]]
    home = home.agg(lambda values: values.value_counts().sort_index().idxmax())
    at = rows[["negative"]].join(home, on="negative").fillna("")
    titles = sorted(set(at["key"]) - {""})
    named = f"called {rows['title'][rows['key'] == titles[0]].iloc[0]!r}" if titles else ""
    more = f" and {len(titles) - 1} other titles" if len(titles) > 1 else ""
    who = f"The {len(rows)} pictures {named or 'of one negative'}{more}"
    share = f"are more than {100 * largest:.0f} % of all"
    part = pd.Series("", index=rows.index)
    if len(titles) > 1:
        # where a title is not known, each negative stands for itself
        part = at["key"].where(at["key"] != "", "negative " + at["negative"].astype(str))
        if part.value_counts().max() <= limit:
            log.warning(
                "%s hang together by prints and %s: the group is parted by title and date.",
                who, share,
            )  # fmt: skip
            return part
    large = part.map(part.value_counts()) > limit
    part = part.where(~large, part + "\n" + at["date_from"])
    if part.value_counts().max() <= limit:
        log.warning("%s %s: the group is parted by date.", who, share)
        return part
    log.warning(
        "%s %s and share their date: the group is cut in the order of the ids, so near twins may"
        " stand on both sides.", who, share,
    )  # fmt: skip
    for name in part[part.map(part.value_counts()) > limit].unique():
        chosen = part.index[part == name]
        part[chosen] = name + "\n" + _in_order(rows.loc[chosen, "negative"], limit).astype(str)
    return part


def _in_order(negative: pd.Series, limit: int) -> pd.Series:
    """Numbers of parts of at most ``limit`` rows, in order; prints of a negative together."""
    found, number, room = {}, -1, 0
    for _, prints in negative.groupby(negative, sort=False):
        for first in range(0, len(prints), limit):
            some = prints.index[first : first + limit]
            if len(prints) > limit and not first:
                log.warning(
                    "A negative has %d prints, more than a group may hold (%d): they are cut in the"
                    " order of the ids.", len(prints), limit,
                )  # fmt: skip
            if len(some) > room:
                number, room = number + 1, limit
            room -= len(some)
            found |= dict.fromkeys(some, number)
    return pd.Series(found).reindex(negative.index)


def _reasons(table: pd.DataFrame) -> pd.Series:
    """What ties each picture to another one of its group."""
    said = pd.Series("", index=table.index)
    for name, word in (("negative", BY_PRINT), ("key", BY_TITLE)):
        size = table.groupby(["group", name])["image_id"].transform("size")
        tied = (size > 1) & (table[name] != "")
        said = said.where(~tied, said + (said != "").map({True: ", ", False: ""}) + word)
    said = said.where(said != "", ALONE)
    return said.where(table["part"] == "", said + f", {PARTED}")
