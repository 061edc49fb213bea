"""Fetch the pictures of one shard; what is there or dead already is not asked for."""

from collections import Counter
from pathlib import Path

import pandas as pd

from bilderatlas import job
from bilderatlas.collection.download import dew, disk
from bilderatlas.collection.download.policy import Policy
from bilderatlas.collection.download.run import download
from bilderatlas.collection.download.table import Known
from bilderatlas.files import write_table

SAY_EVERY = 1000  # pictures, in the log


def main(snakemake):
    shard, shards = int(snakemake.wildcards.shard), snakemake.params.shards
    settings, images = snakemake.params.download, Path(snakemake.params.images)
    status = Path(snakemake.params.status)
    policy = Policy.from_settings(settings, runs=shards)

    def is_mine(image_id):
        return dew.shard_of(image_id, shards) == shard

    def targets():
        return map(dew.target_of, dew.read_shard(snakemake.input[0]))

    known = Known(status, is_mine, policy.placeholders)
    wanted = sum(not known.is_settled(target, images) for target in targets())
    disk.ask_for_room(images.parent, wanted, settings["mean_kb"] * 1000)
    table = status / f"{shard}-of-{shards}.csv"
    what = f"{snakemake.wildcards.collection} {shard + 1}/{shards}"
    counts = Counter()
    running = download(targets(), images, table, policy, known)
    for outcome in job.progress(running, what, wanted, shard):
        counts[outcome.status] += 1
        if counts.total() % SAY_EVERY == 0:
            job.log.info("%d of %d: %s", counts.total(), wanted, dict(counts))
    job.log.info("%d of %d: %s", counts.total(), wanted, dict(counts))
    found = pd.DataFrame(sorted(counts.items()), columns=["status", "count"])
    write_table(found, snakemake.output[0], ("status", "count"))


if "snakemake" in globals():
    job.run(snakemake, main)
