"""Acquire dew: the pictures that a table names by address, fetched in shards. Local rules.

In: ``meta.csv`` of "Date Estimation in the Wild". Out: ``resources/{collection}/manifest.csv`` and
``metadata.csv``, and what became of the others. Pictures and status tables lie in undeclared
folders: a killed job loses nothing, and a rerun asks only for what is neither there nor dead.
"""


localrules:
    scatter_dew,
    fetch_dew_shard,
    gather_dew,


SHARDS = SETTINGS["download"]["shards"]


def shard_files(kind):
    """The files of all shards of a collection; the number is in their names, so it may change."""
    return [
        f"resources/{{collection}}/shards/{kind}-{shard}-of-{SHARDS}.csv"
        for shard in range(SHARDS)
    ]


def table_of_addresses(wildcards):
    """The ``meta.csv`` of a collection."""
    demand(wildcards.collection)
    return COLLECTIONS[wildcards.collection]["meta"]


def fetched_pictures(wildcards=None):
    """Figures of what became of the pictures, of each collection that `all` fetches by address."""
    needed = {
        name for shown in experiments_of_all() for name in needed_collections(shown)
    }
    return [
        f"results/{name}/figures/downloads.png"
        for name, entry in COLLECTIONS.items()
        if name in needed and entry["source"] == "dew" and entry["path"] is None
    ]


def downloads_due(jobs):
    """What fetching by address will cost, in one sentence; empty where none is due."""
    names = {
        job.wildcards.collection for job in jobs if job.rule.name == "fetch_dew_shard"
    }
    return downloads.sentence(sorted(names), COLLECTIONS, SETTINGS["download"])


rule scatter_dew:
    input:
        meta=table_of_addresses,
    output:
        shards=shard_files("rows"),
        left_out="resources/{collection}/left_out.csv",
    log:
        "logs/scatter_dew/{collection}.log",
    wildcard_constraints:
        collection=collections_from("dew"),
    resources:
        mem_mb=1000,
        runtime=30,
    params:
        until=lambda wildcards: COLLECTIONS[wildcards.collection]["until"],
        images="resources/{collection}/images",
        status="resources/{collection}/status",
        download=download_settings,
    message:
        "Share the addresses of {wildcards.collection} out, and ask for room"
    script:
        "../scripts/scatter_dew.py"


rule fetch_dew_shard:
    input:
        f"resources/{{collection}}/shards/rows-{{shard}}-of-{SHARDS}.csv",
    output:
        f"resources/{{collection}}/shards/fetched-{{shard}}-of-{SHARDS}.csv",
    log:
        "logs/fetch_dew_shard/{collection}-{shard}.log",
    wildcard_constraints:
        collection=collections_from("dew"),
        shard=r"\d+",
    resources:
        mem_mb=1500,
        runtime=1440,
    params:
        images="resources/{collection}/images",
        status="resources/{collection}/status",
        shards=SHARDS,
        download=download_settings,
    message:
        f"Fetch pictures of {{wildcards.collection}}, shard {{wildcards.shard}} of {SHARDS}"
    script:
        "../scripts/fetch_dew_shard.py"


rule gather_dew:
    input:
        shards=shard_files("rows"),
        fetched=shard_files("fetched"),
    output:
        manifest="resources/{collection}/manifest.csv",
        metadata="resources/{collection}/metadata.csv",
        summary="resources/{collection}/downloads.csv",
    log:
        "logs/gather_dew/{collection}.log",
    wildcard_constraints:
        collection=collections_from("dew"),
    resources:
        mem_mb=1500,
        runtime=30,
    params:
        images="resources/{collection}/images",
        status="resources/{collection}/status",
        placeholders=SETTINGS["download"]["placeholders"],
    message:
        "List the pictures of {wildcards.collection} that are there"
    script:
        "../scripts/gather_dew.py"


rule draw_downloads:
    input:
        "resources/{collection}/downloads.csv",
    output:
        report(
            "results/{collection}/figures/downloads.png",
            caption="../report/downloads.rst",
            category="Collection",
            subcategory="{collection}",
            labels={"what": "pictures fetched, by year and host"},
        ),
    log:
        "logs/draw_downloads/{collection}.log",
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        title=lambda wildcards: title_of(wildcards.collection),
        language=LANGUAGE,
        code=digests.code_digest(
            "draw_downloads.py", "bilderatlas/show", "bilderatlas/files.py"
        ),
    message:
        "Draw what became of the pictures of {wildcards.collection}"
    script:
        "../scripts/draw_downloads.py"
