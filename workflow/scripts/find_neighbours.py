"""Find the nearest neighbours of every picture, among the test part and among all."""

import pandas as pd

from bilderatlas import job
from bilderatlas.analysis.neighbours import neighbour_table
from bilderatlas.analysis.read_study import read_study
from bilderatlas.files import NEIGHBOURS, write_table


def main(snakemake):
    # an embedding at fault has no neighbours; the others of its study go on
    found = read_study(snakemake.input, need=False).sound.values()
    table = pd.DataFrame(columns=list(NEIGHBOURS))
    for embeddings in found:
        table = neighbour_table(embeddings, k=snakemake.params.k)
    write_table(table, snakemake.output[0], NEIGHBOURS)


if "snakemake" in globals():
    job.run(snakemake, main)
