"""List what changed since the last catalogue, as a table and in words."""

from pathlib import Path

from bilderatlas import job
from bilderatlas.collection.changes import since_last
from bilderatlas.files import CHANGES, write_table, write_text
from bilderatlas.show.changes_page import changes_text


def main(snakemake):
    params = snakemake.params
    changes, before, now = since_last(snakemake.input.catalogue, Path(params.kept))
    text = changes_text(changes, before, now, params.title, params.language)
    write_table(changes, snakemake.output.changes, CHANGES)
    write_text(text, snakemake.output.text)


if "snakemake" in globals():
    job.run(snakemake, main)
