"""Where a training spends its time: ``python -m benchmarks.profile_training [--device cuda] …``.

Trains as the workflow does under torch.profiler and prints the shares of loading, views, network
(forward with loss, and backward), optimiser and rest, then the operators that take most. On a GPU
the shares are of the device's time, and the rest is the time in which it has nothing to do.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import torch
from torch.autograd import DeviceType
from torch.profiler import ProfilerActivity, profile, record_function

from benchmarks import pairs
from benchmarks.pictures import packed, pictures
from benchmarks.settings import training
from bilderatlas import job, learn
from bilderatlas.data.pack import open_pack
from bilderatlas.data.placement import training_batches
from bilderatlas.learn import fit
from bilderatlas.learn.device import free_memory, pick_device

PARTS = ("loading", "views", "forward", "backward", "optimiser")


def named(part: str, function: Callable) -> Callable:
    """The function, its time put down under a name."""

    def call(*words: Any, **more: Any) -> Any:
        with record_function(part):
            return function(*words, **more)

    return call


class Named:
    """A loader whose waiting time is put down as ``loading``."""

    def __init__(self, loader: Any) -> None:
        self.loader, self.sampler = loader, loader.sampler

    def __len__(self) -> int:
        return len(self.loader)

    def __iter__(self) -> Iterator:
        batches = iter(self.loader)
        following = named("loading", lambda: next(batches, None))
        while (batch := following()) is not None:
            yield batch


def train(path: Path, settings: dict[str, Any], device: str, where: str) -> tuple[profile, float]:
    """The profile of a training, and its seconds from the first step to the last."""
    import pytorch_lightning as pl

    with open_pack(path) as pack:
        names = pack.image_ids
    pl.seed_everything(settings["seed"], verbose=False)
    module = learn.method("simclr").build(settings)
    module.views = named("views", module.views)
    module.training_step = named("step", module.training_step)
    module.backward = named("backward", module.backward)
    watch = profile(
        activities=[ProfilerActivity.CPU, ProfilerActivity.CUDA][: 1 + (device == "cuda")]
    )
    clock: list[float] = []

    def start() -> None:
        watch.start()
        clock.append(time.perf_counter())

    def end() -> None:
        if device == "cuda":
            torch.cuda.synchronize()
        clock.append(time.perf_counter())
        watch.stop()

    module.on_train_start, module.on_train_end = start, end
    batches = (settings["batch_size"], settings["seed"], "profile", device, free_memory(device))
    with (
        tempfile.TemporaryDirectory() as place,
        training_batches(path, names, *batches, where) as (loader, _),
    ):
        fit.fit(module, Named(loader), settings, "", Path(place, "c"), Path(place, "l"), device)
    return watch, clock[1] - clock[0]


def shares(watch: profile, seconds: float, device: str) -> dict[str, float]:
    """Seconds of each part. Backward kernels of a GPU are what the other parts leave of all."""
    listed = watch.key_averages()
    events = {event.key: event for event in listed if event.device_type == DeviceType.CPU}
    unit = "device_time_total" if device == "cuda" else "cpu_time_total"

    def total(*starts: str) -> float:
        keys = [key for key in events if key.startswith(starts)]
        return sum(getattr(events[key], unit) for key in keys) / 1e6

    found = {"loading": total("loading"), "views": total("views")}
    found["forward"] = total("step") - found["views"]
    if device == "cuda":
        kernels = [
            event.self_device_time_total
            for event in listed
            if event.device_type == DeviceType.CUDA and not event.is_user_annotation
        ]
        busy = sum(kernels) / 1e6
        found["optimiser"] = total("aten::_fused_", "aten::_foreach_")
        found["backward"] = busy - sum(found.values())
    else:
        found["backward"] = total("backward")
        found["optimiser"] = total("Optimizer.step") - total("step") - found["backward"]
    found = {part: found[part] for part in PARTS}
    return found | {"rest": seconds - sum(found.values())}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.profile_training")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda")
    parser.add_argument("--recipe", default="published")
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--pictures", default="auto", help="auto, resident, streamed")
    parser.add_argument("--operators", type=int, default=15, help="how many are listed")
    given = parser.parse_args()
    job.quiet_libraries()
    device = pick_device(given.device)
    settings = training(given.recipe, epochs=given.epochs, batch_size=given.batch)
    with pictures() as of, packed(of, settings.get("pack", "grey")) as path:
        train(path, settings | {"epochs": 1}, device, given.pictures)  # what is made at first use
        watch, seconds = train(path, settings, device, given.pictures)
        steps = given.epochs * (len(of.listed) // given.batch)
    views = 2 * steps * given.batch
    print(f"{given.recipe}, batch {given.batch}, {settings['size']} px, {device}: {steps} steps,")
    print(f"{seconds:.2f} s, {views / seconds:.0f} views a second under the profiler")
    about = (
        f"{given.recipe}, {steps} steps of batch {given.batch} at {settings['size']} px, {device}"
    )
    pairs.write(
        "profile_training",
        [
            pairs.summary(
                f"profile_{part}", [spent / seconds], "share",
                f"{1e3 * spent / steps:.1f} ms a step; {about}",
            )
            for part, spent in shares(watch, seconds, device).items()
        ],
    )  # fmt: skip
    order = "self_device_time_total" if device == "cuda" else "self_cpu_time_total"
    print(watch.key_averages().table(sort_by=order, row_limit=given.operators))


if __name__ == "__main__":
    main()
