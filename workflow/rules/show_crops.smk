"""Show crops: the proposals as a sheet.

In: ``crop_proposals.csv``, catalogue, the scans. Out: ``figures/crop-proposals.png``.
"""


rule draw_crop_proposals:
    input:
        proposals="results/{collection}/crop_proposals.csv",
        catalogue="results/{collection}/catalogue.csv",
    output:
        report(
            "results/{collection}/figures/crop-proposals.png",
            caption="../report/crops.rst",
            category="Collection",
            subcategory="{collection}",
            labels={"what": "proposed crops"},
        ),
    log:
        "logs/draw_crop_proposals/{collection}.log",
    resources:
        mem_mb=1000,
        runtime=20,
    params:
        title=lambda wildcards: title_of(wildcards.collection),
        language=LANGUAGE,
        code=digests.code_digest("draw_crop_proposals.py", *SHOW),
    message:
        "Draw the proposed crops of {wildcards.collection}, the unsure ones first"
    script:
        "../scripts/draw_crop_proposals.py"
