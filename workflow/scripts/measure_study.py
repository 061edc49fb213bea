"""Measure all experiments of a study on a collection beside their controls."""

import pandas as pd

from bilderatlas import job
from bilderatlas.analysis.metrics import measure
from bilderatlas.collection.dates import middle_year
from bilderatlas.files import METRICS, read_catalogue, read_embeddings, write_table


def controls_among(experiments):
    """The experiments that learnt nothing: the control's name to its embeddings."""
    by_lineage = {made.attributes["lineage"]: made for made in experiments.values()}
    return {name: by_lineage[name] for name in ("pixels", "untrained") if name in by_lineage}


def middle_years(catalogue):
    """The middle of each picture's dating, a decimal year, NaN where it is unknown."""
    found = [
        middle_year(begin, end)
        for begin, end in zip(catalogue["date_from"], catalogue["date_to"], strict=True)
    ]
    return pd.Series(found, index=catalogue.index, dtype=float)


def main(snakemake):
    catalogue = read_catalogue(snakemake.input.catalogue)
    read = [read_embeddings(path) for path in snakemake.input.embeddings]
    experiments = {made.attributes["experiment"]: made for made in read}
    splits = {
        made.attributes["experiment"]: pd.Series(made.part, index=made.image_ids) for made in read
    }
    table = measure(
        experiments,
        controls_among(experiments),
        catalogue,
        splits,
        snakemake.wildcards.study,
        snakemake.wildcards.collection,
        snakemake.params.seed,
        middle_years(catalogue),
    )
    write_table(table, snakemake.output[0], METRICS)


if "snakemake" in globals():
    job.run(snakemake, main)
