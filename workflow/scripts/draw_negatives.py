"""Draw a sheet for each negative of a collection with all its prints."""

from bilderatlas import job
from bilderatlas.collection.crops.frozen import read_frozen
from bilderatlas.collection.negatives import find_negatives
from bilderatlas.files import DUPLICATES, read_catalogue, read_table
from bilderatlas.show.folder import whole_folder
from bilderatlas.show.labels import count, label
from bilderatlas.show.negative_sheet import draw_negative
from bilderatlas.show.pages import write_page
from bilderatlas.show.pictures import Pictures


def main(snakemake):
    params = snakemake.params
    catalogue = read_catalogue(snakemake.input.catalogue)
    duplicates = read_table(snakemake.input.duplicates, DUPLICATES)
    negatives = find_negatives(duplicates, catalogue.index.tolist())
    crops = read_frozen(snakemake.input.crops)
    pictures = Pictures(catalogue["file"].to_dict(), params.language, keep=16, crops=crops)
    sheets = []
    with whole_folder(snakemake.output[0]) as folder:
        for number, negative in enumerate(job.progress(negatives, "drawing negatives"), 1):
            # an id may hold what a file name must not
            file = f"negative-{number:04d}.png"
            wide, high = draw_negative(
                negative, catalogue, pictures, folder / file, params.language
            )
            sheet = {"name": negative.reference, "file": file, "width": wide, "height": high}
            sheets.append(sheet | {"ids": ", ".join(negative.prints)})
        written = {"count": count(len(sheets), params.language), "collection": params.title}
        write_page(
            "negatives.html.j2",
            folder / "index.html",
            params.language,
            title=label("negatives.heading", params.language, **written),
            sheets=sheets,
        )
    job.log.info("%d negatives with several prints", len(sheets))


if "snakemake" in globals():
    job.run(snakemake, main)
