"""Test the published claims of a study on the embeddings of a collection."""

from bilderatlas import job
from bilderatlas.analysis.claims import check_claims
from bilderatlas.data.pack import read_pack
from bilderatlas.files import CLAIMS, read_catalogue, read_embeddings, write_table


def main(snakemake):
    read = [read_embeddings(path) for path in snakemake.input.embeddings]
    table = check_claims(
        {made.attributes["experiment"]: made for made in read},
        read_catalogue(snakemake.input.catalogue),
        read_pack(snakemake.input.pack),
        snakemake.params.roles,
        snakemake.params.dew_is_dew,
        snakemake.params.seed,
    )
    write_table(table, snakemake.output[0], CLAIMS)


if "snakemake" in globals():
    job.run(snakemake, main)
