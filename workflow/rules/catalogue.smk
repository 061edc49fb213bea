"""Catalogue: any source becomes one CSV, a row a picture.

In: ``resources/{collection}/manifest.csv`` and the records. Out:
``results/{collection}/catalogue.csv``, ``problems.csv`` and ``unmatched.csv``; ``records.csv`` with
``records-problems.csv``, which need no picture; ``orientation.csv``, where record and pixels disagree
about which side is up; on request ``connections.csv``.
"""


def lido_map(wildcards):
    """Where LIDO's fields are found; nothing for records of another kind."""
    kind = sources.records_kind(COLLECTIONS[wildcards.collection])
    return records.MAP if kind == "lido" else []


def reader_options(collection):
    """What the settings tell the reader of a collection's records."""
    entry = COLLECTIONS[collection]
    told = {name: entry[name] for name in ("columns", "until", "class_is", "lido")}
    return told | {
        "folder": entry["path"] or f"resources/{collection}",
        "validate": records.schema_path(entry),
    }


def fetched_links(wildcards):
    """What became of the links, where the pictures were fetched by them."""
    entry = COLLECTIONS[wildcards.collection]
    if entry["path"] is None and entry["source"] in sources.LINKED:
        return f"resources/{wildcards.collection}/links.csv"
    return []


def pictures_of_records(wildcards):
    """The list of pictures, for kinds of records that are made of it."""
    kind = sources.records_kind(COLLECTIONS[wildcards.collection])
    return manifest(wildcards) if kind in records.OF_PICTURES else []


rule list_records:
    input:
        manifest=pictures_of_records,
        records=records_file,
        lido=lido_map,
    output:
        records="results/{collection}/records.csv",
        problems="results/{collection}/records-problems.csv",
    log:
        "logs/list_records/{collection}.log",
    resources:
        mem_mb=1000,
        runtime=20,
    params:
        kind=lambda wildcards: sources.records_kind(COLLECTIONS[wildcards.collection]),
        options=lambda wildcards: reader_options(wildcards.collection),
        fill=lambda wildcards: COLLECTIONS[wildcards.collection]["fill"],
        code=digests.code_digest(
            "list_records.py", "bilderatlas/collection", "bilderatlas/files.py"
        ),
    message:
        "List the records of {wildcards.collection}"
    script:
        "../scripts/list_records.py"


rule build_catalogue:
    input:
        manifest=manifest,
        records=records_file,
        lido=lido_map,
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
        options=lambda wildcards: reader_options(wildcards.collection),
        fill=lambda wildcards: COLLECTIONS[wildcards.collection]["fill"],
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
        crops=frozen_crops,
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
            "bilderatlas/collection/crops/crop.py",
            "bilderatlas/collection/crops/frozen.py",
            "bilderatlas/files.py",
        ),
    message:
        "List the pictures of {wildcards.collection} that lie otherwise than their record says"
    script:
        "../scripts/check_orientation.py"


def connections_file(wildcards):
    """The table of connections between a collection's pictures."""
    path = COLLECTIONS[wildcards.collection]["connections"]
    if path is None:
        raise WorkflowError(
            f"The collection {wildcards.collection} has no connections: name their table in the"
            f" configuration under collections.{wildcards.collection}.connections."
        )
    return path


rule read_connections:
    input:
        connections=connections_file,
        manifest=manifest,
    output:
        connections="results/{collection}/connections.csv",
        problems="results/{collection}/connections-problems.csv",
    log:
        "logs/read_connections/{collection}.log",
    resources:
        mem_mb=500,
        runtime=10,
    params:
        layout=lambda wildcards: COLLECTIONS[wildcards.collection]["connections_layout"],
        code=digests.code_digest(
            "read_connections.py",
            "bilderatlas/collection/connections.py",
            "bilderatlas/collection/records.py",
            "bilderatlas/files.py",
        ),
    message:
        "Read the connections between the pictures of {wildcards.collection}"
    script:
        "../scripts/read_connections.py"
