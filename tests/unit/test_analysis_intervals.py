"""The bootstrap: values by hand, coverage, clusters, pairs, classes."""

import math

import numpy as np
import pytest

from bilderatlas.analysis import intervals as module
from bilderatlas.analysis.intervals import intervals


def interval(values, clusters=None, **options):
    return intervals(np.asarray(values)[:, None], clusters, **options)[0]


def paired_difference(a, b, clusters=None, **options):
    return intervals(np.column_stack([a, b]), clusters, pairs=[(0, 1)], **options)[2]


def test_the_value_is_the_average_and_lies_inside():
    values = np.random.default_rng(0).normal(3, 1, 50)
    found = interval(values)
    assert found.value == pytest.approx(values.mean())
    assert found.low < found.value < found.high


def test_width_is_that_of_the_normal_theory():
    values = np.random.default_rng(1).normal(0, 2, 400)
    found = interval(values, resamples=4000)
    expected = 2 * 1.96 * values.std() / 20
    assert found.high - found.low == pytest.approx(expected, rel=0.08)


def test_coverage_is_near_its_level():
    generator = np.random.default_rng(2)
    inside = 0
    for trial in range(300):
        found = interval(generator.exponential(1, 60), resamples=400, seed=trial)
        inside += found.low <= 1 <= found.high
    assert 0.88 <= inside / 300 <= 0.98


def test_coverage_with_clusters_where_single_queries_fail():
    """Ten queries of a cluster share a value: taking them for independent covers far too little."""
    generator = np.random.default_rng(3)
    clusters = np.repeat(np.arange(30), 10)
    inside = {"clusters": 0, "queries": 0}
    for trial in range(150):
        values = np.repeat(generator.normal(0, 1, 30), 10) + generator.normal(0, 0.1, 300)
        for name, labels in (("clusters", clusters), ("queries", None)):
            found = interval(values, labels, resamples=300, seed=trial)
            inside[name] += found.low <= 0 <= found.high
    assert inside["clusters"] / 150 > 0.87
    assert inside["queries"] / 150 < 0.65


def test_equal_clusters_count_the_same():
    values = np.array([1.0] * 10 + [0.0] * 7)
    clusters = np.array(["big"] * 10 + list("abcdefg"))
    assert interval(values, clusters).value == pytest.approx(10 / 17)
    assert interval(values, clusters, equal_clusters=True).value == pytest.approx(1 / 8)
    within = np.array([1.0, 0, 0, 0, 1, 1, 1, 1, 1])
    groups = np.array(list("aaaabcdef"))
    assert interval(within, groups, equal_clusters=True).value == pytest.approx((0.25 + 5) / 6)


def test_against_a_loop_over_the_same_draws():
    generator = np.random.default_rng(5)
    values, clusters = generator.normal(size=40), generator.integers(0, 9, 40)
    kinds = generator.integers(0, 3, 40)
    codes = np.unique(clusters, return_inverse=True)[1]
    # the module numbers clusters by first appearance
    first = {label: number for number, label in enumerate(dict.fromkeys(codes))}
    codes = np.array([first[code] for code in codes])
    picks = np.random.default_rng(7).integers(9, size=(200, 9))
    plain, equal, balanced = [], [], []
    for draw in picks:
        rows = np.concatenate([np.flatnonzero(codes == cluster) for cluster in draw])
        plain.append(values[rows].mean())
        equal.append(np.mean([values[codes == cluster].mean() for cluster in draw]))
        balanced.append(
            np.mean([values[rows][kinds[rows] == kind].mean() for kind in set(kinds[rows])])
        )
    options = ({}, {"equal_clusters": True}, {"classes": kinds})
    for draws, option in zip((plain, equal, balanced), options, strict=True):
        found = interval(values, clusters, resamples=200, seed=7, **option)
        np.testing.assert_allclose(found[1:], np.quantile(draws, (0.025, 0.975)))


def test_medians_against_a_loop_over_the_same_draws():
    generator = np.random.default_rng(12)
    a, b = generator.exponential(size=41), generator.integers(0, 4, 41).astype(float)
    clusters = np.sort(generator.integers(0, 12, 41))
    codes = np.unique(clusters, return_inverse=True)[1]
    count = codes.max() + 1
    picks = np.random.default_rng(3).integers(count, size=(150, count))
    draws = []
    for draw in picks:
        rows = np.concatenate([np.flatnonzero(codes == cluster) for cluster in draw])
        draws.append((np.median(a[rows]), np.median(b[rows])))
    draws = np.array(draws)
    found = intervals(
        np.stack([a, b], axis=1), clusters, median=True, pairs=[(0, 1)], resamples=150, seed=3
    )
    for one, own in zip(found, (draws[:, 0], draws[:, 1], draws[:, 0] - draws[:, 1]), strict=True):
        np.testing.assert_allclose(one[1:], np.quantile(own, (0.025, 0.975)))
    assert found[0].value == np.median(a)


def test_a_difference_of_medians_is_no_median_of_differences():
    a, b = np.array([0.0, 1, 5, 6, 7]), np.array([6.0, 7, 0, 1, 5])
    assert np.median(a - b) == 2
    assert paired_difference(a, b, median=True).value == 0
    assert paired_difference(a, b).value == pytest.approx((a - b).mean())


def test_a_median_of_two_middle_ones_is_their_mean():
    assert interval(np.array([1.0, 2, 4, 9]), median=True).value == 3


def test_blocks_of_draws_change_nothing(monkeypatch):
    values = np.random.default_rng(6).normal(size=(30, 2))
    whole = intervals(values, resamples=101)
    monkeypatch.setattr(module, "_BLOCK", 250)
    assert intervals(values, resamples=101) == whole


def test_identical_inputs_cancel():
    values = np.random.default_rng(8).random(80)
    assert paired_difference(values, values) == (0.0, 0.0, 0.0)


def test_pairs_are_narrower_than_two_intervals():
    generator = np.random.default_rng(9)
    hardness = generator.normal(size=100)
    a = hardness + 0.1 + generator.normal(scale=0.05, size=100)
    found = paired_difference(a, hardness)
    assert found.low > 0
    assert interval(a).low < interval(hardness).high


def test_a_difference_is_antisymmetric():
    generator = np.random.default_rng(10)
    a, b = generator.random(50), generator.random(50)
    forth, back = paired_difference(a, b), paired_difference(b, a)
    np.testing.assert_allclose(forth, [-back.value, -back.high, -back.low])


def test_order_of_clusters_and_seed():
    values = np.random.default_rng(11).random(60)
    assert interval(values, seed=1) == interval(values, seed=1)
    assert interval(values, seed=1) != interval(values, seed=2)


def test_too_few_clusters_give_no_bounds():
    found = interval(np.ones(50), np.repeat(np.arange(5), 10))
    assert found.value == 1
    assert math.isnan(found.low)
    assert math.isnan(found.high)
    assert interval(np.ones(60), np.repeat(np.arange(6), 10)) == (1, 1, 1)


def test_wrong_shapes_are_refused():
    with pytest.raises(ValueError, match="row a query"):
        interval(np.array([]))
    with pytest.raises(ValueError, match="median"):
        interval(np.ones(8), median=True, equal_clusters=True)
    with pytest.raises(ValueError, match="cluster"):
        interval(np.ones(3), np.array(["a", None, "b"], dtype=object))
