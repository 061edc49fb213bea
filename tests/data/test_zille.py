"""The real photographs: catalogue, published split, and two experiments for two epochs."""

import pandas as pd
import pytest

from bilderatlas.files import (
    DUPLICATES,
    GROUPS,
    LEAKS,
    METRICS,
    WORKLIST,
    read_catalogue,
    read_embeddings,
    read_table,
)
from tests.workflow.conftest import ROOT, Checkout, trainings

DATA = ROOT.parent / "shared" / "data" / "zille"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not DATA.is_dir(), reason=f"no real photographs in {DATA}"),
]


@pytest.fixture(scope="module")
def zille(tmp_path_factory):
    """Experiments 1, 7 and pixels on the real photographs, two epochs, measured."""
    checkout = Checkout(tmp_path_factory.mktemp("zille") / "checkout")
    table = checkout.folder / "config/studies/simclr.csv"
    rows = table.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = tuple(f"{name}," for name in ("experiment", "0", "1", "7", "pixels"))
    table.write_text("".join(row for row in rows if row.startswith(kept)), encoding="utf-8")
    overlay = checkout.overlay(
        "two-epochs.yaml",
        {
            "collections": {
                "zille": {"path": str(DATA / "images"), "metadata": str(DATA / "metadata.csv")}
            },
            "weights": {"standin": {"source": "stand_in", "steps": 20}},
            "simclr": {
                "roles": {"pretrained": "standin"},
                "recipes": {"published": {"training": {"epochs": {"zille": 2}}}},
                "neighbours": {"seeded": 0},
            },
        },
    )
    made = checkout.run("--cores", "2", "--configfile", overlay)
    assert made.returncode == 0, made.stdout[-20_000:]
    assert trainings(checkout.due("--configfile", overlay)) == 0
    return checkout


def test_the_catalogue_is_whole(zille):
    catalogue = read_catalogue(zille.folder / "results/zille/catalogue.csv")
    assert len(catalogue) == 624
    assert (catalogue["date_from"] != "").all()
    assert catalogue["makers"].value_counts().tolist() == [539, 85]
    assert read_table(zille.folder / "results/zille/problems.csv", ["what"]).empty


def test_the_published_test_pictures(zille):
    published = set((DATA / "published_test_ids.txt").read_text().split())
    for experiment in ("1", "7", "pixels"):
        path = zille.folder / f"results/zille/simclr/{experiment}/embeddings.h5"
        found = read_embeddings(path)
        assert set(found.select("test").image_ids) == published
        assert len(found.image_ids) == 624


def test_two_epochs_take_six_steps(zille):
    losses = pd.read_csv(zille.folder / "results/models/untrained+zille.published/losses.csv")
    # 436 training pictures in batches of 128, the incomplete one dropped
    assert len(losses) == 6
    assert losses["loss"].between(0, 7).all()


def test_the_pixels_and_the_constant_give_the_known_numbers(zille):
    table = read_table(zille.folder / "results/zille/simclr/tables/metrics.csv", METRICS)
    pixels = table[table["experiment"] == "pixels"].set_index(["population", "metric"])
    assert pixels.loc[("all", "same_title_map"), "n"].iloc[0] == 227
    assert pixels.loc[("all", "same_title_map"), "value"].iloc[0] == pytest.approx(0.515, abs=0.01)
    assert pixels.loc[("test", "same_title_map"), "n"].iloc[0] == 26
    year = table[(table["metric"] == "year_mae") & (table["control"] == "constant")]
    assert year["control_value"].iloc[0] == pytest.approx(3.07, abs=0.05)


def test_what_training_has_all_but_seen(zille):
    base = zille.folder / "results/zille"
    leaks = read_table(base / "leaks.csv", LEAKS).set_index(["split", "kind"])
    # counted before by another function, in the published results
    assert leaks.loc[("published", "title and date"), ["leaking", "n"]].tolist() == [65, 188]
    assert leaks.loc[("random", "title and date"), "leaking"] == 52
    assert 40 < leaks.loc[("published", "print"), "leaking"] < 70
    assert leaks.loc["group", "leaking"].max() == 0 and leaks.loc[("group", "either"), "n"] == 188
    groups = read_table(base / "groups.csv", GROUPS).set_index("image_id")["group"]
    pairs = read_table(base / "duplicates.csv", DUPLICATES)
    prints = pairs[pairs["relation"] == "print"]
    assert (groups[prints["image_a"]].to_numpy() == groups[prints["image_b"]].to_numpy()).all()


def test_the_worklist_finds_known_cases(zille):
    worklist = read_table(zille.folder / "results/zille/worklist.csv", WORKLIST)
    # one negative, "Sophie-Chralotte-Straße" and "Sophie-Charlotte-Straße"
    case = worklist[worklist["case"].str.startswith("records")]
    case = case[case["case"].isin(case.loc[case["image_id"] == "17160", "case"])]
    assert set(case["image_id"]) == {"17160", "227650"}
    assert set(case["differs"]) == {"title | date"}
    # two exposures of one moment are no prints: whether Hans or Heinrich Zille stands there
    records = worklist.loc[worklist["kind"] == "records", "image_id"]
    assert not {"156722", "228185"} & set(records)
    titles = worklist[worklist["kind"] == "title"].groupby("case")
    assert 28 <= titles.ngroups <= 36
    # "möglicherweise im Tiergarten" stands beside its other print
    assert "227640" in titles.get_group("title 17108")["image_id"].tolist()[1:]
    assert (worklist["kind"] == "orientation").sum() == 10


def test_the_named_queries_are_drawn(zille):
    folder = zille.folder / "results/zille/simclr/figures/neighbours"
    drawn = {path.stem for path in folder.glob("*.png")}
    assert drawn == {"171059", "17167", "17173", "17328", "227610", "227637"}


def test_the_thumbnails_know_their_border_and_not_their_mean_grey(zille):
    """Grey thumbnails carry mean-free patterns: the border can be read, the mean grey cannot."""
    rows = read_table(zille.folder / "results/zille/simclr/tables/technical.csv", METRICS)
    rows = rows[(rows["experiment"] == "pixels") & (rows["population"] == "all")]
    values = rows.drop_duplicates("metric").set_index("metric")["value"]
    assert values["shortcut_border"] > 0.6
    assert values["shortcut_mean_grey"] < 0.4
    assert values["hubness_skewness"] > values["hubness_skewness_csls"]
