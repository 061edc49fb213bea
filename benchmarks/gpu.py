"""How fast a GPU trains: views a second, against the bare step, and the published dew run.

Asked only where there is a CUDA GPU. The pictures of dew are played by tone-changed copies of the
pictures at hand, as many and as large as dew's: the arithmetic does not look at them.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import numpy as np
import torch

from benchmarks import pairs
from benchmarks.pictures import SIDE, packed, pictures
from benchmarks.settings import training
from benchmarks.simclr import bare_steps, fit_ours
from bilderatlas import job
from bilderatlas.data.pack import Pack, read_pack

DEW, ZILLE, BATCH, ROUNDS = 37_879, 436, 1024, 3


def copies(pack: Pack, count: int, seed: int = 0) -> Pack:
    """As many pictures as asked for: those of a pack over and over, each lighter or darker."""
    generator = np.random.default_rng(seed)
    steps = np.diff(pack.offsets)
    rows = np.arange(count) % len(pack)
    offsets = np.concatenate([[0], np.cumsum(steps[rows])]).astype(np.int64)
    pixels = np.empty(offsets[-1], np.uint8)
    for at, row in enumerate(rows):
        levels = pack.pixels[pack.offsets[row] : pack.offsets[row + 1]]
        tone = (255 * (np.arange(256) / 255) ** generator.uniform(0.6, 1.6)).astype(np.uint8)
        np.take(tone, levels, out=pixels[offsets[at] : offsets[at + 1]])
    return Pack(pixels, offsets, pack.sizes[rows], [str(at) for at in range(count)], pack.mode)


def save(pack: Pack, path: Path) -> None:
    """A pack in memory as a file of packs."""
    import h5py

    with h5py.File(path, "w") as store:
        store["pixels"], store["offsets"], store["sizes"] = pack.pixels, pack.offsets, pack.sizes
        store.create_dataset("image_ids", data=pack.image_ids, dtype=h5py.string_dtype("utf-8"))
        store.attrs.update(mode=pack.mode, side=SIDE)


def timed(run) -> float:
    """Seconds of a run, the GPU's work included."""
    began = time.perf_counter()
    run()
    torch.cuda.synchronize()
    return time.perf_counter() - began


def measured(dew: Path) -> list[pairs.Line]:
    """Views a second against the bare step, then the published trainings at their length."""
    names = [str(at) for at in range(DEW)]
    steps = DEW // BATCH
    one = training(epochs=1, batch_size=BATCH)
    spent = pairs.in_turn(
        {
            "ours": lambda: fit_ours(dew, names, one, "cuda"),
            "bare": bare_steps(one, steps, "cuda"),
        },
        ROUNDS,
    )
    reads = steps * BATCH
    about = f"{reads} reads of {DEW} pictures of {SIDE} px, views of 128 px, batch {BATCH}"
    units = (reads, reads)
    lines = [
        pairs.ratio("gpu_vs_bare_step", spent["bare"], spent["ours"], about, units, "pictures"),
        pairs.summary("gpu_views", [2 * reads / s for s in spent["ours"]], "views/s", about),
    ]
    published = training(epochs=20, batch_size=BATCH)
    dew_run = timed(lambda: fit_ours(dew, names, published, "cuda"))
    lines.append(pairs.summary("gpu_dew_run", [dew_run], "s", "20 epochs of dew, as published"))

    small = names[:ZILLE]
    on_zille = training(epochs=20, batch_size=128)
    fine = training(epochs=40, batch_size=128, learning_rate=5e-5)
    trained = timed(lambda: fit_ours(dew, small, on_zille, "cuda"))
    tuned = timed(lambda: fit_ours(dew, small, fine, "cuda"))
    # rows 3 and 5 train on dew, 7 and 8 on Zille; 2, 4 and 6 are fine-tuned; 0 and 1 are neither
    whole = 2 * dew_run + 2 * trained + 3 * tuned
    what = "trainings of experiments 0 to 8: two on dew, two on Zille, three fine-tunings"
    lines.append(pairs.summary("gpu_experiments_0_8", [whole], "s", what))
    return lines


def main() -> None:
    if not torch.cuda.is_available():
        print("gpu: left out, there is no CUDA GPU here.")
        return
    job.quiet_libraries()
    with pictures() as of, packed(of) as path, tempfile.TemporaryDirectory() as place:
        dew = Path(place, "dew.h5")
        save(copies(read_pack(path), DEW), dew)
        pairs.write("gpu", measured(dew))


if __name__ == "__main__":
    main()
