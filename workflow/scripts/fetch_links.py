"""Fetch the pictures that the records of a collection link to."""

from pathlib import Path

from build_catalogue import read

from bilderatlas import job
from bilderatlas.collection import links
from bilderatlas.collection.records import Problems
from bilderatlas.files import LINKS, MANIFEST, write_table


def main(snakemake):
    params = snakemake.params
    folder = Path(params.folder)
    # what is wrong with the records is told with the catalogue
    records = read(params.kind, str(snakemake.input.records), params.columns, None, Problems())
    table = links.fetch_links(records, folder, params.width)
    counts = table["status"].value_counts()
    job.log.info("%d links: %s", len(table), ", ".join(f"{n} {name}" for name, n in counts.items()))
    listed = links.manifest_of(table, folder, params.unreadable)
    write_table(table, snakemake.output.links, LINKS)
    write_table(listed, snakemake.output.manifest, MANIFEST)


if "snakemake" in globals():
    job.run(snakemake, main)
