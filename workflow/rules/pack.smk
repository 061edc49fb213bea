"""Pack: each picture is decoded once; what learns never opens a JPEG.

In: ``resources/{collection}/manifest.csv``, and ``crops.csv`` where there are crops. Out: ``results/{collection}/pack/{mode}-{side}.h5`` and,
beside it, the list of pictures that could not be read. The catalogue is not read here: a corrected
title must not decode a single picture again.
"""


rule pack_pictures:
    input:
        manifest=manifest,
        crops=frozen_crops,
    output:
        pack="results/{collection}/pack/{mode}-{side}.h5",
        unreadable="results/{collection}/pack/{mode}-{side}-unreadable.csv",
    log:
        "logs/pack_pictures/{collection}-{mode}-{side}.log",
    benchmark:
        "logs/pack_pictures/{collection}-{mode}-{side}.tsv"
    # trainings wait for it, and other trainings for them
    priority: 3
    threads: lambda wildcards: 4 if many_pictures(wildcards.collection) else 1
    resources:
        mem_mb=1500,
        runtime=60,
    params:
        unreadable=lambda wildcards: COLLECTIONS[wildcards.collection]["unreadable"],
        recipe=digests.recipe_version("data/pack"),
    message:
        "Pack the pictures of {wildcards.collection} ({wildcards.mode}, {wildcards.side} px)"
    script:
        "../scripts/pack_pictures.py"
