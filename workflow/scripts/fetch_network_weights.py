"""Fetch torchvision's ImageNet weights of a network other than ResNet18, or take a local file."""

from bilderatlas import job
from bilderatlas.errors import InputError
from bilderatlas.files import write_atomically


def fetch(network, weights, local, cache, path):
    """Write a network's state dict, held against the network, to ``path``."""
    import torch
    import torchvision

    from bilderatlas.learn.features.weights import fitting, read_state
    from bilderatlas.models import save

    if local:
        state = read_state(local)
    else:
        known = torchvision.models.get_model_weights(network).IMAGENET1K_V1
        # the name of the file carries the beginning of its sha256; the hub checks it
        try:
            state = torch.hub.load_state_dict_from_url(known.url, cache, check_hash=True)
        except (OSError, RuntimeError) as error:
            raise InputError(
                f"The ImageNet weights of {network} could not be fetched from {known.url}"
                f" ({error}): give a local file as weights.{weights}.paths.{network}, or set the"
                " backbone's weights to untrained."
            ) from None
    state = fitting(state, network, local or known.url)
    with write_atomically(path) as temporary:
        save(state, temporary)


def main(snakemake):
    names, local = snakemake.wildcards, str(snakemake.input.local or "")
    fetch(names.network, names.weights, local, snakemake.params.cache, snakemake.output[0])


if "snakemake" in globals():
    job.run(snakemake, main)
