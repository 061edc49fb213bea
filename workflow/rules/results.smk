"""Results: the numbers of a study in words, tables and one figure, written by rules.

In: the tables of a study, embeddings, catalogue. Out: ``figures/metrics.png``,
``tables/results.md`` and ``results.csv``, and on request ``docs/results-{collection}.md``.
"""


rule draw_metrics:
    input:
        "results/{collection}/{study}/tables/metrics.csv",
    output:
        report(
            "results/{collection}/{study}/figures/metrics.png",
            caption="../report/metrics.rst",
            category="Numbers",
            subcategory="{collection}",
            labels={"what": "metrics beside their controls"},
        ),
    log:
        "logs/draw_metrics/{collection}-{study}.log",
    resources:
        mem_mb=1500,
        runtime=10,
    params:
        labels=labels(),
        language=LANGUAGE,
        code=digests.code_digest("draw_metrics.py", *SHOW),
    message:
        "Draw the metrics beside their controls"
    script:
        "../scripts/draw_metrics.py"


def claims_of(wildcards):
    """The table of published claims, which are about the study's own collection alone."""
    if wildcards.collection != ROLES["zille"]:
        return []
    return f"results/{wildcards.collection}/{wildcards.study}/tables/claims.csv"


rule write_results_page:
    input:
        metrics="results/{collection}/{study}/tables/metrics.csv",
        embeddings=study_files("embeddings.h5"),
        catalogue="results/{collection}/catalogue.csv",
        duplicates="results/{collection}/duplicates.csv",
        matches="results/{collection}/matches.csv",
        leaks="results/{collection}/leaks.csv",
        claims=claims_of,
        technical="results/{collection}/{study}/tables/technical.csv",
    output:
        page=report(
            "results/{collection}/{study}/tables/results.md",
            caption="../report/results.rst",
            category="Numbers",
            subcategory="{collection}",
            labels={"what": "results page"},
        ),
        table="results/{collection}/{study}/tables/results.csv",
    log:
        "logs/write_results_page/{collection}-{study}.log",
    resources:
        mem_mb=1500,
        runtime=10,
    params:
        labels=labels(),
        left_out=LEFT_OUT,
        titles={name: title_of(name) for name in COLLECTIONS},
        description=lambda wildcards: COLLECTIONS[wildcards.collection]["note"],
        settings=digests.settings_digest(
            {
                key: value
                for key, value in SETTINGS.items()
                if key not in ("device", "download")
            }
        ),
        language=LANGUAGE,
        code=digests.code_digest("write_results_page.py", *SHOW),
    message:
        "Write the results page of {wildcards.study} on {wildcards.collection}"
    script:
        "../scripts/write_results_page.py"


# The committed page is asked for by name, so that a run never changes a tracked file by the way.
rule publish_results_page:
    input:
        page="results/{collection}/simclr/tables/results.md",
        table="results/{collection}/simclr/tables/results.csv",
    output:
        page="docs/results-{collection}.md",
        table="docs/results-{collection}.csv",
    log:
        "logs/publish_results_page/{collection}.log",
    resources:
        mem_mb=200,
        runtime=5,
    message:
        "Put the results page of {wildcards.collection} into docs/"
    shell:
        "cp {input.page} {output.page} 2> {log} && cp {input.table} {output.table} 2>> {log}"


def simclr_products(wildcards=None):
    """All that the study simclr makes of what is to be had."""
    made = []
    for collection in dict.fromkeys(map(embedded_collection, SIMCLR)):
        experiments = experiments_of(collection)
        if not experiments:
            continue
        base = f"results/{collection}/simclr"
        made += expand(f"{base}/{{experiment}}/neighbours.csv", experiment=experiments)
        made += [
            f"{base}/figures/neighbours",
            f"{base}/figures/test-sheet.png",
            f"{base}/figures/metrics.png",
            f"{base}/figures/clusters",
            f"{base}/figures/maps",
            f"{base}/figures/cluster-counts.png",
            f"{base}/figures/agreement.png",
            f"results/{collection}/orientation.csv",
            f"{base}/tables/metrics.csv",
            f"{base}/tables/results.md",
        ]
        if chains_of(collection):
            made.append(f"{base}/figures/views")
        if study_lineages(collection):
            made.append(f"{base}/figures/losses.png")
    return made + fetched_pictures()


rule simclr:
    input:
        simclr_products,
