"""Catalogue: any source becomes one CSV, a row a picture.

In: ``resources/{collection}/manifest.csv`` and the records. Out:
``results/{collection}/catalogue.csv`` and ``problems.csv``; ``orientation.csv``, where record and
pixels disagree about which side is up.
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


rule check_orientation:
    input:
        manifest=manifest,
        catalogue="results/{collection}/catalogue.csv",
    output:
        "results/{collection}/orientation.csv",
    log:
        "logs/check_orientation/{collection}.log",
    resources:
        mem_mb=500,
        runtime=20,
    params:
        code=digests.code_digest(
            "check_orientation.py",
            "bilderatlas/collection/orientation.py",
            "bilderatlas/files.py",
        ),
    message:
        "List the pictures of {wildcards.collection} that lie otherwise than their record says"
    script:
        "../scripts/check_orientation.py"
