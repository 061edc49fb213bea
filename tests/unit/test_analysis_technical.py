"""The technical table: rows, controls and pairing; bad input; the script; real photographs."""

import logging
from types import SimpleNamespace

import h5py
import measure_technical
import numpy as np
import pandas as pd
import pytest

from bilderatlas import files
from bilderatlas.analysis import stability, technical
from bilderatlas.analysis.projection import METHODS
from bilderatlas.analysis.shortcuts import picture_properties
from bilderatlas.analysis.technical import TechnicalTable
from bilderatlas.files import Embeddings
from bilderatlas.show.labels import read_labels

COUNT = 120
KEY = ["experiment", "population", "metric"]


def seven(values, lineage, experiment, part=None):
    part = part or ["train" if number % 2 else "test" for number in range(len(values))]
    attributes = {"lineage": lineage, "experiment": experiment, "split": "published"}
    ids = [f"p{number:03d}" for number in range(len(values))]
    return Embeddings(np.asarray(values, np.float32), ids, part, attributes)


@pytest.fixture(scope="module", autouse=True)
def quick():
    """Few starts of k-means: what it finds is tested elsewhere."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stability, "_INITIALISATIONS", 1)
        yield


@pytest.fixture(scope="module")
def world():
    """120 pictures in 30 groups of four, four embeddings of them with maps and clusters."""
    generator = np.random.default_rng(0)
    sitting = np.arange(COUNT) // 4
    ids = [f"p{number:03d}" for number in range(COUNT)]
    catalogue = pd.DataFrame(
        {
            "image_id": ids,
            "title": [f"Motiv {number}" for number in sitting],
            "date": "1900",
            "technique": np.where(sitting % 2, "Silber", "Albumin"),
        },
        index=ids,
    )
    base = generator.normal(size=(30, 8))[sitting]
    values = {
        "pixels": ("pixels", base + generator.normal(size=(COUNT, 8))),
        "0": ("untrained", base + 2 * generator.normal(size=(COUNT, 8))),
        "7": ("untrained+zille.published", base + 0.3 * generator.normal(size=(COUNT, 8))),
        "7-s1": ("untrained+zille.published~s1", base + 0.3 * generator.normal(size=(COUNT, 8))),
    }
    experiments = {name: seven(unit, lineage, name) for name, (lineage, unit) in values.items()}
    names = ["mean_grey", "contrast", "aspect", "border"] + [f"histogram_{n}" for n in (1, 2, 3)]
    told = pd.DataFrame(generator.normal(size=(COUNT, 7)), columns=names, index=ids)
    return SimpleNamespace(
        experiments=experiments,
        projections={name: maps(made) for name, made in experiments.items()},
        clusters={name: clustering(made) for name, made in experiments.items()},
        catalogue=catalogue,
        properties=told,
        groups=pd.Series(sitting, index=ids).astype(str),
        seed=2022,
        resamples=100,
    )


def of_populations(made):
    return [("test", made.select("test")), ("all", made)]


def maps(made):
    rows = []
    for population, chosen in of_populations(made):
        for method in METHODS:
            table = pd.DataFrame(
                {"population": population, "method": method, "image_id": chosen.image_ids}
            )
            for axis in range(int(method[-1])):
                table["xyz"[axis]] = chosen.values[:, axis].astype(float)
            rows.append(table)
    return pd.concat(rows).reindex(columns=list(files.PROJECTIONS))


def clustering(made):
    rows = []
    for population, chosen in of_populations(made):
        for method in ("kmeans", "kmeans-tsne-3"):
            cluster = 1 + 2 * (chosen.values[:, 0] > 0) + (chosen.values[:, 1] > 0)
            columns = (population, method, chosen.image_ids, cluster)
            rows.append(pd.DataFrame(dict(zip(files.CLUSTERS, columns, strict=True))))
    return pd.concat(rows)


def pair_of(world, **others):
    """Pixels and an experiment: enough where only rows are looked at."""
    return {name: world.experiments[name] for name in ("pixels", "7")} | others


def table_of(world, **changes):
    given = vars(world) | changes
    return TechnicalTable(**given).rows("simclr", "zille")


@pytest.fixture(scope="module")
def table(world):
    return table_of(world)


def test_every_experiment_and_population_has_every_measure(table):
    assert list(table.columns) == list(files.METRICS)
    assert (table["verdict"] == "").all()
    assert not table.duplicated([*KEY, "control"]).any()
    seeds = {"ari_training_seeds", "knn_overlap_training_seeds"}
    known = {key.removeprefix("metric.") for key in read_labels()}
    for (name, population), rows in table.groupby(["experiment", "population"]):
        metrics = set(rows["metric"])
        assert metrics <= known
        assert (seeds <= metrics) == (name in ("7", "7-s1"))
        # only all pictures are more than 100
        assert ("effective_rank" in metrics) == (population == "all")
        # t-SNE, and k-means on it, are of the test part alone
        assert len(metrics - seeds - {"effective_rank"}) == (33 if population == "test" else 26)


def test_controls_stand_beside_and_not_beside_themselves(table):
    rows = table[table["metric"] == "uniformity"]
    beside = rows.groupby(["experiment", "population"])["control"].agg(list)
    assert beside["7", "all"] == ["pixels", "untrained"]
    assert beside["pixels", "all"] == ["untrained"]
    assert beside["0", "test"] == ["pixels"]
    rows = table[(table["metric"] == "shortcut_aspect") & (table["experiment"] == "7")]
    assert list(rows["control"].unique()) == ["pixels", "untrained", "constant"]


def test_differences_are_paired_and_turn_round(table):
    values = table.set_index([*KEY, "control"])
    a = values.loc[("pixels", "all", "uniformity", "untrained")]
    b = values.loc[("0", "all", "uniformity", "pixels")]
    assert a["value"] == b["control_value"]
    assert a["difference"] == pytest.approx(a["value"] - a["control_value"])
    assert a["difference_low"] == pytest.approx(-b["difference_high"])
    assert a["low"] < a["value"] < a["high"]


def test_the_numbers_follow_the_pictures_not_their_order(world, table):
    order = np.random.default_rng(1).permutation(COUNT)
    turned = {}
    for name, made in pair_of(world).items():
        ids, part = ([list[row] for row in order] for list in (made.image_ids, made.part))
        turned[name] = Embeddings(made.values[order], ids, part, made.attributes)
    again = table_of(world, experiments=turned).drop_duplicates(KEY).set_index(KEY)["value"]
    # folds and first centres are drawn in the order of the pictures
    again = again[~again.index.get_level_values("metric").str.contains("shortcut|clustering")]
    before = table.drop_duplicates(KEY).set_index(KEY)["value"].reindex(again.index)
    assert len(before) > 80
    pd.testing.assert_series_equal(again, before, rtol=1e-4)


def test_another_split_is_measured_on_its_own_test_part(world):
    part = ["test" if number < 48 else "train" for number in range(COUNT)]
    other = seven(world.experiments["7"].values, "untrained+zille.published~group", "7-group", part)
    pixels = world.experiments["pixels"]
    rows = table_of(world, experiments={"7-group": other, "pixels": pixels}).set_index(KEY)
    mine = rows.loc[("7-group", "test", "uniformity")]
    assert mine["n"] == 48
    assert mine["control_value"] != rows.loc[("pixels", "test", "uniformity")]["value"]
    # maps of the control are of its own test part: nothing to compare with
    assert ("7-group", "test", "trustworthiness_pca_2") not in rows.index


def test_without_maps_clusters_and_controls_the_rest_goes_on(world, caplog):
    alone = {"7": world.experiments["7"]}
    rows = table_of(world, experiments=alone, projections={}, clusters={})
    assert {"uniformity", "hubness_skewness", "shortcut_process"} <= set(rows["metric"])
    assert not rows["metric"].str.contains("pca|silhouette_kmeans|seeds").any()
    assert (rows.loc[rows["metric"] == "alignment", "control"] == "").all()
    assert "silhouette of kmeans left out" in caplog.text


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda values: np.where(np.arange(8) == 3, np.nan, values), "not finite"),
        (np.ones_like, "one and the same embedding"),
    ],
)
def test_an_embedding_without_meaning_is_left_out_with_one_sentence(world, caplog, change, why):
    made = world.experiments["7"]
    broken = Embeddings(change(made.values), made.image_ids, made.part, made.attributes)
    with caplog.at_level(logging.WARNING):
        rows = table_of(world, experiments=pair_of(world, **{"7": broken}), projections={})
    assert set(rows["experiment"]) == {"pixels"}
    told = [text for text in caplog.messages if why in text and "(7)" in text]
    assert [text.split(":")[0] for text in told] == ["population test", "population all"]


def test_a_broken_control_is_no_control(world):
    made = world.experiments["pixels"]
    broken = Embeddings(made.values * np.nan, made.image_ids, made.part, made.attributes)
    rows = table_of(world, experiments=pair_of(world, pixels=broken), projections={})
    assert set(rows["experiment"]) == {"7"}
    assert set(rows.loc[rows["metric"] == "alignment", "control"]) == {""}


def test_an_embedding_of_another_collection_is_left_out(world, caplog):
    foreign = seven(np.eye(30), "standin", "1")
    foreign.image_ids = [f"w{number}" for number in range(30)]
    rows = table_of(world, experiments=pair_of(world, **{"1": foreign}), projections={})
    assert set(rows["experiment"]) == {"pixels", "7"}
    assert "1 left out: its embeddings hold 30 picture(s) not in the catalogue" in caplog.text


def test_few_pictures_no_titles_no_technique_are_told(world, caplog):
    bare = world.catalogue.assign(title="", technique="")
    made = world.experiments["7"]
    part = ["test"] * 11 + ["train"] * (COUNT - 11)
    few = Embeddings(made.values, made.image_ids, part, made.attributes)
    rows = table_of(world, experiments={"7": few}, catalogue=bare)
    assert set(rows["population"]) == {"all"}
    assert not rows["metric"].str.contains("same_title|csls_gain|alignment|process").any()
    assert "population test: everything left out: 11 pictures are too few" in caplog.text
    assert "alignment left out: no two pictures share title and date" in caplog.text
    assert "process left out: 0 process" in caplog.text


def test_of_a_large_collection_whole_groups_are_measured(world, monkeypatch):
    monkeypatch.setattr(technical, "LARGEST", 50)
    rows = table_of(world, experiments=pair_of(world), projections={})
    counts = rows.loc[rows["metric"] == "uniformity", "n"]
    assert set(counts) <= set(range(44, 51, 2))
    pairs = rows.loc[(rows["metric"] == "alignment") & (rows["population"] == "all"), "n"]
    assert (pairs == 12 * 6).all()  # twelve whole groups of four


def test_the_script_writes_the_table(world, tmp_path, make_pack):
    pack = make_pack(COUNT)
    with h5py.File(tmp_path / "pack.h5", "w") as store:
        for name in ("pixels", "offsets", "sizes"):
            store[name] = getattr(pack, name)
        store.create_dataset("image_ids", data=pack.image_ids, dtype=h5py.string_dtype())
        store.attrs["mode"] = "grey"
    given = SimpleNamespace(
        embeddings=[], projections=[], clusters=[], catalogue=tmp_path / "catalogue.csv",
        pack=tmp_path / "pack.h5", groups=tmp_path / "groups.csv",
    )  # fmt: skip
    for name in ("7", "pixels"):
        base = tmp_path / name
        files.write_embeddings(world.experiments[name], base / "embeddings.h5")
        files.write_table(world.projections[name], base / "projections.csv", files.PROJECTIONS)
        files.write_table(world.clusters[name], base / "clusters.csv", files.CLUSTERS)
        given.embeddings.append(base / "embeddings.h5")
        given.projections.append(base / "projections.csv")
        given.clusters.append(base / "clusters.csv")
    files.write_table(world.catalogue, given.catalogue, files.CATALOGUE)
    groups = pd.DataFrame({"image_id": world.groups.index, "group": world.groups.to_numpy()})
    files.write_table(groups, given.groups, files.GROUPS)
    out = tmp_path / "technical.csv"
    measure_technical.main(
        SimpleNamespace(
            input=given,
            output=[out],
            params=SimpleNamespace(seed=2022),
            wildcards=SimpleNamespace(study="simclr", collection="specimen"),
        )
    )
    found = files.read_table(out, files.METRICS)
    expected = table_of(
        world,
        experiments={name: pair_of(world)[name] for name in ("7", "pixels")},
        properties=picture_properties(pack),
        resamples=2000,
    )
    assert list(found["metric"]) == list(expected["metric"])
    for column in ("n", "value", "high", "difference_low"):
        assert found[column].to_numpy() == pytest.approx(
            expected[column].astype(float).to_numpy(), nan_ok=True, rel=1e-5, abs=1e-7
        )
