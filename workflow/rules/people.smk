"""People: tables for those who keep the catalogue, not for further rules.

In: the catalogue. Out: ``results/{collection}/changes.csv`` and ``changes.md``, and
``withheld.csv``, what is kept from the public; on request ``spreadsheet/*.csv``.
"""

# table of ours -> its copy for a spreadsheet program
SPREADSHEETS = {
    "catalogue": "results/{collection}/catalogue.csv",
    "records": "results/{collection}/records.csv",
    "problems": "results/{collection}/problems.csv",
    "unmatched": "results/{collection}/unmatched.csv",
    "orientation": "results/{collection}/orientation.csv",
    "changes": "results/{collection}/changes.csv",
    "withheld": "results/{collection}/withheld.csv",
    "leaks": "results/{collection}/leaks.csv",
    "worklist": "results/{collection}/worklist.csv",
    "metrics": "results/{collection}/simclr/tables/metrics.csv",
}


rule list_changes:
    input:
        catalogue="results/{collection}/catalogue.csv",
    output:
        changes="results/{collection}/changes.csv",
        text=report(
            "results/{collection}/changes.md",
            caption="../report/changes.rst",
            category="Catalogue",
            subcategory="{collection}",
            labels={"what": "what has changed"},
        ),
    log:
        "logs/list_changes/{collection}.log",
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        # undeclared: the catalogue before this one outlives its results
        kept="resources/{collection}/changes",
        title=lambda wildcards: title_of(wildcards.collection),
        language=LANGUAGE,
        code=digests.code_digest(
            "list_changes.py",
            "bilderatlas/collection/changes.py",
            "bilderatlas/show/changes_page.py",
            "bilderatlas/show/labels.py",
            "bilderatlas/show/labels.csv",
            "bilderatlas/show/markdown.py",
            "bilderatlas/files.py",
        ),
    message:
        "List what has changed in {wildcards.collection}"
    script:
        "../scripts/list_changes.py"


rule list_withheld:
    input:
        catalogue="results/{collection}/catalogue.csv",
    output:
        "results/{collection}/withheld.csv",
    log:
        "logs/list_withheld/{collection}.log",
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        rights=SETTINGS["rights"],
        code=digests.code_digest(
            "list_withheld.py",
            "bilderatlas/collection/publishable.py",
            "bilderatlas/collection/rights.py",
            "bilderatlas/files.py",
        ),
    message:
        "List what of {wildcards.collection} is kept from the public"
    script:
        "../scripts/list_withheld.py"


def copied_table(wildcards):
    """The table that a copy is made of."""
    return SPREADSHEETS[wildcards.table].format(collection=wildcards.collection)


rule copy_to_spreadsheet:
    input:
        copied_table,
    output:
        "results/{collection}/spreadsheet/{table}.csv",
    log:
        "logs/copy_to_spreadsheet/{collection}-{table}.log",
    wildcard_constraints:
        table=one_of(SPREADSHEETS),
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        code=digests.code_digest(
            "copy_to_spreadsheet.py",
            "bilderatlas/collection/spreadsheet.py",
            "bilderatlas/files.py",
        ),
    message:
        "Copy {wildcards.table} of {wildcards.collection} for a spreadsheet program"
    script:
        "../scripts/copy_to_spreadsheet.py"


def products_for_people(wildcards=None):
    """The tables for people of every collection that some experiment embeds."""
    embedded = dict.fromkeys(map(embedded_collection, SIMCLR))
    names = [name for name in embedded if experiments_of(name)]
    made = ["records.csv", "changes.md", "withheld.csv"]
    made += ["leaks.md", "worklist", "figures/prints"]
    if SETTINGS["tables"]["spreadsheet"]:
        made += [f"spreadsheet/{table}.csv" for table in SPREADSHEETS]
    return expand("results/{collection}/{made}", collection=names, made=made)
