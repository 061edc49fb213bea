"""Group the pictures of a collection that must not be torn apart."""

from bilderatlas import job
from bilderatlas.collection.groups import group_pictures
from bilderatlas.files import DUPLICATES, GROUPS, read_catalogue, read_table, write_table


def main(snakemake):
    catalogue = read_catalogue(snakemake.input.catalogue)
    duplicates = read_table(snakemake.input.duplicates, DUPLICATES)
    groups = group_pictures(catalogue, snakemake.params.largest, duplicates)
    write_table(groups, snakemake.output.groups, GROUPS)
    said = groups["reason"].value_counts()
    job.log.info("Why pictures are in their groups: %s.", said.to_dict())


if "snakemake" in globals():
    job.run(snakemake, main)
