"""What is asked for by path and cannot be: one sentence each."""

import pytest

from plan import targets

HERE = {"path": "x", "source": "local", "connections": None}
KNOWN = targets.Known(
    collections={"zille": HERE, "mine": HERE, "dew": {"path": None, "source": "dew", "meta": None}},
    experiments={"0": {}, "7": {}, "4": {}, "pixels": {}},
    trained_on={"untrained": [], "untrained+dew.published": ["dew"]},
    embedded={"0": "zille", "7": "zille", "4": "zille", "pixels": "mine"},
    left_out={"4": "The collection dew is not here yet."},
    backbones={"resnet18": None, "vgg16": "The weights own of vgg16 are not here."},
)


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("results/meine/catalogue.csv", "'meine' (did you mean 'mine'?); there are zille"),
        ("resources/zile/manifest.csv", "did you mean 'zille'?"),
        ("results/dew/catalogue.csv", "is not here yet"),
        ("results/mine/connections.csv", "under collections.mine.connections"),
        ("results/zille/simclr/99/neighbours.csv", "no experiment '99'; it has 0, 7, 4, pixels"),
        ("results/zille/simclr/pixel/neighbours.csv", "did you mean 'pixels'?"),
        ("results/zille/simclr/4/neighbours.csv", "experiment 4 of simclr is asked for. The coll"),
        ("results/mine/simclr/7/embeddings.h5", "embeds zille, not mine; ask for results/zille"),
        ("results/zille/features/resnet81.h5", "did you mean 'resnet18'?); it has resnet18, vgg16"),
        ("results/zille/features/vgg16.h5", "is asked for. The weights own of vgg16 are not here"),
        ("results/dew/features/resnet18.h5", "is not here yet"),
        ("results/models/untrained+dew.published/model.ckpt", "is not here yet"),
    ],
)  # fmt: skip
def test_a_target_that_cannot_be(target, words):
    told = targets.fault(target, KNOWN)
    assert words in told and told.endswith(".")


@pytest.mark.parametrize(
    "target",
    [
        "all", "-n", "config/mine.yaml", "results/report.zip", "results/mine/catalogue.csv",
        "results/zille/simclr/figures/maps", "results/zille/simclr/tables/metrics.csv",
        "results/zille/simclr/7/embeddings.h5", "resources/weights/imagenet.pt",
        "results/zille/features/resnet18.h5", "resources/weights/imagenet-vgg16.pt",
        "results/models/untrained/model.ckpt", "docs/results-zille.md",
    ],
)  # fmt: skip
def test_what_may_be(target):
    assert targets.fault(target, KNOWN) is None
