"""Freeze the crops of a collection: what this and later runs use."""

from bilderatlas import job
from bilderatlas.collection.crops.freeze import freeze
from bilderatlas.collection.crops.frozen import write_frozen
from bilderatlas.files import MANIFEST, read_table


def main(snakemake):
    crops, told = freeze(
        read_table(snakemake.input.manifest, MANIFEST),
        snakemake.input.boxes or None,
        snakemake.input.proposals or None,
        snakemake.params.accept,
    )
    for path in (snakemake.params.kept, snakemake.output[0]):
        write_frozen(crops, told, path)
    by_hand = sum(source == "hand" for _, _, source in told.values())
    job.log.info("%d crops, %d of them drawn by hand.", len(crops), by_hand)


if "snakemake" in globals():
    job.run(snakemake, main)
