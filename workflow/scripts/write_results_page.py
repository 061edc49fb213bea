"""Write the page of results of a study on a collection, from its tables."""

import json
import subprocess
from datetime import date

from bilderatlas import job
from bilderatlas.collection.groups import title_and_date
from bilderatlas.files import METRICS, read_catalogue, read_embeddings, read_table, write_text
from bilderatlas.show.results_page import render_results


def commit():
    """The commit of the checkout, with `-dirty` where tracked files differ; empty without git."""
    try:
        found = subprocess.run(
            ["git", "describe", "--always", "--dirty", "--abbrev=12"],
            capture_output=True, text=True, timeout=10, check=True,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return ""
    return found.stdout.strip()


def split_sizes(experiments):
    """By split: by part, the number of pictures."""
    sizes = {}
    for made in experiments:
        parts = {name: made.part.count(name) for name in dict.fromkeys(made.part)}
        sizes[made.attributes["split"]] = dict(sorted(parts.items(), reverse=True))
    return sizes


def leaks(experiments, catalogue):
    """By split: how many test pictures have a companion of title and date in the training part."""
    found = {}
    key = title_and_date(catalogue)
    key = key[key != ""].to_dict()
    for made in experiments:
        pairs = list(zip(made.image_ids, made.part, strict=True))
        seen = {key[name] for name, part in pairs if part == "train" and name in key}
        test = [name for name, part in pairs if part == "test"]
        count = sum(key.get(name) in seen for name in test)
        split = made.attributes["split"]
        found[split] = {"split": split, "count": count, "total": len(test)}
    return list(found.values())


def versions(experiments):
    """The versions that made the embeddings; where they differ, all of them."""
    found = {}
    for made in experiments:
        for name, version in json.loads(made.attributes["versions"]).items():
            found.setdefault(name, []).append(version)
    return {name: " / ".join(dict.fromkeys(several)) for name, several in found.items()}


def main(snakemake):
    params = snakemake.params
    catalogue = read_catalogue(snakemake.input.catalogue)
    made = [read_embeddings(path) for path in snakemake.input.embeddings]
    rows = [
        {
            "experiment": one.attributes["experiment"],
            "label": params.labels[one.attributes["experiment"]],
            "lineage": one.attributes["lineage"],
            "stand_in": bool(one.attributes["stand_in"]),
            "settings": ", ".join(
                filter(None, [one.attributes["settings"], one.attributes.get("precision", "")])
            ),
        }
        for one in made
    ]
    context = {
        "study": snakemake.wildcards.study,
        "collection": snakemake.wildcards.collection,
        "title": params.titles[snakemake.wildcards.collection],
        "description": params.description,
        "pictures": len(catalogue),
        "metrics": read_table(snakemake.input.metrics, METRICS),
        "language": params.language,
        "splits": split_sizes(made),
        "experiments": rows,
        "leaks": leaks(made, catalogue),
        "left_out": [f"{name}: {why}" for name, why in params.left_out.items()],
        "commit": commit(),
        "settings": params.settings,
        "versions": versions(made),
        "date": date.today().isoformat(),
    }
    write_text(render_results(context), snakemake.output[0])


if "snakemake" in globals():
    job.run(snakemake, main)
