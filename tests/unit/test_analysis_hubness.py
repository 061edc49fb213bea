"""Hubs: counts by hand, a star and a ring, CSLS against a slow loop."""

import numpy as np
import pandas as pd
import pytest

from bilderatlas.analysis import hubness
from bilderatlas.analysis.outcomes import LeftOut, Sample, unit


def sample(values, titles=None, **options):
    ids = [f"p{number}" for number in range(len(values))]
    keys = pd.Series({} if titles is None else dict(zip(ids, titles, strict=False)), dtype=object)
    return Sample(unit(values), ids, np.arange(len(ids)), keys, **options)


def ring(count):
    angle = np.arange(count) * 2 * np.pi / count
    return np.stack([np.cos(angle), np.sin(angle)], axis=1)


def test_csls_is_that_of_a_slow_loop():
    values = unit(np.random.default_rng(0).normal(size=(9, 4)))
    cosine = values @ values.T
    found = hubness.csls(cosine, k=3)
    for a in range(9):
        for b in range(9):
            if a != b:
                r = [
                    np.mean(sorted(cosine[one, c] for c in range(9) if c != one)[-3:])
                    for one in (a, b)
                ]
                assert found[a, b] == pytest.approx(2 * cosine[a, b] - sum(r))


def test_occurrences_are_counted_without_oneself():
    # on a line of angles 0, 10, 20, 80 degrees the nearest of each is 1, 0 or 2, 1, 2
    angle = np.deg2rad([0, 10, 21, 80])
    values = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    assert hubness.occurrences(values @ values.T, k=1).tolist() == [1, 2, 1, 0]


def test_skewness_by_hand_and_by_draws():
    counts = np.array([0, 0, 0, 4])
    # deviations -1, -1, -1, 3: m2 = 3, m3 = 6
    assert hubness.skewness(counts)[0] == pytest.approx(6 / 3**1.5)
    assert hubness.skewness(np.full(5, 2))[0] == 0
    times = np.array([[1.0, 0, 2, 3], [0, 0, 0, 1]])
    expected = hubness.skewness(np.array([0, 0, 0, 4, 4, 4]))[0]
    assert hubness.skewness(counts, times) == pytest.approx([expected, 0])


def test_a_ring_has_no_hubs_and_a_star_has():
    even = {each.metric: each for each in hubness.hubs(sample(ring(41)))}
    assert even["hubness_skewness"].value == pytest.approx(0)
    assert even["antihubs"].value == 0
    # each picture has a direction of its own and a share of eleven common ones, which are all hubs
    star = np.zeros((100, 100))
    star[:11, :11] = np.eye(11) + 1
    star[11:, :11] = 1
    star[np.arange(11, 100), np.arange(11, 100)] = 8
    hubs = {each.metric: each for each in hubness.hubs(sample(star))}
    assert hubs["hubness_skewness"].value > 2
    assert hubs["antihubs"].value == pytest.approx(0.89)
    assert hubs["antihubs"].n == 100
    assert hubs["antihubs"].interval.low < 0.89 < hubs["antihubs"].interval.high


def test_csls_makes_fewer_hubs():
    generator = np.random.default_rng(1)
    crowded = generator.normal(size=(200, 60)) + 2 * generator.normal(size=60)
    found = {each.metric: each.value for each in hubness.hubs(sample(crowded))}
    assert found["hubness_skewness_csls"] < found["hubness_skewness"]
    assert found["antihubs_csls"] < found["antihubs"]


def test_map_with_csls_is_one_for_perfect_pairs_and_gains_nothing():
    generator = np.random.default_rng(2)
    pairs = np.repeat(np.eye(12), 2, axis=0) + 0.01 * generator.normal(size=(24, 12))
    titles = [f"t{number // 2}" for number in range(24)]
    found = {each.metric: each for each in hubness.retrieval_without_hubs(sample(pairs, titles))}
    assert found["same_title_map_csls"].value == pytest.approx(1)
    assert found["csls_gain"].value == pytest.approx(0)
    assert found["csls_gain"].n == 24


def test_map_with_csls_is_that_of_a_slow_ranking():
    values = np.random.default_rng(3).normal(size=(30, 6))
    titles = [f"t{number // 3}" for number in range(21)]
    one = sample(values, titles)
    scores = hubness.csls(one.similarity)
    slow = []
    for query in range(21):
        order = [row for row in np.argsort(-scores[query]) if row != query]
        places = [p for p, row in enumerate(order, 1) if row < 21 and row // 3 == query // 3]
        slow.append(np.mean([number / place for number, place in enumerate(places, 1)]))
    found = hubness.retrieval_without_hubs(one)[0]
    assert found.value == pytest.approx(np.mean(slow))


def test_what_cannot_be_measured_is_left_out():
    with pytest.raises(LeftOut, match="11 pictures"):
        hubness.hubs(sample(ring(11)))
    with pytest.raises(LeftOut, match="title"):
        hubness.retrieval_without_hubs(sample(ring(20)))
