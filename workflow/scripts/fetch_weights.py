"""Fetch torchvision's ImageNet weights with their checksum, or take a local file."""

from bilderatlas import job
from bilderatlas.errors import InputError
from bilderatlas.files import sha256_of, write_atomically


def fetch(local, sha256, cache, path):
    """Write the weights to ``path``: those of the file ``local``, or torchvision's, fetched."""
    import torch
    import torchvision

    from bilderatlas.backbones import read_weights
    from bilderatlas.models import save

    if local:
        state = read_weights(local)
        if sha256 and sha256_of(local) != sha256:
            raise InputError(
                f"{local} does not have the sha256 given in the configuration:"
                " fetch the file again."
            )
    else:
        address = torchvision.models.ResNet18_Weights.IMAGENET1K_V1.url
        try:
            # the name of the file carries the beginning of its sha256; the hub checks it
            state = torch.hub.load_state_dict_from_url(address, cache, check_hash=True)
        except (OSError, RuntimeError) as error:
            raise InputError(
                f"The ImageNet weights could not be fetched from {address} ({error}): give a local"
                " file as weights.imagenet.path, or set simclr.roles.pretrained to standin."
            ) from None
    with write_atomically(path) as temporary:
        save(dict(state), temporary)


def fetch_network(network, weights, local, cache, path):
    """The same for a network other than ResNet18: its state dict, held against the network."""
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
    params = snakemake.params
    if params.get("network"):
        names = snakemake.wildcards
        local = str(snakemake.input.local or "")
        fetch_network(names.network, names.weights, local, params.cache, snakemake.output[0])
        return
    fetch(str(snakemake.input.local or ""), params.sha256, params.cache, snakemake.output[0])


if "snakemake" in globals():
    job.run(snakemake, main)
