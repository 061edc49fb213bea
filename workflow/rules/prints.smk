"""Prints: which pictures are the same file, prints of one negative, variants, a series.

In: a grey pack, the manifest, the catalogue, and what people say
(``resources/{collection}/prints.csv``). Out: ``results/{collection}/matches.csv``, what was
measured of each pair that can be laid over each other, and ``duplicates.csv``, every pair that
belongs together. Nothing is deleted, nothing learned from the collection.
"""

PRINTS = SETTINGS["prints"]


def frozen_features(wildcards):
    """Features by a network that has learnt nothing from the collection, if settings name one."""
    name = PRINTS["frozen"]
    if name is None:
        return {}
    return {"frozen": f"results/{wildcards.collection}/features/{name}.h5"}


def frozen_memory(collection):
    """Megabytes of the features that propose pairs: in 32 bit, twice."""
    if PRINTS["frozen"] is None:
        return 0
    width = features.width(SETTINGS["features"]["backbones"][PRINTS["frozen"]])
    return 2 * 4 * width * collection_size(collection) // 10**6


def print_threads(wildcards):
    """Cores for the prints of a collection.

    A small one takes a single core: where there are two, two are seldom free at once while models
    train, and what waits for groups would wait to the end.
    """
    size = collection_size(wildcards.collection)
    return 8 if many_pictures(wildcards.collection) else 2 if size > 1000 else 1


rule find_prints:
    input:
        unpack(frozen_features),
        manifest=manifest,
        pack=f"results/{{collection}}/pack/grey-{PRINTS['side']}.h5",
    output:
        "results/{collection}/matches.csv",
    log:
        "logs/find_prints/{collection}.log",
    benchmark:
        "logs/find_prints/{collection}.tsv"
    # models on the split `group` wait for it
    priority: 3
    threads: print_threads
    resources:
        # words of local features, and their indexes, are held in memory: some 125 kB a picture
        mem_mb=lambda wildcards: 1500
        + collection_size(wildcards.collection) // 8
        + frozen_memory(wildcards.collection),
        runtime=lambda wildcards: 60 + collection_size(wildcards.collection) // 60,
    params:
        points=PRINTS["points"],
        # undeclared: what was measured of a picture or a pair outlives its results
        kept="resources/{collection}/prints",
        code=digests.code_digest(
            "find_prints.py",
            "bilderatlas/collection/crops/crop.py",
            "bilderatlas/collection/prints",
            "bilderatlas/data/pack.py",
            "bilderatlas/feature_files.py",
            "bilderatlas/files.py",
            "bilderatlas/kept.py",
        ),
    message:
        "Find prints of one negative in {wildcards.collection}"
    script:
        "../scripts/find_prints.py"


def said_by_people(wildcards):
    """The decisions of people on pairs, where there are any."""
    path = f"resources/{wildcards.collection}/prints.csv"
    return path if Path(path).exists() else []


rule list_duplicates:
    input:
        matches="results/{collection}/matches.csv",
        catalogue="results/{collection}/catalogue.csv",
        said=said_by_people,
    output:
        "results/{collection}/duplicates.csv",
    log:
        "logs/list_duplicates/{collection}.log",
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        decisions="resources/{collection}/prints.csv",
        code=digests.code_digest(
            "list_duplicates.py",
            "bilderatlas/collection/prints",
            "bilderatlas/collection/groups.py",
            "bilderatlas/collection/negatives.py",
            "bilderatlas/collection/records.py",
            "bilderatlas/files.py",
        ),
    message:
        "List what belongs together in {wildcards.collection}"
    script:
        "../scripts/list_duplicates.py"
