"""Fetch the 624 Zille photographs and their CSV from the published repository, pinned."""

from pathlib import Path

import pandas as pd

from bilderatlas import job
from bilderatlas.collection import manifest
from bilderatlas.collection.download.pinned import fetch_files
from bilderatlas.collection.download.policy import Policy
from bilderatlas.files import MANIFEST, write_atomically, write_table

REPOSITORY = "https://raw.githubusercontent.com/cemkozcuer/HZilleXSimCLR"
COMMIT = "66dbf3737afb0436c71fde1ff24e4b20eb20a7df"
METADATA_SHA256 = "4e8d20de1201853128e27cf85a774a0e8c3f101e7eef49527c8ad9f752c37446"


def main(snakemake):
    base = f"{REPOSITORY}/{COMMIT}/data"
    folder = Path(snakemake.params.folder)
    expected = pd.read_csv(snakemake.input.expected, dtype=str)
    pictures = dict(zip(expected["file"], expected["sha256"], strict=True))
    table = "parsed_image_meta_data.csv"
    # beside the pictures, as the declared copy is wiped when this job is killed
    policy = Policy.from_settings(snakemake.params.download)
    fetch_files(base, {table: METADATA_SHA256}, folder.parent / "fetched", policy)
    fetch_files(f"{base}/HZille_small_cropped", pictures, folder, policy)
    with write_atomically(snakemake.output.metadata) as temporary:
        temporary.write_bytes((folder.parent / "fetched" / table).read_bytes())
    listed = manifest.list_pictures(folder)
    write_table(listed, snakemake.output.manifest, MANIFEST)


if "snakemake" in globals():
    job.run(snakemake, main)
