"""The search in float32 gives the answer of the plain one to the bit, or hands a query back."""

import tracemalloc

import numpy as np
import pytest

from bilderatlas.analysis import neighbours, quick
from bilderatlas.errors import InputError


def unit_rows(count, width, seed=0):
    values = np.random.default_rng(seed).normal(size=(count, width))
    return (values / np.linalg.norm(values, axis=1, keepdims=True)).astype(np.float32)


def in_clumps(count, width, clumps, spread, seed=0):
    generator = np.random.default_rng(seed)
    centres = generator.normal(size=(clumps, width))
    values = centres[generator.integers(clumps, size=count)]
    values = values + spread * generator.normal(size=values.shape)
    return (values / np.linalg.norm(values, axis=1, keepdims=True)).astype(np.float32)


def with_equal_rows(count, width, equal, seed=0):
    values = unit_rows(count, width, seed)
    values[np.random.default_rng(seed).permutation(count)[:equal]] = values[0]
    return values


@pytest.fixture
def handed_back(monkeypatch):
    """How many queries each quick search has handed back; tiles small enough to have seams."""
    counts = []
    search = quick.search

    def watched(*arguments):
        rest = search(*arguments)
        counts.append(len(rest))
        return rest

    monkeypatch.setattr(quick, "search", watched)
    monkeypatch.setattr(quick, "_TILE", 257)
    monkeypatch.setattr(neighbours, "_LARGE", 1000)
    return counts


def plainly(monkeypatch, search):
    with monkeypatch.context() as context:
        context.setattr(neighbours, "_LARGE", 10**9)
        return search()


def assert_same(monkeypatch, search):
    found, expected = search(), plainly(monkeypatch, search)
    np.testing.assert_array_equal(found[0], expected[0])
    np.testing.assert_array_equal(found[1], expected[1])


@pytest.mark.parametrize("k", [1, 10, 30, 128])
@pytest.mark.parametrize(
    "values",
    [
        unit_rows(1500, 24),
        in_clumps(2049, 48, 40, 0.2),
        in_clumps(1100, 16, 5, 0.001),
        unit_rows(1300, 24) * np.float32(1e-20),
        unit_rows(1300, 24) * np.float32(1e18),
        # a common part far larger than what tells the rows apart
        unit_rows(1300, 24) * np.float32(0.01) + np.float32(5),
        # float32 says nothing of rows that lie so near beside one that is so far
        np.concatenate([unit_rows(1300, 8), np.full((1, 8), 1e7, np.float32)]),
        np.random.default_rng(0).integers(0, 3, size=(2000, 4)).astype(np.float32),
        np.concatenate([np.zeros((1200, 6), np.float32), unit_rows(300, 6)]),
        np.full((1200, 5), 0.577, np.float32),
    ],
    ids=["even", "clumps", "tight", "tiny", "huge", "shifted", "far", "grid", "zeros", "alike"],
)
def test_as_the_plain_search_says(monkeypatch, handed_back, values, k):
    assert_same(monkeypatch, lambda: neighbours.nearest(values, k))
    assert len(handed_back) == 1


@pytest.mark.parametrize("equal", [20, 60, 900, 2900])
def test_many_equal_rows(monkeypatch, handed_back, equal):
    values = with_equal_rows(3000, 20, equal)
    assert_same(monkeypatch, lambda: neighbours.nearest(values, 30))


@pytest.mark.slow
def test_thousands_of_equal_and_of_almost_equal_rows(monkeypatch, handed_back):
    values = with_equal_rows(9000, 32, 6000)
    values[8000:8400] = values[0] * (1 + 1e-6 * np.arange(1, 401)[:, None]).astype(np.float32)
    assert_same(monkeypatch, lambda: neighbours.nearest(values, 30))
    assert handed_back[0] >= 6000


def test_most_queries_are_answered_at_once(handed_back):
    neighbours.nearest(in_clumps(3000, 64, 50, 0.3), 30)
    assert handed_back == [0]


@pytest.mark.parametrize("groups", [3, 40, 2000])
def test_groups_are_left_out_as_in_the_plain_search(monkeypatch, handed_back, groups):
    generator = np.random.default_rng(groups)
    queries, gallery = unit_rows(500, 12, 1), unit_rows(1800, 12, 2)
    gallery[:300] = queries[:300]
    of_queries, of_gallery = (generator.integers(-1, groups, len(x)) for x in (queries, gallery))

    def search():
        return neighbours.nearest_between(queries, gallery, 7, of_queries, of_gallery)

    assert_same(monkeypatch, search)
    indices, _ = search()
    own = of_gallery[indices] == of_queries[:, None]
    assert not (own & (of_queries[:, None] >= 0)).any()


def test_where_all_are_of_one_group_nobody_is_found(handed_back):
    one = np.zeros(1200, int)
    values = unit_rows(1200, 6)
    # float64 is taken as it is: both are one table then, and the group bars more than the row
    for table in (values, values.astype(float)):
        indices, distances = neighbours.nearest_between(table, table, 3, one, one)
        assert (indices == -1).all() and np.isinf(distances).all()


def test_more_rows_than_one_integer_holds_are_refused(monkeypatch):
    monkeypatch.setattr(neighbours, "_MOST", 50)
    assert neighbours.nearest(unit_rows(50, 4), 3)[0].shape == (50, 3)
    with pytest.raises(InputError, match="51 pictures are too many for exact neighbours"):
        neighbours.nearest(unit_rows(51, 4), 3)


def test_some_rows_ask_as_if_all_did(monkeypatch, handed_back):
    values = with_equal_rows(2000, 16, 100)
    rows = np.random.default_rng(3).permutation(2000)[:150]
    everyone = neighbours.nearest(values, 12)
    some = neighbours.nearest(values, 12, rows)
    np.testing.assert_array_equal(some[0], everyone[0][rows])
    np.testing.assert_array_equal(some[1], everyone[1][rows])


def test_small_and_deep_searches_are_plain(handed_back):
    values = unit_rows(1200, 8)
    neighbours.nearest(values[:999], 5)
    neighbours.nearest(values, 1100)
    assert handed_back == []


@pytest.mark.slow
def test_memory_grows_with_the_rows_and_not_with_their_square(monkeypatch):
    values = in_clumps(16_000, 32, 100, 0.3)
    tracemalloc.start()
    neighbours.nearest(values, 10)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # all distances in float32 would be 1,024 MB
    assert peak < 250e6
