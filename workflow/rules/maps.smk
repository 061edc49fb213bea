"""Maps: projections, clusters and how far experiments agree, generic, from embeddings.

In: ``embeddings.h5`` of a study's experiments. Out: ``projections.csv``, ``clusters.csv`` and
``cluster-counts.csv`` an experiment, ``tables/agreement.csv`` a study.

One job does all rows of a study on a collection: to load and compile the libraries takes longer
than to project a few hundred pictures. A job's outputs cannot depend on a wildcard, hence a rule
a collection.
"""

STUDIED = {name: experiments_of(name) for name in COLLECTIONS if experiments_of(name)}


def of_each(collection, file):
    """A file of each of the experiments that `all` makes on a collection."""
    return expand(
        f"results/{collection}/simclr/{{experiment}}/{file}",
        experiment=STUDIED[collection],
    )


for studied in STUDIED:

    rule:
        name:
            f"project_study_{studied}"
        input:
            embeddings=of_each(studied, "embeddings.h5"),
        output:
            of_each(studied, "projections.csv"),
        log:
            f"logs/project_study/{studied}-simclr.log",
        benchmark:
            f"logs/project_study/{studied}-simclr.tsv"
        threads: study_threads(studied)
        resources:
            mem_mb=study_memory(studied, 4000),
            runtime=240,
        params:
            seed=SETTINGS["defaults"]["seed"],
            code=digests.code_digest(
                "project_study.py",
                "bilderatlas/analysis/read_study.py",
                "bilderatlas/analysis/large_maps.py",
                "bilderatlas/analysis/projection.py",
                "bilderatlas/analysis/neighbours.py",
                "bilderatlas/analysis/ordering.py",
                "bilderatlas/analysis/quick.py",
                "bilderatlas/files.py",
            ),
        message:
            f"Project the experiments of simclr on {studied} to two and three dimensions"
        script:
            "../scripts/project_study.py"

    rule:
        name:
            f"cluster_study_{studied}"
        input:
            embeddings=of_each(studied, "embeddings.h5"),
            projections=of_each(studied, "projections.csv"),
        output:
            clusters=of_each(studied, "clusters.csv"),
            counts=of_each(studied, "cluster-counts.csv"),
        log:
            f"logs/cluster_study/{studied}-simclr.log",
        benchmark:
            f"logs/cluster_study/{studied}-simclr.tsv"
        threads: study_threads(studied)
        resources:
            mem_mb=study_memory(studied, 3000),
            runtime=240,
        params:
            k=SETTINGS["clusters"]["k"],
            seed=SETTINGS["defaults"]["seed"],
            code=digests.code_digest(
                "cluster_study.py",
                "bilderatlas/analysis/read_study.py",
                "bilderatlas/analysis/clusters.py",
                "bilderatlas/analysis/sampled_kmeans.py",
                "bilderatlas/analysis/neighbours.py",
                "bilderatlas/analysis/ordering.py",
                "bilderatlas/analysis/quick.py",
                "bilderatlas/files.py",
            ),
        message:
            f"Cluster the experiments of simclr on {studied}"
        script:
            "../scripts/cluster_study.py"


def study_files(file):
    """An input function: a file of each experiment of the wildcards' collection."""

    def files(wildcards):
        demand(wildcards.collection)
        if wildcards.collection not in STUDIED:
            raise WorkflowError(f"No experiment embeds {wildcards.collection}.")
        return of_each(wildcards.collection, file)

    return files


rule compare_study:
    input:
        embeddings=study_files("embeddings.h5"),
        clusters=study_files("clusters.csv"),
    output:
        "results/{collection}/{study}/tables/agreement.csv",
    log:
        "logs/compare_study/{collection}-{study}.log",
    threads: lambda wildcards: study_threads(wildcards.collection)
    resources:
        mem_mb=lambda wildcards: study_memory(wildcards.collection, 3000),
        runtime=60,
    params:
        code=digests.code_digest(
            "compare_study.py",
            "bilderatlas/analysis/read_study.py",
            "bilderatlas/analysis/agreement.py",
            "bilderatlas/analysis/neighbours.py",
            "bilderatlas/analysis/ordering.py",
            "bilderatlas/analysis/quick.py",
            "bilderatlas/files.py",
        ),
    message:
        "Compare the experiments of {wildcards.study} on {wildcards.collection} with each other"
    script:
        "../scripts/compare_study.py"
