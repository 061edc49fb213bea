"""List the records of a collection, a row a record, whether or not a picture belongs to it."""

from bilderatlas import job
from bilderatlas.collection import catalogue, readers
from bilderatlas.collection.records import Problems
from bilderatlas.files import MANIFEST, PROBLEMS, RECORDS, empty_table, read_table, write_table


def main(snakemake):
    listed = snakemake.input.get("manifest")
    manifest = read_table(listed, MANIFEST) if listed else empty_table(MANIFEST)
    problems = Problems()
    records, source = readers.read(snakemake.input, snakemake.params, manifest, problems)
    table = catalogue.describe_records(records, source, problems, snakemake.params.fill)
    write_table(problems.frame(), snakemake.output.problems, PROBLEMS)
    write_table(table, snakemake.output.records, RECORDS)
    alone = int((table["images"] == "").sum())
    told = catalogue.summary(problems)
    job.log.info("%s: %d records (%d that name no picture). %s", source, len(table), alone, told)


if "snakemake" in globals():
    job.run(snakemake, main)
