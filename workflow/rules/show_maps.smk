"""Show maps: pages and figures of projections, clusters and agreement.

In: projections, clusters, agreement, catalogue, the original pictures. Out: ``figures/maps``,
``figures/clusters/{experiment}``, ``figures/cluster-counts.png``, ``figures/agreement.png``.
"""


rule copy_plotly:
    output:
        "results/{collection}/{study}/figures/plotly.min.js",
    log:
        "logs/copy_plotly/{collection}-{study}.log",
    resources:
        mem_mb=300,
        runtime=5,
    message:
        "Put plotly.js beside the pages that use it"
    script:
        "../scripts/copy_plotly.py"


rule draw_clusters:
    input:
        projections="results/{collection}/{study}/{experiment}/projections.csv",
        clusters="results/{collection}/{study}/{experiment}/clusters.csv",
        catalogue="results/{collection}/catalogue.csv",
        plotly="results/{collection}/{study}/figures/plotly.min.js",
    output:
        report(
            directory("results/{collection}/{study}/figures/clusters/{experiment}"),
            htmlindex="index.html",
            caption="../report/clusters.rst",
            category="Clusters",
            subcategory="{collection}",
            labels={"experiment": "{experiment}"},
        ),
    log:
        "logs/draw_clusters/{collection}-{study}-{experiment}.log",
    resources:
        mem_mb=1500,
        runtime=30,
    params:
        label=lambda wildcards: labels()[wildcards.experiment],
        language=LANGUAGE,
        plotly="../../plotly.min.js",
        title=lambda wildcards: title_of(wildcards.collection),
        code=digests.code_digest("draw_clusters.py", *SHOW),
    message:
        "Draw the clusters of {wildcards.study} {wildcards.experiment} in {wildcards.collection}"
    script:
        "../scripts/draw_clusters.py"


rule draw_maps:
    input:
        projections=study_files("projections.csv"),
        clusters=study_files("clusters.csv"),
        embeddings=study_files("embeddings.h5"),
        catalogue="results/{collection}/catalogue.csv",
        plotly="results/{collection}/{study}/figures/plotly.min.js",
    output:
        report(
            directory("results/{collection}/{study}/figures/maps"),
            patterns=["{experiment}.html"],
            caption="../report/maps.rst",
            category="Maps",
            subcategory="{collection}",
            labels={"experiment": "{experiment}"},
        ),
    log:
        "logs/draw_maps/{collection}-{study}.log",
    resources:
        mem_mb=2000,
        runtime=30,
    params:
        experiments=lambda wildcards: STUDIED[wildcards.collection],
        labels=labels(),
        language=LANGUAGE,
        plotly="../plotly.min.js",
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
            labels={"experiment": "all: how many clusters"},
        ),
    log:
        "logs/draw_cluster_counts/{collection}-{study}.log",
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        experiments=lambda wildcards: STUDIED[wildcards.collection],
        labels=labels(),
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
        labels=labels(),
        language=LANGUAGE,
        code=digests.code_digest("draw_agreement.py", *SHOW),
    message:
        "Draw how far the experiments agree on {wildcards.collection}"
    script:
        "../scripts/draw_agreement.py"
