"""Features: what frozen networks see in each picture; several studies begin with them.

In: colour packs, weights, ``features.backbones`` in the settings. Out: ``results/{collection}/features/{backbone}.h5``,
one file a backbone. Nothing is learned from the collection, and nothing in ``all`` asks for them yet.
"""

BACKBONES = SETTINGS["features"]["backbones"]


wildcard_constraints:
    backbone=one_of(BACKBONES),


def feature_inputs(wildcards):
    """The colour pack of a collection, and a backbone's weights where there are any."""
    demand(wildcards.collection)
    # not every call names the features that it needs: prints.frozen asks for them as well
    if why := features.fault(SETTINGS, wildcards.backbone):
        raise WorkflowError(why)
    inputs = {"pack": f"results/{wildcards.collection}/pack/rgb-{SIDE}.h5"}
    weights = features.weights_file(SETTINGS, wildcards.backbone)
    return inputs if weights is None else inputs | {"weights": weights}


def feature_attributes(wildcards):
    """What a file of features says of itself, and what the script needs to know."""
    entry = BACKBONES[wildcards.backbone]
    asked = features.asked_weights(SETTINGS, wildcards.backbone)
    there = features.weights_file(SETTINGS, wildcards.backbone) is not None
    source = SETTINGS["weights"].get(asked, {}).get("source")
    said = {
        "collection": wildcards.collection,
        "backbone": wildcards.backbone,
        **{key: entry[key] for key in ("network", "layer", "size", "fit")},
        "weights": asked if there else "untrained",
        "asked": asked,
        "stand_in": there and source == "stand_in",
        "seed": SETTINGS["defaults"]["seed"],
    }
    return said | {
        "settings": digests.settings_digest(
            {**said, "store": entry["store"], "side": SIDE}
        )
    }


rule extract_features:
    input:
        unpack(feature_inputs),
    output:
        "results/{collection}/features/{backbone}.h5",
    log:
        "logs/extract_features/{collection}-{backbone}.log",
    benchmark:
        "logs/extract_features/{collection}-{backbone}.tsv"
    threads: 4
    resources:
        gpu=1,
        mem_mb=lambda wildcards: features.memory(BACKBONES[wildcards.backbone]),
        runtime=lambda wildcards: 60 + collection_size(wildcards.collection) // 60,
    params:
        attributes=feature_attributes,
        store=lambda wildcards: BACKBONES[wildcards.backbone]["store"],
        precision=lambda wildcards: features.precision(SETTINGS, wildcards.backbone),
        # undeclared: what was worked out of a picture outlives its results
        cache="resources/{collection}/features",
        device=wanted_device,
        recipe=digests.recipe_version("learn/features/extract"),
    message:
        "Extract features of {wildcards.collection} by {wildcards.backbone}"
    script:
        "../scripts/extract_features.py"
