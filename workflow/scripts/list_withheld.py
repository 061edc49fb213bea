"""List what is kept out of everything that is made for the public, and why."""

from bilderatlas import job
from bilderatlas.collection.publishable import Rules, publishable
from bilderatlas.files import WITHHELD, read_catalogue, write_table


def main(snakemake):
    wanted = snakemake.params.rights
    rules = Rules(tuple(wanted["allowed"]), wanted["notes"] == "publish")
    catalogue = read_catalogue(snakemake.input.catalogue)
    kept, left_out = publishable(catalogue, rules)
    job.log.info("%d of %d pictures may be shown to the public.", len(kept), len(catalogue))
    write_table(left_out, snakemake.output[0], WITHHELD)


if "snakemake" in globals():
    job.run(snakemake, main)
