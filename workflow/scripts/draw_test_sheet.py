"""Draw the sheet of all test pictures."""

from pathlib import Path

from bilderatlas import job
from bilderatlas.collection.crops.frozen import read_frozen
from bilderatlas.files import read_catalogue, read_split
from bilderatlas.show.labels import label
from bilderatlas.show.pictures import Pictures
from bilderatlas.show.sheet import draw_sheet


def main(snakemake):
    catalogue = read_catalogue(snakemake.input.catalogue)
    part = read_split(snakemake.input.split)
    test = sorted(part.index[part == "test"])
    language = snakemake.params.language
    pictures = Pictures(
        catalogue["file"].to_dict(), language, crops=read_frozen(snakemake.input.crops)
    )
    dates = catalogue["date"].to_dict()
    split = Path(snakemake.input.split).stem
    title = label("splits.of", language, title=snakemake.params.title, split=split)
    draw_sheet(test, pictures, dates, snakemake.output[0], title=title, language=language)


if "snakemake" in globals():
    job.run(snakemake, main)
