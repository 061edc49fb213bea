"""Draw the maps of all experiments of a study: a page each, the thumbnails shared."""

from bilderatlas import job
from bilderatlas.analysis.read_study import read_study
from bilderatlas.collection.crops.frozen import read_frozen
from bilderatlas.files import (
    CLUSTERS,
    PROJECTIONS,
    read_catalogue,
    read_table,
)
from bilderatlas.show.folder import whole_folder
from bilderatlas.show.labels import label
from bilderatlas.show.map_page import (
    PICTURES,
    page_name,
    write_map_index,
    write_map_page,
    write_pictures,
)
from bilderatlas.show.pages import PLOTLY, write_plotly
from bilderatlas.show.pictures import Pictures
from bilderatlas.show.thumbnails import thumbnails


def main(snakemake):
    params = snakemake.params
    catalogue = read_catalogue(snakemake.input.catalogue)
    words = {
        name: label(
            "splits.of",
            params.language,
            title=f"{name}: {params.labels[name]}",
            split=params.splits[name],
        )
        for name in params.experiments
    }
    pages = [(page_name(name), words[name]) for name in params.experiments]
    tables = zip(
        params.experiments,
        snakemake.input.projections,
        snakemake.input.clusters,
        strict=True,
    )
    sound = read_study(snakemake.input.embeddings, need=False).sound
    shown = set()
    with whole_folder(snakemake.output[0]) as folder:
        write_plotly(folder / PLOTLY)
        for name, projections, clusters in job.progress(
            tables, "drawing maps", len(params.experiments)
        ):
            places = read_table(projections, PROJECTIONS)
            made = sound.get(name)
            shown.update(places["image_id"])
            write_map_page(
                places,
                read_table(clusters, CLUSTERS),
                {} if made is None else dict(zip(made.image_ids, made.part, strict=True)),
                catalogue,
                folder / page_name(name),
                words[name],
                PLOTLY,
                params.language,
                [page for page in pages if page[0] != page_name(name)],
            )
        write_map_index(
            folder / "index.html", label("maps.index", params.language), pages, params.language
        )
        pictures = Pictures(
            catalogue["file"].to_dict(), params.language, crops=read_frozen(snakemake.input.crops)
        )
        ids = sorted(shown)
        write_pictures(catalogue, ids, thumbnails(ids, pictures), folder / PICTURES)


if "snakemake" in globals():
    job.run(snakemake, main)
