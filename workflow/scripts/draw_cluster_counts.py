"""Draw elbow and silhouette over the number of clusters, for all experiments of a study."""

from bilderatlas import job
from bilderatlas.files import CLUSTER_COUNTS, read_table
from bilderatlas.show.curves import draw_cluster_counts


def main(snakemake):
    params = snakemake.params
    counts = {
        f"{name}: {params.labels[name]}": read_table(path, CLUSTER_COUNTS)
        for name, path in zip(params.experiments, snakemake.input, strict=True)
    }
    draw_cluster_counts(counts, params.k, snakemake.output[0], params.language)


if "snakemake" in globals():
    job.run(snakemake, main)
