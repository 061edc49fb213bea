"""Project the experiments of a study to two and three dimensions: PCA, t-SNE, UMAP."""

from pathlib import Path

import pandas as pd

from bilderatlas import job
from bilderatlas.analysis.projection import projection_table
from bilderatlas.analysis.read_study import read_study
from bilderatlas.files import PROJECTIONS, write_table


def main(snakemake):
    sources = list(snakemake.input.embeddings)
    sound = read_study(sources).sound
    pairs = list(zip(sources, snakemake.output, strict=True))
    for source, target in job.progress(pairs, "projecting"):
        table = pd.DataFrame(columns=list(PROJECTIONS))
        name = Path(source).parent.name
        if name in sound:
            job.log.info("projecting %s", source)
            table = projection_table(sound[name], snakemake.params.seed)
        write_table(table, target, PROJECTIONS)


if "snakemake" in globals():
    job.run(snakemake, main)
