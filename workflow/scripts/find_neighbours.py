"""Find the nearest neighbours of every picture, among the test part and among all."""

import pandas as pd

from bilderatlas import job
from bilderatlas.analysis.neighbours import neighbour_table
from bilderatlas.analysis.read_study import read_study
from bilderatlas.files import NEIGHBOURS, write_table


def main(snakemake):
    pairs = list(zip(snakemake.input, snakemake.output, strict=True))
    for source, target in job.progress(pairs, "neighbours"):
        # an embedding at fault has no neighbours; the others of its study go on
        table = pd.DataFrame(columns=list(NEIGHBOURS))
        for embeddings in read_study([source], need=False).sound.values():
            table = neighbour_table(embeddings, k=snakemake.params.k)
        write_table(table, target, NEIGHBOURS)


if "snakemake" in globals():
    job.run(snakemake, main)
