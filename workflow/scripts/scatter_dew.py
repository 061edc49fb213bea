"""Share the rows of meta.csv out among shards, and ask for the room that their pictures need."""

from pathlib import Path

from bilderatlas import job
from bilderatlas.collection.download import dew, disk
from bilderatlas.collection.download.table import Known
from bilderatlas.collection.records import Problems
from bilderatlas.files import PROBLEMS, write_table


def main(snakemake):
    problems = Problems()
    shards = list(snakemake.output.shards)
    counts = dew.scatter(snakemake.input.meta, snakemake.params.until, shards, problems)
    write_table(problems.frame(), snakemake.output.left_out, PROBLEMS)
    images = Path(snakemake.params.images)
    known = Known(snakemake.params.status, placeholders=snakemake.params.download["placeholders"])
    wanted = sum(
        not known.is_settled(dew.target_of(row), images)
        for shard in shards
        for row in dew.read_shard(shard)
    )
    download = snakemake.params.download
    said = f"{wanted:,} of {sum(counts):,} pictures are to be asked for"
    hours = wanted / download["rate"] / 3600
    size = wanted * download["mean_kb"] / 1e6
    job.log.info("%s: up to %.1f GB, about %.1f h.", said, size, hours)
    disk.ask_for_room(images.parent, wanted, download["mean_kb"] * 1000)


if "snakemake" in globals():
    job.run(snakemake, main)
