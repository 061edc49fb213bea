"""How fast frozen networks read pictures: against the naive way, and against their own forward.

In turn, for each network: naive (decode, transform, 32 bit, one process) and ours from the open
pack; then ours and its own bare forward on a batch of views in memory, more often, as they differ
by less than two runs of the same do.
"""

from __future__ import annotations

import torch

from benchmarks import pairs
from benchmarks.machine import cores
from benchmarks.naive_features import naive_features, naive_network, naive_transform
from benchmarks.pictures import SIDE, packed, pictures
from bilderatlas import job
from bilderatlas.data.pack import open_pack
from bilderatlas.learn.features.extract import KINDS, How, extract, forward, read, ready
from bilderatlas.learn.features.networks import build

# network, side of what it sees, pictures a run
ASKED = (("resnet18", 224, 192), ("vgg16", 224, 64), ("inception_v3", 299, 96))
ROUNDS, CLOSE_ROUNDS = 3, 7


def asked(name: str, size: int, count: int) -> list[pairs.Line]:
    """Both lines of a network."""
    with pictures(count) as of, packed(of, "rgb") as path, open_pack(path) as pack:
        how = How(size, workers=cores())
        ours = ready(build(name, "pool", None), how)
        naive, transform = naive_network(name, "pool", None), naive_transform(name, size)
        files = of.listed["file"].tolist()
        views = torch.randn(how.count, 3, size, size).to(
            KINDS[how.settled], memory_format=torch.channels_last
        )

        def bare():
            with torch.inference_mode():
                for _ in range(len(pack) // how.count):
                    ours(views)

        def extracted():
            for _ in extract(read(pack), ours, how):
                pass

        with torch.inference_mode():
            forward(ours, torch.zeros(how.count, 3, size, size, dtype=torch.uint8), how)
        against = {"naive": lambda: naive_features(files, naive, transform), "ours": extracted}
        spent = pairs.in_turn(against, ROUNDS)
        close = pairs.in_turn({"bare": bare, "ours": extracted}, CLOSE_ROUNDS)
        about = (
            f"{name}, {len(pack)} of {of.about.split(' ', 1)[1]}, {size} px, {how.settled}, batches"
            f" of {how.count}; ours from the pack ({SIDE} px)"
        )
        done = len(pack) // how.count * how.count
        return [
            pairs.ratio(
                f"features_vs_naive_of_{name}", spent["naive"], spent["ours"],
                f"{about}, naive from JPEGs in 32 bit", (len(pack),) * 2, "pictures",
            ),
            pairs.ratio(
                f"features_vs_bare_forward_of_{name}", close["bare"], close["ours"], about,
                (done, len(pack)), "pictures",
            ),
        ]  # fmt: skip


def main() -> None:
    job.quiet_libraries()
    torch.set_num_threads(cores())
    pairs.write("features", [line for each in ASKED for line in asked(*each)])


if __name__ == "__main__":
    main()
