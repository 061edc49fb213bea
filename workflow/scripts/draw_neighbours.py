"""Draw the comparison figures: one query, a row an experiment, its nearest neighbours."""

from pathlib import Path

import numpy as np

from bilderatlas import job
from bilderatlas.collection.crops.frozen import read_frozen
from bilderatlas.collection.groups import title_and_date
from bilderatlas.files import NEIGHBOURS, read_catalogue, read_split, read_table
from bilderatlas.show.captions import captions
from bilderatlas.show.labels import label
from bilderatlas.show.neighbours import draw_neighbours
from bilderatlas.show.pictures import Pictures


def choose_queries(named, seeded, seed, test):
    """The named queries, then further ones drawn from the test part; a warning for strangers."""
    strange = [name for name in named if name not in test]
    if strange:
        job.log.warning(
            "The queries %s are not in the test part and are left out.", ", ".join(strange)
        )
    chosen = [name for name in named if name in test]
    rest = sorted(set(test) - set(chosen))
    drawn = np.random.default_rng(seed).permutation(len(rest))[:seeded]
    return chosen + [rest[index] for index in drawn]


def read_neighbours(paths, queries, shown):
    """By experiment: query id to its nearest (id, distance) among the test part."""
    found = {}
    for path in paths:
        table = read_table(path, NEIGHBOURS)
        table = table[(table["population"] == "test") & table["query"].isin(queries)]
        table = table[table["rank"] <= shown].sort_values("rank")
        found[Path(path).parent.name] = {
            query: list(zip(rows["neighbour"], rows["distance"], strict=True))
            for query, rows in table.groupby("query")
        }
    return found


def same_title(catalogue, query):
    """A test whether a picture has the query's title and date; None where these are unknown."""
    keys = title_and_date(catalogue)
    if not keys[query]:
        return None
    return set(keys.index[keys == keys[query]]).__contains__


def main(snakemake):
    params = snakemake.params
    catalogue = read_catalogue(snakemake.input.catalogue)
    part = read_split(snakemake.input.split)
    test = set(part.index[part == "test"])
    queries = choose_queries(params.queries, params.seeded, params.seed, test)
    found = read_neighbours(snakemake.input.neighbours, queries, params.shown)
    pictures = Pictures(
        catalogue["file"].to_dict(), params.language, crops=read_frozen(snakemake.input.crops)
    )
    words = captions(catalogue)
    folder = Path(snakemake.output[0])
    folder.mkdir(parents=True, exist_ok=True)
    for query in job.progress(queries, "drawing neighbours"):
        rows = [
            (f"{name}: {params.labels[name]}", of_query[query])
            for name, of_query in found.items()
            if query in of_query
        ]
        if not rows:
            job.log.warning("The query %s has no neighbours in any table: not drawn.", query)
            continue
        draw_neighbours(
            query,
            rows,
            pictures,
            words,
            folder / f"{query}.png",
            params.language,
            same_title(catalogue, query),
            label(
                "neighbours.among",
                params.language,
                count=len(test),
                split=Path(snakemake.input.split).stem,
            ),
        )


if "snakemake" in globals():
    job.run(snakemake, main)
