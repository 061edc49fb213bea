"""How fast views are drawn: torchvision's chain picture by picture, and ours on a batch."""

from __future__ import annotations

import numpy as np
import torch
from PIL import Image

from benchmarks import pairs, reference
from benchmarks.machine import cores
from benchmarks.pictures import packed, pictures
from benchmarks.settings import training
from bilderatlas.data.pack import read_pack
from bilderatlas.views import build_views

BATCH, BATCHES, ROUNDS, SIZE = 128, 4, 5, 128


def main() -> None:
    # torchvision's chain uses one core: one core for ours as well
    torch.set_num_threads(1)
    settings = training()
    ours = build_views(settings["views"], SIZE)
    chain = reference.views(SIZE)
    with pictures(BATCH) as of, packed(of) as path:
        pack = read_pack(path)
        rows = [row % len(pack) for row in range(BATCH)]
        single = [Image.fromarray(pack.picture(row)[:, :, 0]) for row in rows]
        canvas, sizes = (torch.from_numpy(array) for array in pack.canvas(rows))
        generator = torch.Generator().manual_seed(0)
        torch.manual_seed(0)

        def one_by_one():
            for _ in range(BATCHES):
                np.stack([chain(picture).numpy() for picture in single])

        def as_batch():
            for _ in range(BATCHES):
                ours(canvas, sizes, generator)

        spent = pairs.in_turn({"reference": one_by_one, "ours": as_batch}, ROUNDS)
    about = (
        f"{BATCHES * BATCH} published views of {SIZE} px of {of.about}, decoded before, long side"
        f" 320 px; one core of {cores()}"
    )
    units = (BATCH * BATCHES,) * 2
    line = pairs.ratio(
        "views_vs_reference", spent["reference"], spent["ours"], about, units, "views"
    )
    pairs.write("views", [line])


if __name__ == "__main__":
    main()
