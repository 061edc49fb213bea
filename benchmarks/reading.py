"""What a streamed batch costs to read: ``python -m benchmarks.reading``.

Microseconds of processor time a picture, shuffled batches from a file that the system has in its
memory: through HDF5 as drawn and in the file's order, past it, and from a pack in memory.
"""

from __future__ import annotations

import statistics
import time

import numpy as np

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
            "HDF5, in order": lambda rows: opened.canvas(sorted(rows)),
            "past HDF5": direct.canvas,
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
                spent[name].append(1e6 * (time.process_time() - began) / batch)
    print(f"batches of {batch} of {of.about}, {ROUNDS} each in turn; times as cheap as HDF5")
    for name, times in spent.items():
        pairs = zip(spent["HDF5"][1:], times[1:], strict=True)
        ratios = [one / other for one, other in pairs]
        print(
            f"  {name:15} {statistics.median(times[1:]):6.1f} us"
            f"  {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
        )


if __name__ == "__main__":
    main()
