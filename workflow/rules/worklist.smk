"""Worklist: what the prints of one negative tell a registrar, and a split.

In: catalogue, ``duplicates.csv``, splits, orientation, the pack. Out:
``results/{collection}/leaks.csv`` and ``leaks.md``.
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
