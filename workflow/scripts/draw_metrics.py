"""Draw the main metrics of a study beside their controls."""

from bilderatlas import job
from bilderatlas.files import METRICS, read_table
from bilderatlas.show.overview import draw_metrics_overview


def main(snakemake):
    metrics = read_table(snakemake.input[0], METRICS)
    words = {name: f"{name}: {text}" for name, text in snakemake.params.labels.items()}
    draw_metrics_overview(metrics, words, snakemake.output[0], snakemake.params.language)


if "snakemake" in globals():
    job.run(snakemake, main)
