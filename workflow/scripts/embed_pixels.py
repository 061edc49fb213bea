"""Embed all pictures of a collection by small grey thumbnails: the control that learns nothing."""

from bilderatlas import job
from bilderatlas.data.pack import open_pack
from bilderatlas.files import Embeddings, read_split, write_embeddings
from bilderatlas.learn.pixels import embed_pixels
from bilderatlas.learn.whitening import whiten


def main(snakemake):
    part = read_split(snakemake.input.split)
    with open_pack(snakemake.input.pack) as pack:
        names, values = pack.image_ids, embed_pixels(pack, snakemake.params.side)
    attributes = {**snakemake.params.attributes, "versions": job.versions()}
    parts = [part.get(name, "new") for name in names]
    if "whiten" in snakemake.params.how:
        values = whiten(values, parts, snakemake.params.how["whiten"])
    write_embeddings(Embeddings(values, names, parts, attributes), snakemake.output[0])


if "snakemake" in globals():
    job.run(snakemake, main)
