"""Draw the loss of every training and fine-tuning of a study, beside chance."""

import math

from bilderatlas import job
from bilderatlas.files import read_table
from bilderatlas.show.loss_curves import draw_loss_curves

LOSSES = ("phase", "epoch", "step", "loss", "batch_size")


def main(snakemake):
    curves, chance = {}, {}
    # the words may be the same for two lineages, which then keep their name
    for path, (lineage, words) in zip(snakemake.input, snakemake.params.words.items(), strict=True):
        table = read_table(path, LOSSES)
        for column in ("epoch", "step", "loss", "batch_size"):
            table[column] = table[column].astype(float)
        name = lineage if words in curves else words
        curves[name] = table
        # a view's partner is one among the 2N - 1 others of its batch (Chen et al. 2020, eq. 1)
        chance[name] = math.log(2 * table["batch_size"].iloc[0] - 1)
    draw_loss_curves(curves, snakemake.output[0], snakemake.params.language, chance)


if "snakemake" in globals():
    job.run(snakemake, main)
