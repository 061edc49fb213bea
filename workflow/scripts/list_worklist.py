"""List the records that a registrar should look into, and what to compare them with."""

from bilderatlas import job
from bilderatlas.analysis.worklist import KINDS, make_worklist
from bilderatlas.data.pack import open_pack
from bilderatlas.files import (
    DUPLICATES,
    ORIENTATION,
    WORKLIST,
    Embeddings,
    read_catalogue,
    read_table,
    write_table,
)
from bilderatlas.learn.pixels import embed_pixels


def main(snakemake):
    given = snakemake.input
    with open_pack(given.pack) as pack:
        thumbnails = Embeddings(embed_pixels(pack), pack.image_ids, [""] * len(pack))
    table = make_worklist(
        read_catalogue(given.catalogue),
        read_table(given.duplicates, DUPLICATES),
        read_table(given.orientation, ORIENTATION),
        thumbnails,
        snakemake.params.uncertain,
    )
    write_table(table, snakemake.output[0], WORKLIST)
    cases = table.drop_duplicates("case")["kind"].value_counts()
    said = ", ".join(f"{kind}: {cases.get(kind, 0)}" for kind in KINDS)
    job.log.info("Cases of the worklist: %s.", said)


if "snakemake" in globals():
    job.run(snakemake, main)
