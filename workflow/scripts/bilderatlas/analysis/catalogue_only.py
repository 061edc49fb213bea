"""What the catalogue tells without the picture: author and year from paper and print size.

The control ``catalogue``: a small random forest (Breiman 2001) that sees technique and size of
a print, never its title, makers or date. Where it names the photographer as well as an embedding
does, the embedding may have learnt no more than to tell old contact prints from late enlargements.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

import numpy as np
import pandas as pd

from bilderatlas.analysis.author import ask_authors
from bilderatlas.analysis.dating import year_errors
from bilderatlas.analysis.knn import ask

log = logging.getLogger(__name__)

SEED = 0
FOREST = {"n_estimators": 200, "min_samples_leaf": 2, "random_state": SEED, "n_jobs": 1}
# ASSUME: a technique of fewer training prints than this is a cataloguer's wording, not a kind
_RARE = 5
# ASSUME: the short side, in centimetres, below which a print is no late enlargement
SMALL_CM = 18.0


def short_side(catalogue: pd.DataFrame) -> pd.Series:
    """The shorter side of each print in centimetres, by image id; NaN where one is unknown."""
    width, height = _lengths(catalogue)
    return pd.Series(np.minimum(width, height), index=catalogue.index)


def _lengths(catalogue: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    if not {"width_cm", "height_cm"} <= set(catalogue.columns):
        unknown = np.full(len(catalogue), np.nan)
        return unknown, unknown
    found = (pd.to_numeric(catalogue[name], errors="coerce") for name in ("width_cm", "height_cm"))
    width, height = (side.where(side > 0).to_numpy(dtype=np.float64) for side in found)
    return width, height


def _technique(catalogue: pd.DataFrame) -> pd.Series:
    if "technique" not in catalogue.columns:
        return pd.Series("", index=catalogue.index)
    return catalogue["technique"].fillna("").astype(str).str.split().str.join(" ")


def knows_anything(catalogue: pd.DataFrame) -> bool:
    """Does the catalogue give technique or size of at least one print?"""
    lengths = np.isfinite(_lengths(catalogue)).any()
    return bool(lengths or (_technique(catalogue) != "").any())


def print_features(catalogue: pd.DataFrame, training: Sequence[str]) -> pd.DataFrame:
    """Technique and size of each print in numbers.

    Args:
        catalogue: indexed by image id, with ``technique``, ``width_cm``, ``height_cm``.
        training: ids that decide which techniques are rare, and the medians.

    Returns:
        a row a picture: a column (0 or 1) for each technique of at least five training prints,
        one for the rare ones together, one for the unknown; width, height, short side (cm) and
        aspect (width by height), each the median of the training part where it is unknown; and
        whether the size is known.
    """
    technique = _technique(catalogue)
    counts = technique[technique != ""].reindex(pd.Index(training)).value_counts()
    kinds = sorted(counts.index[counts >= _RARE])
    columns = {f"technique: {kind}": technique == kind for kind in kinds}
    columns["technique: rare"] = (technique != "") & ~technique.isin(kinds)
    columns["technique: unknown"] = technique == ""
    width, height = _lengths(catalogue)
    sizes = {"width_cm": width, "height_cm": height, "short_cm": np.minimum(width, height)}
    sizes["aspect"] = width / height
    columns["size unknown"] = np.isnan(sizes["aspect"])
    table = pd.DataFrame(columns | sizes, index=catalogue.index).astype(np.float64)
    medians = table.loc[pd.Index(training), list(sizes)].median().fillna(0.0)
    return table.fillna(medians)


def _taught(ids: pd.Index, gallery: np.ndarray, part: pd.Series, groups: pd.Series) -> pd.Index:
    """The training pictures whose group has no picture in the test part, by id.

    A forest learns once for all queries; a group on both sides would tell it the answer.
    """
    parts = part.reindex(ids)
    asked = groups.reindex(ids[parts == "test"]).dropna().unique()
    training = ids[gallery]
    # sorted: the forest draws rows by number, and their order in a file must not matter
    return training[~groups.reindex(training).isin(asked).to_numpy()].sort_values()


def _fit(forest, catalogue, training, answers, queries) -> np.ndarray:
    features = print_features(catalogue, training)
    forest.fit(features.loc[training].to_numpy(), answers)
    return forest.predict(features.loc[queries].to_numpy())


def author_by_catalogue(
    catalogue: pd.DataFrame,
    image_ids: Sequence[str],
    part: pd.Series,
    authors: pd.Series,
    groups: pd.Series,
) -> pd.DataFrame | None:
    """The author that technique and print size suggest, on the queries of ``author_scores``.

    Args:
        catalogue: indexed by image id.
        image_ids: the pictures.
        part: part by image id: ``train`` teaches, ``test`` asks.
        authors: author by image id; empty is unknown.
        groups: group key by image id; a group with a picture in the test part does not teach.

    Returns:
        a row a query: ``predicted`` and ``hit`` (1.0 or 0.0); None, with a sentence in the log,
        where the catalogue gives nothing to learn from.
    """
    from sklearn.ensemble import RandomForestClassifier

    asked, codes, kinds = ask_authors(image_ids, part, authors, groups)
    ids = pd.Index(image_ids, dtype=object)
    training = _taught(ids, asked.gallery, part, groups)
    if not _can(catalogue, training, "author"):
        return None
    queries = ids[asked.queries].rename("query")
    known = pd.Series(codes, index=ids)
    answers = known[training].to_numpy()
    guessed = _fit(RandomForestClassifier(**FOREST), catalogue, training, answers, queries)
    hit = (guessed == codes[asked.queries]).astype(np.float64)
    predicted = [kinds[code] for code in guessed]
    return pd.DataFrame({"predicted": predicted, "hit": hit}, index=queries)


def year_by_catalogue(
    catalogue: pd.DataFrame,
    image_ids: Sequence[str],
    part: pd.Series,
    years: pd.Series,
    groups: pd.Series,
    ranges: pd.DataFrame | None = None,
) -> pd.DataFrame | None:
    """The year that technique and print size suggest, in the table of ``year_scores``.

    Arguments as in :func:`author_by_catalogue` and :func:`bilderatlas.analysis.dating.year_scores`.
    """
    from sklearn.ensemble import RandomForestRegressor

    known = years.reindex(pd.Index(image_ids)).to_numpy(dtype=np.float64, na_value=np.nan)
    asked = ask(image_ids, part, years.notna(), groups)
    ids = pd.Index(image_ids, dtype=object)
    training = _taught(ids, asked.gallery, part, groups)
    if not _can(catalogue, training, "year"):
        return None
    answers = years.reindex(training).to_numpy(dtype=np.float64)
    queries = ids[asked.queries]
    guessed = _fit(RandomForestRegressor(**FOREST), catalogue, training, answers, queries)
    return year_errors(image_ids, asked.queries, known, guessed, ranges)


def _can(catalogue: pd.DataFrame, training: pd.Index, what: str) -> bool:
    if not len(training):
        log.warning(
            "%s: catalogue only left out: every training picture has a companion in the test part",
            what,
        )
        return False
    if not knows_anything(catalogue.reindex(training)):
        log.warning(
            "%s: catalogue only left out: no training picture has a technique or a print size",
            what,
        )
        return False
    return True
