"""The file of a model: read as it was written, whole or not at all."""

import pytest
import torch

from bilderatlas.errors import InputError
from bilderatlas.models import Model, read_model, write_model


def model():
    made_by = {
        "lineage": "untrained+zille.published",
        "backbone": "resnet18",
        "settings": {"views": [{"crop": {"scale": [0.5, 1.0]}}], "epochs": 20, "split": None},
        "versions": {"torch": "2.15"},
    }
    generator = torch.Generator().manual_seed(0)
    backbone = {"conv1.weight": torch.randn(2, 1, 3, 3, generator=generator)}
    return Model(backbone, {"layers.0.bias": torch.arange(3.0)}, made_by)


def same(one, other):
    return one.keys() == other.keys() and all(torch.equal(one[key], other[key]) for key in one)


def test_a_model_comes_back(tmp_path):
    path = tmp_path / "untrained+zille.published" / "model.ckpt"
    write_model(model(), path)
    found = read_model(path)
    assert same(found.backbone, model().backbone) and same(found.head, model().head)
    assert found.made_by == model().made_by
    assert [one.name for one in path.parent.iterdir()] == ["model.ckpt"]


def test_an_initialisation_has_no_head(tmp_path):
    write_model(Model(model().backbone, None), tmp_path / "model.ckpt")
    found = read_model(tmp_path / "model.ckpt")
    assert found.head is None and found.made_by == {}


def test_faults_are_one_sentence(tmp_path):
    path = tmp_path / "model.ckpt"
    with pytest.raises(InputError, match=r"model\.ckpt does not exist"):
        read_model(path)
    write_model(model(), path)
    whole = path.read_bytes()
    for content in (b"", b"no model", whole[: len(whole) // 2]):
        path.write_bytes(content)
        with pytest.raises(InputError, match=r"model\.ckpt is not a model.*delete it"):
            read_model(path)
    torch.save({"weights": 1}, path)
    with pytest.raises(InputError, match="is not a model"):
        read_model(path)


def test_a_model_that_runs_code_when_read_is_refused(tmp_path):
    torch.save({"backbone": {}, "head": None, "made_by": {"danger": tmp_path}}, tmp_path / "m.ckpt")
    with pytest.raises(InputError, match="is not a model"):
        read_model(tmp_path / "m.ckpt")


def test_a_failure_leaves_the_old_model(tmp_path):
    path = tmp_path / "model.ckpt"
    write_model(model(), path)
    with pytest.raises((AttributeError, TypeError, RuntimeError)):
        write_model(Model({}, None, {"cannot be written": lambda: None}), path)
    assert read_model(path).made_by == model().made_by
    assert [one.name for one in tmp_path.iterdir()] == ["model.ckpt"]
