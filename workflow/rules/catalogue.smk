"""Catalogue: any source becomes one CSV, a row a picture.

In: ``resources/{collection}/manifest.csv`` and the records. Out:
``results/{collection}/catalogue.csv`` and ``problems.csv``.
"""


rule build_catalogue:
    input:
        manifest=manifest,
        records=records_file,
    output:
        catalogue="results/{collection}/catalogue.csv",
        problems="results/{collection}/problems.csv",
    log:
        "logs/build_catalogue/{collection}.log",
    resources:
        mem_mb=1000,
        runtime=20,
    params:
        kind=lambda wildcards: COLLECTIONS[wildcards.collection]["records"],
        columns=lambda wildcards: COLLECTIONS[wildcards.collection]["columns"],
        code=digests.code_digest(
            "build_catalogue.py", "bilderatlas/collection", "bilderatlas/files.py"
        ),
    message:
        "Build the catalogue of {wildcards.collection}"
    script:
        "../scripts/build_catalogue.py"
