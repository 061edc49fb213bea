"""List the pictures that were fetched, their rows of meta.csv, and what became of the others."""

from bilderatlas import job
from bilderatlas.collection.download import dew, gather
from bilderatlas.files import DOWNLOADS, MANIFEST, write_table


def main(snakemake):
    found = gather.gather(
        snakemake.input.shards,
        snakemake.params.status,
        snakemake.params.images,
        frozenset(snakemake.params.placeholders),
    )
    write_table(found.metadata, snakemake.output.metadata, dew.COLUMNS)
    write_table(found.summary, snakemake.output.summary, DOWNLOADS)
    for sha256, count in found.alike.items():
        job.log.warning(
            "The same bytes came for %d addresses (sha256 %s): if that is what a host sends for a"
            " picture that is gone, put the sha256 under download.placeholders.",
            count,
            sha256,
        )
    job.log.info(found.sentence(snakemake.wildcards.collection))
    write_table(found.manifest, snakemake.output.manifest, MANIFEST)


if "snakemake" in globals():
    job.run(snakemake, main)
