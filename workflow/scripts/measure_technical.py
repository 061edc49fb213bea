"""Measure what the embeddings of a study are like: structure, hubs, maps, seeds, shortcuts."""

from bilderatlas import job
from bilderatlas.analysis.shortcuts import picture_properties
from bilderatlas.analysis.technical import TechnicalTable
from bilderatlas.data.pack import read_pack
from bilderatlas.files import (
    CLUSTERS,
    GROUPS,
    METRICS,
    PROJECTIONS,
    read_catalogue,
    read_embeddings,
    read_table,
    write_table,
)


def by_experiment(names, paths, columns):
    """The tables of the experiments, which come in the order of their embeddings."""
    return {name: read_table(path, columns) for name, path in zip(names, paths, strict=True)}


def main(snakemake):
    given = snakemake.input
    read = [read_embeddings(path) for path in given.embeddings]
    experiments = {made.attributes["experiment"]: made for made in read}
    names = [made.attributes["experiment"] for made in read]
    groups = read_table(given.groups, GROUPS)
    table = TechnicalTable(
        experiments,
        by_experiment(names, given.projections, PROJECTIONS),
        by_experiment(names, given.clusters, CLUSTERS),
        read_catalogue(given.catalogue),
        picture_properties(read_pack(given.pack)),
        groups.drop_duplicates("image_id").set_index("image_id")["group"],
        snakemake.params.seed,
    )
    rows = table.rows(snakemake.wildcards.study, snakemake.wildcards.collection)
    write_table(rows, snakemake.output[0], METRICS)


if "snakemake" in globals():
    job.run(snakemake, main)
