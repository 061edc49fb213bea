"""Project the experiments of a study to two and three dimensions: PCA, t-SNE, UMAP."""

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


def main(snakemake):
    sources = list(snakemake.input.embeddings)
    check_all(sources)
    pairs = list(zip(sources, snakemake.output, strict=True))
    for source, target in job.progress(pairs, "projecting"):
        job.log.info("projecting %s", source)
        table = projection_table(read_embeddings(source), snakemake.params.seed)
        write_table(table, target, PROJECTIONS)


if "snakemake" in globals():
    job.run(snakemake, main)
