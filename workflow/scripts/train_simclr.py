"""One phase of SimCLR, training or fine-tuning, from the parent's model on."""

import json
from pathlib import Path

from bilderatlas import job


def main(snakemake):
    job.quiet_libraries()
    import pytorch_lightning as pl

    from bilderatlas import learn
    from bilderatlas.data.placement import placed, training_batches
    from bilderatlas.files import read_split, sha256_of, write_text
    from bilderatlas.learn import fit
    from bilderatlas.learn.device import free_memory, pick_device, taken_memory
    from bilderatlas.models import Model, read_model, write_model

    settings = snakemake.params.settings
    job.limit_threads(snakemake.threads)
    part = read_split(snakemake.input.split)
    device = pick_device(snakemake.params.device)
    pl.seed_everything(settings["seed"], verbose=False)
    module = learn.method(settings["method"]).build(settings)
    parent = read_model(snakemake.input.parent)
    module.backbone.load_state_dict(parent.backbone)
    if parent.head is not None:
        module.head.load_state_dict(parent.head)

    inputs = f"{snakemake.params.training_list} {sha256_of(snakemake.input.parent)}"
    cache = Path(snakemake.params.cache)
    logs = Path(snakemake.params.logs)
    if snakemake.params.learning["compile"]:
        module.backbone.compile()
        # it rounds otherwise: what began without it starts anew
        inputs += " compiled"
    with training_batches(
        snakemake.input.pack,
        part.index[part == "train"],
        settings["batch_size"],
        settings["seed"],
        f"{settings['phase']} on {settings['collection']}, split {settings['split']}",
        device,
        free_memory(device),
        snakemake.params.learning["pictures"],
        taken_memory(),
    ) as (loader, count):
        losses, facts = fit.fit(module, loader, settings, inputs, cache, logs, device)
        facts |= {"pictures": placed(loader), "compile": snakemake.params.learning["compile"]}
    made_by = {
        "lineage": snakemake.wildcards.lineage,
        "backbone": settings["backbone"],
        "settings": settings,
        "training_list": snakemake.params.training_list,
        "training_pictures": count,
        "versions": job.versions(),
        **facts,
    }
    model = Model(module.cpu().backbone.state_dict(), module.head.state_dict(), made_by)
    write_model(model, snakemake.output.model)
    write_text(json.dumps(made_by, indent=1, ensure_ascii=False), snakemake.output.made_by)
    fit.finish(losses, snakemake.output.losses, cache)


if "snakemake" in globals():
    job.run(snakemake, main)
