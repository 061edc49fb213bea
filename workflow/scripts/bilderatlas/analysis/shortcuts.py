"""How well do simple properties of the picture follow from its embedding? High is a shortcut.

An embedding from which mean grey or aspect can be read may sort by exposure or by format where a
reader sees motifs. Linear probes, out of sample in five folds that keep groups whole.
"""

from __future__ import annotations

import logging

import numpy as np
import pandas as pd

from bilderatlas.analysis.outcomes import LeftOut, Outcome, Sample, need_pictures
from bilderatlas.data.pack import Pack

log = logging.getLogger(__name__)

FOLDS = 5
# ASSUME: the outermost 4 % of each side, about the white border of a contact print
FRAME = 0.04
_BINS = 64
_COMPONENTS = 3
_HISTOGRAM = [f"histogram_{number}" for number in range(1, _COMPONENTS + 1)]
_SINGLE = ("mean_grey", "contrast", "aspect", "border")
# from almost none to almost all weight on small coefficients; chosen within the training folds
_PENALTIES = np.logspace(0, 5, 11)
# ASSUME: fewer than 20 pictures of a process leave each fold with too few to be a share
LEAST_OF_A_KIND = 20


def picture_properties(pack: Pack) -> pd.DataFrame:
    """Simple properties of every picture.

    Returns:
        by image id: ``mean_grey`` and ``contrast`` (standard deviation) in [0, 1]; ``aspect``, the
        logarithm of width over height; ``border``, mean grey of the outermost 4 % minus that of
        the rest; ``histogram_1`` to ``_3``, principal components of the grey histogram (64 bins,
        shares of the picture's area).
    """
    rows, histograms = [], []
    for number in range(len(pack)):
        grey = pack.picture(number).mean(axis=2) / 255.0
        height, width = grey.shape
        deep, wide = (max(1, round(FRAME * side)) for side in (height, width))
        inside = np.zeros(grey.shape, bool)
        inside[deep : height - deep, wide : width - wide] = True
        border = grey[~inside].mean() - grey[inside].mean() if inside.any() else 0.0
        rows.append((grey.mean(), grey.std(), np.log(width / height), border))
        counts = np.histogram(grey, bins=_BINS, range=(0.0, 1.0))[0]
        histograms.append(counts / grey.size)
    index = pd.Index(pack.image_ids, dtype=object)
    table = pd.DataFrame(rows, columns=list(_SINGLE), index=index, dtype=float)
    histograms = np.array(histograms).reshape(len(rows), _BINS)
    left, size, _ = np.linalg.svd(histograms - histograms.mean(axis=0), full_matrices=False)
    components = (left * size)[:, :_COMPONENTS]
    for column, name in enumerate(_HISTOGRAM):
        table[name] = components[:, column] if column < components.shape[1] else 0.0
    for name in (*_SINGLE, *_HISTOGRAM):
        if not _varies(table[name].to_numpy()):
            log.warning("shortcut %s left out: all pictures have the same", name)
    return table


def _varies(values: np.ndarray) -> bool:
    # rounding of equal pictures is no difference
    return bool(np.ptp(values) > 1e-9) if len(values) else False


def picture_probes(sample: Sample, properties: pd.DataFrame) -> list[Outcome]:
    """R^2 of each property from the embedding: ``shortcut_<property>``, at most 1.

    Ridge regression on standardised features, its penalty chosen within the training folds. R^2
    compares with the mean of the training folds, so that this constant scores exactly 0; a
    negative value is worse than the constant. ``shortcut_histogram`` is the mean over the
    components. A property that all pictures share is left out. ``n`` counts pictures; groups are
    drawn, the predictions stay as they are.

    Args:
        sample: the embedding.
        properties: of :func:`picture_properties`.

    Raises:
        LeftOut: too few pictures or groups, or no property that varies.
    """
    from sklearn.linear_model import RidgeCV

    targets = properties.reindex(pd.Index(sample.image_ids))
    rows = np.flatnonzero(targets.notna().all(axis=1))
    need_pictures(len(rows))
    targets = targets.iloc[rows]
    targets = targets[[name for name in targets if _varies(targets[name].to_numpy())]]
    if targets.empty:
        raise LeftOut("all pictures have the same simple properties")
    values, wanted = sample.values[rows], targets.to_numpy()
    missed, spread = np.empty_like(wanted), np.empty_like(wanted)
    for train, test in _folds(sample.clusters[rows]):
        ridge = RidgeCV(_PENALTIES, alpha_per_target=True)
        model = _standardised(ridge).fit(values[train], wanted[train])
        missed[test] = (wanted[test] - model.predict(values[test]).reshape(len(test), -1)) ** 2
        spread[test] = (wanted[test] - wanted[train].mean(axis=0)) ** 2
    point = dict(zip(targets, 1 - missed.sum(axis=0) / spread.sum(axis=0), strict=True))
    times, drawn = sample.draws_of(sample.clusters[rows]).times, {}
    if times is not None:
        drawn = dict(zip(targets, (1 - (times @ missed) / (times @ spread)).T, strict=True))
    names = {name: [name] for name in _SINGLE} | {"histogram": _HISTOGRAM}
    found = []
    for name, parts in names.items():
        parts = [part for part in parts if part in point]
        if not parts:
            continue
        value = float(np.mean([point[part] for part in parts]))
        draws = np.mean([drawn[part] for part in parts], axis=0) if drawn else None
        found.append(Outcome(f"shortcut_{name}", len(rows), value, draws, {"constant": 0.0}))
    return found


def process_probe(sample: Sample, technique: pd.Series) -> list[Outcome]:
    """Balanced accuracy of the photographic process from the embedding: ``shortcut_process``.

    Logistic regression on standardised features with classes weighted equally, in folds that
    keep groups whole and shares of classes alike. Processes of fewer than 20 pictures are left
    out; chance is one over the number of the others. ``n`` counts pictures; groups are drawn, the
    predictions stay as they are.

    Args:
        sample: the embedding.
        technique: as the catalogue writes it, by image id; empty is unknown.

    Raises:
        LeftOut: fewer than two processes with enough pictures, or too few groups.
    """
    from sklearn.linear_model import LogisticRegression

    # ASSUME: spelling is the archive's word; "Zelloidin" and "Zelloidin matt" are two papers
    named = technique.reindex(pd.Index(sample.image_ids)).fillna("").astype(str).str.strip()
    sizes = named[named != ""].value_counts()
    kinds = sorted(sizes.index[sizes >= LEAST_OF_A_KIND])
    if len(kinds) < 2:
        raise LeftOut(
            f"{len(kinds)} process(es) with at least {LEAST_OF_A_KIND} pictures, it needs two"
        )
    rows = np.flatnonzero(named.isin(kinds))
    wanted = pd.Index(kinds).get_indexer(named.iloc[rows])
    values = sample.values[rows]
    hits = np.zeros(len(rows))
    for train, test in _folds(sample.clusters[rows], wanted):
        if len(np.unique(wanted[train])) < 2:
            raise LeftOut("all pictures of a process are of one group")
        # ASSUME: a firm penalty, for there are about as many features as pictures
        classifier = LogisticRegression(C=0.01, class_weight="balanced", max_iter=200, tol=1e-3)
        model = _standardised(classifier).fit(values[train], wanted[train])
        hits[test] = model.predict(values[test]) == wanted[test]
    each = np.eye(len(kinds))[wanted]
    value = float((hits @ each / each.sum(axis=0)).mean())
    times, draws = sample.draws_of(sample.clusters[rows]).times, None
    if times is not None:
        present = times @ each
        # a process that a draw misses is left out of that draw
        shares = np.divide(
            (times * hits) @ each, present, out=np.full(present.shape, np.nan), where=present > 0
        )
        draws = np.nanmean(shares, axis=1)
    guesses = {"chance": 1.0 / len(kinds)}
    return [Outcome("shortcut_process", len(rows), value, draws, guesses)]


def _folds(clusters: np.ndarray, classes: np.ndarray | None = None):
    from sklearn.model_selection import GroupKFold, StratifiedGroupKFold

    codes, names = pd.factorize(clusters)
    if len(names) < FOLDS:
        raise LeftOut(f"{len(names)} groups of pictures do not make {FOLDS} folds")
    # plain folds could leave a process out of the training
    folds = GroupKFold(FOLDS) if classes is None else StratifiedGroupKFold(FOLDS)
    return folds.split(codes[:, None], classes, codes)


def _standardised(model):
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return make_pipeline(StandardScaler(), model)
