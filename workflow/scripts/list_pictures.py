"""List the pictures of a local folder with their sizes and sha256."""

from bilderatlas import job
from bilderatlas.collection import manifest
from bilderatlas.files import MANIFEST, write_table


def main(snakemake):
    write_table(
        manifest.list_pictures(snakemake.params.folder), snakemake.output.manifest, MANIFEST
    )


if "snakemake" in globals():
    job.run(snakemake, main)
