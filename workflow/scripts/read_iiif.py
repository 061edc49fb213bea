"""Read IIIF manifests and collections into records: a canvas with an image is a picture."""

import hashlib
import shutil
from functools import partial
from pathlib import Path

from bilderatlas import job
from bilderatlas.collection import iiif
from bilderatlas.collection.download.policy import Policy
from bilderatlas.collection.download.single import Asker
from bilderatlas.collection.iiif_presentation import Reading, read_places
from bilderatlas.collection.iiif_values import read_json
from bilderatlas.collection.records import Problems
from bilderatlas.errors import InputError
from bilderatlas.files import write_atomically

# servers that speak both versions give 2 where nothing is asked for
WANTED = (
    'application/ld+json;profile="http://iiif.io/api/presentation/3/context.json",'
    "application/ld+json,application/json;q=0.9,*/*;q=0.1"
)


def get(cache, asker, place):
    """A manifest's bytes: a local file, what an earlier, unfinished run fetched, or fetched now."""
    if "://" not in place:
        try:
            return Path(place).read_bytes()
        except OSError as error:
            raise InputError(f"{place} cannot be read: {error.strerror}.") from None
    kept = cache / f"{hashlib.sha256(place.encode()).hexdigest()}.json"
    if kept.exists():
        return kept.read_bytes()
    content, _ = asker.get(place, WANTED)
    read_json(content)  # what is none is not kept
    with write_atomically(kept) as temporary:
        temporary.write_bytes(content)
    return content


def main(snakemake):
    params = snakemake.params
    cache = Path(params.cache)
    problems = Problems()
    with Asker(Policy.from_settings(params.download)) as asker:
        reading = Reading(partial(get, cache, asker), params.language, params.columns, problems)
        records = read_places(params.places, reading)
        count = iiif.write_records(
            job.progress(records, "canvases"), problems, snakemake.output.records
        )
    # the next run asks anew: manifests change
    shutil.rmtree(cache, ignore_errors=True)
    job.log.info("%d canvases with an image, %d problems.", count, len(problems))


if "snakemake" in globals():
    job.run(snakemake, main)
