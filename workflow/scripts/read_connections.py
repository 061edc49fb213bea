"""Bring a table of connections between pictures into the project's own columns."""

from bilderatlas import job
from bilderatlas.collection.connections import read_connections
from bilderatlas.collection.records import Problems
from bilderatlas.files import CONNECTIONS, MANIFEST, PROBLEMS, read_table, write_table


def main(snakemake):
    path, problems = snakemake.input.connections, Problems()
    table = read_connections(path, snakemake.params.layout, problems)
    here = set(read_table(snakemake.input.manifest, MANIFEST)["image_id"])
    known = int((table["image_a"].isin(here) & table["image_b"].isin(here)).sum())
    if known < len(table):
        job.log.warning(
            "%s: of %d connections %d are between pictures that are here.", path, len(table), known
        )
    write_table(problems.frame(), snakemake.output.problems, PROBLEMS)
    write_table(table, snakemake.output.connections, CONNECTIONS)


if "snakemake" in globals():
    job.run(snakemake, main)
