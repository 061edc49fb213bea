"""Analyse: neighbours and numbers, generic, from result files and the catalogue.

In: ``embeddings.h5`` of a study's experiments, catalogue, projections, clusters. Out:
``neighbours.csv`` and ``metrics.csv`` an experiment, ``tables/metrics.csv``, ``technical.csv`` and
``claims.csv`` a study.
"""


rule find_neighbours:
    input:
        "results/{collection}/{study}/{experiment}/embeddings.h5",
    output:
        "results/{collection}/{study}/{experiment}/neighbours.csv",
    log:
        "logs/find_neighbours/{collection}-{study}-{experiment}.log",
    threads: lambda wildcards: study_threads(wildcards.collection)
    resources:
        mem_mb=lambda wildcards: study_memory(wildcards.collection, 2000),
        runtime=60,
    params:
        k=SETTINGS["simclr"]["neighbours"]["k"],
        code=digests.code_digest(
            "find_neighbours.py",
            "bilderatlas/analysis/read_study.py",
            "bilderatlas/analysis/neighbours.py",
            "bilderatlas/analysis/ordering.py",
            "bilderatlas/analysis/quick.py",
            "bilderatlas/files.py",
        ),
    message:
        "Find the neighbours of {wildcards.study} {wildcards.experiment} in {wildcards.collection}"
    script:
        "../scripts/find_neighbours.py"


def known_truth(collection):
    """What is known of a drawn collection beyond its records; nothing for a real one."""
    drawn = COLLECTIONS[collection]["source"] == "specimen"
    return f"resources/{collection}/truth.csv" if drawn else []


for studied in STUDIED:

    rule:
        name:
            f"measure_study_{studied}"
        input:
            embeddings=of_each(studied, "embeddings.h5"),
            catalogue=f"results/{studied}/catalogue.csv",
            duplicates=f"results/{studied}/duplicates.csv",
            truth=known_truth(studied),
        output:
            table=f"results/{studied}/simclr/tables/metrics.csv",
            rows=of_each(studied, "metrics.csv"),
        log:
            f"logs/measure_study/{studied}-simclr.log",
        benchmark:
            f"logs/measure_study/{studied}-simclr.tsv"
        threads: study_threads(studied)
        resources:
            mem_mb=study_memory(studied, 3000),
            runtime=240,
        params:
            study="simclr",
            collection=studied,
            seed=SETTINGS["defaults"]["seed"],
            code=digests.code_digest(
                "measure_study.py",
                "bilderatlas/analysis",
                "bilderatlas/collection/dates",
                "bilderatlas/collection/groups.py",
                "bilderatlas/collection/negatives.py",
                "bilderatlas/collection/names.py",
                "bilderatlas/files.py",
            ),
        message:
            f"Measure the experiments of simclr on {studied}"
        script:
            "../scripts/measure_study.py"


rule measure_technical:
    input:
        embeddings=study_files("embeddings.h5"),
        projections=study_files("projections.csv"),
        clusters=study_files("clusters.csv"),
        catalogue="results/{collection}/catalogue.csv",
        pack=f"results/{{collection}}/pack/grey-{SIDE}.h5",
        groups="results/{collection}/groups.csv",
    output:
        "results/{collection}/{study}/tables/technical.csv",
    log:
        "logs/measure_technical/{collection}-{study}.log",
    benchmark:
        "logs/measure_technical/{collection}-{study}.tsv"
    threads: lambda wildcards: study_threads(wildcards.collection)
    resources:
        mem_mb=lambda wildcards: study_memory(wildcards.collection, 3000),
        runtime=60,
    params:
        seed=SETTINGS["defaults"]["seed"],
        code=digests.code_digest(
            "measure_technical.py",
            "bilderatlas/analysis",
            "bilderatlas/collection/crops/crop.py",
            "bilderatlas/collection/groups.py",
            "bilderatlas/collection/negatives.py",
            "bilderatlas/data/pack.py",
            "bilderatlas/files.py",
        ),
    message:
        "Measure the technical side of {wildcards.study} on {wildcards.collection}"
    script:
        "../scripts/measure_technical.py"


rule check_claims:
    input:
        embeddings=study_files("embeddings.h5"),
        catalogue="results/{collection}/catalogue.csv",
        pack=f"results/{{collection}}/pack/grey-{SIDE}.h5",
    output:
        "results/{collection}/{study}/tables/claims.csv",
    log:
        "logs/check_claims/{collection}-{study}.log",
    wildcard_constraints:
        collection=one_of([ROLES["zille"]]),  # the study claims nothing of other collections
    resources:
        mem_mb=3000,
        runtime=30,
    params:
        seed=SETTINGS["defaults"]["seed"],
        roles=dict(ROLES),
        dew_is_dew=COLLECTIONS[ROLES["dew"]]["source"] == "dew",
        code=digests.code_digest(
            "check_claims.py",
            "bilderatlas/analysis",
            "bilderatlas/collection/crops/crop.py",
            "bilderatlas/collection/dates",
            "bilderatlas/collection/groups.py",
            "bilderatlas/collection/negatives.py",
            "bilderatlas/collection/names.py",
            "bilderatlas/data/pack.py",
            "bilderatlas/files.py",
        ),
    message:
        "Test what the published study claims on {wildcards.collection}"
    script:
        "../scripts/check_claims.py"
