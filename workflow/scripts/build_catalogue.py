"""Bring the records of a collection and the list of its pictures together, a row a picture."""

import os

from bilderatlas import job
from bilderatlas.collection import catalogue, folder, lido, published_csv
from bilderatlas.collection.records import Problems
from bilderatlas.files import CATALOGUE, MANIFEST, PROBLEMS, RECORDS, read_table, write_table


def read(kind, paths, params, lido_map, manifest, problems):
    """The records of a source, by the kind that the configuration names."""
    if kind == "published_csv":
        return published_csv.read_records(paths[0], problems)
    if kind == "lido":
        mapping = lido.read_map(lido_map, params.lido)
        return lido.read_records(paths, problems, lido=mapping, validate=params.validate)
    if kind == "table":
        return folder.read_table_records(paths[0], params.columns, problems)
    return folder.read_records(manifest, problems)


def main(snakemake):
    manifest = read_table(snakemake.input.manifest, MANIFEST)
    found = snakemake.input.get("records") or []
    paths = [found] if isinstance(found, str) else list(found)
    problems = Problems()
    params = snakemake.params
    lido_map = snakemake.input.get("lido") or None
    records = read(params.kind, paths, params, lido_map, manifest, problems)
    source = os.path.commonpath(paths) if paths else snakemake.input.manifest
    table, described = catalogue.build_tables(records, manifest, source, problems)
    write_table(problems.frame(), snakemake.output.problems, PROBLEMS)
    write_table(described, snakemake.output.records, RECORDS)
    write_table(table, snakemake.output.catalogue, CATALOGUE)
    alone = int((described["images"] == "").sum())
    job.log.info(
        "%s: %d pictures, %d records (%d that name no picture). %s",
        source,
        len(table),
        len(described),
        alone,
        catalogue.summary(problems),
    )


if "snakemake" in globals():
    job.run(snakemake, main)
