"""Bring the records of a collection and the list of its pictures together, a row a picture."""

import pandas as pd

from bilderatlas import job
from bilderatlas.collection import catalogue, folder, iiif, lido, published_csv
from bilderatlas.collection.records import Problems
from bilderatlas.files import (
    CATALOGUE,
    LINKS,
    MANIFEST,
    PROBLEMS,
    UNMATCHED,
    read_table,
    write_table,
)


def read(kind, path, columns, manifest, problems):
    """The records of a source, by the kind that the configuration names."""
    if kind == "published_csv":
        return published_csv.read_records(path, problems)
    if kind == "lido":
        return lido.read_records(path, problems)
    if kind == "table":
        return folder.read_table_records(path, columns, problems)
    if kind == "iiif":
        return iiif.read_records(path, problems)
    return folder.read_records(manifest, problems)


def main(snakemake):
    manifest = read_table(snakemake.input.manifest, MANIFEST)
    path = str(snakemake.input.get("records") or "")
    fetched = snakemake.input.get("links")
    links = read_table(fetched, LINKS) if fetched else None
    problems, unmatched = Problems(), []
    records = read(snakemake.params.kind, path, snakemake.params.columns, manifest, problems)
    source = path or snakemake.input.manifest
    table = catalogue.build_catalogue(records, manifest, source, problems, links, unmatched)
    write_table(problems.frame(), snakemake.output.problems, PROBLEMS)
    left_over = pd.DataFrame(unmatched, columns=list(UNMATCHED), dtype=str)
    write_table(left_over, snakemake.output.unmatched, UNMATCHED)
    write_table(table, snakemake.output.catalogue, CATALOGUE)
    job.log.info("%s: %d pictures. %s", source, len(table), catalogue.summary(problems))


if "snakemake" in globals():
    job.run(snakemake, main)
