"""Write the pages of a registrar's worklist."""

from bilderatlas import job
from bilderatlas.collection.crops.frozen import read_frozen
from bilderatlas.collection.negatives import find_negatives
from bilderatlas.files import DUPLICATES, WORKLIST, read_catalogue, read_table
from bilderatlas.show.folder import whole_folder
from bilderatlas.show.pictures import Pictures
from bilderatlas.show.worklist_pages import write_worklist


def main(snakemake):
    params, given = snakemake.params, snakemake.input
    catalogue = read_catalogue(given.catalogue)
    duplicates = read_table(given.duplicates, DUPLICATES)
    looked = {
        "records": len(find_negatives(duplicates, catalogue.index.tolist())),
        "title": len(catalogue),
        "orientation": int((catalogue["height_cm"] * catalogue["width_cm"] > 0).sum()),
    }
    crops = read_frozen(given.crops)
    pictures = Pictures(catalogue["file"].to_dict(), params.language, crops=crops)
    with whole_folder(snakemake.output[0]) as folder:
        write_worklist(
            read_table(given.worklist, WORKLIST), pictures, folder, params.title, params.language,
            looked,
        )  # fmt: skip


if "snakemake" in globals():
    job.run(snakemake, main)
