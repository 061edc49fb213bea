"""Embed all pictures of a collection by small grey thumbnails: the control that learns nothing."""

from bilderatlas import job
from bilderatlas.data.pack import read_pack
from bilderatlas.files import Embeddings, read_split, write_embeddings
from bilderatlas.learn.pixels import embed_pixels


def main(snakemake):
    pack = read_pack(snakemake.input.pack)
    part = read_split(snakemake.input.split)
    attributes = {**snakemake.params.attributes, "versions": job.versions()}
    names = pack.image_ids
    found = Embeddings(
        embed_pixels(pack, snakemake.params.side),
        names,
        [part.get(name, "new") for name in names],
        attributes,
    )
    write_embeddings(found, snakemake.output[0])


if "snakemake" in globals():
    job.run(snakemake, main)
