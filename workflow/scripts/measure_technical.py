"""Measure what the embeddings of a study are like: structure, hubs, maps, seeds, shortcuts."""

from pathlib import Path

from bilderatlas import job
from bilderatlas.analysis.read_study import read_study
from bilderatlas.analysis.shortcuts import picture_properties
from bilderatlas.analysis.technical import TechnicalTable
from bilderatlas.data.pack import open_pack
from bilderatlas.files import (
    CLUSTERS,
    GROUPS,
    METRICS,
    PROJECTIONS,
    read_catalogue,
    read_table,
    write_table,
)


def by_experiment(paths, columns):
    """Tables by the experiment that their paths name."""
    return {Path(path).parent.name: read_table(path, columns) for path in paths}


def main(snakemake):
    given = snakemake.input
    experiments = read_study(given.embeddings).sound
    groups = read_table(given.groups, GROUPS)
    with open_pack(given.pack) as pack:
        properties = picture_properties(pack)
    table = TechnicalTable(
        experiments,
        by_experiment(given.projections, PROJECTIONS),
        by_experiment(given.clusters, CLUSTERS),
        read_catalogue(given.catalogue),
        properties,
        groups.drop_duplicates("image_id").set_index("image_id")["group"],
        snakemake.params.seed,
    )
    rows = table.rows(snakemake.wildcards.study, snakemake.wildcards.collection)
    write_table(rows, snakemake.output[0], METRICS)


if "snakemake" in globals():
    job.run(snakemake, main)
