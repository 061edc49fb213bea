"""Propose for every scan of a collection what of it is the photograph."""

from pathlib import Path

from bilderatlas import job
from bilderatlas.collection.crops.proposals import expected_aspects, propose_all
from bilderatlas.files import (
    CROP_PROPOSALS,
    MANIFEST,
    PROBLEMS,
    read_catalogue,
    read_table,
    write_table,
)


def main(snakemake):
    listed = read_table(snakemake.input.manifest, MANIFEST)
    proposals, unreadable = propose_all(
        listed,
        expected_aspects(read_catalogue(snakemake.input.catalogue)),
        Path(snakemake.params.cache),
        snakemake.params.recipe,
        snakemake.threads,
    )
    if len(unreadable):
        job.log.warning(
            "%d of %d pictures of %s could not be read; they are listed in %s.",
            len(unreadable), len(listed), snakemake.wildcards.collection,
            snakemake.output.unreadable,
        )  # fmt: skip
    write_table(unreadable, snakemake.output.unreadable, PROBLEMS)
    write_table(proposals, snakemake.output.proposals, CROP_PROPOSALS)


if "snakemake" in globals():
    job.run(snakemake, main)
