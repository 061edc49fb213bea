"""Acquire: everything that touches the network, and the specimen. Local rules, never on a node.

In: the network, local folders, seeds. Out: ``resources/{collection}/manifest.csv`` (and the
records), ``resources/weights/*.pt``. The pictures themselves lie in undeclared folders, so that a
rerun or a killed job wipes none of them.
"""


localrules:
    fetch_zille,
    draw_specimen,
    draw_scans,
    draw_other_world,
    list_pictures,
    fetch_weights,
    fetch_network_weights,
    make_standin,


def collections_from(*sources):
    """A wildcard constraint: the collections that are acquired in one of these ways."""
    return one_of(
        name
        for name, entry in COLLECTIONS.items()
        if ("local" if entry["path"] is not None else entry["source"]) in sources
    )


def records_file(wildcards):
    """The files with a collection's records; none for pictures alone."""
    entry = COLLECTIONS[wildcards.collection]
    demand(wildcards.collection)
    if sources.records_kind(entry) in records.WITHOUT_FILE:
        return []
    if entry["path"] is not None or entry["source"] == "links":
        return records.record_files(entry)
    names = {"specimen": "lido.xml"}
    return (
        f"resources/{wildcards.collection}/{names.get(entry['source'], 'metadata.csv')}"
    )


def download_settings(wildcards, input):
    """How to download. It takes `input` so that it is not recorded: no picture changes with it."""
    return SETTINGS["download"]


rule fetch_zille:
    input:
        expected="config/collections/zille-pictures.csv",
    output:
        manifest="resources/{collection}/manifest.csv",
        metadata="resources/{collection}/metadata.csv",
    log:
        "logs/fetch_zille/{collection}.log",
    wildcard_constraints:
        collection=collections_from("zille"),
    retries: 2
    resources:
        mem_mb=1000,
        runtime=60,
    params:
        folder="resources/{collection}/images",
        download=download_settings,
    message:
        "Fetch the 624 Zille photographs (91 MB) at their pinned commit"
    script:
        "../scripts/fetch_zille.py"


def drawn_specimens(scans):
    """A wildcard constraint: the specimens that are drawn as photographs, or as scans of them."""
    return one_of(
        name
        for name, entry in COLLECTIONS.items()
        if entry["path"] is None
        and entry["source"] == "specimen"
        and entry["scans"] == scans
    )


rule draw_specimen:
    output:
        manifest="resources/{collection}/manifest.csv",
        records="resources/{collection}/lido.xml",
        truth="resources/{collection}/truth.csv",
    log:
        "logs/draw_specimen/{collection}.log",
    wildcard_constraints:
        collection=drawn_specimens(scans=False),
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        folder="resources/{collection}",
        seed=lambda wildcards: COLLECTIONS[wildcards.collection]["seed"],
        number=lambda wildcards: COLLECTIONS[wildcards.collection].get("count", 240),
        recipe=digests.recipe_version("collection/specimen/__init__"),
    message:
        "Draw the photographs of {wildcards.collection}"
    script:
        "../scripts/draw_specimen.py"


rule draw_scans:
    output:
        manifest="resources/{collection}/manifest.csv",
        records="resources/{collection}/lido.xml",
        truth="resources/{collection}/truth.csv",
        boxes="resources/{collection}/true-boxes.csv",
    log:
        "logs/draw_scans/{collection}.log",
    wildcard_constraints:
        collection=drawn_specimens(scans=True),
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        folder="resources/{collection}",
        seed=lambda wildcards: COLLECTIONS[wildcards.collection]["seed"],
        number=lambda wildcards: COLLECTIONS[wildcards.collection].get("count", 240),
        recipe=[
            digests.recipe_version(f"collection/specimen/{module}")
            for module in ("__init__", "scans")
        ],
    message:
        "Draw the scans of {wildcards.collection}"
    script:
        "../scripts/draw_scans.py"


rule draw_other_world:
    output:
        manifest="resources/{collection}/manifest.csv",
        metadata="resources/{collection}/metadata.csv",
    log:
        "logs/draw_other_world/{collection}.log",
    wildcard_constraints:
        collection=collections_from("other_world"),
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        folder="resources/{collection}",
        seed=lambda wildcards: COLLECTIONS[wildcards.collection]["seed"],
        number=lambda wildcards: COLLECTIONS[wildcards.collection].get("count", 600),
        recipe=digests.recipe_version("collection/specimen/__init__"),
    message:
        "Draw the pictures of {wildcards.collection}"
    script:
        "../scripts/draw_other_world.py"


rule list_pictures:
    output:
        manifest="resources/{collection}/manifest.csv",
    log:
        "logs/list_pictures/{collection}.log",
    wildcard_constraints:
        collection=collections_from("local"),
    resources:
        mem_mb=1000,
        runtime=30,
    params:
        folder=lambda wildcards: COLLECTIONS[wildcards.collection]["path"],
        # a picture added, changed or taken away makes the list anew
        state=lambda wildcards: digests.folder_digest(
            COLLECTIONS[wildcards.collection]["path"]
        ),
    message:
        "List the local pictures of {wildcards.collection}"
    script:
        "../scripts/list_pictures.py"


def local_weights(wildcards):
    """The local file of some weights; nothing where they are fetched."""
    path = SETTINGS["weights"][wildcards.weights]["path"]
    return [] if path is None else path


rule fetch_weights:
    input:
        local=local_weights,
    output:
        "resources/weights/{weights}.pt",
    log:
        "logs/fetch_weights/{weights}.log",
    wildcard_constraints:
        weights=one_of(
            name
            for name, entry in SETTINGS["weights"].items()
            if entry["source"] != "stand_in"
        ),
    retries: 2
    resources:
        mem_mb=1000,
        runtime=30,
    params:
        sha256=lambda wildcards: SETTINGS["weights"][wildcards.weights]["sha256"],
        cache="resources/weights/cache",
    message:
        "Fetch the weights {wildcards.weights}"
    script:
        "../scripts/fetch_weights.py"


def local_network_weights(wildcards):
    """The local file of some weights of a network other than ResNet18; nothing where fetched."""
    name, network = wildcards.weights, wildcards.network
    # else torchvision's would be fetched under the name of one's own
    if why := features.fault_of_weights(SETTINGS, name, network):
        raise WorkflowError(why)
    return SETTINGS["weights"][name]["paths"].get(network, [])


rule fetch_network_weights:
    input:
        local=local_network_weights,
    output:
        "resources/weights/{weights}-{network}.pt",
    log:
        "logs/fetch_weights/{weights}-{network}.log",
    wildcard_constraints:
        network=one_of(name for name in features.LAYERS if name != features.STUDIED),
        weights=one_of(
            name
            for name, entry in SETTINGS["weights"].items()
            if entry["source"] != "stand_in"
        ),
    retries: 2
    resources:
        mem_mb=2000,
        runtime=30,
    params:
        cache="resources/weights/cache",
    message:
        "Fetch the weights {wildcards.weights} of {wildcards.network}"
    script:
        "../scripts/fetch_network_weights.py"


rule make_standin:
    output:
        "resources/weights/{weights}.pt",
    log:
        "logs/make_standin/{weights}.log",
    benchmark:
        "logs/make_standin/{weights}.tsv"
    wildcard_constraints:
        weights=one_of(
            name
            for name, entry in SETTINGS["weights"].items()
            if entry["source"] == "stand_in"
        ),
    # half of all experiments wait for it
    priority: 4
    # one thread: the order of its sums, and so the weights, are the same on every machine
    threads: 1
    resources:
        mem_mb=3000,
        runtime=20,
    params:
        steps=lambda wildcards: SETTINGS["weights"][wildcards.weights]["steps"],
        seed=SETTINGS["defaults"]["seed"],
        recipe=digests.recipe_version("learn/standin"),
    message:
        "Make stand-in weights from generated pictures (they are not ImageNet's)"
    script:
        "../scripts/make_standin.py"
