"""A registrar's worklist: records to look into, and the pictures to compare them with.

Three kinds of cases. ``records``: prints of one negative whose records disagree. ``title``: a
title that says it is not sure, beside pictures whose titles are. ``orientation``: a picture that
lies otherwise than its measurements say. Nothing is decided here: a neighbour is a hint.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from bilderatlas.analysis.neighbours import nearest_between
from bilderatlas.collection.negatives import Negative, find_negatives, pairs_within
from bilderatlas.files import NUMERIC, VARIANT, WORKLIST, Embeddings

RECORDS, TITLE, ORIENTATION = KINDS = ("records", "title", "orientation")
# what the records of prints of one negative should agree in
COMPARED = ("title", "date", "makers")
PIXELS = "pixels"
NEIGHBOURS = 5
# of the demo's variants with this score 94 of 97 are of one place, of the others 1 of 41
LIKELY = 0.7
_COPIED = (
    "inventory_number", "title", "date", "makers", "technique", "height_cm", "width_cm",
    "record_url",
)  # fmt: skip


def make_worklist(
    catalogue: pd.DataFrame,
    duplicates: pd.DataFrame,
    orientation: pd.DataFrame,
    thumbnails: Embeddings,
    uncertain: Sequence[str],
) -> pd.DataFrame:
    """All cases, a row a picture.

    Args:
        catalogue: indexed by ``image_id``.
        duplicates: columns :data:`bilderatlas.files.DUPLICATES`.
        orientation: columns :data:`bilderatlas.files.ORIENTATION`.
        thumbnails: rows of :func:`bilderatlas.learn.pixels.embed_pixels` with their ids.
        uncertain: words and beginnings of words, see :func:`uncertain_words`.

    Returns:
        columns :data:`bilderatlas.files.WORKLIST`. The first row of a ``case`` is the picture
        that it is about (of ``records``, the print that shows most), and ``beside`` is empty;
        the others stand beside it: ``relation`` says how (``same_file``, ``print``, ``variant``
        or, for neighbours, ``near``), ``mirrored``, ``cut`` and ``score`` with respect to the
        first row, ``source`` by whom (``rule``, ``hand``) or by which features (``pixels``, a
        correlation from -1 to 1). ``differs`` names the columns in which the records of a case
        disagree; ``note`` is the word of doubt, or how the picture lies.
    """
    rows = [
        *_disagreeing(find_negatives(duplicates, catalogue.index.tolist()), catalogue),
        *_uncertain(catalogue, duplicates, thumbnails, uncertain),
        *_turned(orientation),
    ]
    table = pd.DataFrame(rows, columns=list(WORKLIST)).drop(columns=list(_COPIED))
    known = catalogue[list(_COPIED)].reindex(table["image_id"]).reset_index(drop=True)
    table = pd.concat([table, known], axis=1)[list(WORKLIST)]
    texts = [name for name in WORKLIST if name not in NUMERIC]
    return table.astype(dict.fromkeys(texts, object)).fillna(dict.fromkeys(texts, ""))


def disagreement(records: pd.DataFrame) -> list[str]:
    """The columns of :data:`COMPARED` in which records differ by more than white space.

    An empty cell beside a filled one is a difference.
    """
    even = records[list(COMPARED)].fillna("").astype(str)
    even = even.apply(lambda column: column.str.split().str.join(" "))
    return [name for name in COMPARED if even[name].nunique() > 1]


def uncertain_words(titles: pd.Series, words: Sequence[str]) -> pd.Series:
    """The first word of doubt in each title, as the title writes it; empty where there is none.

    Args:
        titles: as the archive wrote them.
        words: each found as whole words, in any case; one that ends in ``*`` also as the
            beginning of a word.
    """
    patterns = [
        re.escape(word.removesuffix("*")).replace(r"\ ", r"\s+")
        + (r"\w*" if word.endswith("*") else r"(?!\w)")
        for word in words
    ]
    if not patterns:
        return pd.Series("", index=titles.index, dtype=object)
    found = re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})", re.IGNORECASE)
    return titles.fillna("").map(lambda title: match[0] if (match := found.search(title)) else "")


def _disagreeing(negatives: Sequence[Negative], catalogue: pd.DataFrame) -> Iterator[dict]:
    cases = []
    for negative in negatives:
        differs = disagreement(catalogue.loc[list(negative.prints)])
        if differs:
            cases.append((negative, differs))
    # titles first: they say most of what a picture shows
    cases.sort(key=lambda case: [name not in case[1] for name in COMPARED])
    for negative, differs in cases:
        for image_id, how in negative.prints.items():
            row = {"kind": RECORDS, "case": _case(RECORDS, negative.reference)}
            row |= {"image_id": image_id, "differs": " | ".join(differs)}
            if image_id != negative.reference:
                row |= {"beside": negative.reference, **_how(how)}
            yield row


def _uncertain(
    catalogue: pd.DataFrame,
    duplicates: pd.DataFrame,
    thumbnails: Embeddings,
    words: Sequence[str],
) -> Iterator[dict]:
    doubt = uncertain_words(catalogue["title"], words)
    sure = catalogue.index[(doubt == "") & (catalogue["title"].str.strip() != "")]
    asked = catalogue.index[doubt != ""]
    known = _related(duplicates, asked, set(sure))
    near = _near(thumbnails, asked, sure)
    found = []
    for image_id in asked:
        rows, titles = [], set()
        # the same title a second time tells nothing new
        for other in [*known.get(image_id, []), *near.get(image_id, [])]:
            title = catalogue.loc[other["image_id"], "title"]
            if len(rows) < NEIGHBOURS and title not in titles:
                titles.add(title)
                rows.append(other)
        found.append((image_id, rows))
    # a print of the same negative tells more than any likeness
    found.sort(key=lambda case: not any(row["source"] != PIXELS for row in case[1]))
    for image_id, rows in found:
        about = {"kind": TITLE, "case": _case(TITLE, image_id)}
        yield {**about, "image_id": image_id, "note": doubt[image_id]}
        yield from ({**about, "beside": image_id, **row} for row in rows)


def _related(duplicates: pd.DataFrame, asked: pd.Index, sure: set[str]) -> dict[str, list[dict]]:
    """By picture, the identified ones that are its prints or variants, prints first."""
    found: dict[str, list[dict]] = {}
    ids = [*asked, *sure]
    scores = {
        tuple(sorted(pair)): score
        for *pair, score in duplicates[["image_a", "image_b", "score"]].itertuples(index=False)
    }
    sources = {
        tuple(sorted(pair)): source
        for *pair, source in duplicates[["image_a", "image_b", "source"]].itertuples(index=False)
    }
    prints = pairs_within(duplicates, ids).sort_values(["mirrored", "cut"], kind="stable")
    variants = duplicates[duplicates["relation"] == VARIANT]
    variants = variants[variants["score"] >= LIKELY]
    marked = variants["mirrored"] == "yes", variants["cut"] == "yes"
    variants = variants.assign(mirrored=marked[0], cut=marked[1])
    for table in (prints, variants):
        for row in table.itertuples(index=False):
            ends = (row.image_a, row.image_b)
            for one, other in (ends, ends[::-1]):
                if one in asked and other in sure:
                    found.setdefault(one, []).append(
                        {
                            "image_id": other,
                            "relation": row.relation,
                            "mirrored": _word(row.mirrored),
                            "cut": _word(row.cut),
                            # of a chain there is no score
                            "score": scores.get(ends),
                            "source": sources.get(ends, "rule"),
                        }
                    )
    return found


def _near(thumbnails: Embeddings, asked: pd.Index, sure: pd.Index) -> dict[str, list[dict]]:
    """By picture, identified ones whose thumbnails correlate most with its own."""
    here = pd.Index(thumbnails.image_ids)
    asking, answering = (here.intersection(names, sort=False) for names in (asked, sure))
    if asking.empty or answering.empty:
        return {}
    values = [thumbnails.values[here.get_indexer(names)] for names in (asking, answering)]
    # more than are shown: some have a title that was shown already
    indices, distances = nearest_between(*values, 4 * NEIGHBOURS)
    found = {}
    for name, order, far in zip(asking, indices, distances, strict=True):
        found[name] = [
            # of two rows of length 1
            {"image_id": answering[at], "relation": "near", "score": 1 - distance**2 / 2,
             "source": PIXELS}
            for at, distance in zip(order, far, strict=True) if at >= 0
        ]  # fmt: skip
    return found


def _turned(orientation: pd.DataFrame) -> Iterator[dict]:
    for row in orientation.itertuples(index=False):
        note = f"stated {row.stated}, seen {row.seen}: {row.note}"
        case = _case(ORIENTATION, row.image_id)
        yield {"kind": ORIENTATION, "case": case, "image_id": row.image_id, "note": note}


def _how(how) -> dict:
    score = None if np.isnan(how.score) else how.score
    marks = {"mirrored": _word(how.mirrored), "cut": _word(how.cut)}
    return {"relation": how.relation, "score": score, "source": how.source, **marks}


def _case(kind: str, image_id: str) -> str:
    return f"{kind} {image_id}"


def _word(value: bool) -> str:
    return "yes" if value else "no"
