"""Fetch torchvision's ImageNet weights with their checksum, or take a local file."""

from bilderatlas import job
from bilderatlas.collection.fetch import sha256_of
from bilderatlas.errors import InputError
from bilderatlas.files import write_atomically


def fetch(entry, cache, path):
    import torch
    import torchvision

    from bilderatlas.backbones import read_weights

    if entry["path"] is not None:
        state = read_weights(entry["path"])
        if entry["sha256"] and sha256_of(entry["path"]) != entry["sha256"]:
            raise InputError(
                f"{entry['path']} does not have the sha256 given in the configuration:"
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
        torch.save(dict(state), temporary)


def main(snakemake):
    fetch(snakemake.params.entry, snakemake.params.cache, snakemake.output[0])


if "snakemake" in globals():
    job.run(snakemake, main)
