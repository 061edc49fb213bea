"""Bring the records of a collection and the list of its pictures together, a row a picture."""

import os

import pandas as pd

from bilderatlas import job
from bilderatlas.collection import catalogue
from bilderatlas.collection.readers import READERS, Given
from bilderatlas.collection.records import Problems
from bilderatlas.files import (
    CATALOGUE,
    LINKS,
    MANIFEST,
    PROBLEMS,
    RECORDS,
    UNMATCHED,
    read_table,
    write_table,
)


def main(snakemake):
    manifest = read_table(snakemake.input.manifest, MANIFEST)
    found = snakemake.input.get("records") or []
    paths = [found] if isinstance(found, str) else list(found)
    fetched = snakemake.input.get("links")
    links = read_table(fetched, LINKS) if fetched else None
    problems, unmatched = Problems(), []
    given = Given(
        paths, manifest, mapping=snakemake.input.get("lido") or None, **snakemake.params.options
    )
    records = READERS[snakemake.params.kind](given, problems)
    source = os.path.commonpath(paths) if paths else snakemake.input.manifest
    table, described = catalogue.build_tables(records, manifest, source, problems, links, unmatched)
    write_table(problems.frame(), snakemake.output.problems, PROBLEMS)
    left_over = pd.DataFrame(unmatched, columns=list(UNMATCHED), dtype=str)
    write_table(left_over, snakemake.output.unmatched, UNMATCHED)
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
