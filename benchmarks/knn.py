"""How fast exact neighbours are found: scikit-learn's brute force, other searches, and ours.

All give 30 neighbours by Euclidean distance on unit vectors. Ours orders ties by row and names
the distance in double precision; the others work in single precision, as they are mostly called.
faiss is no dependency: it takes part where it is installed.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec

import numpy as np
import torch
from sklearn.neighbors import NearestNeighbors

from benchmarks import pairs
from benchmarks.machine import cores
from bilderatlas.analysis.neighbours import nearest

DIMENSIONS, K, CENTRES = 512, 30, 400
BLOCK = 1024
Search = Callable[[np.ndarray], np.ndarray]


def embeddings(count: int, seed: int = 0) -> np.ndarray:
    """Unit vectors in clumps, float32 (count, 512): embeddings lie in clumps, noise does not."""
    generator = np.random.default_rng(seed)
    centres = generator.normal(size=(CENTRES, DIMENSIONS)).astype(np.float32)
    values = centres[generator.integers(CENTRES, size=count)]
    values += 0.7 * generator.normal(size=values.shape).astype(np.float32)
    return values / np.linalg.norm(values, axis=1, keepdims=True)


def by_sklearn(values: np.ndarray) -> np.ndarray:
    """Neighbours without the row itself, as one gets them from scikit-learn."""
    search = NearestNeighbors(n_neighbors=K + 1, algorithm="brute", n_jobs=cores()).fit(values)
    return search.kneighbors(values, return_distance=False)[:, 1:]


def by_torch(values: np.ndarray) -> np.ndarray:
    """Block by block, a product and the largest of each row: unit vectors need no more."""
    table = torch.from_numpy(values)
    found = [(block @ table.T).topk(K + 1).indices for block in table.split(BLOCK)]
    return torch.cat(found).numpy()[:, 1:]


def by_faiss(values: np.ndarray) -> np.ndarray:
    """faiss's exact index of inner products."""
    faiss = import_module("faiss")  # no dependency of ours
    faiss.omp_set_num_threads(cores())
    index = faiss.IndexFlatIP(DIMENSIONS)
    index.add(values)
    return index.search(values, K + 1)[1][:, 1:]


def by_ours(values: np.ndarray) -> np.ndarray:
    return nearest(values, K)[0]


def compared(searches: dict[str, Search], values: np.ndarray, rounds: int) -> list[pairs.Line]:
    """A line for each search beside ours, the last of them."""
    found: dict[str, np.ndarray] = {}
    for search in searches.values():
        search(values[:2000])  # what is loaded once

    def kept(name: str, search: Search) -> Callable[[], None]:
        return lambda: found.update({name: search(values)})

    spent = pairs.in_turn(
        {name: kept(name, search) for name, search in searches.items()}, rounds, warm=False
    )
    lines = []
    for name in list(searches)[:-1]:
        both = zip(found[name], found["ours"], strict=True)
        same = float(np.mean([len(np.intersect1d(*rows)) / K for rows in both]))
        about = f"{K} neighbours of {len(values):,} x {DIMENSIONS}; {same:.4f} of them the same"
        units = (len(values),) * 2
        lines.append(
            pairs.ratio(f"knn_vs_{name}", spent[name], spent["ours"], about, units, "queries")
        )
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=2)
    given = parser.parse_args()
    torch.set_num_threads(cores())
    values = embeddings(given.count)
    lines = compared({"sklearn": by_sklearn, "ours": by_ours}, values, given.rounds)
    others: dict[str, Search] = {"torch": by_torch}
    if find_spec("faiss"):
        others["faiss"] = by_faiss
    fewer = values[: given.count // 4]
    lines += compared(others | {"ours": by_ours}, fewer, given.rounds)
    pairs.write("knn", lines)


if __name__ == "__main__":
    main()
