"""Make a model as it is before any training: untrained, or pretrained weights turned grey."""

from bilderatlas import job


def main(snakemake):
    from bilderatlas.backbones import initial_state, read_weights
    from bilderatlas.models import Model, write_model

    weights = read_weights(snakemake.input.weights) if snakemake.input.weights else None
    state = initial_state(
        snakemake.params.backbone, snakemake.params.seed, snakemake.params.fold, weights
    )
    made_by = {
        "lineage": snakemake.wildcards.lineage,
        "backbone": snakemake.params.backbone,
        "fold": snakemake.params.fold,
        "seed": snakemake.params.seed,
        "versions": job.versions(),
    }
    write_model(Model(state, None, made_by), snakemake.output.model)


if "snakemake" in globals():
    job.run(snakemake, main)
