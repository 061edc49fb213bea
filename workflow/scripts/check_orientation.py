"""List the pictures whose record and pixels disagree about which side is up."""

from bilderatlas import job
from bilderatlas.collection.crops.frozen import read_frozen
from bilderatlas.collection.orientation import list_disagreements, picture_sizes
from bilderatlas.files import MANIFEST, ORIENTATION, read_catalogue, read_table, write_table


def main(snakemake):
    catalogue = read_catalogue(snakemake.input.catalogue)
    crops = read_frozen(snakemake.input.crops)
    sizes = picture_sizes(read_table(snakemake.input.manifest, MANIFEST), crops)
    table = list_disagreements(catalogue, sizes)
    measured = int((catalogue["height_cm"] * catalogue["width_cm"] > 0).sum())
    write_table(table, snakemake.output[0], ORIENTATION)
    job.log.info(
        "Of %d pictures with a stated size %d lie otherwise than it says.", measured, len(table)
    )


if "snakemake" in globals():
    job.run(snakemake, main)
