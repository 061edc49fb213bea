"""Show maps: pages and figures of projections, clusters and agreement.

In: projections, clusters, agreement, catalogue, the original pictures. Out: ``figures/maps``,
``figures/clusters/{experiment}``, ``figures/cluster-counts.png``, ``figures/agreement.png``.
"""


def split_of_each():
    """By experiment, the split that it stands on."""
    return {name: row["split"] for name, row in SIMCLR.items()}


rule draw_clusters:
    input:
        projections=study_files("projections.csv"),
        clusters=study_files("clusters.csv"),
        catalogue="results/{collection}/catalogue.csv",
        crops=frozen_crops,
    output:
        report(
            directory("results/{collection}/{study}/figures/clusters"),
            htmlindex="index.html",
            caption="../report/clusters.rst",
            category="Clusters",
            subcategory="{collection}",
            labels={"what": "3-D pages and contact sheets"},
        ),
    log:
        "logs/draw_clusters/{collection}-{study}.log",
    benchmark:
        "logs/draw_clusters/{collection}-{study}.tsv"
    resources:
        mem_mb=2000,
        runtime=60,
    params:
        experiments=lambda wildcards: STUDIED[wildcards.collection],
        splits=split_of_each(),
        labels=labels(),
        language=LANGUAGE,
        title=lambda wildcards: title_of(wildcards.collection),
        code=digests.code_digest("draw_clusters.py", *SHOW),
    message:
        "Draw the clusters of {wildcards.study} in {wildcards.collection}"
    script:
        "../scripts/draw_clusters.py"


rule draw_maps:
    input:
        projections=study_files("projections.csv"),
        clusters=study_files("clusters.csv"),
        embeddings=study_files("embeddings.h5"),
        catalogue="results/{collection}/catalogue.csv",
        crops=frozen_crops,
    output:
        report(
            directory("results/{collection}/{study}/figures/maps"),
            htmlindex="index.html",
            caption="../report/maps.rst",
            category="Maps",
            subcategory="{collection}",
            labels={"what": "maps of the embeddings"},
        ),
    log:
        "logs/draw_maps/{collection}-{study}.log",
    resources:
        mem_mb=2000,
        runtime=30,
    params:
        experiments=lambda wildcards: STUDIED[wildcards.collection],
        splits=split_of_each(),
        labels=labels(),
        language=LANGUAGE,
        title=lambda wildcards: title_of(wildcards.collection),
        code=digests.code_digest("draw_maps.py", *SHOW),
    message:
        "Draw the maps of {wildcards.study} in {wildcards.collection}"
    script:
        "../scripts/draw_maps.py"


rule draw_cluster_counts:
    input:
        study_files("cluster-counts.csv"),
    output:
        report(
            "results/{collection}/{study}/figures/cluster-counts.png",
            caption="../report/counts.rst",
            category="Clusters",
            subcategory="{collection}",
            labels={"what": "how many clusters"},
        ),
    log:
        "logs/draw_cluster_counts/{collection}-{study}.log",
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        experiments=lambda wildcards: STUDIED[wildcards.collection],
        labels=labels(),
        k=SETTINGS["clusters"]["k"],
        language=LANGUAGE,
        code=digests.code_digest("draw_cluster_counts.py", *SHOW),
    message:
        "Draw how many clusters {wildcards.collection} falls into"
    script:
        "../scripts/draw_cluster_counts.py"


rule draw_agreement:
    input:
        "results/{collection}/{study}/tables/agreement.csv",
    output:
        report(
            "results/{collection}/{study}/figures/agreement.png",
            caption="../report/agreement.rst",
            category="Numbers",
            subcategory="{collection}",
            labels={"what": "agreement between experiments"},
        ),
    log:
        "logs/draw_agreement/{collection}-{study}.log",
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        splits=split_of_each(),
        labels=labels(),
        language=LANGUAGE,
        code=digests.code_digest("draw_agreement.py", *SHOW),
    message:
        "Draw how far the experiments agree on {wildcards.collection}"
    script:
        "../scripts/draw_agreement.py"
