"""Find the pairs of pictures that can be laid over each other, and measure how they agree."""

from pathlib import Path

import numpy as np

from bilderatlas import job
from bilderatlas.collection.prints.cache import Cache
from bilderatlas.collection.prints.find import Pictures, find_pairs
from bilderatlas.data.pack import open_pack
from bilderatlas.feature_files import open_features
from bilderatlas.files import MANIFEST, MATCHES, read_table, write_table

ROWS = 4096  # of features that are read at once


def frozen_features(path, image_ids):
    """Features in the order of the pictures, float32; zeros where there are none."""
    where = {name: row for row, name in enumerate(image_ids)}
    with open_features(path) as found:
        values = np.zeros((len(image_ids), found.values.shape[1]), np.float32)
        for start in range(0, len(found.image_ids), ROWS):
            names = found.image_ids[start : start + ROWS]
            kept = [number for number, name in enumerate(names) if name in where]
            block = found.values[start : start + ROWS]
            values[[where[names[number]] for number in kept]] = block[kept]
    return values


def main(snakemake):
    params = snakemake.params
    sums = read_table(snakemake.input.manifest, MANIFEST).set_index("image_id")["sha256"]
    with open_pack(snakemake.input.pack) as pack, Cache(Path(params.kept) / "prints.db") as cache:
        frozen = snakemake.input.get("frozen")
        table = find_pairs(
            Pictures(
                pack.image_ids,
                [sums.get(name, "") for name in pack.image_ids],
                lambda row: pack.picture(row)[:, :, 0],
            ),
            cache,
            params.points,
            snakemake.threads,
            frozen_features(frozen, pack.image_ids) if frozen else None,
        )
    counts = table["relation"].value_counts()
    told = ", ".join(f"{number} {name}" for name, number in counts.items())
    job.log.info("pairs found: %s", told or "none")
    write_table(table, snakemake.output[0], MATCHES)


if "snakemake" in globals():
    job.run(snakemake, main)
