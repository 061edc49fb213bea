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


def main(snakemake):
    params = snakemake.params
    fetch(str(snakemake.input.local or ""), params.sha256, params.cache, snakemake.output[0])


if "snakemake" in globals():
    job.run(snakemake, main)
