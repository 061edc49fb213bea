"""Compare the experiments of a study with each other: common neighbours, common clusters."""

from bilderatlas import job
from bilderatlas.analysis.agreement import agreement_table
from bilderatlas.files import AGREEMENT, CLUSTERS, read_embeddings, read_table, write_table


def main(snakemake):
    read = [read_embeddings(path) for path in snakemake.input.embeddings]
    experiments = {made.attributes["experiment"]: made for made in read}
    clusters = {
        made.attributes["experiment"]: read_table(path, CLUSTERS)
        for made, path in zip(read, snakemake.input.clusters, strict=True)
    }
    write_table(agreement_table(experiments, clusters), snakemake.output[0], AGREEMENT)


if "snakemake" in globals():
    job.run(snakemake, main)
