"""Analyse: neighbours and metrics, generic, from result files and the catalogue.

In: ``embeddings.h5`` of a study's experiments, catalogue, splits. Out: ``neighbours.csv`` an
experiment, ``tables/metrics.csv`` a study.
"""


rule find_neighbours:
    input:
        "results/{collection}/{study}/{experiment}/embeddings.h5",
    output:
        "results/{collection}/{study}/{experiment}/neighbours.csv",
    log:
        "logs/find_neighbours/{collection}-{study}-{experiment}.log",
    resources:
        mem_mb=2000,
        runtime=30,
    params:
        k=SETTINGS["simclr"]["neighbours"]["k"],
        code=digests.code_digest(
            "find_neighbours.py", "bilderatlas/analysis/neighbours.py"
        ),
    message:
        "Find the neighbours of {wildcards.study} {wildcards.experiment} in {wildcards.collection}"
    script:
        "../scripts/find_neighbours.py"


def study_embeddings(wildcards):
    """The embeddings of all experiments of a study on a collection."""
    return expand(
        "results/{{collection}}/{{study}}/{experiment}/embeddings.h5",
        experiment=experiments_of(wildcards.collection),
    )


rule measure_study:
    input:
        embeddings=study_embeddings,
        catalogue="results/{collection}/catalogue.csv",
    output:
        "results/{collection}/{study}/tables/metrics.csv",
    log:
        "logs/measure_study/{collection}-{study}.log",
    benchmark:
        "logs/measure_study/{collection}-{study}.tsv"
    resources:
        mem_mb=3000,
        runtime=30,
    params:
        seed=SETTINGS["defaults"]["seed"],
        code=digests.code_digest(
            "measure_study.py",
            "bilderatlas/analysis",
            "bilderatlas/collection/dates.py",
            "bilderatlas/collection/groups.py",
            "bilderatlas/files.py",
        ),
    message:
        "Measure the experiments of {wildcards.study} on {wildcards.collection}"
    script:
        "../scripts/measure_study.py"
