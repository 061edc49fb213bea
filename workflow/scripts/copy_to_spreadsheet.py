"""Copy a table for people who open it in a German spreadsheet program."""

from bilderatlas import files, job
from bilderatlas.collection.spreadsheet import write_copy


def main(snakemake):
    columns = getattr(files, snakemake.wildcards.table.upper())
    write_copy(snakemake.input[0], snakemake.output[0], columns)


if "snakemake" in globals():
    job.run(snakemake, main)
