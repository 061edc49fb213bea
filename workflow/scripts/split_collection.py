"""Split a collection into training and test part."""

from bilderatlas import job
from bilderatlas.collection import splits
from bilderatlas.files import GROUPS, MANIFEST, SPLIT, read_table, write_table


def main(snakemake):
    kind, train, seed = (
        snakemake.wildcards.split,
        snakemake.params.train,
        snakemake.params.seed,
    )
    names = read_table(snakemake.input.manifest, MANIFEST)["image_id"].tolist()
    if kind == "group":
        groups = read_table(snakemake.input.groups, GROUPS).set_index("image_id")["group"]
        part = splits.group_split(groups, train, seed)
    elif kind == "random":
        part = splits.random_split(names, train, seed)
    else:
        ours = snakemake.params.source == "zille"
        whole = len(names) == splits.ZILLE_COUNT
        if ours and not whole:
            job.log.warning(
                "%d pictures instead of %d: this is not the published split.",
                len(names), splits.ZILLE_COUNT,
            )  # fmt: skip
        extra = splits.ZILLE_EXTRA_AT if ours and whole else None
        part = splits.published_split(names, train, seed, extra)
    write_table(part.reset_index(), snakemake.output.split, SPLIT)


if "snakemake" in globals():
    job.run(snakemake, main)
