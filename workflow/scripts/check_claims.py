"""Test the published claims of a study on the embeddings of a collection."""

from bilderatlas import job
from bilderatlas.analysis.claims import check_claims
from bilderatlas.analysis.read_study import read_study
from bilderatlas.data.pack import open_pack
from bilderatlas.files import CLAIMS, read_catalogue, write_table


def main(snakemake):
    with open_pack(snakemake.input.pack) as pack:
        table = check_claims(
            read_study(snakemake.input.embeddings).sound,
            read_catalogue(snakemake.input.catalogue),
            pack,
            snakemake.params.roles,
            snakemake.params.dew_is_dew,
            snakemake.params.seed,
        )
    write_table(table, snakemake.output[0], CLAIMS)


if "snakemake" in globals():
    job.run(snakemake, main)
