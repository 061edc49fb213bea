"""Find the nearest neighbours of every picture, among the test part and among all."""

from bilderatlas import job
from bilderatlas.analysis.neighbours import neighbour_table
from bilderatlas.files import NEIGHBOURS, read_embeddings, write_table


def main(snakemake):
    table = neighbour_table(read_embeddings(snakemake.input[0]), k=snakemake.params.k)
    write_table(table, snakemake.output[0], NEIGHBOURS)


if "snakemake" in globals():
    job.run(snakemake, main)
