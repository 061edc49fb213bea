"""The embeddings of a study from their files: those that can be used, and why others cannot.

One file at fault must not stop what is made of all the others: each study-wide script reads its
embeddings here, leaves out what is refused, and writes an empty table where a table is owed.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from pathlib import PurePath
from typing import NamedTuple

import numpy as np
import pandas as pd

from bilderatlas.errors import InputError
from bilderatlas.files import Embeddings, read_embeddings

log = logging.getLogger(__name__)


class Study(NamedTuple):
    """Embeddings by experiment, in the order of their files, and refusals by experiment."""

    sound: dict[str, Embeddings]
    refused: dict[str, str]


def read_study(paths: Iterable[str], need: bool = True) -> Study:
    """Read files ``…/{collection}/{study}/{experiment}/embeddings.h5``.

    The log has a sentence on each file that is refused: it cannot be read, its attributes name
    another experiment or collection than its path, it names a picture twice, or a value is not
    finite.

    Raises:
        InputError: all are refused, and ``need`` asks for one at least.
    """
    sound, refused = {}, {}
    for path in paths:
        collection, _, experiment = PurePath(path).parts[-4:-1]
        try:
            made = read_embeddings(path)
            check_embeddings_file(made, str(path), experiment, collection)
        except InputError as error:
            refused[experiment] = str(error)
            log.warning("%s It is left out.", error)
        else:
            sound[experiment] = made
    if need and refused and not sound:
        raise InputError(next(iter(refused.values())))
    return Study(sound, refused)


def check_embeddings_file(
    made: Embeddings, name: str, experiment: str | None = None, collection: str | None = None
) -> None:
    """Refuse embeddings that are not what their place says, or that nothing can be made of.

    Args:
        made: embeddings.
        name: of the file or experiment, for the sentence.
        experiment: that they should be of; None does not ask.
        collection: likewise.

    Raises:
        InputError: they are of another experiment or collection, name a picture twice, or hold
            values that are not finite.
    """
    for kind, wanted in (("collection", collection), ("experiment", experiment)):
        own = made.attributes.get(kind)
        if own and wanted and own != wanted:
            raise InputError(
                f"{name} holds the embeddings of the {kind} {own!r}, not of {wanted!r}: delete "
                "it and compute it anew."
            )
    ids = pd.Index(made.image_ids)
    if ids.has_duplicates:
        twice = ids[ids.duplicated()][0]
        raise InputError(f"{name} holds {twice!r} twice: compute it anew.")
    wrong = ~np.isfinite(made.values).all(axis=1)
    if wrong.any():
        raise InputError(
            f"{name} holds values that are not finite in {wrong.sum()} row(s) "
            f"(first: {ids[wrong.argmax()]!r}): compute it anew."
        )
