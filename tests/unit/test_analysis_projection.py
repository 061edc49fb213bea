"""Projections: PCA by hand, what t-SNE and UMAP must keep, few and equal pictures, bad input."""

import logging
from types import SimpleNamespace

import h5py
import numpy as np
import project_study
import pytest

from bilderatlas import files
from bilderatlas.analysis import projection
from bilderatlas.errors import InputError

SEED = 2022
PCA = ("pca-2", "pca-3")
# the first UMAP of a process compiles for ten seconds: it has tests of its own
QUICK = ("pca-2", "pca-3", "tsne-2", "tsne-3")


def clouds(count=20, width=12, centres=3, seed=0):
    """Rows in tight clouds far from each other, and the number of each row's cloud."""
    rng = np.random.default_rng(seed)
    middle = 5 * np.eye(centres, width)
    of = np.repeat(np.arange(centres), count)
    return (middle[of] + rng.normal(0, 0.1, (len(of), width))).astype(np.float32), of


@pytest.fixture(scope="module")
def maps():
    values, of = clouds()
    return projection.project(values, SEED, QUICK), of


def keeps_apart(points, of):
    """Whether every point's nearest other point is one of its own cloud."""
    apart = np.linalg.norm(points[:, None] - points[None], axis=2)
    np.fill_diagonal(apart, np.inf)
    return (of[apart.argmin(axis=1)] == of).all()


def test_pca_by_hand():
    # along (3, 4) with lengths -2, -1, 0, 1, 2; the second axis holds 1/10 of that, evenly
    along = np.array([-2.0, -1, 0, 1, 2])
    across = np.array([0.1, -0.2, 0.2, -0.2, 0.1])
    values = 7 + np.outer(along, [0.6, 0.8]) + np.outer(across, [-0.8, 0.6])
    found = projection.project(values, SEED, PCA)
    np.testing.assert_allclose(found["pca-2"][:, 0], along, atol=1e-12)
    np.testing.assert_allclose(np.abs(found["pca-2"][:, 1]), np.abs(across), atol=1e-12)
    np.testing.assert_array_equal(found["pca-3"][:, :2], found["pca-2"])
    assert (found["pca-3"][:, 2] == 0).all()


@pytest.mark.parametrize("shape", [(80, 40), (40, 80)])
def test_pca_is_exact_and_its_signs_do_not_hang_on_the_order_of_rows(shape):
    values = np.random.default_rng(1).normal(size=shape)
    found = projection.project(values, SEED, PCA)["pca-3"]
    left, sizes, right = np.linalg.svd(values - values.mean(axis=0), full_matrices=False)
    expected = left[:, :3] * sizes[:3]
    for axis in range(3):
        loading = right[axis][np.abs(right[axis]).argmax()]
        np.testing.assert_allclose(found[:, axis], np.sign(loading) * expected[:, axis], atol=1e-9)
    order = np.random.default_rng(2).permutation(len(values))
    shuffled = projection.project(values[order], SEED, PCA)["pca-3"]
    np.testing.assert_allclose(shuffled, found[order], atol=1e-9)


def test_every_method_has_its_shape_and_keeps_clouds_apart(maps):
    found, of = maps
    assert list(found) == list(QUICK)
    for name, points in found.items():
        assert points.shape == (60, int(name[-1])), name
        assert points.dtype == np.float64
        assert np.isfinite(points).all()
        assert keeps_apart(points, of), name


@pytest.mark.slow
def test_umap_keeps_clouds_apart_and_follows_its_seed():
    values, of = clouds()
    first, second, other = (
        projection.project(values, seed, ("umap-2",))["umap-2"] for seed in (5, 5, 6)
    )
    assert first.shape == (60, 2)
    assert first.dtype == np.float64
    assert keeps_apart(first, of)
    np.testing.assert_array_equal(first, second)
    assert np.abs(first - other).max() > 0.1


@pytest.mark.slow
@pytest.mark.parametrize("count", [4, 5, 16, 31])
def test_umap_of_few_pictures_of_odd_scales_and_of_one_that_differs_is_finite(count):
    odd = np.ones((count, 4))
    odd[1] = 2
    drawn = np.random.default_rng(0).normal(size=(count, 6))
    for values in (drawn, odd, odd * 1e20, odd * 1e-20, np.repeat(np.eye(2), count // 2, axis=0)):
        found = projection.project(values, SEED)
        assert list(found) == list(projection.METHODS)
        assert np.isfinite(found["umap-2"]).all()


def test_tsne_has_the_published_parameters(maps):
    from sklearn.manifold import TSNE

    published = TSNE(
        n_components=3,
        perplexity=15,
        max_iter=5000,
        n_iter_without_progress=500,
        learning_rate=15,
        init="random",
        random_state=2022,
    )
    expected = published.fit_transform(clouds()[0].astype(np.float64))
    np.testing.assert_array_equal(maps[0]["tsne-3"], expected)


def test_a_seed_gives_the_same_map_and_another_seed_another():
    values = clouds(4)[0]
    first, second, other = (
        projection.project(values, seed, ("tsne-2",))["tsne-2"] for seed in (5, 5, 6)
    )
    np.testing.assert_array_equal(first, second)
    assert np.abs(first - other).max() > 0.1


@pytest.mark.parametrize("count", [1, 2, 3])
def test_too_few_pictures_leave_pca_with_zeros_for_missing_axes(count, caplog):
    found = projection.project(np.eye(count, 5, dtype=np.float32), SEED)
    assert list(found) == list(PCA)
    assert found["pca-3"].shape == (count, 3)
    spread = found["pca-3"].std(axis=0) > 1e-9
    assert spread.tolist() == [count > 1, count > 2, False]
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert f"{count} picture(s) are too few" in caplog.text


@pytest.mark.parametrize("count", [4, 5, 16])
def test_few_pictures_have_all_maps_and_one_sentence(count, caplog):
    found = projection.project(np.random.default_rng(0).normal(size=(count, 6)), SEED, QUICK)
    assert list(found) == list(QUICK)
    assert all(np.isfinite(points).all() for points in found.values())
    assert len(caplog.records) == 1
    assert f"perplexity of {(count - 1) / 3:.1f}" in caplog.text


@pytest.mark.parametrize("value", [0.0, 0.0441942])
def test_pictures_that_are_all_alike_are_one_point_and_no_invented_map(value, caplog):
    values = np.full((50, 512), value, dtype=np.float32)
    found = projection.project(values, SEED)
    assert list(found) == list(PCA)
    assert (found["pca-3"] == 0).all()
    assert len(caplog.records) == 1
    assert "same embedding" in caplog.text


@pytest.mark.parametrize("scale", [1e-20, 1e20])
def test_one_picture_that_differs_and_odd_scales_still_give_maps(scale):
    values = np.full((20, 4), 0.5)
    values[11] = 1
    plain = projection.project(values, SEED, QUICK)
    found = projection.project(values * scale, SEED, QUICK)
    assert list(found) == list(QUICK)
    for name, points in found.items():
        assert np.isfinite(points).all(), name
        expected = plain[name] * (scale if name in PCA else 1)
        np.testing.assert_allclose(points, expected, atol=1e-9 * np.abs(expected).max())


def test_too_many_pictures_leave_tsne_out_and_keep_the_rest(monkeypatch, caplog):
    monkeypatch.setattr(projection, "MOST_TSNE", 59)
    monkeypatch.setattr(projection, "_umap", lambda values, *_: values[:, :2])
    found = projection.project(clouds()[0], SEED)
    assert list(found) == ["pca-2", "pca-3", "umap-2"]
    assert "60 pictures are too many for t-SNE (59 at most)" in caplog.text


def test_a_map_that_is_not_finite_is_left_out(monkeypatch, caplog):
    monkeypatch.setattr(projection, "_umap", lambda values, *_: np.full((len(values), 2), np.nan))
    found = projection.project(clouds(4)[0], SEED, ("pca-2", "umap-2"))
    assert list(found) == ["pca-2"]
    assert "umap-2 gave values that are not finite" in caplog.text


def test_bad_input_is_refused():
    values = clouds(4)[0]
    values[3, 1] = np.nan
    with pytest.raises(InputError, match="row 3"):
        projection.project(values, SEED)
    with pytest.raises(ValueError, match="pca-4"):
        projection.project(clouds(4)[0], SEED, ("pca-4",))
    with pytest.raises(ValueError, match="no rows"):
        projection.project(np.zeros((0, 4)), SEED)


def test_table_has_both_populations_and_survives_the_file(tmp_path):
    values, _ = clouds()
    ids = [f"{number:03d}" for number in range(60)]
    part = ["test" if number % 2 else "train" for number in range(60)]
    made = files.Embeddings(values, ids, part)
    table = projection.projection_table(made, SEED, PCA)
    assert table.columns.tolist() == list(files.PROJECTIONS)
    sizes = table.groupby(["population", "method"]).size().to_dict()
    assert set(sizes) == {(p, m) for p in ("test", "all") for m in PCA}
    assert {count for (population, _), count in sizes.items() if population == "test"} == {30}
    assert {count for (population, _), count in sizes.items() if population == "all"} == {60}
    assert table["z"].isna().equals(table["method"] == "pca-2")
    files.write_table(table, tmp_path / "projections.csv", files.PROJECTIONS)
    back = files.read_table(tmp_path / "projections.csv", files.PROJECTIONS)
    here = back[(back["population"] == "test") & (back["method"] == "pca-3")]
    assert here["image_id"].tolist() == ids[1::2]
    expected = projection.project(values[1::2], SEED, PCA)["pca-3"]
    np.testing.assert_allclose(here[["x", "y", "z"]].to_numpy(), expected)


def test_tsne_is_made_of_the_test_part_only(monkeypatch):
    asked = []
    monkeypatch.setattr(
        projection,
        "project",
        lambda values, seed, methods: asked.append((len(values), tuple(methods))) or {},
    )
    parts = ["test"] * 5 + ["train"] * 7
    made = files.Embeddings(clouds(4)[0], [f"p{row}" for row in range(12)], parts)
    projection.projection_table(made, SEED)
    assert asked == [(5, projection.METHODS), (12, ("pca-2", "pca-3", "umap-2"))]


def test_a_population_without_pictures_is_left_out(caplog):
    made = files.Embeddings(clouds(4)[0], [f"p{row}" for row in range(12)], ["train"] * 12)
    with caplog.at_level(logging.WARNING):
        table = projection.projection_table(made, SEED, PCA)
    assert set(table["population"]) == {"all"}
    assert "projections of test: no pictures" in caplog.text
    empty = files.Embeddings(np.zeros((0, 4), dtype=np.float32), [], [])
    assert projection.projection_table(empty, SEED).columns.tolist() == list(files.PROJECTIONS)


def test_one_embedding_at_fault_leaves_an_empty_table_and_the_others_go_on(
    tmp_path, monkeypatch, caplog
):
    values, ids = clouds(4)[0], [f"p{row}" for row in range(12)]
    names = ("good", "holed", "swapped", "torn")
    sources = [tmp_path / f"zille/simclr/{name}/embeddings.h5" for name in names]
    targets = [source.with_name("projections.csv") for source in sources]
    for name, source in zip(names, sources, strict=True):
        source.parent.mkdir(parents=True)
        own = "good" if name == "swapped" else name
        made = files.Embeddings(values, ids, ["test"] * 12, {"experiment": own})
        files.write_embeddings(made, source)
    with h5py.File(sources[1], "r+") as store:
        store["embeddings"][3, 1] = np.nan
    sources[3].write_bytes(sources[3].read_bytes()[:100])
    monkeypatch.setattr(
        project_study,
        "projection_table",
        lambda made, seed: projection.projection_table(made, seed, PCA),
    )
    params = SimpleNamespace(seed=SEED)

    def run(first):
        inputs = SimpleNamespace(embeddings=sources[first:])
        project_study.main(SimpleNamespace(input=inputs, output=targets[first:], params=params))

    run(0)
    found = [len(files.read_table(target, files.PROJECTIONS)) for target in targets]
    assert found == [2 * 2 * 12, 0, 0, 0]
    assert "holed/embeddings.h5 holds values that are not finite in 1 row(s) (first: 'p3')" in (
        caplog.text
    )
    assert "holds the embeddings of the experiment 'good', not of 'swapped'" in caplog.text
    assert "torn/embeddings.h5 is not an embeddings file" in caplog.text
    with pytest.raises(InputError, match="not finite"):
        run(1)
