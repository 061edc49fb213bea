"""Worklist: what the prints of one negative tell a registrar, and a split.

In: catalogue, ``duplicates.csv``, splits, orientation, the pack. Out:
``results/{collection}/leaks.csv`` and ``leaks.md``, ``worklist.csv`` and its pages ``worklist``,
and ``figures/prints``, a sheet a negative.
"""

LEAKING = ("published", "random", "group")


rule list_leaks:
    input:
        catalogue="results/{collection}/catalogue.csv",
        duplicates="results/{collection}/duplicates.csv",
        splits=expand("results/{{collection}}/splits/{split}.csv", split=LEAKING),
    output:
        leaks="results/{collection}/leaks.csv",
        text=report(
            "results/{collection}/leaks.md",
            caption="../report/leaks.rst",
            category="Numbers",
            subcategory="{collection}",
            labels={"what": "leaks between training and test"},
        ),
    log:
        "logs/list_leaks/{collection}.log",
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        title=lambda wildcards: title_of(wildcards.collection),
        language=LANGUAGE,
        code=digests.code_digest(
            "list_leaks.py",
            "bilderatlas/analysis/leaks.py",
            "bilderatlas/collection/groups.py",
            "bilderatlas/collection/negatives.py",
            "bilderatlas/show/leaks_page.py",
            "bilderatlas/show/labels.py",
            "bilderatlas/show/labels.csv",
            "bilderatlas/show/markdown.py",
            "bilderatlas/files.py",
        ),
    message:
        "Count the leaks between training and test in {wildcards.collection}"
    script:
        "../scripts/list_leaks.py"


rule list_worklist:
    input:
        catalogue="results/{collection}/catalogue.csv",
        duplicates="results/{collection}/duplicates.csv",
        orientation="results/{collection}/orientation.csv",
        pack=f"results/{{collection}}/pack/grey-{SIDE}.h5",
    output:
        "results/{collection}/worklist.csv",
    log:
        "logs/list_worklist/{collection}.log",
    resources:
        mem_mb=lambda wildcards: 1000 + 2 * pack_memory(wildcards.collection, "grey"),
        runtime=20,
    params:
        uncertain=SETTINGS["worklist"]["uncertain"],
        recipe=digests.recipe_version("learn/pixels"),
        code=digests.code_digest(
            "list_worklist.py",
            "bilderatlas/analysis/neighbours.py",
            "bilderatlas/analysis/ordering.py",
            "bilderatlas/analysis/quick.py",
            "bilderatlas/analysis/worklist.py",
            "bilderatlas/collection/crops/crop.py",
            "bilderatlas/collection/negatives.py",
            "bilderatlas/data/pack.py",
            "bilderatlas/learn/pixels.py",
            "bilderatlas/learn/__init__.py",
            "bilderatlas/files.py",
        ),
    message:
        "List what a registrar of {wildcards.collection} should look into"
    script:
        "../scripts/list_worklist.py"


rule draw_worklist:
    input:
        worklist="results/{collection}/worklist.csv",
        catalogue="results/{collection}/catalogue.csv",
        duplicates="results/{collection}/duplicates.csv",
        crops=frozen_crops,
    output:
        report(
            directory("results/{collection}/worklist"),
            htmlindex="index.html",
            caption="../report/worklist.rst",
            category="Catalogue",
            subcategory="{collection}",
            labels={"what": "worklist"},
        ),
    log:
        "logs/draw_worklist/{collection}.log",
    resources:
        mem_mb=1500,
        runtime=30,
    params:
        title=lambda wildcards: title_of(wildcards.collection),
        language=LANGUAGE,
        code=digests.code_digest("draw_worklist.py", *SHOW),
    message:
        "Draw the worklist of {wildcards.collection}"
    script:
        "../scripts/draw_worklist.py"


rule draw_negatives:
    input:
        catalogue="results/{collection}/catalogue.csv",
        duplicates="results/{collection}/duplicates.csv",
        crops=frozen_crops,
    output:
        report(
            directory("results/{collection}/figures/prints"),
            htmlindex="index.html",
            caption="../report/negatives.rst",
            category="Collection",
            subcategory="{collection}",
            labels={"what": "prints of one negative"},
        ),
    log:
        "logs/draw_negatives/{collection}.log",
    resources:
        mem_mb=1500,
        runtime=60,
    params:
        title=lambda wildcards: title_of(wildcards.collection),
        language=LANGUAGE,
        code=digests.code_digest("draw_negatives.py", *SHOW),
    message:
        "Draw the prints of each negative of {wildcards.collection}"
    script:
        "../scripts/draw_negatives.py"
