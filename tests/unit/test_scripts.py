"""The small functions of the rules' scripts."""

import draw_neighbours
import fetch_network_weights
import fetch_weights
import find_prints
import measure_study
import numpy as np
import pandas as pd
import pytest
import torch
import torchvision
import write_results_page

from bilderatlas.backbones import read_weights
from bilderatlas.errors import InputError
from bilderatlas.feature_files import ATTRIBUTES, write_features
from bilderatlas.files import Embeddings


def made(lineage="pixels", split="published", part=("train", "train", "test", "test")):
    names = ["a", "b", "c", "d"]
    attributes = {"lineage": lineage, "split": split, "experiment": lineage}
    return Embeddings(np.eye(4, dtype=np.float32), names, list(part), attributes)


@pytest.fixture
def catalogue():
    rows = [("a", "Markt", "1900"), ("b", "", "1900"), ("c", "Markt", "1900"), ("d", "", "1900")]
    table = pd.DataFrame(rows, columns=["image_id", "title", "date"])
    return table.set_index("image_id", drop=False)


def test_named_queries_come_first_and_strangers_are_told(caplog):
    chosen = draw_neighbours.choose_queries(["b", "x"], 2, 0, {"a", "b", "c", "d"})
    assert chosen[0] == "b"
    assert len(chosen) == len(set(chosen)) == 3
    assert set(chosen) < {"a", "b", "c", "d"}
    assert "x" in caplog.text
    assert chosen == draw_neighbours.choose_queries(["b"], 2, 0, {"d", "c", "b", "a"})


def test_same_title_needs_a_title(catalogue):
    same = draw_neighbours.same_title(catalogue, "a")
    assert [same(name) for name in "abcd"] == [True, False, True, False]
    assert draw_neighbours.same_title(catalogue, "b") is None


def test_middle_years_keep_what_is_unknown():
    table = pd.DataFrame(
        {"date_from": ["1900-01-01", ""], "date_to": ["1901-12-31", ""]}, index=["a", "b"]
    )
    years = measure_study.middle_years(table)
    assert years["a"] == pytest.approx(1901.0, abs=0.01)
    assert np.isnan(years["b"])


def test_split_sizes():
    sizes = write_results_page.split_sizes([made(), made(split="group", part=["test"] * 4)])
    assert sizes == {"published": {"train": 2, "test": 2}, "group": {"test": 4}}


def test_local_weights_are_taken_and_checked(tmp_path):
    state = torchvision.models.resnet18(weights=None).state_dict()
    source, target = tmp_path / "own.pth", tmp_path / "weights.pt"
    torch.save(state, source)
    fetch_weights.fetch(str(source), None, str(tmp_path), target)
    assert torch.equal(read_weights(target)["conv1.weight"], state["conv1.weight"])
    with pytest.raises(InputError, match="sha256"):
        fetch_weights.fetch(str(source), "0" * 64, str(tmp_path), target)


def test_local_weights_of_another_network(tmp_path):
    source, target = tmp_path / "own.pth", tmp_path / "imagenet-vgg16.pt"
    torch.save(torchvision.models.resnet18(weights=None).state_dict(), source)
    with pytest.raises(InputError, match=r"own\.pth does not hold the weights of vgg16"):
        fetch_network_weights.fetch("vgg16", "imagenet", str(source), str(tmp_path), target)
    assert not target.exists()
    fetch_network_weights.fetch("resnet18", "imagenet", str(source), str(tmp_path), target)
    assert "fc.weight" not in read_weights(target)


def test_weights_of_a_network_that_cannot_be_fetched(tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise OSError("no route to host")

    monkeypatch.setattr(torch.hub, "load_state_dict_from_url", refuse)
    with pytest.raises(InputError, match=r"of vgg16 could not.*weights\.imagenet\.paths\.vgg16"):
        fetch_network_weights.fetch("vgg16", "imagenet", "", str(tmp_path), tmp_path / "w.pt")
    assert list(tmp_path.iterdir()) == []


def test_weights_that_cannot_be_fetched_say_what_else_there_is(tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise OSError("no route to host")

    monkeypatch.setattr(torch.hub, "load_state_dict_from_url", refuse)
    with pytest.raises(InputError, match=r"weights\.imagenet\.path"):
        fetch_weights.fetch("", None, str(tmp_path), tmp_path / "w.pt")
    assert not (tmp_path / "w.pt").exists()


def test_features_in_the_order_of_the_pictures(tmp_path, monkeypatch):
    monkeypatch.setattr(find_prints, "ROWS", 2)
    values = np.arange(10, dtype=np.float32).reshape(5, 2) + 1
    said = dict.fromkeys(ATTRIBUTES, "") | {"shape": [2], "versions": {}}
    write_features([values], list("abcde"), 2, "float16", said, tmp_path / "x.h5")
    found = find_prints.frozen_features(tmp_path / "x.h5", ["e", "z", "a", "d"])
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, [[9, 10], [0, 0], [1, 2], [7, 8]])
