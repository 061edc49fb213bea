"""Draw what became of the pictures that were asked for, by year and by host."""

from bilderatlas import job
from bilderatlas.files import DOWNLOADS, read_table
from bilderatlas.show.downloads import draw_downloads


def main(snakemake):
    table = read_table(snakemake.input[0], DOWNLOADS)
    table["count"] = table["count"].astype(int)
    draw_downloads(table, snakemake.output[0], snakemake.params.title, snakemake.params.language)


if "snakemake" in globals():
    job.run(snakemake, main)
