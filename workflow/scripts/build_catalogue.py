"""Bring the records of a collection and the list of its pictures together, a row a picture."""

import pandas as pd

from bilderatlas import job
from bilderatlas.collection import catalogue, readers
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


def main(snakemake):
    manifest = read_table(snakemake.input.manifest, MANIFEST)
    fetched = snakemake.input.get("links")
    links = read_table(fetched, LINKS) if fetched else None
    problems, unmatched = Problems(), []
    records, source = readers.read(snakemake.input, snakemake.params, manifest, problems)
    table = catalogue.build_catalogue(
        records, manifest, source, problems, links, unmatched, snakemake.params.fill
    )
    write_table(problems.frame(), snakemake.output.problems, PROBLEMS)
    left_over = pd.DataFrame(unmatched, columns=list(UNMATCHED), dtype=str)
    write_table(left_over, snakemake.output.unmatched, UNMATCHED)
    write_table(table, snakemake.output.catalogue, CATALOGUE)
    told = catalogue.summary(problems)
    without = int((table["record_id"] == "").sum())
    job.log.info("%s: %d pictures (%d without a record). %s", source, len(table), without, told)


if "snakemake" in globals():
    job.run(snakemake, main)
