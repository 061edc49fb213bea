"""Decode each picture of a collection once, into a pack."""

from bilderatlas import job
from bilderatlas.collection.crops.frozen import read_frozen
from bilderatlas.data.pack import write_pack
from bilderatlas.files import MANIFEST, PROBLEMS, read_table, write_table


def main(snakemake):
    listed = read_table(snakemake.input.manifest, MANIFEST)
    unreadable = write_pack(
        listed,
        snakemake.output.pack,
        snakemake.wildcards.mode,
        int(snakemake.wildcards.side),
        snakemake.params.unreadable,
        workers=snakemake.threads,
        crops=read_frozen(snakemake.input.crops),
    )
    if len(unreadable):
        job.log.warning(
            "%d of %d pictures of %s could not be read and are left out; they are listed in %s.",
            len(unreadable), len(listed), snakemake.wildcards.collection,
            snakemake.output.unreadable,
        )  # fmt: skip
    write_table(unreadable, snakemake.output.unreadable, PROBLEMS)


if "snakemake" in globals():
    job.run(snakemake, main)
