"""Catalogue: any source becomes one CSV, a row a picture.

In: ``resources/{collection}/manifest.csv`` and the records. Out:
``results/{collection}/catalogue.csv``, ``records.csv`` (a row a record, with pictures or
without) and ``problems.csv``.
"""


def lido_map(wildcards):
    """Where LIDO's fields are found; nothing for records of another kind."""
    is_lido = COLLECTIONS[wildcards.collection]["records"] == "lido"
    return records.MAP if is_lido else []


rule build_catalogue:
    input:
        manifest=manifest,
        records=records_file,
        lido=lido_map,
    output:
        catalogue="results/{collection}/catalogue.csv",
        records="results/{collection}/records.csv",
        problems="results/{collection}/problems.csv",
    log:
        "logs/build_catalogue/{collection}.log",
    resources:
        mem_mb=1000,
        runtime=20,
    params:
        kind=lambda wildcards: COLLECTIONS[wildcards.collection]["records"],
        columns=lambda wildcards: COLLECTIONS[wildcards.collection]["columns"],
        lido=lambda wildcards: COLLECTIONS[wildcards.collection]["lido"],
        validate=lambda wildcards: records.schema_path(
            COLLECTIONS[wildcards.collection]
        ),
        code=digests.code_digest(
            "build_catalogue.py", "bilderatlas/collection", "bilderatlas/files.py"
        ),
    message:
        "Build the catalogue of {wildcards.collection}"
    script:
        "../scripts/build_catalogue.py"
