"""Cluster the experiments of a study: k-means on t-SNE and on the embedding, OPTICS, HDBSCAN."""

from bilderatlas import job
from bilderatlas.analysis.clusters import cluster_table
from bilderatlas.errors import InputError
from bilderatlas.files import (
    CLUSTER_COUNTS,
    CLUSTERS,
    PROJECTIONS,
    read_embeddings,
    read_table,
    write_table,
)


def main(snakemake):
    files = zip(
        snakemake.input.embeddings,
        snakemake.input.projections,
        snakemake.output.clusters,
        snakemake.output.counts,
        strict=True,
    )
    for embeddings, projections, clusters, counts in job.progress(list(files), "clustering"):
        job.log.info("clustering %s", embeddings)
        made, projected = read_embeddings(embeddings), read_table(projections, PROJECTIONS)
        try:
            tables = cluster_table(made, projected, snakemake.params.k, snakemake.params.seed)
        except InputError as error:
            raise InputError(f"{embeddings}: {error}") from error
        write_table(tables[0], clusters, CLUSTERS)
        write_table(tables[1], counts, CLUSTER_COUNTS)


if "snakemake" in globals():
    job.run(snakemake, main)
