"""Maps: embeddings brought down to two or three dimensions by PCA, t-SNE and UMAP.

A map is for looking. Only PCA keeps distances (those along its axes); in t-SNE and UMAP the
distance between two clouds of points and the size of a cloud mean little.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Sequence
from importlib.util import find_spec

import numpy as np
import pandas as pd

from bilderatlas import files
from bilderatlas.analysis.large_maps import Neighbours, tsne, umap_neighbours
from bilderatlas.analysis.neighbours import check_values

log = logging.getLogger(__name__)

METHODS = ("pca-2", "pca-3", "tsne-2", "tsne-3", "umap-2")
# below this many pictures t-SNE and UMAP have nothing to arrange
FEWEST = 4
# ASSUME: beyond this the published t-SNE (Barnes-Hut, 5,000 iterations) is not worth its time,
# which grows faster than the pictures (of 16,000 it took a core more than a quarter of an hour):
# in the plane it is interpolated instead, in space there is none
MOST_PUBLISHED = 10_000
# ASSUME: beyond this a map holds more points than a screen has room for
MOST_TSNE = 1_000_000
# from so many on UMAP looks for neighbours in a way that only comes near: it is given exact ones
LARGE = 4_096
PERPLEXITY = 15
NEIGHBOURS = 15


def project(
    values: np.ndarray, seed: int, methods: Sequence[str] = METHODS
) -> dict[str, np.ndarray]:
    """Project the rows of ``values`` to the plane and to space.

    PCA (``pca-2``, ``pca-3``) is exact; the sign of an axis is free, and scikit-learn (1.5 and
    later) fixes it so that the axis' largest loading is positive, whatever the order of rows.
    t-SNE (van der Maaten and Hinton 2008; Barnes-Hut) runs with the parameters of the published
    study: perplexity 15, 5,000 iterations, learning rate 15, random start. UMAP (McInnes, Healy
    and Melville 2018): 15 neighbours, least distance 0.1. All need O(n) memory but UMAP below
    4,096 rows, which holds all distances. From there on UMAP is given exact neighbours; of more
    than 10,000 rows t-SNE is made as :mod:`bilderatlas.analysis.large_maps` says, in the plane.

    Few pictures: the perplexity is cut to (n - 1) / 3 and the neighbours of UMAP to n - 1. With
    fewer than 4 pictures, or where all are alike, only PCA is left, whose missing axes are zero;
    with more than 1,000,000 t-SNE is left out. Each of these is logged in one sentence.

    Args:
        values: (n, d), finite.
        seed: of every method; the same seed gives the same map.
        methods: some of ``METHODS``.

    Returns:
        by method, in the order of ``METHODS``: float64, shape (n, 2) or (n, 3), finite.

    Raises:
        InputError: a value is not finite.
        ValueError: there is no row, or a method is unknown.
    """
    strange = [name for name in methods if name not in METHODS]
    if strange:
        raise ValueError(f"{strange[0]!r} is no projection; there are {', '.join(METHODS)}")
    values = check_values(values)
    if not len(values):
        raise ValueError("there are no rows to project")
    wanted = [name for name in METHODS if name in methods]
    allowed = _allowed(values, wanted)
    # one fit serves both: the first two axes of three are those of two
    axes = _pca(values, seed) if any(name.startswith("pca") for name in wanted) else None
    near = Neighbours(_in_range(values), 3 * PERPLEXITY) if len(values) >= LARGE else None
    found = {}
    for name in allowed:
        kind, dimensions = name.split("-")
        if kind == "pca":
            found[name] = axes[:, : int(dimensions)]
        elif kind == "tsne" and len(values) > MOST_PUBLISHED:
            start = _pca(values, seed) if axes is None else axes
            found[name] = tsne(near, start[:, :2], PERPLEXITY, seed)
        elif kind == "tsne":
            found[name] = _tsne(values, int(dimensions), seed)
        else:
            found[name] = _umap(values, int(dimensions), seed, near)
    for name in [name for name, map_ in found.items() if not np.isfinite(map_).all()]:
        log.warning("%s gave values that are not finite on these pictures: left out.", name)
        del found[name]
    return found


def _allowed(values: np.ndarray, wanted: list[str]) -> list[str]:
    """The methods that mean something on these rows; one logged sentence for what is changed."""
    count = len(values)
    only_pca = [name for name in wanted if name.startswith("pca")]
    if only_pca == wanted:
        return wanted
    if count < FEWEST:
        log.warning("%d picture(s) are too few for t-SNE and UMAP: only PCA is made.", count)
        return only_pca
    # rows are float32: smaller differences are rounding. A map that pushes equal points apart,
    # as t-SNE and UMAP do, would show a structure that is not there
    if np.ptp(values, axis=0).max() <= 1e-6 * np.abs(values).max():
        log.warning(
            "All %d pictures have the same embedding, and t-SNE and UMAP would only draw noise "
            "of their own: only PCA is made.",
            count,
        )
        return only_pca
    if _perplexity(count) < PERPLEXITY:
        log.warning(
            "%d pictures are few: t-SNE has a perplexity of %.1f, not %d, and UMAP %d neighbours.",
            count, _perplexity(count), PERPLEXITY, _neighbours(count),
        )  # fmt: skip
    if count > MOST_TSNE and any(name.startswith("tsne") for name in wanted):
        log.warning(
            "%d pictures are too many for t-SNE (%d at most): it is left out.", count, MOST_TSNE
        )
        return [name for name in wanted if not name.startswith("tsne")]
    if count > MOST_PUBLISHED and any(name.startswith("tsne") for name in wanted):
        interpolated = find_spec("openTSNE") is not None
        log.warning(
            "%d pictures are too many for t-SNE in three dimensions (%d at most): left out. %s",
            count, MOST_PUBLISHED, "That in two starts from PCA, not anywhere." if interpolated
            else "So is that in two, for which the package openTSNE is not here.",
        )  # fmt: skip
        kept = ("tsne-2",) if interpolated else ()
        return [name for name in wanted if name in kept or not name.startswith("tsne")]
    return wanted


def _perplexity(count: int) -> float:
    # ASSUME: a perplexity near n makes all pictures each other's neighbours and the map a ball;
    # Barnes-Hut looks at 3 x perplexity neighbours, and n - 1 is all there are
    return min(float(PERPLEXITY), (count - 1) / 3)


def _neighbours(count: int) -> int:
    return min(NEIGHBOURS, count - 1)


def _in_range(values: np.ndarray) -> np.ndarray:
    """Values whose squares fit into the float32 that t-SNE and UMAP reckon in."""
    largest = np.abs(values).max()
    return values if 1e-6 < largest < 1e6 else values / largest


def _pca(values: np.ndarray, seed: int) -> np.ndarray:
    """The first three principal components (n, 3); those that do not exist are zero."""
    from sklearn.decomposition import PCA

    dimensions = min(3, *values.shape)
    axes = np.zeros((len(values), 3))
    if np.ptp(values, axis=0).max() == 0:
        return axes
    # exact solvers: the randomised one, the default at these sizes, only comes near
    solver = "covariance_eigh" if len(values) > values.shape[1] else "full"
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        # one picture has no variance to explain, which is no fault here
        warnings.simplefilter("ignore", RuntimeWarning)
        fitted = PCA(dimensions, svd_solver=solver, random_state=seed).fit_transform(values)
    axes[:, :dimensions] = fitted
    return axes


def _tsne(values: np.ndarray, dimensions: int, seed: int) -> np.ndarray:
    """t-SNE with the published parameters; the start is named, for its default has changed."""
    from sklearn.manifold import TSNE

    return (
        TSNE(
            dimensions,
            perplexity=_perplexity(len(values)),
            max_iter=5000,
            n_iter_without_progress=500,
            learning_rate=15,
            init="random",
            random_state=seed,
        )
        .fit_transform(_in_range(values))
        .astype(np.float64)
    )


def _umap(
    values: np.ndarray, dimensions: int, seed: int, near: Neighbours | None = None
) -> np.ndarray:
    """UMAP on one thread, for only so a seed gives the same map again."""
    # slow to import: it compiles
    import umap

    count = _neighbours(len(values))
    known = (None, None, None) if near is None else (*umap_neighbours(near, count), None)
    with warnings.catch_warnings():
        # few pictures or isolated groups: it starts another way and says so at length
        warnings.simplefilter("ignore")
        return (
            umap.UMAP(
                n_neighbors=count,
                n_components=dimensions,
                min_dist=0.1,
                # the start from eigenvectors needs clearly more rows than dimensions
                init="spectral" if len(values) > 2 * NEIGHBOURS else "random",
                random_state=seed,
                n_jobs=1,
                precomputed_knn=known,
            )
            .fit_transform(_in_range(values))
            .astype(np.float64)
        )


def methods_of(population: str) -> tuple[str, ...]:
    """The projections that are made of a population: t-SNE of the test part alone, as published."""
    return tuple(name for name in METHODS if population == "test" or not name.startswith("tsne"))


def projection_table(
    embeddings: files.Embeddings, seed: int, methods: Sequence[str] = METHODS
) -> pd.DataFrame:
    """All projections of an experiment, in the columns of ``files.PROJECTIONS``.

    Population ``test`` projects the test part alone, as published; ``all`` projects all
    pictures by PCA and UMAP. t-SNE is made of the test part only: the published parameters are
    meant for about so many pictures, and its cost grows fastest. ``z`` is empty in two dimensions.
    A population without pictures is left out.

    Raises:
        InputError: an embedding is not finite.
    """
    tables = []
    for population, part in (("test", "test"), ("all", None)):
        chosen = embeddings.select(part)
        if not chosen.image_ids:
            log.warning("projections of %s: no pictures, left out.", population)
            continue
        wanted = [name for name in methods if name in methods_of(population)]
        for method, points in project(chosen.values, seed, wanted).items():
            table = pd.DataFrame(points, columns=["x", "y", "z"][: points.shape[1]])
            table.insert(0, "image_id", chosen.image_ids)
            table.insert(0, "method", method)
            table.insert(0, "population", population)
            tables.append(table)
    if not tables:
        return pd.DataFrame(columns=list(files.PROJECTIONS))
    return pd.concat(tables, ignore_index=True).reindex(columns=list(files.PROJECTIONS))
