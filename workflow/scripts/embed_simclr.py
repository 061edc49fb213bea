"""Embed all pictures of a collection by an experiment's backbone."""

from bilderatlas import job


def main(snakemake):
    import numpy as np

    from bilderatlas.data.pack import open_pack
    from bilderatlas.errors import InputError
    from bilderatlas.files import Embeddings, read_split, write_embeddings
    from bilderatlas.learn.device import pick_device
    from bilderatlas.learn.embed import embed
    from bilderatlas.learn.whitening import whiten
    from bilderatlas.models import read_model

    job.limit_threads(snakemake.threads)
    part = read_split(snakemake.input.split)
    model = read_model(snakemake.input.model)
    expected = snakemake.params.training_list
    if expected and model.made_by["training_list"] != expected:
        raise InputError(
            f"{snakemake.input.model} was trained on another training part than"
            f" {snakemake.input.split} now has: run the same command again, which trains it anew."
        )
    with open_pack(snakemake.input.pack) as pack:
        names = pack.image_ids
        values = embed(
            model.backbone,
            model.made_by["backbone"],
            pack,
            snakemake.params.how["size"],
            pick_device(snakemake.params.device),
        )
    if not np.isfinite(values).all():
        raise InputError(
            f"{snakemake.input.model} gives embeddings that are not finite: its training has gone"
            " astray; delete it and train it anew with a smaller learning rate."
        )
    attributes = {
        **snakemake.params.attributes,
        "precision": model.made_by.get("precision", ""),
        "versions": job.versions(),
    }
    parts = [part.get(name, "new") for name in names]
    if "whiten" in snakemake.params.how:
        values = whiten(values, parts, snakemake.params.how["whiten"])
    found = Embeddings(values, names, parts, attributes)
    write_embeddings(found, snakemake.output[0])


if "snakemake" in globals():
    job.run(snakemake, main)
