"""What all rules share: checked settings, tables, lineages, wildcards, named input functions.

In: the configuration and the study tables. Out: ``SETTINGS``, ``SIMCLR`` (rows by experiment),
``LINEAGES`` (by name), and the functions that rules name as inputs and params. Nothing here
imports torch or the package: this file is read again in every job.
"""

import functools
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(workflow.basedir) / "workflow"))

from plan import (
    batches,
    cost,
    crops,
    digests,
    downloads,
    features,
    lineage,
    records,
    settings,
    sources,
    targets,
)
from snakemake.exceptions import WorkflowError


def stop(sentence):
    """End before any job starts, with one sentence and without lines of code around it."""
    logger.error(f"Bilderatlas cannot start: {sentence}")
    sys.exit(1)


try:
    SETTINGS = settings.check_settings(config)
    SIMCLR = settings.read_study(SETTINGS["simclr"]["table"], "simclr")
    RECIPES = {
        name: settings.resolve_like(SETTINGS["simclr"]["recipes"], name, "recipe")
        for name in SETTINGS["simclr"]["recipes"]
    }
    settings.check_crosswise(SETTINGS, SIMCLR, RECIPES)
    settings.check_paths(SETTINGS)
    sources.check_sources(SETTINGS)
    features.check_features(SETTINGS)
except settings.SettingsError as error:
    stop(error)

COLLECTIONS = SETTINGS["collections"]
ROLES = SETTINGS["simclr"]["roles"]
LANGUAGE = SETTINGS["language"]
SIDE = SETTINGS["pack"]["side"]


def experiment_lineage(row):
    """The lineage of an experiment; None for a control that has no model."""
    if row["initialisation"] == "pixels":
        return None
    return lineage.from_row(
        row,
        ROLES,
        RECIPES[row["recipe"]]["fold"],
        SETTINGS["defaults"]["split"],
        SETTINGS["defaults"]["seed"],
    )


EXPERIMENT_LINEAGE = {name: experiment_lineage(row) for name, row in SIMCLR.items()}
LINEAGES = {
    step.name: step
    for made in EXPERIMENT_LINEAGE.values()
    if made is not None
    for step in made.chain()
}


def unavailable(collection):
    """One sentence why a collection is not to be had, or None."""
    return sources.unavailable(collection, COLLECTIONS[collection])


def needed_collections(experiment):
    """The collections that an experiment is trained on or embeds."""
    made = EXPERIMENT_LINEAGE[experiment]
    trained = [phase.collection for phase in made.phases] if made else []
    return list(dict.fromkeys([*trained, embedded_collection(experiment)]))


def embedded_collection(experiment):
    """The collection whose pictures an experiment embeds."""
    return ROLES[SIMCLR[experiment]["embeddings"]]


def left_out():
    """Experiment by experiment, why it cannot be made; empty where it can."""
    reasons = {}
    for experiment in SIMCLR:
        row = SIMCLR[experiment]
        why = [
            *map(unavailable, needed_collections(experiment)),
            batches.too_large(row, SETTINGS, RECIPES[row["recipe"]], row["recipe"]),
        ]
        if any(why):
            reasons[experiment] = next(filter(None, why))
    return reasons


LEFT_OUT = left_out()


def experiments_of(collection):
    """The selected experiments that embed a collection and can be made, in the table's order."""
    selected = SETTINGS["simclr"]["selected"] or list(SIMCLR)
    return [
        name
        for name in SIMCLR
        if name in selected
        and name not in LEFT_OUT
        and embedded_collection(name) == collection
    ]


def demand(collection):
    """Raise one sentence if the collection is not to be had."""
    why = unavailable(collection)
    if why:
        raise WorkflowError(why)


def title_of(name):
    """What figures and pages call a collection or weights."""
    return (
        (COLLECTIONS | SETTINGS["weights"])[name].get("title", {}).get(LANGUAGE, name)
    )


def labels():
    """What each experiment is, in words."""
    words = {role: title_of(name) for role, name in ROLES.items()}
    return {
        name: row[f"label_{LANGUAGE}"].format(**words) for name, row in SIMCLR.items()
    }


@functools.cache
def collection_size(collection):
    """How many pictures a collection has, as far as can be told before it is there."""
    known = cost.pictures(COLLECTIONS[collection])
    return known or sources.count_rows(f"resources/{collection}/manifest.csv")


def many_pictures(collection):
    """Are they so many that a pass over them takes longer than the libraries take to load?"""
    return collection_size(collection) > 5000


def study_threads(collection):
    """Cores for what all pictures are compared in; one where that takes a moment."""
    return 4 if many_pictures(collection) else 1


def study_memory(collection, least):
    """Megabytes for the analysis of a collection: embeddings of 512 numbers, several times over."""
    return least + collection_size(collection) // 25


def pack_memory(collection, mode):
    """Megabytes of a collection's pack, which learning and embedding hold in memory."""
    per_picture = cost.GREY_PACK_MB * (3 if mode == "rgb" else 1)
    return int(collection_size(collection) * per_picture) + 100


def manifest(wildcards):
    """The list of a collection's pictures."""
    demand(wildcards.collection)
    return f"resources/{wildcards.collection}/manifest.csv"


def one_of(names):
    """A wildcard constraint that allows these names and no others."""
    return (
        "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
        or "(?!)"
    )


wildcard_constraints:
    collection=one_of(COLLECTIONS),
    experiment=one_of(SIMCLR),
    study="simclr",
    split="published|random|group",
    mode="grey|rgb",
    side=r"\d+",
    lineage=one_of(LINEAGES),


def check_targets(known):
    """Stop with one sentence at a target that cannot be made."""
    for target in sys.argv[1:]:
        if sentence := targets.fault(target, known):
            stop(sentence)


if workflow.is_main_process:
    # the targets are known to Snakemake only after parsing; a word of another option cannot look so
    check_targets(
        targets.Known(
            COLLECTIONS,
            SIMCLR,
            {
                name: [phase.collection for phase in made.phases]
                for name, made in LINEAGES.items()
            },
            {name: embedded_collection(name) for name in SIMCLR},
            LEFT_OUT,
            {
                name: features.fault(SETTINGS, name)
                for name in SETTINGS["features"]["backbones"]
            },
            features.files_not_had(SETTINGS),
        )
    )
    for sentence in dict.fromkeys(LEFT_OUT.values()):
        names = ", ".join(name for name, why in LEFT_OUT.items() if why == sentence)
        logger.warning(f"Left out: experiments {names} of simclr. {sentence}")
    for name in sources.without_role(SETTINGS):
        logger.warning(
            f"The collection {name} takes part in no experiment: simclr.roles says which collection is"
            " studied (zille: …) and which one is trained on first (dew: …)."
        )
    # not at the start of a run: where nothing else is due, there is none
    if waiting := crops.sentence(COLLECTIONS, sys.argv[1:]):
        logger.warning(waiting)
