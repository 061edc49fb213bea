"""Fetch the pictures that the records of a collection link to."""

from pathlib import Path

import pandas as pd

from bilderatlas import job
from bilderatlas.collection import links
from bilderatlas.collection.download.policy import Policy
from bilderatlas.collection.readers import READERS, Given
from bilderatlas.collection.records import Problems
from bilderatlas.files import LINKS, MANIFEST, write_table


def read(params, paths, mapping):
    """The records that link to pictures; what is wrong with them is told with the catalogue."""
    none_yet = pd.DataFrame(columns=list(MANIFEST))
    given = Given(paths, none_yet, columns=params.columns, mapping=mapping, lido=params.lido)
    return READERS[params.kind](given, Problems())


def main(snakemake):
    params = snakemake.params
    cache = Path(params.folder)
    found = snakemake.input.records
    paths = [found] if isinstance(found, str) else list(found)
    records = read(params, paths, snakemake.input.get("lido") or None)
    policy = Policy.from_settings(params.download)
    table = links.fetch_links(records, cache, params.width, policy)
    counts = table["status"].value_counts()
    job.log.info("%d links: %s", len(table), ", ".join(f"{n} {name}" for name, n in counts.items()))
    listed = links.manifest_of(table, cache, params.unreadable)
    write_table(table, snakemake.output.links, LINKS)
    write_table(listed, snakemake.output.manifest, MANIFEST)


if "snakemake" in globals():
    job.run(snakemake, main)
