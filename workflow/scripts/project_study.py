"""Project the experiments of a study to two and three dimensions: PCA, t-SNE, UMAP."""

import logging

from joblib import Parallel, delayed

from bilderatlas import job
from bilderatlas.analysis.neighbours import check_values
from bilderatlas.analysis.projection import projection_table
from bilderatlas.errors import InputError
from bilderatlas.files import PROJECTIONS, read_embeddings, write_table


def check_all(paths):
    """Refuse embeddings that are not finite before hours are spent on the others.

    Raises:
        InputError: names every file at fault.
    """
    wrong = []
    for path in paths:
        try:
            check_values(read_embeddings(path).values)
        except InputError as error:
            wrong.append(f"{path}: {error}")
    if wrong:
        raise InputError(" ".join(wrong))


class _Kept(logging.Handler):
    """Keeps what was logged: a worker process has no log file of its own."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.sentences = []

    def emit(self, record):
        self.sentences.append(record.getMessage())


def projected(source, seed):
    """The projections of one experiment, and the warnings that were logged on the way."""
    kept = _Kept()
    log = logging.getLogger("bilderatlas")
    log.addHandler(kept)
    log.propagate = False  # main says it, with the name of the file
    try:
        return projection_table(read_embeddings(source), seed), kept.sentences
    finally:
        log.removeHandler(kept)
        log.propagate = True


def main(snakemake):
    sources = list(snakemake.input.embeddings)
    check_all(sources)
    # each worker loads and compiles the libraries once and then does several experiments
    tables = Parallel(n_jobs=min(snakemake.threads, len(sources)), return_as="generator")(
        delayed(projected)(source, snakemake.params.seed) for source in sources
    )
    pairs = zip(sources, snakemake.output, tables, strict=True)
    for source, target, (table, warned) in job.progress(pairs, "projecting", len(sources)):
        for sentence in warned:
            job.log.warning("%s: %s", source, sentence)
        job.log.info("projected %s", source)
        write_table(table, target, PROJECTIONS)


if "snakemake" in globals():
    job.run(snakemake, main)
