"""Batches larger than what they are drawn from: told with a size that fits."""

import pytest

from plan import batches

SIZES = {"batch_size": {"default": 1024}}
RECIPE = {"training": SIZES, "fine_tuning": {"batch_size": {"default": 1024, "mine": 32}}}


@pytest.fixture
def settings(tmp_path):
    for number in range(100):
        (tmp_path / f"{number}.jpg").touch()
    return {
        "simclr": {"roles": {"zille": "mine"}},
        "divide": {"train": 0.7},
        "collections": {"mine": {"path": str(tmp_path), "source": "local"}},
    }


def row(training="", fine_tuning=""):
    return {"training": training, "fine_tuning": fine_tuning}


def test_a_batch_that_is_too_large(settings):
    assert batches.too_large(row("zille"), settings, RECIPE, "published") == (
        "A batch of 1024 is larger than the training part of mine (70 of 100 pictures): write"
        " training: {batch_size: {default: 1024, mine: 16}} under simclr.recipes.published."
    )


def test_batches_that_fit_or_cannot_be_known(settings):
    assert batches.too_large(row(), settings, RECIPE, "published") is None
    assert batches.too_large(row(fine_tuning="zille"), settings, RECIPE, "published") is None
    exact = {"training": {"batch_size": {"default": 70}}}
    assert batches.too_large(row("zille"), settings, exact, "published") is None
    settings["collections"]["mine"] = {"path": None, "source": "links"}
    assert batches.too_large(row("zille"), settings, RECIPE, "published") is None
