"""Draw how far the experiments of a study agree, as heat maps."""

from bilderatlas import job
from bilderatlas.files import AGREEMENT, read_table
from bilderatlas.show.heat_map import draw_agreement


def main(snakemake):
    agreement = read_table(snakemake.input[0], AGREEMENT)
    params = snakemake.params
    draw_agreement(
        agreement, params.labels, snakemake.output[0], params.language, splits=params.splits
    )


if "snakemake" in globals():
    job.run(snakemake, main)
