"""Which questions a catalogue allows to ask of embeddings, and of which embeddings.

Everything that must be known before a number is formed: groups, authors, years, sizes, prints of
one negative; and whether an embeddings file belongs here at all.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Mapping

import numpy as np
import pandas as pd

from bilderatlas import files
from bilderatlas.analysis.catalogue_only import SMALL_CM, knows_anything, short_side
from bilderatlas.analysis.dating import date_ranges
from bilderatlas.analysis.prints import ALL, CUT, MIRRORED, PLAIN, sought
from bilderatlas.analysis.read_study import check_embeddings_file
from bilderatlas.analysis.retrieval import Pairs, same_title_groups
from bilderatlas.analysis.tasks import (
    AUTHOR,
    FOUND,
    FOUND_CUT,
    FOUND_MIRRORED,
    FOUND_PLAIN,
    MOTIF,
    NEGATIVE,
    RETRIEVAL,
    WITHOUT_PRINTS,
    YEAR,
    Task,
    author_task,
    retrieval_task,
    year_task,
)
from bilderatlas.collection.names import one_spelling
from bilderatlas.errors import InputError

log = logging.getLogger(__name__)

FOUND_BY_KIND = {ALL: FOUND, MIRRORED: FOUND_MIRRORED, CUT: FOUND_CUT, PLAIN: FOUND_PLAIN}


class Questions:
    """What is known of a collection, and the tasks that can be made of it.

    Args:
        catalogue: as :func:`bilderatlas.files.read_catalogue` gives it.
        years: middle of the dating by image id, NaN unknown; None leaves years out.
        prints: pairs of exact prints (see :mod:`bilderatlas.analysis.prints`); None leaves out
            what needs them, an empty list says that there are none.
        truth: indexed by image id, with ``negative`` and, or, ``motif``, empty where unknown.
        found: prints of one negative as they were found, of
            :func:`bilderatlas.collection.negatives.pairs_within`; None leaves them out.
    """

    def __init__(
        self,
        catalogue: pd.DataFrame,
        years: pd.Series | None = None,
        prints: Pairs | None = None,
        truth: pd.DataFrame | None = None,
        found: pd.DataFrame | None = None,
    ):
        self.groups = same_title_groups(catalogue)
        # ASSUME: the makers are the author, in whatever spelling; "A | B" together are neither
        self.authors = one_spelling(catalogue["makers"])
        self.years = years
        self.ranges = date_ranges(catalogue)
        self.prints = prints
        self.truth = truth
        self.found = found
        self.small = short_side(catalogue) < SMALL_CM
        self.catalogue = catalogue if knows_anything(catalogue) else None
        if years is None:
            log.warning("year left out: no years were given")
        if self.catalogue is None:
            log.warning("catalogue only left out: the catalogue has neither technique nor size")
        if prints is None:
            log.warning(
                "retrieval without exact prints left out: no experiment of lineage 'pixels' was "
                "given to find them by"
            )

    def tasks(
        self, image_ids: list[str], part: pd.Series, only: tuple[str, str] | None = None
    ) -> list[Task]:
        """The tasks that these pictures on this split allow.

        Args:
            image_ids: the pictures, in the order of the values that will answer.
            part: part by image id, for all of them.
            only: population and metric: nothing but the task that reports it.
        """
        rows = {
            "test": np.flatnonzero((part == "test").to_numpy()),
            "all": np.arange(len(image_ids)),
        }
        makers = []
        for population in rows:
            find = functools.partial(retrieval_task, population, rows[population], image_ids)
            makers.append((population, RETRIEVAL, functools.partial(find, self.groups)))
            if self.prints is not None:
                makers.append((population, WITHOUT_PRINTS, self._without_prints(find)))
            makers += [(population, *other) for other in self._truths(find, image_ids)]
            makers += [(population, *other) for other in self._found(find, image_ids)]
        ask = functools.partial(author_task, image_ids)
        known = (self.authors, self.groups, self.catalogue)
        makers.append(("test", AUTHOR, functools.partial(ask, part, *known)))
        if self.small.any():
            small = part.where(self.small.reindex(part.index).eq(True), "new")
            makers.append(
                ("test_small", AUTHOR, functools.partial(ask, small, *known, "test_small"))
            )
        if self.years is not None:
            known = (self.years, self.ranges, self.groups, self.catalogue)
            makers.append(("test", YEAR, lambda: year_task(image_ids, part, *known)))
        found = (
            make()
            for population, measures, make in makers
            if only is None
            or (population == only[0] and only[1] in {each.metric for each in measures})
        )
        return [task for task in found if task is not None]

    def _without_prints(self, find):
        return functools.partial(
            find, self.groups, WITHOUT_PRINTS, "same title without exact prints", self.prints
        )

    def _truths(self, find, image_ids):
        """Retrieval by what is known to be true: prints of one negative, pictures of one motif."""
        if self.truth is None:
            return
        if "negative" in self.truth:
            negatives = _labels(self.truth["negative"])
            # pictures of one sitting depend on each other as those of one negative do
            dependent = together(image_ids, self.groups, negatives)
            yield (
                NEGATIVE,
                functools.partial(find, negatives, NEGATIVE, "same negative", dependent=dependent),
            )
        if "motif" in self.truth:
            # motifs are drawn as wholes: a few motifs of many pictures are few observations
            motifs = _labels(self.truth["motif"])
            yield MOTIF, functools.partial(find, motifs, MOTIF, "same motif")

    def _found(self, find, image_ids):
        """Retrieval of the prints that were found, by what sets them apart."""
        if self.found is None:
            return
        every, _ = sought(self.found, ALL)
        # pictures of one sitting depend on each other as those of one negative do
        dependent = together(image_ids, self.groups, every)
        for kind, measures in FOUND_BY_KIND.items():
            negatives, passed = sought(self.found, kind)
            what = f"found prints ({kind})"
            ask = functools.partial(
                find, negatives, measures, what, prints=passed, dependent=dependent
            )
            yield measures, ask


def _labels(column: pd.Series) -> pd.Series:
    column = column.fillna("").astype(str).str.strip()
    return column[column != ""]


def together(image_ids: list[str], *keys: pd.Series) -> pd.Series:
    """A label by picture, the same for all that a chain of shared keys connects."""
    ids = pd.Index(image_ids)
    label = pd.Series(np.arange(len(ids)), index=ids)
    while True:
        before = label
        for key in keys:
            here = key.reindex(ids).dropna()
            lowest = label[here.index].groupby(here.to_numpy()).transform("min")
            label = label.copy()
            label[here.index] = lowest
        if label.equals(before):
            return label


def check_embeddings(
    embeddings: files.Embeddings, catalogue: pd.DataFrame, name: str, collection: str | None = None
) -> None:
    """Refuse embeddings that cannot be measured here.

    Raises:
        InputError: they are of another ``collection``, name pictures that the catalogue does not
            have or one twice, or hold values that are not finite.
    """
    check_embeddings_file(embeddings, f"The embeddings file of {name}", collection=collection)
    ids = pd.Index(embeddings.image_ids)
    strange = ids.difference(catalogue.index)
    if len(strange):
        raise InputError(
            f"The embeddings of {name} hold {len(strange)} picture(s) that the catalogue does not "
            f"have (first: {strange[0]!r}): are they of another collection? Compute them anew."
        )
    if len(ids) > 1 and not np.ptp(embeddings.values, axis=0).any():
        log.warning("%s: all pictures have one and the same embedding", name)


def sound(
    named: Mapping[str, files.Embeddings], catalogue: pd.DataFrame, study: str, collection: str
) -> dict[str, files.Embeddings]:
    """Those that can be measured; of each other one the log says why it is left out."""
    kept = {}
    for name, embeddings in named.items():
        try:
            check_embeddings(embeddings, catalogue, f"{study}/{name}", collection)
        except InputError as error:
            log.warning("%s It is left out.", error)
        else:
            kept[name] = embeddings
    return kept


def common_pictures(
    catalogue: pd.DataFrame,
    name: str,
    embeddings: files.Embeddings,
    beside: Mapping[str, files.Embeddings],
) -> list[str]:
    """The pictures that the experiment and all its controls have, in catalogue order."""
    have = pd.Index(embeddings.image_ids)
    for other in beside.values():
        have = have.intersection(pd.Index(other.image_ids))
    common = [name for name in catalogue.index if name in have]
    missing = len(catalogue) - len(common)
    if missing:
        log.warning(
            "%s: %d of %d pictures of the catalogue have no embedding here or in a control; "
            "the numbers are those of the other %d",
            name,
            missing,
            len(catalogue),
            len(common),
        )
    return common
