"""Speed as ratios of paired runs: `make bench`.

Each pair runs in one process in the order A B A B ..., so that a machine that is busy or warm for
a while is so for both. Printed: the median of the ratios of neighbouring runs and their range.
Nothing is asserted: a time says something about a machine, not about the code alone.
"""

from __future__ import annotations

import contextlib
import itertools
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "workflow/scripts"))

import numpy as np
import requests
import torch
import yaml
from PIL import Image

from bilderatlas.analysis.neighbours import nearest
from bilderatlas.backbones import build_backbone
from bilderatlas.collection.download.policy import Policy
from bilderatlas.collection.download.run import download
from bilderatlas.collection.download.target import Target
from bilderatlas.learn.device import default_precision
from bilderatlas.views import build_views

REPEATS = 5
BATCH = 64
CONFIG = Path(__file__).resolve().parents[1] / "config/config.yaml"
SERVER = CONFIG.parents[1] / "tests/picture_server.py"
LATENCY, CONNECTIONS, FETCHED = 0.05, 32, 512


def pictures() -> tuple[torch.Tensor, torch.Tensor]:
    """A batch as a pack gives it: smooth grey noise of 320 x 240 pixels."""
    coarse = torch.rand(BATCH, 1, 24, 32, generator=torch.Generator().manual_seed(0)) * 255
    fine = torch.nn.functional.interpolate(coarse, (240, 320), mode="bicubic").clamp(0, 255)
    return fine.to(torch.uint8), torch.tensor([[240, 320]]).repeat(BATCH, 1)


def views_pair() -> tuple[Callable[[], object], Callable[[], object]]:
    """The published views: one picture at a time by torchvision, and a batch as tensors."""
    from torchvision import transforms as T

    batch, sizes = pictures()
    single = [Image.fromarray(picture[0].numpy()) for picture in batch]
    chain = T.Compose(
        [
            T.RandomResizedCrop(128, scale=(0.5, 1.0), ratio=(0.5, 2.0)),
            T.GaussianBlur(21, (0.1, 1.0)),
            T.RandomInvert(0.2),
            T.RandomSolarize(128, 0.2),
            T.RandomApply([T.ColorJitter((0.2, 1.8), (0.2, 2.2))], 0.5),
            T.RandomApply([T.Lambda(lambda p: T.functional.adjust_gamma(p, 0.7, 1.05))], 0.5),
            T.ToTensor(),
            T.Normalize(0.449, 0.226),
        ]
    )
    settings = yaml.safe_load(CONFIG.read_text(encoding="utf-8"))["simclr"]
    ours = build_views(settings["views"]["published"], 128)
    generator = torch.Generator().manual_seed(0)
    return (
        lambda: torch.stack([chain(picture) for picture in single]),
        lambda: ours(batch, sizes, generator),
    )


def step(precision: str, memory_format: torch.memory_format) -> Callable[[], object]:
    """One forward and backward pass of ResNet18 on a batch of 128-pixel views."""
    network = build_backbone("resnet18").to(memory_format=memory_format)
    views = torch.randn(BATCH, 1, 128, 128).contiguous(memory_format=memory_format)

    def run():
        with torch.autocast("cpu", torch.bfloat16, enabled=precision == "bf16-mixed"):
            network(views).float().square().mean().backward()
        network.zero_grad()

    return run


def neighbours_pair() -> tuple[Callable[[], object], Callable[[], object]]:
    """30 neighbours of 4,000 pictures: all distances sorted, and in blocks."""
    values = np.random.default_rng(0).normal(size=(4000, 512)).astype(np.float32)
    values /= np.linalg.norm(values, axis=1, keepdims=True)

    def sorted_whole():
        squares = 2.0 - 2.0 * (values.astype(np.float64) @ values.T.astype(np.float64))
        np.fill_diagonal(squares, np.inf)
        return np.argsort(squares, axis=1, kind="stable")[:, :30]

    return sorted_whole, lambda: nearest(values, 30)


@contextlib.contextmanager
def downloads_pair() -> Iterator[tuple[Callable[[], object], Callable[[], object]]]:
    """Tiny pictures from a server that waits 50 ms: one after the other, and by 32 connections.

    The loop keeps its connection and only writes the bytes; ours also decodes, hashes, flushes to
    the disk and notes each picture.
    """
    command = [sys.executable, SERVER, str(LATENCY)]
    with (
        tempfile.TemporaryDirectory() as place,
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server,
    ):
        base, runs = server.stdout.readline().strip(), itertools.count()
        names = [f"{number}.jpg" for number in range(FETCHED)]

        def loop():
            folder = Path(place, str(next(runs)))
            folder.mkdir()
            with requests.Session() as session:
                for name in names:
                    answer = session.get(f"{base}/ok/{name}", timeout=10)
                    (folder / name).write_bytes(answer.content)

        def ours():
            folder = Path(place, str(next(runs)))
            policy = Policy(connections=CONNECTIONS, per_host=CONNECTIONS)
            targets = (Target(name, f"{base}/ok/{name}", name) for name in names)
            found = list(download(targets, folder / "images", folder / "status/0.csv", policy))
            if sum(outcome.status == "ok" for outcome in found) != FETCHED:
                raise RuntimeError("some pictures did not come")

        yield loop, ours
        server.kill()


def compare(what: str, a: Callable[[], object], b: Callable[[], object]) -> None:
    """Run A B A B and print how many times as fast B is."""
    a(), b()  # what is loaded or compiled once belongs to neither
    ratios, times = [], ([], [])
    for _ in range(REPEATS):
        for run, spent in zip((a, b), times, strict=True):
            began = time.perf_counter()
            run()
            spent.append(time.perf_counter() - began)
        ratios.append(times[0][-1] / times[1][-1])
    middle = [statistics.median(spent) for spent in times]
    print(
        f"{what}: {statistics.median(ratios):.1f} times as fast"
        f" ({min(ratios):.1f} to {max(ratios):.1f}; {middle[0]:.3f} s and {middle[1]:.3f} s)",
        flush=True,
    )


def main() -> None:
    print(f"{torch.get_num_threads()} threads, {REPEATS} pairs each, batches of {BATCH}")
    last, plain = torch.channels_last, torch.contiguous_format
    compare("views as tensors, not one by one", *views_pair())
    compare("training step channels last, not first", step("32-true", plain), step("32-true", last))
    if default_precision("cpu") == "bf16-mixed":
        compare(
            "training step in bf16, not 32 bit",
            step("32-true", last),
            step("bf16-mixed", last),
        )
    else:
        print("training step in bf16: not compared, this processor has no instructions for it")
    compare("neighbours in blocks, not all sorted", *neighbours_pair())
    with downloads_pair() as pair:
        compare(f"{CONNECTIONS} connections at {LATENCY * 1000:.0f} ms, not one", *pair)


if __name__ == "__main__":
    main()
