"""Measure all experiments of a study on a collection beside their controls."""

import logging
from pathlib import Path

import pandas as pd

from bilderatlas import job
from bilderatlas.analysis.controls import controls_among
from bilderatlas.analysis.metrics import measure
from bilderatlas.analysis.prints import exact_prints
from bilderatlas.analysis.read_study import read_study
from bilderatlas.collection.dates import middle_years
from bilderatlas.collection.negatives import pairs_within
from bilderatlas.errors import InputError
from bilderatlas.files import DUPLICATES, METRICS, read_catalogue, read_table, write_table

log = logging.getLogger("bilderatlas")


def prints_among(controls):
    """Pairs of exact prints, by the thumbnails of the control ``pixels``; None without it."""
    if "pixels" not in controls:
        return None
    try:
        found = exact_prints(controls["pixels"].values, controls["pixels"].image_ids)
    except InputError as error:
        log.warning("%s", error)
        return None
    log.info("%d pairs of exact prints", len(found))
    return found


def read_truth(path, catalogue):
    """What is known of negatives and motifs, by image id; None where nothing was handed over."""
    if not path:
        return None
    table = read_table(path, ("image_id", "negative")).drop_duplicates("image_id")
    table = table.set_index("image_id")
    if not table.index.isin(catalogue.index).any():
        log.warning("%s knows none of the catalogue's pictures: negatives left out", path)
        return None
    return table


def main(snakemake):
    catalogue = read_catalogue(snakemake.input.catalogue)
    paths = list(snakemake.input.embeddings)
    experiments = read_study(paths).sound
    splits = {
        name: pd.Series(made.part, index=made.image_ids) for name, made in experiments.items()
    }
    controls = {control: experiments[name] for control, name in controls_among(experiments).items()}
    truth = snakemake.input.get("truth")
    if truth and not isinstance(truth, str):  # an input function that gives a list
        truth = truth[0]
    duplicates = read_table(snakemake.input.duplicates, DUPLICATES)
    found = pairs_within(duplicates, catalogue.index.tolist())
    table = measure(
        experiments,
        controls,
        catalogue,
        splits,
        snakemake.params.study,
        snakemake.params.collection,
        snakemake.params.seed,
        middle_years(catalogue),
        prints=prints_among(controls),
        truth=read_truth(truth, catalogue),
        found=found,
    )
    write_table(table, snakemake.output.table, METRICS)
    for source, path in zip(paths, snakemake.output.rows, strict=True):
        own = table[table["experiment"] == Path(source).parent.name]
        write_table(own, path, METRICS)


if "snakemake" in globals():
    job.run(snakemake, main)
