"""What a streamed batch costs to read: ``python -m benchmarks.reading``.

Seconds of the processor for shuffled batches from a file that the system has in its memory:
through HDF5 as drawn and in the file's order, past it, and from a pack in memory.
"""

from __future__ import annotations

import time

import numpy as np

from benchmarks import pairs
from benchmarks.pictures import packed, pictures
from bilderatlas.data.direct import read_directly
from bilderatlas.data.pack import open_pack, read_pack

BATCH, ROUNDS = 128, 20


def main() -> None:
    with (
        pictures() as of,
        packed(of) as path,
        open_pack(path) as opened,
        read_directly(opened) as direct,
    ):
        memory = read_pack(path)
        ways = {
            "HDF5": opened.canvas,
            "in_order": lambda rows: opened.canvas(sorted(rows)),
            "direct": direct.canvas,
            "memory": memory.canvas,
        }
        drawn = np.random.default_rng(0)
        batch = min(BATCH, len(opened))
        spent: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(ROUNDS + 1):
            for name, read in ways.items():
                rows = drawn.permutation(len(opened))[:batch].tolist()
                began = time.process_time()
                read(rows)
                spent[name].append(time.process_time() - began)
    about = f"shuffled batches of {batch} of {of.about}, processor time, the file in memory"
    plain = spent["HDF5"][1:]
    lines = [
        pairs.ratio(f"reading_{name}_vs_hdf5", plain, times[1:], about, (batch, batch), "pictures")
        for name, times in spent.items()
        if name != "HDF5"
    ]
    pairs.write("reading", lines)


if __name__ == "__main__":
    main()
