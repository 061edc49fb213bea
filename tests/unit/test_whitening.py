"""Whitening beside a slow reference, its limits, and what it must not see."""

import numpy as np

from bilderatlas.learn.whitening import whiten as whiten_parts


def whiten(values, training, floor):
    return whiten_parts(values, np.where(training, "train", "test").tolist(), floor)


def cloud(n=200, d=6, seed=0):
    generator = np.random.default_rng(seed)
    return generator.normal(size=(n, d)) * [8, 4, 2, 1, 0.5, 0.25] + 3


def test_without_a_floor_every_direction_of_the_training_part_has_one_deviation():
    values, training = cloud(), np.arange(200) < 150
    rows = values[training]
    # slow reference: whitening by the inverse root of the covariance, up to a rotation
    covariance = np.cov(rows.T)
    weights, vectors = np.linalg.eigh(covariance)
    slow = (values - rows.mean(0)) @ vectors / np.sqrt(weights)
    slow /= np.linalg.norm(slow, axis=1, keepdims=True)
    found = whiten(values, training, 1e-9)
    # a rotation keeps all cosines
    np.testing.assert_allclose(found @ found.T, slow @ slow.T, atol=1e-5)


def test_a_full_floor_keeps_the_order_of_the_directions():
    values, training = cloud(), np.ones(200, bool)
    soft, hard = whiten(values, training, 1.0), whiten(values, training, 1e-9)
    spread = soft.std(axis=0)
    assert (np.diff(spread) < 0).all()
    assert np.ptp(hard.std(axis=0)) < 0.2 * np.ptp(spread)


def test_a_floor_between_is_that_of_the_formula():
    values, training = cloud(), np.arange(200) < 150
    rows = values[training]
    weights, vectors = np.linalg.eigh(np.cov(rows.T))
    slow = (values - rows.mean(0)) @ vectors / np.sqrt(weights + 0.3**2 * weights.max())
    slow /= np.linalg.norm(slow, axis=1, keepdims=True)
    found = whiten(values, training, 0.3)
    np.testing.assert_allclose(found @ found.T, slow @ slow.T, atol=1e-5)


def test_rows_have_unit_length_and_small_numbers_of_rows_give_fewer_directions():
    values = cloud(12, 6)
    found = whiten(values, np.arange(12) < 4, 0.1)
    assert found.shape == (12, 3)
    assert found.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)


def test_the_other_parts_are_not_looked_at():
    values, training = cloud(), np.arange(200) < 150
    other = values.copy()
    other[~training] *= 100
    np.testing.assert_array_equal(
        whiten(values, training, 0.1)[training], whiten(other, training, 0.1)[training]
    )


def test_what_cannot_be_whitened_comes_back_as_it_was(caplog):
    same = np.full((5, 3), 0.5)
    np.testing.assert_array_equal(whiten(same, np.ones(5, bool), 0.1), same.astype(np.float32))
    assert "one embedding" in caplog.text
    values = cloud(5)
    np.testing.assert_array_equal(whiten(values, np.zeros(5, bool), 0.1), values.astype(np.float32))
    assert "0 picture(s)" in caplog.text
