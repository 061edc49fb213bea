"""Draw the loss of every training and fine-tuning of a study, beside chance."""

import math

from bilderatlas import job
from bilderatlas.files import read_table
from bilderatlas.show.loss_curves import draw_loss_curves

LOSSES = ("phase", "epoch", "step", "loss", "batch_size")


def title(lineage, words, taken):
    """Words for a panel: a lineage in parts that can be broken, added where two share words."""
    parted = lineage.replace("+", " + ")
    shown = parted if words == lineage else words
    return f"{shown} ({parted})" if shown in taken else shown


def main(snakemake):
    curves, chance = {}, {}
    for path, (lineage, words) in zip(snakemake.input, snakemake.params.words.items(), strict=True):
        table = read_table(path, LOSSES)
        for column in ("epoch", "step", "loss", "batch_size"):
            table[column] = table[column].astype(float)
        name = title(lineage, words, curves)
        curves[name] = table
        # a view's partner is one among the 2N - 1 others of its batch (Chen et al. 2020, eq. 1)
        chance[name] = math.log(2 * table["batch_size"].iloc[0] - 1)
    draw_loss_curves(curves, snakemake.output[0], snakemake.params.language, chance)


if "snakemake" in globals():
    job.run(snakemake, main)
