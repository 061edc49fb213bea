"""Draw the specimen: photographs, their LIDO records and the truth."""

from pathlib import Path

from bilderatlas import job
from bilderatlas.collection import manifest
from bilderatlas.collection.specimen import draw_specimen
from bilderatlas.files import MANIFEST, write_table


def main(snakemake):
    folder = Path(snakemake.params.folder)
    draw_specimen(folder, snakemake.params.seed, snakemake.params.number)
    write_table(manifest.list_pictures(folder / "images"), snakemake.output.manifest, MANIFEST)


if "snakemake" in globals():
    job.run(snakemake, main)
