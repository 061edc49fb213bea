"""Catalogue: any source becomes one CSV, a row a picture.

In: ``resources/{collection}/manifest.csv`` and the records. Out:
``results/{collection}/catalogue.csv``, ``problems.csv`` and ``unmatched.csv``.
"""


def fetched_links(wildcards):
    """What became of the links, where the pictures were fetched by them."""
    entry = COLLECTIONS[wildcards.collection]
    if entry["path"] is None and entry["source"] in sources.LINKED:
        return f"resources/{wildcards.collection}/links.csv"
    return []


rule build_catalogue:
    input:
        manifest=manifest,
        records=records_file,
        links=fetched_links,
    output:
        catalogue="results/{collection}/catalogue.csv",
        problems="results/{collection}/problems.csv",
        unmatched="results/{collection}/unmatched.csv",
    log:
        "logs/build_catalogue/{collection}.log",
    resources:
        mem_mb=1000,
        runtime=20,
    params:
        kind=lambda wildcards: sources.records_kind(COLLECTIONS[wildcards.collection]),
        columns=lambda wildcards: COLLECTIONS[wildcards.collection]["columns"],
        code=digests.code_digest(
            "build_catalogue.py", "bilderatlas/collection", "bilderatlas/files.py"
        ),
    message:
        "Build the catalogue of {wildcards.collection}"
    script:
        "../scripts/build_catalogue.py"
