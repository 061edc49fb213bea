"""Embeddings: unit rows in the pack's order, of a network at rest; the pixel control by hand."""

import numpy as np
import pytest
import torch

from bilderatlas.backbones import build_backbone, initial_state
from bilderatlas.data.pack import Pack
from bilderatlas.learn.embed import embed
from bilderatlas.learn.pixels import embed_pixels
from bilderatlas.views import evaluate

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture(scope="module")
def state():
    return initial_state("resnet18", 1, "mean", None)


def grey_pack(*pictures):
    arrays = [np.array(one, np.uint8) for one in pictures]
    return Pack(
        np.concatenate([one.ravel() for one in arrays]),
        np.cumsum([0, *(one.size for one in arrays)]),
        np.array([one.shape for one in arrays]),
        [str(number) for number in range(len(arrays))],
        "grey",
    )


def test_rows_are_unit_vectors_of_single_precision(state, make_pack):
    found = embed(state, "resnet18", make_pack(5), 48)
    assert found.shape == (5, 512) and found.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)


def test_each_row_is_its_pictures_features(state, make_pack):
    """Row by row beside the plain network in evaluation mode."""
    pack = make_pack(5)
    network = build_backbone("resnet18")
    network.load_state_dict(state)
    network.eval()
    found = embed(state, "resnet18", pack, 48, batch_size=2)
    for row in range(5):
        canvas, sizes = (torch.from_numpy(array) for array in pack.canvas([row]))
        with torch.no_grad():
            wanted = network(evaluate(canvas, sizes, 48))[0].numpy()
        np.testing.assert_allclose(found[row], wanted / np.linalg.norm(wanted), atol=1e-5)
    # and the rows are not all alike
    assert (found @ found.T)[~np.eye(5, dtype=bool)].max() < 0.9999


def test_the_size_of_batches_does_not_matter(state, make_pack):
    """It would in training mode, where a batch is normalised by its own statistics."""
    pack = make_pack(7)
    whole = embed(state, "resnet18", pack, 48, batch_size=64)
    for size in (1, 3):
        np.testing.assert_allclose(
            embed(state, "resnet18", pack, 48, batch_size=size), whole, atol=1e-4
        )


def test_the_models_state_is_left_alone(state, make_pack):
    before = {key: value.clone() for key, value in state.items()}
    embed(state, "resnet18", make_pack(3), 48)
    assert all(torch.equal(before[key], state[key]) for key in before)


def test_a_colour_pack_is_embedded_in_grey(state, make_pack):
    grey, colour = make_pack(4), make_pack(4)
    colour.pixels, colour.offsets = np.repeat(grey.pixels, 3), grey.offsets * 3
    colour.mode = "rgb"
    np.testing.assert_allclose(
        embed(state, "resnet18", grey, 48), embed(state, "resnet18", colour, 48), atol=1e-3
    )


# --- the control of pixels


def test_pixels_by_hand():
    found = embed_pixels(grey_pack([[0, 100], [100, 200]], [[90, 50], [50, 10]]), side=2)
    half = np.sqrt(0.5)
    # minus the mean of 100 is -100, 0, 0, 100, of length 100 x sqrt 2
    np.testing.assert_allclose(found[0], [-half, 0, 0, half], atol=1e-6)
    np.testing.assert_allclose(found[1], [half, 0, 0, -half], atol=1e-6)
    assert found.dtype == np.float32


def test_a_product_of_rows_is_a_correlation(make_pack):
    pack = make_pack(6)
    found = embed_pixels(pack)
    assert found.shape == (6, 256)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)
    from PIL import Image

    small = [
        np.asarray(
            Image.fromarray(pack.picture(row)[:, :, 0]).resize((16, 16), Image.Resampling.BILINEAR),
            float,
        ).ravel()
        for row in range(6)
    ]
    np.testing.assert_allclose(found @ found.T, np.corrcoef(small), atol=1e-5)


def test_brighter_and_paler_prints_of_one_picture_are_one():
    rng = np.random.default_rng(0)
    picture = rng.integers(0, 100, (16, 16))
    found = embed_pixels(grey_pack(picture, picture * 2 + 30))
    assert found[0] @ found[1] == pytest.approx(1, abs=1e-5)


def test_a_picture_of_one_tone_is_a_row_of_zeros():
    found = embed_pixels(grey_pack(np.full((20, 30), 77), [[0, 255], [255, 0]]))
    assert not found[0].any() and np.linalg.norm(found[1]) == pytest.approx(1, abs=1e-5)
