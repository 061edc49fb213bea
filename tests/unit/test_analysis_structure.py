"""Alignment, uniformity, effective rank, silhouettes: by hand, against slow ways, symmetries."""

import itertools

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import silhouette_score

from bilderatlas.analysis import structure
from bilderatlas.analysis.outcomes import Draws, LeftOut, Outcome, Sample, unit


def sample(values, titles=None, clusters=None, **options):
    ids = [f"p{number}" for number in range(len(values))]
    keys = pd.Series(titles if titles is not None else [], dtype=object)
    keys.index = [ids[row] for row in range(len(keys))]
    clusters = np.arange(len(ids)) if clusters is None else clusters
    return Sample(unit(values), ids, clusters, keys[keys.notna()], **options)


def noise(count, dimensions, seed=0):
    return np.random.default_rng(seed).normal(size=(count, dimensions))


def test_alignment_counts_each_group_once():
    # a right angle (squared distance 2), and three times the same direction (0)
    values = [[1, 0], [0, 1], [1, 0], [1, 0], [1, 0], [0, -1]]
    (found,) = structure.alignment(sample(values, ["a", "a", "b", "b", "b", None]))
    assert found.value == pytest.approx((2 + 0) / 2)
    assert found.n == 1 + 3
    assert found.draws is None  # two groups allow no interval


def test_alignment_of_opposite_pictures_is_four():
    (found,) = structure.alignment(sample([[1, 0], [-1, 0]], ["a", "a"]))
    assert found.value == pytest.approx(4)


def test_without_companions_there_is_no_alignment():
    with pytest.raises(LeftOut, match="title"):
        structure.alignment(sample(noise(20, 3)))


def test_uniformity_is_that_of_a_slow_loop():
    values = unit(noise(30, 4))
    pairs = [np.exp(-2 * ((a - b) ** 2).sum()) for a, b in itertools.combinations(values, 2)]
    (found,) = structure.uniformity(sample(values))
    assert found.value == pytest.approx(np.log(np.mean(pairs)))
    assert found.interval.low < found.value < found.interval.high


def test_uniformity_of_a_draw_is_that_of_the_pictures_in_it_without_pairs_of_copies():
    values = unit(noise(15, 3))
    one = sample(values, resamples=4)
    (found,) = structure.uniformity(one)
    times = one.draws.times
    for number in range(4):
        rows = np.repeat(np.arange(15), times[number].astype(int))
        total = count = 0
        for a, b in itertools.permutations(rows, 2):
            if a != b:
                total += np.exp(-2 * ((values[a] - values[b]) ** 2).sum())
                count += 1
        assert found.draws[number] == pytest.approx(np.log(total / count))


def test_uniformity_is_zero_in_one_place_and_falls_with_spread():
    near = sample(np.ones((20, 8)) + 0.1 * noise(20, 8))
    far = sample(noise(20, 8))
    alike = sample(np.ones((20, 8)))
    assert structure.uniformity(alike)[0].value == pytest.approx(0)
    assert structure.uniformity(far)[0].value < structure.uniformity(near)[0].value < 0
    with pytest.raises(LeftOut, match="11 pictures"):
        structure.uniformity(sample(noise(11, 3)))


def test_effective_rank_counts_directions():
    # the corners of a cross-polytope of four axes: equal spread, centre 0, on the unit sphere
    cross = np.vstack([np.eye(4), -np.eye(4)])
    corners = np.zeros((160, 9))
    corners[:, :4] = np.tile(cross, (20, 1))
    assert structure.effective_rank(sample(corners))[0].value == pytest.approx(4)
    # spread s on one axis and 3 s on another: entropy of (1/4, 3/4)
    line = np.array([[3.0, 0], [-3, 0], [0, 1], [0, -1]])
    uneven = Sample(
        np.tile(line, (30, 1)), [str(n) for n in range(120)], np.arange(120), pd.Series()
    )
    expected = np.exp(-(0.25 * np.log(0.25) + 0.75 * np.log(0.75)))
    assert structure.effective_rank(uneven)[0].value == pytest.approx(expected)


def test_effective_rank_needs_more_pictures_than_dimensions():
    with pytest.raises(LeftOut, match="needs 101"):
        structure.effective_rank(sample(noise(100, 5)))
    with pytest.raises(LeftOut, match="needs 201"):
        structure.effective_rank(sample(noise(200, 200)))
    with pytest.raises(LeftOut, match="one place"):
        structure.effective_rank(sample(np.ones((150, 5))))


def test_silhouettes_are_those_of_scikit_learn():
    values = unit(noise(40, 5))
    labels = np.arange(40) % 3
    one = sample(values)
    named = pd.Series(labels, index=one.image_ids)
    (found,) = structure.cluster_silhouette(one, named, "kmeans-tsne-3")
    assert found.metric == "silhouette_kmeans_tsne_3"
    assert found.value == pytest.approx(silhouette_score(values, labels))
    shuffled = named.sample(frac=1, random_state=0)  # the order of the table does not matter
    again = structure.cluster_silhouette(one, shuffled, "kmeans")[0]
    assert again.value == pytest.approx(found.value)


def test_title_silhouette_looks_at_grouped_pictures_only():
    values = unit(noise(30, 4))
    titles = [f"t{number // 2}" for number in range(20)]
    (found,) = structure.title_silhouette(sample(values, titles))
    assert found.n == 20
    assert found.value == pytest.approx(silhouette_score(values[:20], np.arange(20) // 2))
    with pytest.raises(LeftOut, match="one group"):
        structure.title_silhouette(sample(values, ["a", "a"]))


@pytest.mark.parametrize(
    ("labels", "why"), [([1] * 20, "1 cluster"), (list(range(20)), "20 clus"), ([1] * 9, "no clus")]
)
def test_clusters_without_meaning_are_left_out(labels, why):
    one = sample(noise(20, 3))
    named = pd.Series(labels, index=one.image_ids[: len(labels)])
    with pytest.raises(LeftOut, match=why):
        structure.cluster_silhouette(one, named, "kmeans")


def test_clusters_of_pictures_are_drawn_as_wholes():
    times = Draws(np.arange(30) // 3, seed=1, resamples=50).times
    assert (times.sum(axis=1) == 30).all()
    assert (times.reshape(50, 10, 3) == times.reshape(50, 10, 3)[:, :, :1]).all()
    assert Draws(np.arange(10) // 2, seed=1).times is None  # five clusters


def test_differences_are_those_of_each_draw():
    draws = np.linspace(0, 1, 101)
    a, b = Outcome("m", 9, 0.5, draws + 0.25), Outcome("m", 9, 0.25, draws)
    assert a.minus(b) == pytest.approx((0.25, 0.25, 0.25))
    assert np.isnan(a.minus(Outcome("m", 8, 0.25, draws)).low)  # other pictures: not paired
    assert a.minus(0.5) == pytest.approx((0.0, 0.25 + 0.025 - 0.5, 0.25 + 0.975 - 0.5))
