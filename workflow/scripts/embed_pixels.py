"""Embed all pictures of a collection by small grey thumbnails: the control that learns nothing."""

from bilderatlas import job
from bilderatlas.data.pack import read_pack
from bilderatlas.files import Embeddings, read_split, write_embeddings
from bilderatlas.learn.pixels import embed_pixels
from bilderatlas.learn.whitening import whiten


def main(snakemake):
    pack = read_pack(snakemake.input.pack)
    part = read_split(snakemake.input.split)
    attributes = {**snakemake.params.attributes, "versions": job.versions()}
    parts = [part.get(name, "new") for name in pack.image_ids]
    values = embed_pixels(pack, snakemake.params.side)
    if "whiten" in snakemake.params.how:
        values = whiten(values, parts, snakemake.params.how["whiten"])
    write_embeddings(Embeddings(values, pack.image_ids, parts, attributes), snakemake.output[0])


if "snakemake" in globals():
    job.run(snakemake, main)
