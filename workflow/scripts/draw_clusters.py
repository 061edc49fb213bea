"""Draw the clusters of all experiments of a study: a 3-D page and contact sheets for each."""

from bilderatlas import job
from bilderatlas.collection.crops.frozen import read_frozen
from bilderatlas.files import CLUSTERS, PROJECTIONS, read_catalogue, read_table
from bilderatlas.show.cluster_page import placed, write_cluster_page
from bilderatlas.show.cluster_sheets import draw_cluster_sheets
from bilderatlas.show.folder import whole_folder
from bilderatlas.show.labels import label
from bilderatlas.show.map_page import write_map_index
from bilderatlas.show.pages import PLOTLY, write_plotly
from bilderatlas.show.pictures import Pictures
from bilderatlas.show.thumbnails import thumbnails


def main(snakemake):
    params = snakemake.params
    catalogue = read_catalogue(snakemake.input.catalogue)
    pictures = Pictures(
        catalogue["file"].to_dict(), params.language, crops=read_frozen(snakemake.input.crops)
    )
    words = {
        name: label(
            "splits.of",
            params.language,
            title=f"{name}: {params.labels[name]}",
            split=params.splits[name],
        )
        for name in params.experiments
    }
    tables = zip(
        params.experiments, snakemake.input.projections, snakemake.input.clusters, strict=True
    )
    made = {}  # thumbnails of one test part serve all experiments on it
    with whole_folder(snakemake.output[0]) as folder:
        write_plotly(folder / PLOTLY)
        for name, projections_path, clusters_path in job.progress(
            tables, "drawing clusters", len(params.experiments)
        ):
            projections = read_table(projections_path, PROJECTIONS)
            clusters = read_table(clusters_path, CLUSTERS)
            _, of = placed(projections, clusters)
            if of.empty:
                job.log.warning("%s: no clusters on t-SNE to draw.", clusters_path)
            shown = frozenset(of.index)
            if shown not in made:
                made[shown] = thumbnails(sorted(shown), pictures)
            title = f"{params.title}, {words[name]}"
            own = folder / name
            own.mkdir()
            draw_cluster_sheets(of, catalogue, pictures, own, title, params.language)
            write_cluster_page(
                projections,
                clusters,
                catalogue,
                made[shown],
                own / "index.html",
                title,
                f"../{PLOTLY}",
                params.language,
            )
        write_map_index(
            folder / "index.html",
            label("clusters.index", params.language),
            [(f"{name}/index.html", words[name]) for name in params.experiments],
            params.language,
            "clusters.misleads",
        )


if "snakemake" in globals():
    job.run(snakemake, main)
