"""Draw pairs of views of some pictures, as the networks are shown them: a figure a chain."""

import contextlib
from pathlib import Path

import numpy as np

from bilderatlas import job

PAIRS = 36


def main(snakemake):
    import torch

    from bilderatlas.collection.crops.frozen import read_frozen
    from bilderatlas.data.pack import open_pack
    from bilderatlas.files import read_catalogue
    from bilderatlas.show.pictures import Pictures
    from bilderatlas.show.view_pairs import draw_view_pairs
    from bilderatlas.views import build_views, to_grey_levels

    params = snakemake.params
    pictures = Pictures(
        read_catalogue(snakemake.input.catalogue)["file"].to_dict(),
        params.language,
        crops=read_frozen(snakemake.input.crops),
    )
    folder = Path(snakemake.output[0])
    folder.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        opened = [stack.enter_context(open_pack(path)) for path in snakemake.input.packs]
        packs = {pack.mode: pack for pack in opened}
        for name, chain in params.chains.items():
            pack = packs[chain["mode"]]
            rows = np.random.default_rng(params.seed).permutation(len(pack))[:PAIRS].tolist()
            canvas, sizes = (torch.from_numpy(array) for array in pack.canvas(rows))
            views = build_views(chain["operations"], chain["size"])
            generator = torch.Generator().manual_seed(params.seed)
            pair = [to_grey_levels(views(canvas, sizes, generator))[:, 0].numpy() for _ in range(2)]
            originals = [pictures.thumbnail(pack.image_ids[row], 240, 240) for row in rows]
            title = f"{params.title}, {name}"
            path = folder / f"{name}.png"
            draw_view_pairs(originals, np.stack(pair, axis=1), path, title, params.language)


if "snakemake" in globals():
    job.run(snakemake, main)
