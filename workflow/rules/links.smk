"""Links: pictures that records only link to, and IIIF manifests. Local rules, never on a node.

In: records with links, or the addresses of manifests. Out: ``resources/{collection}/manifest.csv``
and ``links.csv``, what became of every link; for IIIF also ``metadata.csv``, the records. Pictures
and the status of each lie in ``resources/{collection}/linked``, which no rule declares.
"""


localrules:
    read_iiif,
    fetch_links,


rule read_iiif:
    input:
        lambda wildcards: sources.local_manifests(COLLECTIONS[wildcards.collection]),
    output:
        records="resources/{collection}/metadata.csv",
        problems="resources/{collection}/metadata-problems.csv",
    log:
        "logs/read_iiif/{collection}.log",
    wildcard_constraints:
        collection=collections_from("iiif"),
    resources:
        mem_mb=1000,
        runtime=120,
    params:
        places=lambda wildcards: COLLECTIONS[wildcards.collection]["manifests"],
        columns=lambda wildcards: COLLECTIONS[wildcards.collection]["columns"],
        language=LANGUAGE,
        cache="resources/{collection}/manifests",
        download=download_settings,
    message:
        "Read the IIIF manifests of {wildcards.collection}"
    script:
        "../scripts/read_iiif.py"


def linking_records(wildcards):
    """The records that link to pictures.

    A file of the user's is `ancient`: not its date but the addresses in it decide, so that a
    corrected title packs no picture anew.
    """
    found = records_file(wildcards)
    if COLLECTIONS[wildcards.collection]["source"] == "links":
        return ancient(found)
    return found


def addresses(wildcards):
    """A digest of the addresses in the user's records; nothing for records that a rule wrote."""
    entry = COLLECTIONS[wildcards.collection]
    if entry["source"] != "links":
        return ""
    return sources.addresses_digest(*records.record_files(entry))


rule fetch_links:
    input:
        records=linking_records,
        lido=lambda wildcards: ancient(lido_map(wildcards)),
    output:
        manifest="resources/{collection}/manifest.csv",
        links="resources/{collection}/links.csv",
    log:
        "logs/fetch_links/{collection}.log",
    wildcard_constraints:
        collection=collections_from(*sources.LINKED),
    resources:
        mem_mb=3000,
        runtime=1440,
    params:
        kind=lambda wildcards: sources.records_kind(COLLECTIONS[wildcards.collection]),
        columns=lambda wildcards: COLLECTIONS[wildcards.collection]["columns"],
        lido=lambda wildcards: COLLECTIONS[wildcards.collection]["lido"],
        map=lambda wildcards: records.map_digest(lido_map(wildcards)),
        width=lambda wildcards: COLLECTIONS[wildcards.collection]["width"],
        unreadable=lambda wildcards: COLLECTIONS[wildcards.collection]["unreadable"],
        folder="resources/{collection}/linked",
        addresses=addresses,
        download=download_settings,
    message:
        "Fetch the linked pictures of {wildcards.collection}"
    script:
        "../scripts/fetch_links.py"
