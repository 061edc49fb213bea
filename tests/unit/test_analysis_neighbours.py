"""Neighbours against a slow double loop, ties, blocks, and bad input."""

import logging

import numpy as np
import pytest

from bilderatlas import files
from bilderatlas.analysis import neighbours
from bilderatlas.errors import InputError


def unit_rows(count, width, seed=0):
    values = np.random.default_rng(seed).normal(size=(count, width)).astype(np.float32)
    return values / np.linalg.norm(values, axis=1, keepdims=True)


def slow(values, k):
    values = values.astype(np.float64)
    indices, distances = [], []
    for row, own in enumerate(values):
        ranked = sorted(
            (float(np.sqrt(((own - other) ** 2).sum())), number)
            for number, other in enumerate(values)
            if number != row
        )[:k]
        indices.append([number for _, number in ranked])
        distances.append([distance for distance, _ in ranked])
    return np.array(indices), np.array(distances)


@pytest.mark.parametrize("block", [4_000_000, 2_000, 1])
def test_as_a_double_loop_says_whatever_the_block(monkeypatch, block):
    monkeypatch.setattr(neighbours, "_BLOCK", block)
    values = unit_rows(61, 7)
    indices, distances = neighbours.nearest(values, 9)
    expected = slow(values, 9)
    np.testing.assert_array_equal(indices, expected[0])
    np.testing.assert_allclose(distances, expected[1], rtol=1e-12)


def test_by_hand():
    indices, distances = neighbours.nearest(np.array([[0.0, 0], [3, 4], [0, 1]]), 2)
    assert indices.tolist() == [[2, 1], [2, 0], [0, 1]]
    np.testing.assert_allclose(distances, [[1, 5], [18**0.5, 5], [1, 18**0.5]])


def test_equal_rows_keep_each_other_and_tie_in_row_order():
    values = unit_rows(40, 5)
    values[[3, 17, 30]] = values[3]
    indices, distances = neighbours.nearest(values, 4)
    assert indices[3, :2].tolist() == [17, 30]
    assert indices[17, :2].tolist() == [3, 30]
    assert indices[30, :2].tolist() == [3, 17]
    assert (distances[[3, 17, 30], :2] == 0).all()


def test_all_rows_alike_give_row_order():
    indices, distances = neighbours.nearest(np.full((50, 3), 0.577, dtype=np.float32), 3)
    assert indices[0].tolist() == [1, 2, 3]
    assert indices[2].tolist() == [0, 1, 3]
    assert indices[49].tolist() == [0, 1, 2]
    assert (distances == 0).all()


def test_more_ties_than_spare_candidates_still_come_in_row_order():
    steps = np.random.default_rng(3).permutation(np.repeat([1.0, 2.0], 150))
    indices, _ = neighbours.nearest_between(np.zeros((1, 1)), steps[:, None], 5)
    assert indices[0].tolist() == np.flatnonzero(steps == 1)[:5].tolist()


def test_small_distances_far_from_the_origin_are_exact():
    """|a|^2 + |b|^2 - 2ab alone would lose them all."""
    order = np.random.default_rng(2).permutation(300)
    values = 1e4 + order[:, None] * np.array([1e-5, 0.0])
    indices, distances = neighbours.nearest(values, 2)
    first, tenth = np.flatnonzero(order == 0)[0], np.flatnonzero(order == 10)[0]
    np.testing.assert_allclose(distances[first], [1e-5, 2e-5], rtol=1e-6)
    assert order[indices[first]].tolist() == [1, 2]
    assert set(order[indices[tenth]]) == {9, 11}


def test_permuting_rows_permutes_the_answer():
    values = unit_rows(80, 6)
    order = np.random.default_rng(1).permutation(80)
    indices, distances = neighbours.nearest(values, 5)
    shuffled, shuffled_distances = neighbours.nearest(values[order], 5)
    np.testing.assert_array_equal(order[shuffled], indices[order])
    np.testing.assert_allclose(shuffled_distances, distances[order])


def test_more_neighbours_than_pictures_are_cut_with_a_warning(caplog):
    with caplog.at_level(logging.WARNING):
        indices, distances = neighbours.nearest(unit_rows(4, 3), 30)
    assert indices.shape == distances.shape == (4, 3)
    assert "30 neighbours asked of 4 pictures" in caplog.text
    assert [sorted(row) for row in indices.tolist()] == [[1, 2, 3], [0, 2, 3], [0, 1, 3], [0, 1, 2]]


@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_values_that_are_not_finite_are_refused(wrong):
    values = unit_rows(5, 3)
    values[2, 1] = wrong
    with pytest.raises(InputError, match="row 2"):
        neighbours.nearest(values, 2)


def test_between_leaves_the_own_group_out_and_fills_up():
    gallery = np.array([[0.0], [1], [2], [10]])
    indices, distances = neighbours.nearest_between(
        np.array([[0.1], [9.0]]), gallery, 3, np.array([5, -1]), np.array([5, 5, -1, -1])
    )
    assert indices.tolist() == [[2, 3, -1], [3, 2, 1]]
    np.testing.assert_allclose(distances, [[1.9, 9.9, np.inf], [1, 7, 8]])


def test_between_finds_neighbours_behind_a_group_larger_than_the_spare_candidates():
    gallery = np.concatenate([np.zeros((100, 1)), [[7.0], [8.0]]])
    groups = np.array([0] * 100 + [-1, -1])
    indices, _ = neighbours.nearest_between(np.zeros((1, 1)), gallery, 2, np.array([0]), groups)
    assert indices.tolist() == [[100, 101]]


def test_table_has_both_populations_and_ranks_from_one():
    ids = [f"p{number}" for number in range(12)]
    part = ["test" if number % 3 == 0 else "train" for number in range(12)]
    values = unit_rows(12, 4)
    table = neighbours.neighbour_table(files.Embeddings(values, ids, part), k=3)
    assert list(table.columns) == list(files.NEIGHBOURS)
    test = table[table["population"] == "test"]
    assert len(test) == 4 * 3
    assert set(test["query"]) == set(test["neighbour"]) == {"p0", "p3", "p6", "p9"}
    everything = table[table["population"] == "all"]
    assert len(everything) == 12 * 3
    assert (table["query"] != table["neighbour"]).all()
    assert everything["rank"].tolist() == [1, 2, 3] * 12
    indices, distances = slow(values, 3)
    assert everything["neighbour"].tolist() == [ids[number] for number in indices.ravel()]
    np.testing.assert_allclose(everything["distance"], distances.ravel())


def test_table_without_a_test_part_has_the_other_population(caplog):
    table = neighbours.neighbour_table(
        files.Embeddings(unit_rows(3, 2), ["a", "b", "c"], ["train"] * 3), k=1
    )
    assert set(table["population"]) == {"all"}
    assert "among test" in caplog.text
