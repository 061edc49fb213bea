"""Show: figures, sheets and the results page, generic, with captions from the catalogue.

In: neighbours, metrics, losses, catalogue, the original pictures. Out:
``results/{collection}/{study}/figures/…``, ``tables/results.md``, and on request
``docs/results-{collection}.md``.
"""

# what the pages and figures are drawn by: the package's show/ and all that it imports
SHOW = (
    "bilderatlas/show",
    "bilderatlas/analysis/clusters.py",
    "bilderatlas/analysis/sampled_kmeans.py",
    "bilderatlas/analysis/controls.py",
    "bilderatlas/analysis/knn.py",
    "bilderatlas/analysis/leaks.py",
    "bilderatlas/analysis/neighbours.py",
    "bilderatlas/analysis/ordering.py",
    "bilderatlas/analysis/quick.py",
    "bilderatlas/analysis/large_maps.py",
    "bilderatlas/analysis/projection.py",
    "bilderatlas/analysis/read_study.py",
    "bilderatlas/analysis/retrieval.py",
    "bilderatlas/analysis/verdicts.py",
    "bilderatlas/analysis/worklist.py",
    "bilderatlas/files.py",
    "bilderatlas/collection/crops/crop.py",
    "bilderatlas/collection/crops/frozen.py",
    "bilderatlas/collection/dates",
    "bilderatlas/collection/groups.py",
    "bilderatlas/collection/negatives.py",
)


def study_neighbours(wildcards):
    """The neighbour tables of the experiments on the default split.

    Rows on another split have another test part: their neighbours cannot stand under these.
    """
    return expand(
        "results/{{collection}}/{{study}}/{experiment}/neighbours.csv",
        experiment=[
            name
            for name in experiments_of(wildcards.collection)
            if SIMCLR[name]["split"] == SETTINGS["defaults"]["split"]
        ],
    )


def default_split(wildcards):
    """The split that a study's figures take their test part from."""
    return f"results/{wildcards.collection}/splits/{SETTINGS['defaults']['split']}.csv"


rule draw_neighbours:
    input:
        neighbours=study_neighbours,
        catalogue="results/{collection}/catalogue.csv",
        split=default_split,
        crops=frozen_crops,
    output:
        report(
            directory("results/{collection}/{study}/figures/neighbours"),
            patterns=["{name}.png"],
            caption="../report/neighbours.rst",
            category="Neighbours",
            subcategory="{collection}",
            labels={"query": "{name}"},
        ),
    log:
        "logs/draw_neighbours/{collection}-{study}.log",
    benchmark:
        "logs/draw_neighbours/{collection}-{study}.tsv"
    resources:
        mem_mb=2000,
        runtime=60,
    params:
        labels=labels(),
        language=LANGUAGE,
        shown=SETTINGS["simclr"]["neighbours"]["shown"],
        queries=SETTINGS["simclr"]["neighbours"]["queries"],
        seeded=SETTINGS["simclr"]["neighbours"]["seeded"],
        seed=SETTINGS["defaults"]["seed"],
        code=digests.code_digest("draw_neighbours.py", *SHOW),
    message:
        "Draw the neighbours, all experiments under each other"
    script:
        "../scripts/draw_neighbours.py"


rule draw_test_sheet:
    input:
        catalogue="results/{collection}/catalogue.csv",
        split=default_split,
        crops=frozen_crops,
    output:
        report(
            "results/{collection}/{study}/figures/test-sheet.png",
            caption="../report/test_sheet.rst",
            category="Collection",
            subcategory="{collection}",
            labels={"what": "all test pictures"},
        ),
    log:
        "logs/draw_test_sheet/{collection}-{study}.log",
    resources:
        mem_mb=2000,
        runtime=30,
    params:
        title=lambda wildcards: title_of(wildcards.collection),
        language=LANGUAGE,
        code=digests.code_digest("draw_test_sheet.py", *SHOW),
    message:
        "Draw the sheet of all test pictures of {wildcards.collection}"
    script:
        "../scripts/draw_test_sheet.py"


def experiments_of_all():
    """The experiments that `all` makes, on whatever collection."""
    return [name for collection in COLLECTIONS for name in experiments_of(collection)]


def chains_of(collection):
    """The chains of views that networks are trained with on a collection: pack's mode and size."""
    recipes = [
        RECIPES[phase.recipe]
        for name in experiments_of_all()
        if EXPERIMENT_LINEAGE[name]
        for phase in EXPERIMENT_LINEAGE[name].phases
        if phase.collection == collection
    ]
    return {
        recipe["views"]: {"mode": recipe["pack"], "size": trained_size(recipe)}
        for recipe in recipes
    }


def packs_of_views(wildcards):
    """The packs that a collection's chains of views start from."""
    modes = sorted(
        {chain["mode"] for chain in chains_of(wildcards.collection).values()}
    )
    return [f"results/{wildcards.collection}/pack/{mode}-{SIDE}.h5" for mode in modes]


rule draw_view_pairs:
    input:
        packs=packs_of_views,
        catalogue="results/{collection}/catalogue.csv",
        crops=frozen_crops,
    output:
        report(
            directory("results/{collection}/simclr/figures/views"),
            patterns=["{chain}.png"],
            caption="../report/views.rst",
            category="Training",
            subcategory="{collection}",
            labels={"views": "{chain}"},
        ),
    log:
        "logs/draw_view_pairs/{collection}.log",
    resources:
        mem_mb=lambda wildcards: 1500 + 4 * pack_memory(wildcards.collection, "grey"),
        runtime=20,
    params:
        chains=lambda wildcards: {
            chain: {"operations": SETTINGS["simclr"]["views"][chain], **how}
            for chain, how in chains_of(wildcards.collection).items()
        },
        seed=SETTINGS["defaults"]["seed"],
        title=lambda wildcards: title_of(wildcards.collection),
        language=LANGUAGE,
        code=digests.code_digest(
            "draw_view_pairs.py",
            *SHOW,
            "bilderatlas/views",
            "bilderatlas/data/pack.py",
        ),
    message:
        "Draw pairs of views of {wildcards.collection}"
    script:
        "../scripts/draw_view_pairs.py"


def study_lineages(collection):
    """The trained lineages behind the experiments on a collection, and in words which is which.

    A lineage that an experiment ends in is called as that experiment; one that is only passed
    through on the way (dew, before Zille) by its own name.
    """
    shown = experiments_of(collection)
    # the first row that ends in a lineage gives it its words
    ends = {
        EXPERIMENT_LINEAGE[n].name: n for n in reversed(shown) if EXPERIMENT_LINEAGE[n]
    }
    words = labels()
    return {
        step.name: (
            f"{ends[step.name]}: {words[ends[step.name]]}"
            if step.name in ends
            else step.name
        )
        for name in shown
        if EXPERIMENT_LINEAGE[name]
        for step in EXPERIMENT_LINEAGE[name].chain()
        if step.phases
    }


rule draw_losses:
    input:
        lambda wildcards: expand(
            "results/models/{lineage}/losses.csv",
            lineage=study_lineages(wildcards.collection),
        ),
    output:
        report(
            "results/{collection}/{study}/figures/losses.png",
            caption="../report/losses.rst",
            category="Training",
            subcategory="{collection}",
            labels={"what": "loss curves"},
        ),
    log:
        "logs/draw_losses/{collection}-{study}.log",
    resources:
        mem_mb=1500,
        runtime=10,
    params:
        words=lambda wildcards: study_lineages(wildcards.collection),
        language=LANGUAGE,
        code=digests.code_digest("draw_losses.py", *SHOW),
    message:
        "Draw the loss curves"
    script:
        "../scripts/draw_losses.py"
