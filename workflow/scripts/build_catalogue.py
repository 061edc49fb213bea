"""Bring the records of a collection and the list of its pictures together, a row a picture."""

from bilderatlas import job
from bilderatlas.collection import catalogue
from bilderatlas.collection.readers import READERS, Given
from bilderatlas.collection.records import Problems
from bilderatlas.files import CATALOGUE, MANIFEST, PROBLEMS, read_table, write_table


def main(snakemake):
    manifest = read_table(snakemake.input.manifest, MANIFEST)
    path = str(snakemake.input.get("records") or "")
    problems = Problems()
    records = READERS[snakemake.params.kind](
        Given(path, manifest, **snakemake.params.options), problems
    )
    source = path or snakemake.input.manifest
    table = catalogue.build_catalogue(records, manifest, source, problems)
    write_table(problems.frame(), snakemake.output.problems, PROBLEMS)
    write_table(table, snakemake.output.catalogue, CATALOGUE)
    job.log.info("%s: %d pictures. %s", source, len(table), catalogue.summary(problems))


if "snakemake" in globals():
    job.run(snakemake, main)
