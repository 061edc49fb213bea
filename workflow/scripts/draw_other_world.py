"""Draw the pictures that play dew for the specimen: another world, another time."""

from pathlib import Path

from bilderatlas import job
from bilderatlas.collection import manifest
from bilderatlas.collection.specimen import draw_other_world
from bilderatlas.files import MANIFEST, write_table


def main(snakemake):
    folder = Path(snakemake.params.folder)
    draw_other_world(folder, snakemake.params.seed, snakemake.params.number)
    write_table(manifest.list_pictures(folder / "images"), snakemake.output.manifest, MANIFEST)


if "snakemake" in globals():
    job.run(snakemake, main)
