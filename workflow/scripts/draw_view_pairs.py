"""Draw pairs of views of some pictures, as the network is shown them."""

import numpy as np

from bilderatlas import job

PAIRS = 36


def main(snakemake):
    import torch

    from bilderatlas.data.pack import read_pack
    from bilderatlas.files import read_catalogue
    from bilderatlas.show.pictures import Pictures
    from bilderatlas.show.view_pairs import draw_view_pairs
    from bilderatlas.views import build_views, to_grey_levels

    params = snakemake.params
    pack = read_pack(snakemake.input.pack)
    rows = np.random.default_rng(params.seed).permutation(len(pack))[:PAIRS].tolist()
    canvas, sizes = (torch.from_numpy(array) for array in pack.canvas(rows))
    views = build_views(params.operations, params.size)
    generator = torch.Generator().manual_seed(params.seed)
    drawn = [to_grey_levels(views(canvas, sizes, generator))[:, 0].numpy() for _ in range(2)]
    files = read_catalogue(snakemake.input.catalogue)["file"].to_dict()
    pictures = Pictures(files, params.language)
    originals = [pictures.thumbnail(pack.image_ids[row], 240, 240) for row in rows]
    draw_view_pairs(
        originals, np.stack(drawn, axis=1), snakemake.output[0], params.title, params.language
    )


if "snakemake" in globals():
    job.run(snakemake, main)
