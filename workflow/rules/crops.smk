"""Crops: what of a scan is the photograph; colour cards, rulers and background are cut away.

In: manifest, catalogue, ``resources/{collection}/crops.csv`` (boxes drawn by hand). Out:
``results/{collection}/crop_proposals.csv``, its sheet, and ``crops.csv``, which packs and figures
obey. A collection without decisions and without the setting ``crops.accept`` has no ``crops.csv``.
"""

# those that are cropped in this run, see `crops.cropped`
CROPPED = {
    name
    for name, entry in COLLECTIONS.items()
    if crops.cropped(name, entry, sys.argv[1:])
}


def frozen_crops_of(collection):
    """The crops that a run uses; none for a collection that is not cropped."""
    return [crops.frozen_file(collection)] if collection in CROPPED else []


def frozen_crops(wildcards):
    """The crops of the wildcards' collection: one path, or nothing (a list of one stays a list)."""
    return crop_table(wildcards.collection) or []


def crop_table(collection):
    """The path of the crops that a run uses, or None."""
    return crops.frozen_file(collection) if collection in CROPPED else None


def drawn_boxes(wildcards):
    """The boxes that people drew. `ancient`: a click must not pack a collection anew."""
    path = crops.hand_file(wildcards.collection)
    return ancient(path) if Path(path).exists() else []


def accepted_proposals(wildcards):
    """The proposals, where the settings take them over by themselves."""
    if COLLECTIONS[wildcards.collection]["crops"]["accept"] is None:
        return []
    return ancient(f"results/{wildcards.collection}/crop_proposals.csv")


def proposed_crops(wildcards=None):
    """The proposals, and their sheet, of the collections whose settings ask for them."""
    made = ["crop_proposals.csv", "figures/crop-proposals.png"]
    names = [
        name
        for name, entry in COLLECTIONS.items()
        if entry["crops"]["propose"] and not unavailable(name)
    ]
    return expand("results/{collection}/{made}", collection=names, made=made)


rule propose_crops:
    input:
        manifest=manifest,
        catalogue="results/{collection}/catalogue.csv",
    output:
        proposals="results/{collection}/crop_proposals.csv",
        unreadable="results/{collection}/crop_proposals-unreadable.csv",
    log:
        "logs/propose_crops/{collection}.log",
    benchmark:
        "logs/propose_crops/{collection}.tsv"
    threads: lambda wildcards: 4 if collection_size(wildcards.collection) > 500 else 1
    resources:
        mem_mb=lambda wildcards, threads: 800 + 700 * threads,
        runtime=240,
    params:
        # undeclared: what was looked at once is not looked at again
        cache="resources/{collection}/crop-proposals.jsonl",
        recipe=digests.recipe_version("collection/crops/propose"),
        code=digests.code_digest(
            "propose_crops.py",
            "bilderatlas/collection/crops",
            "bilderatlas/collection/records.py",
            "bilderatlas/files.py",
        ),
    message:
        "Propose what of the scans of {wildcards.collection} is the photograph"
    script:
        "../scripts/propose_crops.py"


# No digest of code: all models hang on it. Proposals are `ancient` too, so that a better way to find
# them, or a new picture, moves no box that models were trained with.
rule freeze_crops:
    input:
        manifest=lambda wildcards: ancient(manifest(wildcards)),
        boxes=drawn_boxes,
        proposals=accepted_proposals,
    output:
        "results/{collection}/crops.csv",
    log:
        "logs/freeze_crops/{collection}.log",
    resources:
        mem_mb=1000,
        runtime=20,
    params:
        accept=lambda wildcards: COLLECTIONS[wildcards.collection]["crops"]["accept"],
        # undeclared: it outlives a freezing that fails, see `crops.kept_file`
        kept=lambda wildcards: crops.kept_file(wildcards.collection),
        recipe=digests.recipe_version("collection/crops/freeze"),
    message:
        "Freeze the crops of {wildcards.collection}: what this and later runs use"
    script:
        "../scripts/freeze_crops.py"
