"""List the pairs of pictures that belong together: found, recorded, or said by people."""

from bilderatlas import job
from bilderatlas.collection.prints.duplicates import list_duplicates
from bilderatlas.collection.prints.overrides import contradicted, read_decisions
from bilderatlas.files import DUPLICATES, MATCHES, read_catalogue, read_table, write_table


def main(snakemake):
    catalogue = read_catalogue(snakemake.input.catalogue)
    matches = read_table(snakemake.input.matches, MATCHES)
    decisions = read_decisions(snakemake.params.decisions, catalogue["image_id"])
    duplicates = list_duplicates(matches, catalogue, decisions)
    for one, other in contradicted(duplicates, decisions):
        job.log.warning(
            "%s: %s and %s are no prints of one negative, but a chain of prints joins them: look at"
            " the pairs between them.",
            snakemake.params.decisions, one, other,
        )  # fmt: skip
    write_table(duplicates, snakemake.output[0], DUPLICATES)


if "snakemake" in globals():
    job.run(snakemake, main)
