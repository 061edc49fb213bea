"""Draw the proposed crops of a collection as a sheet, the unsure ones first."""

from bilderatlas import job
from bilderatlas.files import CROP_PROPOSALS, read_catalogue, read_table
from bilderatlas.show.crop_sheet import Proposed, draw_crop_sheet
from bilderatlas.show.crop_words import split_cards
from bilderatlas.show.labels import label
from bilderatlas.show.pictures import Pictures


def proposed(row):
    """A line of the table as the sheet draws it."""
    width, height = int(row["width"]), int(row["height"])
    sides = zip(("left", "top", "right", "bottom"), (width, height) * 2, strict=True)
    return Proposed(
        tuple(int(row[side]) / size for side, size in sides),
        float(row["confidence"]),
        tuple(row["reason"].split()),
        split_cards(row["card"]),
    )


def main(snakemake):
    table = read_table(snakemake.input.proposals, CROP_PROPOSALS)
    language = snakemake.params.language
    pictures = Pictures(read_catalogue(snakemake.input.catalogue)["file"].to_dict(), language)
    draw_crop_sheet(
        {row["image_id"]: proposed(row) for row in table.to_dict("records")},
        pictures,
        snakemake.output[0],
        label("crops.title", language, title=snakemake.params.title),
        language,
    )


if "snakemake" in globals():
    job.run(snakemake, main)
