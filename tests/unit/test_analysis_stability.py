"""Seeds: clusters that are there and that are not, siblings by name, overlaps by hand."""

import numpy as np
import pandas as pd
import pytest

from bilderatlas.analysis.outcomes import LeftOut, Sample, unit
from bilderatlas.analysis.stability import clustering_stability, siblings, training_stability
from bilderatlas.files import Embeddings

IDS = [f"p{number}" for number in range(60)]
NOISE = np.random.default_rng(0).normal(size=(60, 6))


def sample(values):
    ids = [f"p{number}" for number in range(len(values))]
    return Sample(unit(values), ids, np.arange(len(ids)), pd.Series(dtype=object), seed=5)


def made(lineage, values=NOISE, ids=IDS, split="published"):
    attributes = {"lineage": lineage, "split": split}
    return Embeddings(np.asarray(values, np.float32), list(ids), ["test"] * len(ids), attributes)


def alone():
    return pd.Series(IDS, index=IDS)


def test_clusters_that_are_there_stay():
    blobs = np.eye(6)[np.arange(60) % 3] + 0.01 * NOISE
    (found,) = clustering_stability(sample(blobs), 3)
    assert found.value == pytest.approx(1)
    assert found.n == 5
    assert clustering_stability(sample(NOISE), 9)[0].value < 0.9


@pytest.mark.parametrize(("count", "k"), [(60, 0), (60, 1), (11, 3), (20, 20)])
def test_clusters_that_cannot_be_are_left_out(count, k):
    with pytest.raises(LeftOut):
        clustering_stability(sample(NOISE[:count]), k)


def test_siblings_share_everything_but_the_seed():
    experiments = {
        "7": made("untrained+zille.published"),
        "7-s1": made("untrained+zille.published~s1"),
        "7-s2": made("untrained+zille.published~s2"),
        "7-again": made("untrained+zille.published"),
        "7-group": made("untrained+zille.published~group", split="group"),
        "7-group-s1": made("untrained+zille.published~group~s1", split="group"),
        "8": made("standin+zille.published"),
        "x": made(""),
        "y": made(""),
    }
    found = siblings(experiments)
    assert found["7"] == found["7-s1"] == ["7", "7-s1", "7-s2"]
    assert found["7-group"] == ["7-group", "7-group-s1"]
    assert set(found) == {"7", "7-s1", "7-s2", "7-group", "7-group-s1"}


def test_a_turned_copy_agrees_wholly_and_in_any_order():
    turn = np.linalg.qr(np.random.default_rng(1).normal(size=(6, 6)))[0]
    order = np.random.default_rng(2).permutation(60)
    members = {"a": made("a"), "b": made("b", (NOISE @ turn)[order], [IDS[row] for row in order])}
    labels = pd.Series(np.arange(60) % 4, index=IDS)
    clusters = {"a": labels, "b": (9 - labels).iloc[order]}
    overlap, ari = training_stability(members, clusters, alone(), 0, 100)
    assert overlap.value == pytest.approx(1)
    assert overlap.guesses["chance"] == pytest.approx(10 / 59)
    assert ari.value == pytest.approx(1)
    assert overlap.n == ari.n == 2


def test_unrelated_seeds_agree_as_chance_does():
    other = np.random.default_rng(3).normal(size=(60, 6))
    generator = np.random.default_rng(4)
    clusters = {name: pd.Series(generator.integers(4, size=60), index=IDS) for name in "ab"}
    members = {"a": made("a"), "b": made("b", other)}
    overlap, ari = training_stability(members, clusters, alone(), 0, 500)
    assert overlap.interval.low < 10 / 59 < overlap.interval.high
    assert abs(ari.value) < 0.15


def test_three_seeds_are_the_mean_of_their_pairs_on_common_pictures():
    other = np.random.default_rng(5).normal(size=(60, 6))
    members = {"a": made("a"), "b": made("b"), "c": made("c", other[:40], IDS[:40])}
    pair = {"a": made("a", NOISE[:40], IDS[:40]), "c": members["c"]}
    (three,) = training_stability(members, {}, alone(), 0, 100)
    (two,) = training_stability(pair, {}, alone(), 0, 100)
    assert three.n == 3
    assert three.value == pytest.approx((1 + 2 * two.value) / 3)


def test_seeds_that_cannot_be_compared_are_left_out():
    few = {"a": made("a"), "b": made("b", NOISE[:9], IDS[:9])}
    with pytest.raises(LeftOut, match="9 pictures"):
        training_stability(few, {}, alone(), 0, 100)
    broken = {"a": made("a"), "b": made("b", NOISE * np.nan)}
    with pytest.raises(LeftOut, match="not finite"):
        training_stability(broken, {}, alone(), 0, 100)
