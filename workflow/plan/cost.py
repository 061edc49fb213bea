"""What a run will cost, told before it starts: time, disk, network.

The rates are orders of magnitude, not promises. They were read off trainings on the real
photographs (ResNet18, 128 pixels, two views a picture) on two cores of a server processor: 7,680
reads took 303 processor seconds with bf16 instructions; a bare step in 32 bit ran at 25 a second.
Smaller views are reckoned by their pixels: a core read 25, 44, 55 and 91 pictures a second at a
side of 128, 96, 80 and 64 pixels, where the pixels alone would say 25, 44, 64 and 100.
"""

from __future__ import annotations

import os

from plan import downloads

PICTURES_PER_SECOND = {"with bf16": 45, "without": 20}  # training at MEASURED_SIDE, two cores
MEASURED_SIDE = 128
FULL_SIZE = {"zille": 624, "dew": 54_114}
FETCHED_MB = {"zille": 91}
WEIGHTS_MB = 47
# of ImageNet weights, as the catalogue of models in torchvision's documentation gives them
NETWORK_MB = {
    "resnet50": 97.8,
    "resnet101": 170.5,
    "resnet152": 230.4,
    "resnext101_32x8d": 339.6,
    "efficientnet_b0": 20.5,
    "densenet169": 54.7,
    "vgg16": 527.8,
    "inception_v3": 103.9,
}
MODEL_MB = 46
GREY_PACK_MB = 0.078  # a picture of 320 pixels on its long side; three times that in colour
# of a training on a CPU; `data/placement.py` reckons with the same when it places the pictures
LIBRARIES_MB = 1500  # with the network, its gradients and the optimiser
BATCH_PICTURE_MB = 12  # a picture of a batch: two views and their activations
PICTURE_SUFFIXES = (".jpg", ".jpeg", ".png", ".tif", ".tiff", ".webp")


def pictures(entry: dict) -> int:
    """How many pictures a collection has, counted or known; 0 where neither."""
    if entry["path"] is not None:
        return sum(
            name.lower().endswith(PICTURE_SUFFIXES)
            for _, _, names in os.walk(entry["path"])
            for name in names
        )
    if entry.get("meta") is not None:
        return round(downloads.rows(entry["meta"], entry["until"]) * downloads.STILL_THERE)
    return entry.get("count", FULL_SIZE.get(entry["source"], 0))


def sentence(
    phases: list[tuple[str, int, int]],
    packs: list[tuple[str, str]],
    collections: dict,
    train: float,
    fetches: list[str],
    imagenet: bool,
    by_address: float = 0.0,
    networks: list[str] | None = None,
    extractions: list[tuple[str, int]] | None = None,
) -> str:
    """What the jobs that are due will cost, in one sentence.

    Args:
        phases: collection, epochs and side of the views in pixels, of each training or fine-tuning
            that is due.
        packs: collection and mode of each pack that is due.
        collections: the settings of the collections.
        train: share of the training part.
        fetches: collections that will be fetched.
        imagenet: whether pretrained weights will be fetched.
        by_address: megabytes that will be fetched by address at most.
        networks: those other than ResNet18 whose weights will be fetched.
        extractions: collection and bytes a picture of each file of features that is due.
    """
    size = {name: pictures(entry) for name, entry in collections.items()}
    reads = [int(train * size[name]) * epochs for name, epochs, _ in phases]
    # in reads at the measured side
    work = sum(
        count * (side / MEASURED_SIDE) ** 2
        for count, (_, _, side) in zip(reads, phases, strict=True)
    )
    times = [f"{_time(work / rate)} {how}" for how, rate in PICTURES_PER_SECOND.items()]
    disk = len(phases) * MODEL_MB
    disk += sum(size[name] * GREY_PACK_MB * (3 if mode == "rgb" else 1) for name, mode in packs)
    network = sum(FETCHED_MB.get(collections[name]["source"], 0) for name in fetches)
    weights = sum(NETWORK_MB[name] for name in networks or [])
    network += WEIGHTS_MB * imagenet + by_address + weights
    # weights lie in the downloads and as they are used; features in the cache and the results
    features = sum(size[name] * each for name, each in extractions or []) / 10**6
    disk += by_address + 2 * (weights + features)
    due = []
    if phases:
        count = f"{len(phases)} trainings are due" if len(phases) > 1 else "1 training is due"
        due.append(
            f"{count} ({sum(reads):,} picture reads, about {' or '.join(times)} on two cores)"
        )
    if extractions:
        rows = sum(size[name] for name, _ in extractions)
        due.append(
            f"features of frozen networks are due ({rows:,} rows, {features / 1000:.1f} GB, and a"
            " copy as large that is kept)"
        )
    if not due:
        due.append("weights are due")
    return (
        f"Before it starts: {', '.join(due)}, about {disk / 1000:.1f} GB of disk and"
        f" {f'{network:,.0f} MB from the network' if network else 'no network'}."
    )


def _time(seconds: float) -> str:
    return f"{seconds / 3600:.1f} h" if seconds >= 3600 else f"{max(1, seconds / 60):.0f} min"
