"""Fetch the pictures that the records of a collection link to."""

from pathlib import Path

from bilderatlas import job
from bilderatlas.collection import folder, iiif, lido, links
from bilderatlas.collection.records import Problems
from bilderatlas.files import LINKS, MANIFEST, write_table


def read(kind, path, columns):
    """The records that link to pictures; what is wrong with them is told with the catalogue."""
    if kind == "lido":
        return lido.read_records(path, Problems())
    if kind == "table":
        return folder.read_table_records(path, columns, Problems())
    return iiif.read_records(path, Problems())


def main(snakemake):
    params = snakemake.params
    cache = Path(params.folder)
    records = read(params.kind, str(snakemake.input.records), params.columns)
    table = links.fetch_links(records, cache, params.width)
    counts = table["status"].value_counts()
    job.log.info("%d links: %s", len(table), ", ".join(f"{n} {name}" for name, n in counts.items()))
    listed = links.manifest_of(table, cache, params.unreadable)
    write_table(table, snakemake.output.links, LINKS)
    write_table(listed, snakemake.output.manifest, MANIFEST)


if "snakemake" in globals():
    job.run(snakemake, main)
