"""Compare the experiments of a study with each other: common neighbours, common clusters."""

from pathlib import Path

from bilderatlas import job
from bilderatlas.analysis.agreement import agreement_table
from bilderatlas.analysis.read_study import read_study
from bilderatlas.files import AGREEMENT, CLUSTERS, read_table, write_table


def main(snakemake):
    experiments = read_study(snakemake.input.embeddings).sound
    clusters = {
        Path(path).parent.name: read_table(path, CLUSTERS) for path in snakemake.input.clusters
    }
    clusters = {name: clusters[name] for name in experiments}
    write_table(agreement_table(experiments, clusters), snakemake.output[0], AGREEMENT)


if "snakemake" in globals():
    job.run(snakemake, main)
