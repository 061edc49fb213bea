"""How fast a GPU trains: views a second, against the bare step, and the published dew run.

Asked only where there is a CUDA GPU. The pictures of dew are played by tone-changed copies of the
pictures at hand, as many as dew has in its training part; their sizes are those at hand.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch

from benchmarks import pairs
from benchmarks.pictures import SIDE, packed, pictures
from benchmarks.settings import config, training
from benchmarks.simclr import bare_steps, fit_ours
from bilderatlas import job
from bilderatlas.data.pack import Pack, read_pack

DEW, ZILLE, BATCH, EPOCHS, ROUNDS = 37_879, 436, 1024, 10, 3


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
    if torch.cuda.is_available():
        torch.cuda.synchronize()
    return time.perf_counter() - began


def steady(train: Callable[[int], object], epochs: int) -> tuple[float, float]:
    """Seconds of ``epochs`` epochs without the start; and of the start: pack, device, Lightning."""
    one, many = timed(lambda: train(1)), timed(lambda: train(1 + epochs))
    return many - one, one - (many - one) / epochs


def measured(
    dew: Path,
    names: Sequence[str],
    played: str,
    device: str = "cuda",
    batch: int = BATCH,
    rounds: int = ROUNDS,
) -> list[pairs.Line]:
    """Views a second against the bare step, then the published trainings at their length.

    Args:
        dew: the pack of the large collection.
        names: its pictures.
        played: what they are, in words.
        device: that trains.
        batch: pictures a step on it.
        rounds: of the comparison.
    """
    steps = len(names) // batch

    def train(
        epochs: int, phase: str = "training", batch_size: int = batch, part: int | None = None
    ) -> None:
        settings = training(phase=phase, epochs=epochs, batch_size=batch_size)
        fit_ours(dew, names[:part], settings, device)

    bare = bare_steps(training(batch_size=batch), steps * EPOCHS, device)
    bare()
    train(1)
    ratios, rates, starts = [], [], []
    for turn in range(rounds):
        ours, start = steady(train, EPOCHS)
        alone = timed(bare)
        ratios.append(alone / ours)
        rates.append(2 * steps * batch * EPOCHS / ours)
        starts.append(start)
        print(f"  round {turn + 1} of {rounds}: ours {ours:.3g} s, bare {alone:.3g} s", flush=True)
    about = (
        f"{EPOCHS} epochs of {len(names)} {played}, long side {SIDE} px, views of 128 px, batch"
        f" {batch}, the start left out"
    )
    lines = [
        pairs.summary("gpu_vs_bare_step", ratios, "times", about),
        pairs.summary("gpu_views", rates, "views/s", about),
        pairs.summary("gpu_start", starts, "s", "reading the pack, sending it, Lightning's start"),
    ]
    published = config()["simclr"]["recipes"]["published"]
    long, fine = (published[phase]["epochs"]["default"] for phase in ("training", "fine_tuning"))
    dew_run = timed(lambda: train(long))
    what = f"{long} epochs of {len(names)} {played} in the part of dew, the start included"
    lines.append(pairs.summary("gpu_dew_run", [dew_run], "s", what))

    def rest() -> None:
        # rows 3, 5 train on dew, 7, 8 on Zille; 2, 4, 6 are fine-tuned; 0, 1 neither
        train(long)
        for _ in range(2):
            train(long, batch_size=min(128, batch), part=ZILLE)
        for _ in range(3):
            train(fine, "fine_tuning", batch_size=min(128, batch), part=ZILLE)

    what = "all trainings of experiments 0 to 8, without embedding and analysis"
    lines.append(pairs.summary("gpu_experiments_0_8", [dew_run + timed(rest)], "s", what))
    return lines


def main() -> None:
    if not torch.cuda.is_available():
        print("gpu: left out, there is no CUDA GPU here.")
        return
    job.quiet_libraries()
    with pictures() as of, packed(of) as path, tempfile.TemporaryDirectory() as place:
        dew = Path(place, "dew.h5")
        save(copies(read_pack(path), DEW), dew)
        played = f"tone-changed copies of {of.about}"
        pairs.write("gpu", measured(dew, [str(at) for at in range(DEW)], played))


if __name__ == "__main__":
    main()
