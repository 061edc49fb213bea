"""How fast exact neighbours are found: scikit-learn's brute force, and ours.

Both give 30 neighbours by Euclidean distance on unit vectors. Ours orders ties by row and names
the distance in double precision; scikit-learn works in single precision, as it is mostly called.
"""

from __future__ import annotations

import argparse

import numpy as np
import torch
from sklearn.neighbors import NearestNeighbors

from benchmarks import pairs
from benchmarks.machine import cores
from bilderatlas.analysis.neighbours import nearest

DIMENSIONS, K, CENTRES = 512, 30, 400


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=2)
    given = parser.parse_args()
    torch.set_num_threads(cores())
    values = embeddings(given.count)
    small = values[:2000]
    by_sklearn(small), nearest(small, K)  # what is loaded once
    found: dict[str, np.ndarray] = {}
    spent = pairs.in_turn(
        {
            "sklearn": lambda: found.update(theirs=by_sklearn(values)),
            "ours": lambda: found.update(ours=nearest(values, K)[0]),
        },
        given.rounds,
        warm=False,
    )
    both = zip(found["theirs"], found["ours"], strict=True)
    same = float(np.mean([len(np.intersect1d(*rows)) / K for rows in both]))
    about = f"{K} neighbours of {given.count:,} x {DIMENSIONS}; {same:.4f} of them the same"
    units = (given.count,) * 2
    line = pairs.ratio("knn_vs_sklearn", spent["sklearn"], spent["ours"], about, units, "queries")
    pairs.write("knn", [line])


if __name__ == "__main__":
    main()
