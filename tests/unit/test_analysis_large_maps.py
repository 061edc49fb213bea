"""Maps of many pictures: neighbours stay neighbours, equal pictures do no harm, seeds repeat."""

import importlib.util

import numpy as np
import pytest

from bilderatlas.analysis import large_maps, projection
from bilderatlas.analysis.neighbours import nearest

needs_opentsne = pytest.mark.skipif(
    importlib.util.find_spec("openTSNE") is None, reason="no openTSNE on this platform"
)


def clouds(count=60, width=12, centres=4, seed=0):
    """Rows in clouds far from each other, and the number of each row's cloud."""
    generator = np.random.default_rng(seed)
    of = np.repeat(np.arange(centres), count)
    values = 5 * np.eye(centres, width)[of] + generator.normal(0, 0.3, (len(of), width))
    return values, of


@pytest.fixture
def many(monkeypatch):
    """A hundred pictures are many."""
    monkeypatch.setattr(projection, "MOST_PUBLISHED", 100)
    monkeypatch.setattr(projection, "LARGE", 100)


def keeps_apart(points, of):
    apart = np.linalg.norm(points[:, None] - points[None], axis=2)
    np.fill_diagonal(apart, np.inf)
    return (of[apart.argmin(axis=1)] == of).mean()


def test_neighbours_are_searched_once_and_cut():
    values = clouds()[0]
    near = large_maps.Neighbours(values, 20)
    rows, distances = near.first(5)
    np.testing.assert_array_equal(rows, nearest(values, 5)[0])
    np.testing.assert_array_equal(distances, nearest(values, 5)[1])
    assert near.first(20)[0].base is near.first(5)[0].base


def test_umap_is_given_the_picture_itself_first():
    rows, far = large_maps.umap_neighbours(large_maps.Neighbours(clouds()[0], 45), 15)
    assert rows.shape == far.shape == (240, 15)
    assert rows[:, 0].tolist() == list(range(240)) and (far[:, 0] == 0).all()


@needs_opentsne
@pytest.mark.slow
def test_tsne_in_the_plane_keeps_clouds_apart_and_repeats(many, caplog):
    values, of = clouds()
    values[100:120] = values[100]
    found = projection.project(values, 3, ("tsne-2", "tsne-3"))
    assert list(found) == ["tsne-2"]
    assert "240 pictures are too many for t-SNE in three dimensions (100 at most)" in caplog.text
    points = found["tsne-2"]
    assert points.shape == (240, 2) and np.isfinite(points).all()
    assert keeps_apart(points, of) > 0.99
    again = projection.project(values, 3, ("tsne-2",))["tsne-2"]
    np.testing.assert_array_equal(points, again)


def test_without_its_package_there_is_no_tsne_and_a_sentence(many, monkeypatch, caplog):
    monkeypatch.setattr(projection, "find_spec", lambda name: None)
    found = projection.project(clouds()[0], 3, ("pca-2", "tsne-2", "tsne-3"))
    assert list(found) == ["pca-2"]
    assert "the package openTSNE is not here" in caplog.text


@pytest.mark.slow
def test_umap_on_given_neighbours_keeps_clouds_apart_and_repeats(many):
    values, of = clouds()
    points = projection.project(values, 3, ("umap-2",))["umap-2"]
    assert np.isfinite(points).all() and keeps_apart(points, of) > 0.95
    np.testing.assert_array_equal(points, projection.project(values, 3, ("umap-2",))["umap-2"])


@needs_opentsne
@pytest.mark.slow
def test_tsne_does_not_hang_on_the_scale(many):
    values, of = clouds(30)
    points = projection.project(values * 1e-9, 3, ("tsne-2",))["tsne-2"]
    assert np.isfinite(points).all() and keeps_apart(points, of) > 0.99
