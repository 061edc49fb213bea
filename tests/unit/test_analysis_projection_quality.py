"""Maps: scikit-learn's trustworthiness, exchanged spaces, and maps that do not fit."""

import numpy as np
import pandas as pd
import pytest
from sklearn.manifold import trustworthiness

from bilderatlas.analysis.outcomes import LeftOut, Sample, unit
from bilderatlas.analysis.projection_quality import coordinates, map_quality, ranks, trust
from bilderatlas.files import PROJECTIONS

IDS = [f"p{number}" for number in range(60)]
VALUES = unit(np.random.default_rng(0).normal(size=(60, 8)))
MAP = np.random.default_rng(1).normal(size=(60, 2)) + 3 * VALUES[:, :2]


def sample(titles=()):
    keys = pd.Series(dict(zip(IDS, titles, strict=False)), dtype=object)
    return Sample(VALUES, IDS, np.arange(60), keys)


def table(coords, method="pca-2", population="all", ids=IDS):
    rows = pd.DataFrame(coords, columns=["x", "y", "z"][: coords.shape[1]])
    rows = rows.assign(population=population, method=method, image_id=ids)
    return rows.reindex(columns=list(PROJECTIONS)).astype({"z": float})


def test_ranks_by_hand():
    found = ranks(np.array([[0.0], [1.0], [3.0]]))
    assert found.tolist() == [[0, 1, 2], [1, 0, 2], [2, 1, 0]]


def test_equal_pictures_are_not_oneself():
    found = ranks(np.zeros((5, 2)))
    assert (np.diag(found) == 0).all()
    assert (np.sort(found, axis=1) == np.arange(5)).all()


def test_the_means_are_those_of_scikit_learn():
    found = {one.metric: one for one in map_quality(sample(), ranks(VALUES), MAP, "tsne-2")}
    expected = trustworthiness(VALUES, MAP, n_neighbors=10)
    assert found["trustworthiness_tsne_2"].value == pytest.approx(expected)
    expected = trustworthiness(MAP, VALUES, n_neighbors=10)
    assert found["continuity_tsne_2"].value == pytest.approx(expected)
    assert "same_title_map_tsne_2" not in found  # no titles


def test_a_faithful_map_is_trusted_wholly():
    same = ranks(VALUES)
    assert (trust(same, same) == 1).all()
    found = map_quality(sample(), same, 7 * VALUES[:, :3] + 1, "pca-3")
    assert found[0].value < 1
    with pytest.raises(ValueError, match="less than half"):
        trust(same[:20, :20], same[:20, :20])


def test_same_title_map_in_the_map():
    titles = [f"t{number // 2}" for number in range(60)]
    placed = np.stack([np.arange(60) // 2 * 10.0 + np.arange(60) % 2, np.zeros(60)], axis=1)
    found = {one.metric: one for one in map_quality(sample(titles), ranks(VALUES), placed, "x")}
    assert found["same_title_map_x"].value == pytest.approx(1)
    assert found["same_title_map_x"].n == 60


def test_coordinates_follow_the_pictures_not_the_table():
    shuffled = table(MAP).sample(frac=1, random_state=0)
    assert coordinates(shuffled, "all", "pca-2", IDS) == pytest.approx(MAP)
    three = np.column_stack([MAP, np.arange(60)])
    assert coordinates(table(three, "pca-3"), "all", "pca-3", IDS) == pytest.approx(three)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (table(MAP, "pca-3"), "no map pca-2"),
        (table(MAP, population="test"), "no map pca-2"),
        (table(MAP[:50], ids=IDS[:50]), "other pictures"),
        (table(MAP, ids=[*IDS[:-1], "stranger"]), "other pictures"),
        (table(np.where(np.arange(120).reshape(60, 2) == 7, np.nan, MAP)), "not finite"),
    ],
)
def test_maps_that_do_not_fit_are_left_out(given, why):
    with pytest.raises(LeftOut, match=why):
        coordinates(given, "all", "pca-2", IDS)


def test_a_map_of_one_place_or_of_few_pictures_is_left_out():
    with pytest.raises(LeftOut, match="one place"):
        map_quality(sample(), ranks(VALUES), np.ones((60, 2)), "pca-2")
    few = Sample(VALUES[:20], IDS[:20], np.arange(20), pd.Series(dtype=object))
    with pytest.raises(LeftOut, match="20 pictures"):
        map_quality(few, ranks(VALUES[:20]), MAP[:20], "pca-2")
