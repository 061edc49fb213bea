"""Write the page of results of a study on a collection, and its table, from other tables."""

import json
import subprocess
from datetime import date

from bilderatlas import job
from bilderatlas.analysis.read_study import read_study
from bilderatlas.collection.groups import title_and_date
from bilderatlas.collection.negatives import YES, find_negatives, of_one_negative
from bilderatlas.files import (
    CLAIMS,
    DUPLICATES,
    LEAKS,
    MATCHES,
    METRICS,
    PRINT,
    read_catalogue,
    read_table,
    write_table,
    write_text,
)
from bilderatlas.show.answers import results_columns, results_table, unasked
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


def found_prints(duplicates, matches, catalogue):
    """How many prints of one negative were found, what sets them apart, and who named them."""
    ids = catalogue.index.tolist()
    # the same file under two ids is no print of its own
    duplicates = duplicates[duplicates["relation"] == PRINT]
    negatives = find_negatives(duplicates, ids)
    pairs = of_one_negative(duplicates, ids)
    named = pairs[["image_a", "image_b"]].merge(matches[["image_a", "image_b", "routes"]])
    return {
        "negatives": len(negatives),
        "prints": sum(len(negative.prints) for negative in negatives),
        "pairs": len(pairs),
        "mirrored": int((pairs["mirrored"] == YES).sum()),
        "cut": int((pairs["cut"] == YES).sum()),
        "hand": int((pairs["source"] == "hand").sum()),
        "routes": named["routes"].str.split().explode().value_counts().to_dict(),
    }


def companions(experiments, catalogue):
    """Groups of one title and date, and pictures in them: in all, and in each split's test part."""
    key = title_and_date(catalogue)
    key = key[key != ""]
    parts = {None: list(catalogue.index)}
    for made in experiments:
        test = [n for n, part in zip(made.image_ids, made.part, strict=True) if part == "test"]
        parts.setdefault(made.attributes["split"], test)
    found = []
    for split, image_ids in parts.items():
        sizes = key[key.index.isin(image_ids)].value_counts()
        sizes = sizes[sizes >= 2]
        found.append({"split": split, "groups": len(sizes), "queries": int(sizes.sum())})
    return found


def optional_table(paths, columns):
    """A table that a rule may not have given; None where it has not."""
    return read_table(str(paths), columns) if paths else None


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
    sound, refused = read_study(snakemake.input.embeddings, need=False)
    made = list(sound.values())
    rows = [
        {
            "experiment": one.attributes["experiment"],
            "label": params.labels[one.attributes["experiment"]],
            "lineage": one.attributes["lineage"],
            "whitened": bool(one.attributes.get("whitened", False)),
            "stand_in": bool(one.attributes["stand_in"]),
            "settings": ", ".join(
                filter(None, [one.attributes["settings"], one.attributes.get("precision", "")])
            ),
        }
        for one in made
    ]
    metrics = read_table(snakemake.input.metrics, METRICS)
    duplicates = read_table(snakemake.input.duplicates, DUPLICATES)
    matches = read_table(snakemake.input.matches, MATCHES)
    context = {
        "study": snakemake.wildcards.study,
        "collection": snakemake.wildcards.collection,
        "titles": params.titles,
        "title": params.titles[snakemake.wildcards.collection],
        "description": params.description,
        "pictures": len(catalogue),
        "metrics": metrics,
        "claims": optional_table(snakemake.input.get("claims"), CLAIMS),
        "technical": optional_table(snakemake.input.get("technical"), METRICS),
        "language": params.language,
        "splits": split_sizes(made),
        "experiments": rows,
        "companions": companions(made, catalogue),
        "found": found_prints(duplicates, matches, catalogue),
        "leaks": read_table(snakemake.input.leaks, LEAKS),
        "left_out": [
            *[f"{name}: {why}" for name, why in (params.left_out | refused).items()],
            *unasked(metrics, params.language),
        ],
        "commit": commit(),
        "settings": params.settings,
        "versions": versions(made),
        "date": date.today().isoformat(),
    }
    table = results_table(metrics, rows, params.language)
    write_table(table, snakemake.output.table, results_columns())
    write_text(render_results(context), snakemake.output.page)


if "snakemake" in globals():
    job.run(snakemake, main)
