"""Draw the specimen as it came off a scanner, with cards beside it; the true boxes are known."""

from pathlib import Path

from bilderatlas import job
from bilderatlas.collection import manifest
from bilderatlas.collection.specimen.scanned import draw_scanned
from bilderatlas.files import MANIFEST, write_table


def main(snakemake):
    folder = Path(snakemake.params.folder)
    draw_scanned(folder, snakemake.params.seed, snakemake.params.number)
    write_table(manifest.list_pictures(folder / "images"), snakemake.output.manifest, MANIFEST)


if "snakemake" in globals():
    job.run(snakemake, main)
