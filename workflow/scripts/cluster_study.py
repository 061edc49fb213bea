"""Cluster the experiments of a study: k-means on t-SNE and on the embedding, OPTICS, HDBSCAN."""

from pathlib import Path

import pandas as pd

from bilderatlas import job
from bilderatlas.analysis.clusters import cluster_table
from bilderatlas.analysis.read_study import read_study
from bilderatlas.errors import InputError
from bilderatlas.files import (
    CLUSTER_COUNTS,
    CLUSTERS,
    PROJECTIONS,
    read_table,
    write_table,
)


def main(snakemake):
    sound = read_study(snakemake.input.embeddings).sound
    files = zip(
        snakemake.input.embeddings,
        snakemake.input.projections,
        snakemake.output.clusters,
        snakemake.output.counts,
        strict=True,
    )
    for embeddings, projections, clusters, counts in job.progress(list(files), "clustering"):
        tables = pd.DataFrame(columns=list(CLUSTERS)), pd.DataFrame(columns=list(CLUSTER_COUNTS))
        name = Path(embeddings).parent.name
        if name in sound:
            job.log.info("clustering %s", embeddings)
            projected = read_table(projections, PROJECTIONS)
            try:
                tables = cluster_table(
                    sound[name], projected, snakemake.params.k, snakemake.params.seed
                )
            except InputError as error:
                raise InputError(f"{embeddings}: {error}") from error
        write_table(tables[0], clusters, CLUSTERS)
        write_table(tables[1], counts, CLUSTER_COUNTS)


if "snakemake" in globals():
    job.run(snakemake, main)
