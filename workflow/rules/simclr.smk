"""Study simclr: nine experiments of contrastive learning, their variants, and the pixel control.

In: packs, splits, weights, config/studies/simclr.csv. Out: ``results/models/{lineage}/model.ckpt``
and ``results/{collection}/simclr/{experiment}/embeddings.h5``. Experiments with the same lineage
share the model.
"""

SHORT_TRAINING = 6000  # picture reads


def trained_by(fine):
    """A wildcard constraint: the lineages whose last phase is a training (or fine-tuning)."""
    return one_of(
        name
        for name, made in LINEAGES.items()
        if made.phases and made.phases[-1].fine == fine
    )


def initial_weights(wildcards):
    """The pretrained weights of an initialisation; nothing for an untrained one."""
    weights = LINEAGES[wildcards.lineage].weights
    return [] if weights == "untrained" else f"resources/weights/{weights}.pt"


def phase_inputs(wildcards):
    """Parent model, pack, split and list of pictures of a lineage's last phase.

    Pack, split and list are `ancient`: not their date but what they say about the training part
    decides about a new training (see ``training_list``). Crops are no input: the pack waits for
    them, and a first crop, of a test picture say, would change the set of inputs and so train.
    """
    made = LINEAGES[wildcards.lineage]
    phase = made.phases[-1]
    demand(phase.collection)
    mode = RECIPES[phase.recipe]["pack"]
    return {
        "parent": f"results/models/{made.parent.name}/model.ckpt",
        "pack": ancient(f"results/{phase.collection}/pack/{mode}-{SIDE}.h5"),
        "split": ancient(f"results/{phase.collection}/splits/{made.split}.csv"),
        "manifest": ancient(f"resources/{phase.collection}/manifest.csv"),
    }


def training_list(wildcards):
    """A digest of the pictures of the training part, of their bytes and of their crops.

    Snakemake does not record a param whose function takes `input`, so the paths are built anew. A
    split or manifest that is not there yet makes the digest wait for it. First crops that are not
    frozen yet are none: it is asked again when the training starts, after they are.
    """
    made = LINEAGES[wildcards.lineage]
    collection = made.phases[-1].collection
    frozen = crop_table(collection)
    return digests.training_list_digest(
        f"results/{collection}/splits/{made.split}.csv",
        f"resources/{collection}/manifest.csv",
        frozen if frozen and Path(frozen).exists() else None,
    )


def of_collection(values, collection):
    """A setting that has a default and other values for some collections."""
    return values.get(collection, values["default"])


def trained_size(recipe):
    """The side in pixels of the views that a recipe trains with."""
    return recipe.get("size", SETTINGS["simclr"]["size"])


def cost_of_due_jobs(jobs):
    """What the jobs that are due will cost, in one sentence; empty where it is little.

    Told of: trainings, features of frozen networks, and weights of networks other than ResNet18.
    """
    by_rule = {}
    for job in jobs:
        by_rule.setdefault(job.rule.name, []).append(job.wildcards)
    phases = []
    for wildcards in by_rule.get("train_simclr", []) + by_rule.get(
        "finetune_simclr", []
    ):
        phase = LINEAGES[wildcards.lineage].phases[-1]
        recipe = RECIPES[phase.recipe]
        block = recipe["fine_tuning" if phase.fine else "training"]
        epochs = of_collection(block["epochs"], phase.collection)
        phases.append((phase.collection, epochs, trained_size(recipe)))
    networks = [
        found.network
        for found in by_rule.get("fetch_network_weights", [])
        if found.network not in SETTINGS["weights"][found.weights]["paths"]
    ]
    extractions = [
        (found.collection, features.row_bytes(BACKBONES[found.backbone]))
        for found in by_rule.get("extract_features", [])
    ]
    if not (phases or networks or extractions):
        return ""
    packs = [
        (found.collection, found.mode) for found in by_rule.get("pack_pictures", [])
    ]
    fetched = [found.collection for found in by_rule.get("fetch_zille", [])]
    named = {found.collection for found in by_rule.get("fetch_dew_shard", [])}
    by_address = sum(
        downloads.megabytes(COLLECTIONS[name], SETTINGS["download"]) for name in named
    )
    share = SETTINGS["divide"]["train"]
    weights = any(
        SETTINGS["weights"][found.weights]["path"] is None
        for found in by_rule.get("fetch_weights", [])
    )
    return cost.sentence(
        phases,
        packs,
        COLLECTIONS,
        share,
        fetched,
        weights,
        by_address,
        networks,
        extractions,
    )


def training_threads(wildcards):
    """Cores for a training: the longer it is, the more it gains from them.

    A short one is mostly start-up, which one core does alone: two of them side by side on two
    cores take a third less time than one after the other on both.
    """
    phase = LINEAGES[wildcards.lineage].phases[-1]
    block = RECIPES[phase.recipe]["fine_tuning" if phase.fine else "training"]
    epochs = of_collection(block["epochs"], phase.collection)
    reads = epochs * SETTINGS["divide"]["train"] * collection_size(phase.collection)
    return 1 if reads < SHORT_TRAINING else 4


def embedding_threads(wildcards):
    """Cores for an embedding: as for a training, a short one is mostly start-up."""
    return 4 if many_pictures(wildcards.collection) else 1


def wanted_device(wildcards, input):
    """Where networks run. It takes `input` so that it is not recorded: a device decides nothing."""
    return SETTINGS["device"]


def how_to_learn(wildcards, input):
    """Where pictures lie and whether networks are compiled: not recorded, so that no change trains.

    `compile` rounds otherwise; made_by.json says which it was.
    """
    return SETTINGS["learning"]


def training_memory(wildcards):
    """Megabytes: what the libraries take, the batch's activations, and the pack.

    Of pictures that are streamed a few batches are in memory, at most as large as squares. A CPU is
    assumed: the device is known only where the job runs. A GPU gets the pictures in pieces, and
    the pack's share is then asked for in vain.
    """
    phase = LINEAGES[wildcards.lineage].phases[-1]
    recipe = RECIPES[phase.recipe]
    block = recipe["fine_tuning" if phase.fine else "training"]
    batch = of_collection(block["batch_size"], phase.collection)
    pictures = pack_memory(phase.collection, recipe["pack"])
    if SETTINGS["learning"]["pictures"] == "streamed":
        channels = 3 if recipe["pack"] == "rgb" else 1
        streamed = 4 * batch * SIDE**2 * channels // 10**6 + 100
        pictures = min(pictures, streamed)
    return cost.LIBRARIES_MB + cost.BATCH_PICTURE_MB * batch + pictures


def phase_settings(wildcards):
    """All settings of a lineage's last phase, as the training script needs them."""
    made = LINEAGES[wildcards.lineage]
    phase = made.phases[-1]
    recipe = RECIPES[phase.recipe]
    block = recipe["fine_tuning" if phase.fine else "training"]

    return {
        "method": "simclr",
        "method_version": digests.recipe_version("learn/simclr"),
        "views_version": digests.recipe_version("views/chain"),
        "pack_version": digests.recipe_version("data/pack"),
        "pack": recipe["pack"],
        "collection": phase.collection,
        "phase": "fine_tuning" if phase.fine else "training",
        "backbone": recipe["backbone"],
        "views": SETTINGS["simclr"]["views"][recipe["views"]],
        "size": trained_size(recipe),
        "side": SIDE,
        "head": recipe["head"],
        "temperature": recipe["temperature"],
        "optimiser": recipe["optimiser"],
        "schedule": recipe["schedule"],
        "epochs": of_collection(block["epochs"], phase.collection),
        "batch_size": of_collection(block["batch_size"], phase.collection),
        "learning_rate": block["learning_rate"],
        "seed": made.seed,
        "split": made.split,
        "precision": SETTINGS["precision"],
        # not named where views go together: what was trained so before there was a choice stays
        **({"forward": "apart"} if recipe["forward"] == "apart" else {}),
    }


def trained_on_other_pictures():
    """The models whose list of training pictures has changed since they were trained.

    A list that changes during a run is seen by the next one, as lists are `ancient` inputs.
    """
    import json

    stale = []
    for name, made in LINEAGES.items():
        note = Path(f"results/models/{name}/made_by.json")
        if not made.phases or not note.exists():
            continue
        collection = made.phases[-1].collection
        split = f"results/{collection}/splits/{made.split}.csv"
        listed = f"resources/{collection}/manifest.csv"
        needed = [split, listed, *frozen_crops_of(collection)]
        if all(Path(path).exists() for path in needed):
            now = digests.training_list_digest(split, listed, crop_table(collection))
            if json.loads(note.read_text(encoding="utf-8"))["training_list"] != now:
                stale.append(name)
    return stale


def tell_stale_models():
    """Say which models the next call will train anew."""
    stale = trained_on_other_pictures()
    if stale:
        logger.warning(
            f"The training pictures of {', '.join(stale)} have changed in this run:"
            " run the same command again to train on them."
        )


rule initialise_model:
    input:
        weights=initial_weights,
    output:
        model="results/models/{lineage}/model.ckpt",
    log:
        "logs/initialise_model/{lineage}.log",
    wildcard_constraints:
        lineage=one_of(name for name, made in LINEAGES.items() if not made.phases),
    resources:
        mem_mb=1500,
        runtime=10,
    params:
        backbone="resnet18",
        fold=lambda wildcards: LINEAGES[wildcards.lineage].fold,
        seed=lambda wildcards: LINEAGES[wildcards.lineage].seed,
        recipe=digests.recipe_version("backbones"),
    message:
        "Initialise {wildcards.lineage}"
    script:
        "../scripts/initialise_model.py"


rule train_simclr:
    input:
        unpack(phase_inputs),
    output:
        model="results/models/{lineage}/model.ckpt",
        losses="results/models/{lineage}/losses.csv",
        made_by="results/models/{lineage}/made_by.json",
    log:
        "logs/train_simclr/{lineage}.log",
    benchmark:
        "logs/train_simclr/{lineage}.tsv"
    wildcard_constraints:
        lineage=trained_by(fine=False),
    # the longest jobs first: what is short fills the cores that they leave at the end
    priority: 2
    threads: training_threads
    resources:
        gpu=1,
        mem_mb=training_memory,
        runtime=720,
    params:
        settings=phase_settings,
        training_list=training_list,
        cache="results/models/{lineage}/unfinished",
        logs="results/models/{lineage}/tensorboard",
        device=wanted_device,
        learning=how_to_learn,
    message:
        "Train {wildcards.lineage}"
    script:
        "../scripts/train_simclr.py"


use rule train_simclr as finetune_simclr with:
    log:
        "logs/finetune_simclr/{lineage}.log",
    benchmark:
        "logs/finetune_simclr/{lineage}.tsv"
    wildcard_constraints:
        lineage=trained_by(fine=True),
    message:
        "Fine-tune {wildcards.lineage}"


def embedding_inputs(wildcards):
    """Model, pack and split of an experiment (`check_targets` has refused other collections)."""
    row = SIMCLR[wildcards.experiment]
    embedded = embedded_collection(wildcards.experiment)
    for collection in needed_collections(wildcards.experiment):
        demand(collection)
    inputs = {
        "pack": f"results/{embedded}/pack/grey-{SIDE}.h5",
        "split": f"results/{embedded}/splits/{row['split']}.csv",
    }
    made = EXPERIMENT_LINEAGE[wildcards.experiment]
    if made is not None:
        inputs["model"] = f"results/models/{made.name}/model.ckpt"
    inputs["manifest"] = f"resources/{embedded}/manifest.csv"
    inputs["crops"] = frozen_crops_of(embedded)
    return inputs


def training_list_now(wildcards, input):
    """The digest that a model trained on the embedded collection must carry; else empty.

    It takes `input`, so it is worked out when the split is there, and is not recorded.
    """
    made = EXPERIMENT_LINEAGE[wildcards.experiment]
    if not made.phases or made.phases[-1].collection != wildcards.collection:
        return ""
    return digests.training_list_digest(
        input.split, input.manifest, crop_table(wildcards.collection)
    )


def embedding_attributes(wildcards):
    """What an embeddings file says of itself."""
    row = SIMCLR[wildcards.experiment]
    made = EXPERIMENT_LINEAGE[wildcards.experiment]
    weights = SETTINGS["weights"].get(made.weights, {}) if made else {}
    recipe = {**RECIPES[row["recipe"]], "chain": RECIPES[row["recipe"]]["views"]}
    return {
        "study": "simclr",
        "experiment": wildcards.experiment,
        "collection": wildcards.collection,
        "lineage": made.name if made else "pixels",
        "split": row["split"],
        "seed": row["seed"],
        "stand_in": weights.get("source") == "stand_in",
        "whitened": "whiten" in recipe.get("embedding", {}),
        "settings": digests.settings_digest(
            {
                "row": {key: row[key] for key in row if not key.startswith("label")},
                "recipe": recipe,
                "views": SETTINGS["simclr"]["views"][recipe["views"]],
                "size": SETTINGS["simclr"]["size"],
                "side": SIDE,
            }
        ),
    }


def embedding_settings(wildcards):
    """The size of the pictures that are embedded, and how the embeddings are whitened, if at all."""
    recipe = RECIPES[SIMCLR[wildcards.experiment]["recipe"]]
    return {"size": SETTINGS["simclr"]["size"], **recipe.get("embedding", {})}


rule embed_simclr:
    input:
        unpack(embedding_inputs),
    output:
        "results/{collection}/simclr/{experiment}/embeddings.h5",
    log:
        "logs/embed_simclr/{collection}-{experiment}.log",
    benchmark:
        "logs/embed_simclr/{collection}-{experiment}.tsv"
    wildcard_constraints:
        experiment=one_of(n for n, made in EXPERIMENT_LINEAGE.items() if made),
    threads: embedding_threads
    resources:
        mem_mb=3000,
        runtime=60,
    params:
        attributes=embedding_attributes,
        training_list=training_list_now,
        how=embedding_settings,
        device=wanted_device,
        recipe=[
            digests.recipe_version(module)
            for module in (
                "learn/embed",
                "learn/whitening",
                "backbones",
                "views/chain",
            )
        ],
    message:
        "Embed {wildcards.collection} by experiment {wildcards.experiment}"
    script:
        "../scripts/embed_simclr.py"


rule embed_pixels:
    input:
        unpack(embedding_inputs),
    output:
        "results/{collection}/simclr/{experiment}/embeddings.h5",
    log:
        "logs/embed_pixels/{collection}-{experiment}.log",
    wildcard_constraints:
        experiment=one_of(n for n, made in EXPERIMENT_LINEAGE.items() if made is None),
    resources:
        mem_mb=1000,
        runtime=20,
    params:
        attributes=embedding_attributes,
        side=16,
        how=embedding_settings,
        recipe=[
            digests.recipe_version(module)
            for module in ("learn/pixels", "learn/whitening")
        ],
    message:
        "Embed {wildcards.collection} by its pixels, the control"
    script:
        "../scripts/embed_pixels.py"
