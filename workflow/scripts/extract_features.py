"""Extract the features of a collection's pictures by a frozen network."""

from pathlib import Path

from bilderatlas import job


def main(snakemake):
    import hashlib
    import json

    from bilderatlas.data.pack import open_pack
    from bilderatlas.files import sha256_of
    from bilderatlas.learn.device import pick_device
    from bilderatlas.learn.features.cache import FeatureCache
    from bilderatlas.learn.features.collect import collect
    from bilderatlas.learn.features.extract import How
    from bilderatlas.learn.features.networks import build
    from bilderatlas.learn.features.weights import fitting, read_state

    params = snakemake.params
    entry, seed = params.attributes, params.attributes["seed"]
    job.limit_threads(snakemake.threads)
    weights = snakemake.input.get("weights")
    if weights:
        state = fitting(read_state(weights), entry["network"], weights)
    else:
        state = None
        job.log.warning(
            "There are no weights %s of %s: it starts untrained (seed %d), and its features"
            " are those of a network that has seen no picture.",
            entry["asked"], entry["network"], seed,
        )  # fmt: skip
    network = build(entry["network"], entry["layer"], state, seed)
    how = How(
        entry["size"], entry["fit"], pick_device(params.device), params.precision,
        workers=snakemake.threads,
    )  # fmt: skip
    decides = [entry[key] for key in ("network", "layer", "size", "fit")]
    decides += [params.recipe, sha256_of(weights) if weights else f"untrained {seed}"]
    settings = hashlib.sha256(json.dumps(decides).encode()).hexdigest()[:16]
    path = Path(params.cache) / f"{snakemake.wildcards.backbone}.db"
    with (
        open_pack(snakemake.input.pack) as pack,
        FeatureCache(path, settings, params.store) as cache,
    ):
        side = max(pack.sizes.max(axis=1), default=0)
        if how.size > side:
            job.log.warning(
                "%s sees squares of %d px, but no packed picture is longer than %d px: they"
                " are enlarged (a larger pack.side would make all packs and models due again).",
                entry["network"], how.size, side,
            )  # fmt: skip
        attributes = {**entry, "versions": job.versions()}
        collect(pack, network, how, cache, attributes, snakemake.output[0])


if "snakemake" in globals():
    job.run(snakemake, main)
