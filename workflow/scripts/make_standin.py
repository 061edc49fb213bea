"""Train stand-in weights on generated pictures: they play the pretrained network offline."""

from pathlib import Path

from bilderatlas import job


def main(snakemake):
    job.limit_threads(snakemake.threads)
    from bilderatlas.learn.standin import train_standin

    made = train_standin(
        Path(snakemake.output[0]), seed=snakemake.params.seed, steps=snakemake.params.steps
    )
    job.log.info("Stand-in weights: held-out accuracy %.3f.", made["accuracy"])


if "snakemake" in globals():
    job.run(snakemake, main)
