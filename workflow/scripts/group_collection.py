"""Group the pictures of a collection that must not be torn apart."""

from bilderatlas import job
from bilderatlas.collection.groups import group_pictures
from bilderatlas.files import GROUPS, read_catalogue, write_table


def main(snakemake):
    groups = group_pictures(read_catalogue(snakemake.input.catalogue), snakemake.params.largest)
    write_table(groups, snakemake.output.groups, GROUPS)


if "snakemake" in globals():
    job.run(snakemake, main)
