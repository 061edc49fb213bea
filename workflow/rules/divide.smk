"""Divide: groups are what must not be torn apart; splits are made once and read by all.

In: manifest, catalogue, pairs of prints. Out: ``results/{collection}/groups.csv``,
``splits/{split}.csv``. A split outlives its results: pictures that come later are ``new``.
"""


rule group_collection:
    input:
        catalogue="results/{collection}/catalogue.csv",
        duplicates="results/{collection}/duplicates.csv",
    output:
        groups="results/{collection}/groups.csv",
    log:
        "logs/group_collection/{collection}.log",
    # a training on the group split waits for it
    priority: 3
    resources:
        mem_mb=500,
        runtime=10,
    params:
        largest=SETTINGS["divide"]["largest_group"],
        code=digests.code_digest(
            "group_collection.py",
            "bilderatlas/collection/groups.py",
            "bilderatlas/collection/negatives.py",
        ),
    message:
        "Group what must not be torn apart in {wildcards.collection}"
    script:
        "../scripts/group_collection.py"


def split_sources(wildcards):
    """A split needs the list of pictures; only the group split needs the groups as well."""
    sources = {"manifest": manifest(wildcards)}
    if wildcards.split == "group":
        sources["groups"] = f"results/{wildcards.collection}/groups.csv"
    return sources


def drawn_from(wildcards):
    """What a collection is made from: where it is drawn here, another one has other pictures."""
    entry = COLLECTIONS[wildcards.collection]
    if entry["path"] is None and entry["source"] in ("specimen", "other_world"):
        return {key: entry.get(key) for key in ("source", "seed", "count")}
    return {"source": entry["source"]}


rule split_collection:
    input:
        unpack(split_sources),
    output:
        split="results/{collection}/splits/{split}.csv",
    log:
        "logs/split_collection/{collection}-{split}.log",
    # as the packs: trainings wait for it
    priority: 3
    resources:
        mem_mb=500,
        runtime=10,
    params:
        train=SETTINGS["divide"]["train"],
        seed=SETTINGS["divide"]["seed"],
        source=drawn_from,
        joined_by="prints, title and date",
        # undeclared: who is in which part outlives its results
        kept="resources/{collection}/splits/{split}.csv",
        code=digests.code_digest(
            "split_collection.py",
            "bilderatlas/collection/splits.py",
            "bilderatlas/collection/earlier_split.py",
        ),
    message:
        "Split {wildcards.collection} ({wildcards.split})"
    script:
        "../scripts/split_collection.py"
