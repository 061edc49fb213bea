"""Count the test pictures that have a print, or a companion of title and date, in training."""

from pathlib import Path

from bilderatlas import job
from bilderatlas.analysis.leaks import count_leaks
from bilderatlas.files import (
    DUPLICATES,
    LEAKS,
    read_catalogue,
    read_split,
    read_table,
    write_table,
    write_text,
)
from bilderatlas.show.leaks_page import leaks_text


def main(snakemake):
    params = snakemake.params
    splits = {Path(path).stem: read_split(path) for path in snakemake.input.splits}
    catalogue = read_catalogue(snakemake.input.catalogue)
    duplicates = read_table(snakemake.input.duplicates, DUPLICATES)
    leaks = count_leaks(splits, catalogue, duplicates)
    text = leaks_text(leaks, params.title, params.language)
    write_table(leaks, snakemake.output.leaks, LEAKS)
    write_text(text, snakemake.output.text)


if "snakemake" in globals():
    job.run(snakemake, main)
