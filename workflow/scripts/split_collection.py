"""Split a collection into training and test part; a picture keeps the part it once had."""

from pathlib import Path

from bilderatlas import job
from bilderatlas.collection import splits
from bilderatlas.collection.earlier_split import keep_parts
from bilderatlas.files import GROUPS, MANIFEST, SPLIT, read_table, write_table


def main(snakemake):
    kind, train, seed = (
        snakemake.wildcards.split,
        snakemake.params.train,
        snakemake.params.seed,
    )
    names = read_table(snakemake.input.manifest, MANIFEST)["image_id"].tolist()
    groups = None
    if kind == "group":
        groups = read_table(snakemake.input.groups, GROUPS).set_index("image_id")["group"]
    ours = kind == "published" and snakemake.params.source["source"] == "zille"
    whole = len(names) == splits.ZILLE_COUNT
    if ours and not whole:
        job.log.warning(
            "%d pictures instead of %d: this is not the published split.",
            len(names), splits.ZILLE_COUNT,
        )  # fmt: skip
    extra = splits.ZILLE_EXTRA_AT if ours and whole else None

    def draw():
        if kind == "group":
            return splits.group_split(groups, train, seed)
        if kind == "random":
            return splits.random_split(names, train, seed)
        return splits.published_split(names, train, seed, extra)

    settings = {"train": train, "seed": seed, "extra": extra, **snakemake.params.source}
    if kind == "group":
        # a split of groups that knew no prints is drawn anew
        settings["groups"] = snakemake.params.joined_by
    part = keep_parts(names, draw, Path(snakemake.params.kept), settings, groups)
    write_table(part.reset_index(), snakemake.output.split, SPLIT)


if "snakemake" in globals():
    job.run(snakemake, main)
