"""Features of one picture: the mirror, the hash, the whitened copy; buckets of keys."""

import imagehash
import numpy as np
import pytest
from PIL import Image

from bilderatlas.collection.prints.buckets import join, key_bits, sign_keys
from bilderatlas.collection.prints.features import (
    extract,
    mirror,
    mirror_descriptors,
    whitened_copy,
)
from tests.prints import reprint, scene


@pytest.fixture(scope="module")
def picture():
    return scene(1)


@pytest.fixture(scope="module")
def found(picture):
    return extract(picture, 400)


def test_what_is_measured(picture, found):
    assert (found.height, found.width) == picture.shape
    assert 200 < len(found) <= 400
    assert found.descriptors.dtype == np.uint8 and found.descriptors.shape == (len(found), 128)
    # RootSIFT: squares sum to one
    sums = ((found.descriptors / 255.0) ** 2).sum(axis=1)
    assert np.abs(sums - 1).max() < 0.05
    assert found.points.max(axis=0)[0] < 420 and found.points.max(axis=0)[1] < 300


def test_the_mirror_needs_no_second_look(picture, found):
    """Descriptors in another order are those that the mirrored picture has."""
    seen = extract(np.ascontiguousarray(picture[:, ::-1]), 400)
    told = mirror(found)
    pairs = 0
    for row, point in enumerate(told.points):
        near = np.flatnonzero(
            (np.abs(seen.points - point).max(axis=1) < 0.5)
            & (np.abs((seen.angles - told.angles[row] + 180) % 360 - 180) < 5)
            & (np.abs(np.log(seen.sizes / told.sizes[row])) < 0.1)
        )
        for other in near:
            one, two = told.descriptors[row] / 255.0, seen.descriptors[other] / 255.0
            assert one @ two > 0.97
            pairs += 1
    assert pairs > 0.8 * len(found)
    # of unmirrored descriptors hardly one would pass
    twins = found.descriptors / 255.0 @ (mirror_descriptors(found.descriptors) / 255.0).T
    assert (np.diag(twins) > 0.97).mean() < 0.2


def test_mirrored_twice_is_as_before(found):
    again = mirror(mirror(found))
    for name in ("points", "angles", "descriptors", "hashes", "small"):
        assert np.allclose(getattr(again, name), getattr(found, name), atol=1e-3), name


def test_the_hash_is_that_of_the_library(picture, found):
    for row, of in enumerate((picture, picture[:, ::-1])):
        assert (found.hashes[row] == imagehash.phash(Image.fromarray(of)).hash.ravel()).all()


def test_a_picture_of_one_tone_has_nothing():
    found = extract(np.full((60, 80), 128, np.uint8), 100)
    assert len(found) == 0 and found.descriptors.shape == (0, 128)
    assert not found.small.any()


def test_the_whitened_copy_forgets_the_tone(picture, found):
    other = whitened_copy(reprint(picture, 5))
    assert found.small[0] @ other > 0.97
    assert np.linalg.norm(other) == pytest.approx(1, abs=1e-5)
    assert abs(found.small[0] @ whitened_copy(scene(2))) < 0.5
    # the mirror turns the sign of what is odd across
    turned = found.small[0].copy()
    odd = np.array([number % 8 % 2 == 1 for number in range(1, 64)])
    turned[odd] *= -1
    assert np.allclose(turned, found.small[1], atol=0.02)


# --- buckets


def test_joined_as_a_loop_would():
    rng = np.random.default_rng(0)
    gallery, queries = rng.integers(0, 30, 200), rng.integers(0, 40, 90)
    query, other, held = join(gallery, queries, 8)
    counts = np.bincount(gallery, minlength=40)
    expected = {
        (row, place)
        for row, key in enumerate(queries)
        for place in np.flatnonzero(gallery == key)
        if counts[key] <= 8
    }
    assert len(expected) > 100 and (counts > 8).any()
    assert set(zip(query.tolist(), other.tolist(), strict=True)) == expected
    assert len(query) == len(expected)
    assert (held == counts[queries[query]]).all()


def test_nothing_is_joined_with_nothing():
    empty = np.empty(0, np.int64)
    assert all(len(part) == 0 for part in join(empty, np.arange(3), 9))
    assert all(len(part) == 0 for part in join(np.arange(3), empty, 9))


def test_equal_bits_are_as_likely_as_the_angle_says():
    rng = np.random.default_rng(1)
    one = rng.normal(size=(4000, 64))
    across = rng.normal(size=one.shape)
    across -= one * (across * one).sum(axis=1, keepdims=True) / (one**2).sum(axis=1, keepdims=True)
    across *= np.linalg.norm(one, axis=1, keepdims=True) / np.linalg.norm(
        across, axis=1, keepdims=True
    )
    angle = np.pi / 6
    other = np.cos(angle) * one + np.sin(angle) * across
    equal = (sign_keys(one, 1, 12) == sign_keys(other, 1, 12)).mean()
    assert equal == pytest.approx(1 - angle / np.pi, abs=0.01)
    # longer keys contain the shorter ones
    assert (sign_keys(one, 20, 2) & 0b1111 == sign_keys(one, 4, 2)).all()
    assert (sign_keys(one, 20, 5)[:, :2] == sign_keys(one, 20, 2)).all()


@pytest.mark.parametrize(("count", "bits"), [(1, 4), (1000, 9), (2**20, 19), (10**12, 30)])
def test_keys_grow_with_the_collection(count, bits):
    assert key_bits(count, 2.0) == bits
