"""Clusters: numbers by size, k-means against a slow reference, density, few and equal pictures."""

import itertools
from types import SimpleNamespace

import cluster_study
import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import silhouette_samples

from bilderatlas import files
from bilderatlas.analysis import clusters
from bilderatlas.errors import InputError

SEED = 2022


def clouds(sizes, width=8, spread=0.02, seed=0):
    """Unit rows in tight clouds around axes, and the number of each row's cloud."""
    rng = np.random.default_rng(seed)
    of = np.repeat(np.arange(len(sizes)), sizes)
    values = np.eye(len(sizes), width)[of] + rng.normal(0, spread, (len(of), width))
    return (values / np.linalg.norm(values, axis=1, keepdims=True)).astype(np.float32), of


def made(values, test=None):
    """Embeddings whose first ``test`` pictures (by default all) are the test part."""
    count = len(values)
    test = count if test is None else test
    names = [f"p{row:02d}" for row in range(count)]
    return files.Embeddings(values, names, ["test"] * test + ["train"] * (count - test))


def projected(embeddings, space=None):
    """A table of projections with a t-SNE in space: the first three columns of the embedding."""
    tables = []
    for population, part in (("test", "test"), ("all", None)):
        chosen = embeddings.select(part)
        points = chosen.values if space is None else space[: len(chosen.image_ids)]
        for method in ("pca-2", "tsne-3"):
            table = pd.DataFrame(points[:, :3], columns=["x", "y", "z"])
            # another order of rows than that of the embeddings: they are joined by their ids
            tables.append(
                table.assign(population=population, method=method, image_id=chosen.image_ids)[::-1]
            )
    return pd.concat(tables, ignore_index=True)


def of_method(table, method, population="all"):
    here = (table["population"] == population) & (table["method"] == method)
    return table[here]["cluster"].to_numpy()


def counted(table, space, population="all"):
    here = (table["population"] == population) & (table["space"] == space)
    return table[here].set_index("k")


@pytest.mark.parametrize(
    ("labels", "numbers"),
    [
        ([7, 2, 2, -1, 7, 2], [2, 1, 1, -1, 2, 1]),
        # equal sizes: the one with the first picture comes first, whatever it was called
        ([5, 0, 5, 0], [1, 2, 1, 2]),
        ([0, 5, 0, 5], [1, 2, 1, 2]),
        ([-1, -1], [-1, -1]),
        ([3], [1]),
    ],
)
def test_numbers_fall_with_size(labels, numbers):
    assert clusters.number_by_size(np.array(labels)).tolist() == numbers


def test_every_method_finds_the_clouds_and_numbers_them_by_size():
    values, of = clouds([4, 9, 6])
    expected = np.array([3, 1, 2])[of]
    embeddings = made(values)
    table, _ = clusters.cluster_table(embeddings, projected(embeddings), 3, SEED)
    assert table.columns.tolist() == list(files.CLUSTERS)
    assert table["method"].unique().tolist() == list(clusters.METHODS)
    for method in ("kmeans-tsne-3", "kmeans", "hdbscan"):
        for population in ("test", "all"):
            assert of_method(table, method, population).tolist() == expected.tolist(), method
    # OPTICS cuts where the density changes: within a cloud, never across
    found = of_method(table, "optics")
    for number in set(found) - {-1}:
        assert len(set(of[found == number])) == 1


def test_each_k_means_is_on_its_own_space():
    values, of = clouds([8, 8, 8])
    embeddings = made(values)
    other = np.zeros((24, 3))
    other[:, 0] = np.arange(24) % 2
    other += np.random.default_rng(1).normal(0, 0.01, other.shape)
    table, _ = clusters.cluster_table(embeddings, projected(embeddings, other), 2, SEED)
    assert of_method(table, "kmeans-tsne-3").tolist() == [1, 2] * 12
    assert of_method(table, "kmeans").tolist() != [1, 2] * 12
    labels = of_method(table, "kmeans")
    assert all(len(set(labels[of == cloud])) == 1 for cloud in range(3))


def test_k_means_finds_the_best_of_all_partitions():
    values = np.array([[0.0], [1], [5], [6.5], [11]])

    def inertia(labels):
        parts = [values[np.array(labels) == label] for label in set(labels)]
        return sum(((part - part.mean(axis=0)) ** 2).sum() for part in parts)

    fitted = clusters.KMeansOverK(values, SEED)
    for k, found, silhouette in fitted:
        every = (labels for labels in itertools.product(range(k), repeat=5))
        assert found == pytest.approx(min(inertia(labels) for labels in every))
        assert np.isnan(silhouette) == (k in (1, 5))
    # two clusters {0, 1} and {5, 6.5, 11}, by the definition: (b - a) / max(a, b)
    a = [1, 1, (1.5 + 6) / 2, (1.5 + 4.5) / 2, (6 + 4.5) / 2]
    b = [22.5 / 3, 19.5 / 3, 4.5, 6, 10.5]
    expected = np.mean([(y - x) / max(x, y) for x, y in zip(a, b, strict=True)])
    assert sorted(np.bincount(fitted.labels(2))) == [2, 3]
    assert fitted.silhouette(2) == pytest.approx(expected)


def test_optics_parts_pairs_at_the_published_cosine_distance():
    # pairs 0.02 apart by cosine, 0.5 from pair to pair; the last picture is alone at 0.2
    def at(*angles):
        return [[np.cos(angle), np.sin(angle)] for angle in angles]

    near = np.arccos(1 - 0.02)
    values = np.array(at(0, near, np.pi / 2, np.pi / 2 + near, np.pi, np.pi + near, 5.2))
    embeddings = made(values.astype(np.float32))
    table, _ = clusters.cluster_table(embeddings, projected_plane(embeddings), 2, SEED)
    assert of_method(table, "optics").tolist() == [1, 1, 2, 2, 3, 3, -1]


def projected_plane(embeddings):
    wide = np.pad(embeddings.values, ((0, 0), (0, 1)))
    return projected(embeddings, wide)


def test_silhouette_chooses_the_true_number():
    values, of = clouds([9, 8, 7, 6, 5])
    embeddings = made(values)
    table, counts = clusters.cluster_table(embeddings, projected(embeddings), "silhouette", SEED)
    for method in ("kmeans", "kmeans-tsne-3"):
        assert of_method(table, method).max() == 5
    assert of_method(table, "kmeans").tolist() == (of + 1).tolist()
    assert counted(counts, "embedding")["silhouette"].idxmax() == 5


def test_counts_have_the_elbow_in_both_spaces():
    values, _ = clouds([10, 10, 10], spread=0.2)
    embeddings = made(values, test=12)
    _, counts = clusters.cluster_table(embeddings, projected(embeddings), 3, SEED)
    assert counts.columns.tolist() == list(files.CLUSTER_COUNTS)
    for space, points in (("tsne-3", values[:, :3]), ("embedding", values)):
        table = counted(counts, space)
        assert table.index.tolist() == list(range(1, 20))
        points = points.astype(np.float64)
        assert table["inertia"][1] == pytest.approx(len(points) * points.var(axis=0).sum())
        assert (table["inertia"].diff().dropna() < 0).all()
        assert table["silhouette"].isna().tolist() == [True] + [False] * 18
        assert table["silhouette"][2:].between(-1, 1).all()
    # twelve pictures make twelve clusters at most, and those have no silhouette
    small = counted(counts, "embedding", "test")
    assert small.index.tolist() == list(range(1, 13))
    assert small["inertia"][12] == pytest.approx(0, abs=1e-12)
    assert small["silhouette"].isna().tolist() == [True] + [False] * 10 + [True]


def test_silhouette_of_many_pictures_is_that_of_the_drawn_ones(monkeypatch):
    values = clouds([30, 30], spread=0.3)[0].astype(np.float64)
    whole = clusters.KMeansOverK(values, SEED).silhouette(2)
    monkeypatch.setattr(clusters, "MOST_SILHOUETTE", 40)
    drawn = clusters.KMeansOverK(values, SEED)
    rows = np.sort(np.random.default_rng(SEED).permutation(60)[:40])
    expected = silhouette_samples(values[rows], drawn.labels(2)[rows]).mean()
    assert drawn.silhouette(2) == pytest.approx(expected)
    assert drawn.silhouette(2) != whole


def test_the_order_of_rows_changes_nothing_but_ties():
    values, _ = clouds([4, 9, 6])
    order = np.random.default_rng(3).permutation(len(values))
    plain, shuffled = made(values), made(values)
    shuffled.values = values[order]
    first = clusters.cluster_table(plain, projected(plain), 3, SEED)[0]
    second = clusters.cluster_table(shuffled, projected(shuffled), 3, SEED)[0]
    for method in ("kmeans-tsne-3", "kmeans", "hdbscan"):
        assert of_method(second, method).tolist() == of_method(first, method)[order].tolist()


@pytest.mark.parametrize("count", [1, 2, 3])
@pytest.mark.parametrize("k", [9, "silhouette"])
def test_fewer_pictures_than_clusters_are_cut_with_a_warning(count, k, caplog):
    embeddings = made(np.eye(count, 4, dtype=np.float32))
    table, counts = clusters.cluster_table(embeddings, projected(embeddings), k, SEED)
    asked = min(k, count) if k == 9 else {1: 1, 2: 1, 3: 2}[count]
    assert of_method(table, "kmeans").max() == asked
    assert counted(counts, "embedding").index.tolist() == list(range(1, count + 1))
    if k == 9:
        assert f"9 clusters asked of {count} different picture(s)" in caplog.text
    if count == 1:
        assert set(table["method"]) == {"kmeans", "kmeans-tsne-3"}
        assert "need two pictures" in caplog.text


@pytest.mark.parametrize("k", [9, "silhouette"])
def test_pictures_that_are_all_alike_are_one_cluster(k, caplog, recwarn):
    embeddings = made(np.full((30, 64), 0.125, dtype=np.float32))
    # as the projections of such pictures are: without t-SNE
    space = projected(embeddings)
    space = space[space["method"] != "tsne-3"]
    table, counts = clusters.cluster_table(embeddings, space, k, SEED)
    assert (of_method(table, "kmeans") == 1).all()
    assert "kmeans-tsne-3" not in set(table["method"])
    assert "no t-SNE of the population test" in caplog.text
    assert counts["k"].tolist() == [1, 1]
    assert counts["inertia"].tolist() == pytest.approx([0, 0])
    assert not recwarn.list


def test_differences_of_rounding_are_no_clusters():
    values = np.full((30, 16), 0.25) + np.random.default_rng(0).uniform(0, 3e-8, (30, 16))
    assert clusters.KMeansOverK(values, SEED).most == 1


def test_too_many_pictures_leave_the_dense_methods_out(monkeypatch, caplog):
    monkeypatch.setattr(clusters, "MOST_DENSITY", 18)
    embeddings = made(clouds([4, 9, 6])[0], test=10)
    table, _ = clusters.cluster_table(embeddings, projected(embeddings), 3, SEED)
    by = table.groupby("population")["method"].unique().map(list).to_dict()
    assert by == {"test": list(clusters.METHODS), "all": ["kmeans-tsne-3", "kmeans"]}
    assert "19 pictures are too many for OPTICS and HDBSCAN (18 at most)" in caplog.text


def test_a_population_without_pictures_is_left_out(caplog):
    embeddings = made(clouds([3, 3])[0], test=0)
    table, counts = clusters.cluster_table(embeddings, projected(embeddings), 2, SEED)
    assert set(table["population"]) == set(counts["population"]) == {"all"}
    assert "clusters of test: no pictures" in caplog.text


def test_bad_input_is_refused():
    values, _ = clouds([4, 4])
    embeddings = made(values)
    space = projected(embeddings)
    with pytest.raises(InputError, match="of which 1 are not projected"):
        clusters.cluster_table(embeddings, space[space["image_id"] != "p03"], 2, SEED)
    with pytest.raises(InputError, match="hold 8 pictures and the embeddings 7"):
        clusters.cluster_table(made(values[:7]), space, 2, SEED)
    for k in (0, -2, 2.5, "elbow", True):
        with pytest.raises(ValueError, match="silhouette"):
            clusters.cluster_table(embeddings, space, k, SEED)
    twice = files.Embeddings(values, ["a", *embeddings.image_ids[1:7], "a"], embeddings.part)
    with pytest.raises(InputError, match="'a' twice"):
        clusters.cluster_table(twice, space, 2, SEED)
    values[5] = np.nan
    with pytest.raises(InputError, match="row 5"):
        clusters.cluster_table(made(values), space, 2, SEED)


def test_script_writes_both_tables_and_names_the_file_at_fault(tmp_path):
    embeddings = made(clouds([4, 9, 6])[0])
    files.write_embeddings(embeddings, tmp_path / "7.h5")
    projections = projected(embeddings)
    files.write_table(projections, tmp_path / "projections.csv", files.PROJECTIONS)
    job = SimpleNamespace(
        input=SimpleNamespace(
            embeddings=[tmp_path / "7.h5"], projections=[tmp_path / "projections.csv"]
        ),
        output=SimpleNamespace(
            clusters=[tmp_path / "clusters.csv"], counts=[tmp_path / "counts.csv"]
        ),
        params=SimpleNamespace(k=3, seed=SEED),
    )
    cluster_study.main(job)
    table = files.read_table(tmp_path / "clusters.csv", files.CLUSTERS)
    expected = clusters.cluster_table(embeddings, projections, 3, SEED)[0]
    assert table["cluster"].tolist() == expected["cluster"].tolist()
    counts = files.read_table(tmp_path / "counts.csv", files.CLUSTER_COUNTS)
    assert len(counts) == 2 * 2 * 19
    assert counts["silhouette"].isna().equals(counts["k"].isin([1, 19]))
    fewer = projections[projections["image_id"] != "p03"]
    files.write_table(fewer, tmp_path / "projections.csv", files.PROJECTIONS)
    with pytest.raises(InputError, match=r"7\.h5: The projections"):
        cluster_study.main(job)


def test_of_many_pictures_numbers_are_tried_on_some_and_clusters_are_of_all(monkeypatch, caplog):
    middle = 5 * np.eye(3, 6)
    of = np.repeat(np.arange(3), 40)
    values = middle[of] + np.random.default_rng(0).normal(0, 0.2, (120, 6))
    whole, table = clusters._cluster(values, None, clusters.SILHOUETTE, SEED)
    monkeypatch.setattr(clusters, "MOST_TRIED", 100)
    monkeypatch.setattr(clusters, "MOST_SILHOUETTE", 60)
    some, drawn = clusters._cluster(values, None, clusters.SILHOUETTE, SEED)
    assert (
        "120 pictures: inertia and silhouette for each number of clusters are of 60" in caplog.text
    )
    assert np.array_equal(
        clusters.number_by_size(some["kmeans"]), clusters.number_by_size(whole["kmeans"])
    )
    assert len(np.unique(some["kmeans"])) == 3
    # at the right number, what is left is the noise: as much for each picture as in the whole
    at = table["k"] == 3
    np.testing.assert_allclose(drawn.loc[at, "inertia"], table.loc[at, "inertia"], rtol=0.25)
    np.testing.assert_allclose(drawn.loc[at, "silhouette"], table.loc[at, "silhouette"], atol=0.05)
