"""The specimen from end to end, by the very call that `make demo` makes."""

import itertools
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from PIL import Image

from bilderatlas.analysis.intervals import intervals
from bilderatlas.analysis.retrieval import retrieval
from bilderatlas.collection.negatives import find_negatives
from bilderatlas.files import (
    AGREEMENT,
    CLAIMS,
    CLUSTERS,
    DUPLICATES,
    GROUPS,
    LEAKS,
    METRICS,
    WORKLIST,
    read_catalogue,
    read_embeddings,
    read_table,
)
from bilderatlas.models import read_model
from tests.workflow.conftest import Checkout, trainings

pytestmark = pytest.mark.slow

CALL = ("--cores", "2", "--resources", "gpu=2", "--configfile", "config/specimen.yaml")


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The finished demo in a checkout of its own."""
    checkout = Checkout(tmp_path_factory.mktemp("demo") / "checkout")
    made = checkout.run(*CALL)
    assert made.returncode == 0, made.stdout[-20_000:]
    return checkout


def test_a_second_call_finds_nothing_due(demo):
    assert demo.due("--configfile", "config/specimen.yaml") == {}


def test_the_catalogue_agrees_with_the_truth(demo):
    catalogue = read_catalogue(demo.folder / "results/specimen/catalogue.csv")
    truth = pd.read_csv(demo.folder / "resources/specimen/truth.csv", dtype=str)
    assert len(catalogue) == 240
    assert set(catalogue["image_id"]) == set(truth["image_id"])
    years = truth.set_index("image_id")["year"].astype(int)
    dated = catalogue[catalogue["date_from"] != ""]
    assert len(dated) >= 0.95 * len(catalogue)
    begin = dated["date_from"].str[:4].astype(int)
    end = dated["date_to"].str[:4].astype(int)
    inside = (begin <= years[dated.index]) & (years[dated.index] <= end)
    assert inside.mean() > 0.9
    assert (catalogue["width_cm"] > 0).all()


def test_every_training_takes_twenty_steps_and_lowers_its_loss(demo):
    models = sorted((demo.folder / "results/models").glob("*/losses.csv"))
    assert len(models) == 10
    for path in models:
        losses = pd.read_csv(path)
        assert len(losses) >= 20, path
        steps = len(losses) // 4
        assert losses["loss"].tail(steps).mean() < losses["loss"].head(steps).mean(), path


def test_trained_models_differ_from_where_they_began(demo):
    folder = demo.folder / "results/models"
    start = read_model(folder / "untrained/model.ckpt").backbone
    trained = read_model(folder / "untrained+specimen.published/model.ckpt").backbone
    further = folder / "untrained+specimen-dew.published+specimen.published.fine/model.ckpt"
    states = [start, trained, read_model(further).backbone]
    for one, other in itertools.pairwise(states):
        assert not torch.equal(one["layer4.1.conv2.weight"], other["layer4.1.conv2.weight"])


def test_all_pictures_are_embedded_and_say_what_made_them(demo):
    for experiment in ("0", "4", "7-group", "pixels"):
        path = demo.folder / f"results/specimen/simclr/{experiment}/embeddings.h5"
        found = read_embeddings(path)
        assert len(found.image_ids) == 240
        assert set(found.part) == {"train", "test"}
        assert found.attributes["experiment"] == experiment
    assert bool(read_embeddings(demo.folder / "results/specimen/simclr/4/embeddings.h5")
                .attributes["stand_in"])  # fmt: skip
    assert not bool(found.attributes["stand_in"])


def test_groups_are_not_torn_apart(demo):
    split = pd.read_csv(demo.folder / "results/specimen/splits/group.csv", dtype=str)
    groups = pd.read_csv(demo.folder / "results/specimen/groups.csv", dtype=str)
    parts = groups.merge(split, on="image_id").groupby("group")["part"].nunique()
    assert parts.max() == 1
    assert (parts.size, len(split)) == (groups["group"].nunique(), 240)


def test_no_group_tears_prints_and_the_leak_report_says_so(demo):
    base = demo.folder / "results/specimen"
    groups = read_table(base / "groups.csv", GROUPS).set_index("image_id")["group"]
    pairs = read_table(base / "duplicates.csv", DUPLICATES)
    prints = pairs[pairs["relation"].isin(["print", "same_file"])]
    assert len(prints) > 10
    assert (groups[prints["image_a"]].to_numpy() == groups[prints["image_b"]].to_numpy()).all()
    leaks = read_table(base / "leaks.csv", LEAKS).set_index(["split", "kind"])
    assert leaks.loc["group", "leaking"].max() == 0
    for split in ("published", "random"):
        assert leaks.loc[split, "n"].eq(72).all()
        one, other, either = leaks.loc[split, "leaking"]
        assert 0 < max(one, other) <= either <= one + other
    page = (base / "simclr/tables/results.md").read_text(encoding="utf-8")
    assert "A leak: in the split `published`, of 72 test pictures" in page
    assert "Split: published; group for 7-group." in page


def test_a_registrar_is_told_what_disagrees_and_sees_every_negative(demo):
    base = demo.folder / "results/specimen"
    worklist = read_table(base / "worklist.csv", WORKLIST)
    cases = worklist[worklist["kind"] == "records"]
    assert cases["case"].nunique() > 3
    assert (cases.groupby("case")["image_id"].size() >= 2).all()
    assert (base / "worklist/records.html").read_text(encoding="utf-8").count("<section") == (
        cases["case"].nunique()
    )
    ids = read_catalogue(base / "catalogue.csv").index.tolist()
    negatives = find_negatives(read_table(base / "duplicates.csv", DUPLICATES), ids)
    sheets = sorted((base / "figures/prints").glob("*.png"))
    assert len(sheets) == len(negatives) > 5
    with Image.open(sheets[0]) as picture:
        low, high = picture.convert("L").getextrema()
        assert min(picture.size) > 250 and high - low > 150


def test_found_prints_are_retrieved(demo):
    table = read_table(demo.folder / "results/specimen/simclr/tables/metrics.csv", METRICS)
    sound = table[(table["experiment"] == "7s") & (table["population"] == "all")]
    sound = sound.set_index(["metric", "control"])
    for control in ("pixels", "untrained", "chance"):
        row = sound.loc[("found_print_map", control)]
        assert row["n"] > 10 and 0 < row["control_value"] < row["value"] <= 1
    kinds = {name for name in table["metric"] if name.startswith("found_")}
    assert "found_cut_print_map" in kinds or "found_mirrored_print_map" in kinds


def test_the_metrics_stand_beside_their_controls(demo):
    table = read_table(demo.folder / "results/specimen/simclr/tables/metrics.csv", METRICS)
    seven = table[table["experiment"] == "7"].set_index(["population", "metric", "control"])
    for control in ("pixels", "untrained", "chance"):
        row = seven.loc[("all", "same_title_map", control)]
        assert row["n"] > 40
        assert row["low"] <= row["value"] <= row["high"]
        assert abs(row["difference"] - (row["value"] - row["control_value"])) < 1e-9
        assert row["difference_low"] <= row["difference"] <= row["difference_high"]
    assert seven.loc[("test", "year_mae", "constant"), "control_value"] > 0


def test_a_trained_network_recovers_what_the_specimen_hides(demo):
    table = read_table(demo.folder / "results/specimen/simclr/tables/metrics.csv", METRICS)
    sound = table[table["experiment"] == "7s"].set_index(["population", "metric", "control"])
    for metric in ("same_motif_map", "same_negative_map"):
        for control in ("pixels", "pixels_whitened", "untrained", "chance"):
            row = sound.loc[("all", metric, control)]
            assert row["verdict"] == "holds", (metric, control)
            assert row["difference_low"] > 0


def test_a_trained_network_finds_mirrored_and_cut_prints_far_better_than_a_thumbnail(demo):
    truth = pd.read_csv(demo.folder / "resources/specimen/truth.csv", dtype=str)
    truth = truth.set_index("image_id")
    changed = truth[["mirrored", "cut"]].eq("true").any(axis=1)
    negatives = truth.loc[truth.groupby("negative")["motif"].transform("size") >= 2, "negative"]
    negatives = negatives[changed[negatives.index].groupby(negatives).transform("any")]
    found = {}
    for name in ("7s", "pixels", "pixels-w", "0"):
        made = read_embeddings(demo.folder / f"results/specimen/simclr/{name}/embeddings.h5")
        found[name] = retrieval(made.values, made.image_ids, negatives)
    assert len(found["7s"]) > 20
    scores = np.stack([table["average_precision"] for table in found.values()], axis=1)
    pairs = [(0, other) for other in range(1, len(found))]
    for difference in intervals(scores, found["7s"]["group"].to_numpy(), pairs=pairs)[len(found) :]:
        assert difference.value > 0.15
        assert difference.low > 0


def test_maps_and_clusters_of_every_experiment(demo):
    base = demo.folder / "results/specimen/simclr"
    for experiment in ("0", "7s", "7-group", "pixels"):
        clusters = read_table(base / experiment / "clusters.csv", CLUSTERS)
        test = clusters[clusters["population"] == "test"]
        assert test.groupby("method")["image_id"].nunique().eq(72).all()
        assert test.loc[test["method"] == "kmeans-tsne-3", "cluster"].nunique() == 9
        assert (base / f"figures/clusters/{experiment}/index.html").exists()
        assert (base / f"figures/maps/{experiment}.html").exists()
    agreement = read_table(base / "tables/agreement.csv", AGREEMENT)
    alike = agreement["experiment_a"] == agreement["experiment_b"]
    assert agreement.loc[alike, "value"].min() > 0.999
    assert len(read_table(base / "tables/technical.csv", METRICS)) > 100
    assert len(read_table(base / "tables/claims.csv", CLAIMS)) > 5


def test_the_figures_are_there_and_not_blank(demo):
    figures = demo.folder / "results/specimen/simclr/figures"
    grids = sorted((figures / "neighbours").glob("*.png"))
    assert len(grids) == 30
    names = ["test-sheet.png", "losses.png", "metrics.png", "views/published.png"]
    for path in [grids[0], *(figures / name for name in names)]:
        with Image.open(path) as picture:
            assert min(picture.size) > 300
            low, high = picture.convert("L").getextrema()
            assert high - low > 150, path
    page = (demo.folder / "results/specimen/simclr/tables/results.md").read_text(encoding="utf-8")
    assert "stand-in" in page
    assert "16 x 16" in page


def test_the_report_holds_figures_pages_and_captions(demo):
    made = demo.run(*CALL, "--report", "results/report.zip")
    assert made.returncode == 0, made.stdout[-5_000:]
    with zipfile.ZipFile(demo.folder / "results/report.zip") as report:
        names = [Path(name).name for name in report.namelist()]
        page = report.read("report/report.html").decode()
    assert {"metrics.png", "agreement.png", "test-sheet.png", "results.md"} <= set(names)
    # of maps, clusters, worklist and prints; of each experiment's clusters
    assert names.count("index.html") == 4 + 14
    assert "These pages show how different networks order the pictures" in page
    assert "Neighbours" in page


def test_one_corrected_record_trains_nothing(demo):
    title = read_catalogue(demo.folder / "results/specimen/catalogue.csv")["title"].iloc[0]
    demo.edit("resources/specimen/lido.xml", title, f"{title[:-1]}, berichtigt)")
    assert trainings(demo.due("--configfile", "config/specimen.yaml")) == 0
