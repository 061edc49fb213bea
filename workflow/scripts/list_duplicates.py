"""List the pairs of pictures that belong together: found, recorded, or said by people."""

from bilderatlas import job
from bilderatlas.collection.prints.duplicates import list_duplicates
from bilderatlas.collection.prints.overrides import read_decisions
from bilderatlas.files import DUPLICATES, MATCHES, read_catalogue, read_table, write_table


def main(snakemake):
    catalogue = read_catalogue(snakemake.input.catalogue)
    matches = read_table(snakemake.input.matches, MATCHES)
    decisions = read_decisions(snakemake.params.decisions, catalogue["image_id"])
    write_table(list_duplicates(matches, catalogue, decisions), snakemake.output[0], DUPLICATES)


if "snakemake" in globals():
    job.run(snakemake, main)
