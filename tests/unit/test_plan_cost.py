"""What a run will cost, before it starts."""

import pytest
from torchvision.models import get_model_weights

from plan import cost, features

COLLECTIONS = {
    "zille": {"source": "zille", "path": None},
    "drawn": {"source": "specimen", "path": None, "count": 100},
}


def test_pictures_are_known_counted_or_drawn(tmp_path):
    (tmp_path / "inside").mkdir()
    for name in ("a.jpg", "inside/b.TIF", "notes.txt"):
        (tmp_path / name).write_bytes(b"")
    assert cost.pictures({"source": "local", "path": str(tmp_path)}) == 2
    assert cost.pictures(COLLECTIONS["drawn"]) == 100
    assert cost.pictures(COLLECTIONS["zille"]) == 624
    assert cost.pictures({"source": "local", "path": None}) == 0


def test_the_sentence_adds_up():
    phases = [("zille", 20, 128), ("drawn", 10, 128)]
    said = cost.sentence(phases, [("zille", "rgb")], COLLECTIONS, 0.7, ["zille"], True)
    # 436 pictures 20 times and 70 ten times
    assert "2 trainings are due (9,420 picture reads" in said
    assert "about 3 min with bf16 or 8 min without on two cores" in said
    # two models of 46 MB and 624 colour pictures of 0.234 MB
    assert "about 0.2 GB of disk" in said
    assert "138 MB from the network" in said


def test_smaller_views_cost_by_their_pixels():
    def said(*phases):
        return cost.sentence(list(phases), [], COLLECTIONS, 0.7, [], False)

    # a quarter of the pixels: four times the epochs in the same time
    whole, quarter = said(("zille", 100, 128)), said(("zille", 400, 64))
    assert "(43,600 picture reads, about 16 min with bf16 or 36 min without" in whole
    assert "(174,400 picture reads, about 16 min with bf16 or 36 min without" in quarter
    # each phase at its own size: 43,600 reads, and 43,600 that cost a quarter
    both = said(("zille", 100, 128), ("zille", 100, 64))
    assert "(87,200 picture reads, about 20 min with bf16 or 45 min without" in both


def test_without_a_fetch_there_is_no_network():
    said = cost.sentence([("drawn", 1, 128)], [], COLLECTIONS, 0.7, [], False)
    assert said.endswith("no network.")


def test_features_and_the_weights_of_their_networks_are_told_of():
    maps = {"network": "vgg16", "layer": "pool4", "size": 224, "store": "float16"}
    each = features.row_bytes(maps)
    assert each == 14 * 14 * 512 * 2
    said = cost.sentence(
        [], [], COLLECTIONS, 0.7, [], False, networks=["vgg16"], extractions=[("zille", each)]
    )
    # 624 rows of 200,704 bytes: 125 MB, twice; the weights lie twice as well
    assert said == (
        "Before it starts: features of frozen networks are due (624 rows, 0.1 GB, and a copy as"
        " large that is kept), about 1.3 GB of disk and 528 MB from the network."
    )
    dew = {"dew": {"source": "dew", "path": None}}
    said = cost.sentence([], [], dew, 0.7, [], False, extractions=[("dew", each)])
    assert "54,114 rows, 10.9 GB" in said and "21.7 GB of disk and no network" in said
    both = cost.sentence(
        [("zille", 1, 128)], [], COLLECTIONS, 0.7, [], False, extractions=[("zille", 4 * 512)]
    )
    assert "1 training is due (436 picture reads" in both and "features of frozen" in both
    said = cost.sentence([], [], COLLECTIONS, 0.7, [], False, networks=["resnet50"])
    assert said.startswith("Before it starts: weights are due, about 0.2 GB of disk and 98 MB")


@pytest.mark.parametrize("name", [name for name in features.LAYERS if name != features.STUDIED])
def test_downloads_are_as_large_as_torchvision_says(name):
    said = get_model_weights(name).IMAGENET1K_V1.meta["_file_size"]
    assert cost.NETWORK_MB[name] == pytest.approx(said, abs=0.06)
