"""Claims as tests: histograms by hand and against a loop, verdicts, and what cannot be tested."""

import contextlib
import logging
import math
from types import SimpleNamespace

import check_claims as script
import numpy as np
import pandas as pd
import pytest

from bilderatlas import files
from bilderatlas.analysis.claims import CLAIMED, Claim, check_claims
from bilderatlas.analysis.histograms import (
    grey_histograms,
    histogram_correlations,
    histogram_distances,
)
from bilderatlas.data.pack import Pack

ROLES = {"zille": "zille", "dew": "wikiart"}
COUNT = 80


def pack_of(pictures, ids, mode="grey"):
    flat = [picture.ravel() for picture in pictures]
    offsets = np.cumsum([0, *map(len, flat)])
    sizes = np.array([picture.shape[:2] for picture in pictures])
    return Pack(np.concatenate(flat), offsets, sizes, list(ids), mode)


def unit(rows):
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.fixture(scope="module")
def world():
    """80 pictures in 40 groups; embeddings that know the group, the tones, or nothing."""
    generator = np.random.default_rng(0)
    ids = [f"p{number:02d}" for number in range(COUNT)]
    group = np.arange(COUNT) // 2
    tone = generator.integers(20, 230, COUNT)
    pictures = [np.clip(generator.normal(t, 8, (9, 7)), 0, 255).astype(np.uint8) for t in tone]
    catalogue = pd.DataFrame(
        {"image_id": ids, "title": [f"Motiv {n}" for n in group], "date": "1900", "makers": "A"},
        index=ids,
    ).assign(date_from="1900", date_to="1900")
    part = np.where(group % 2, "test", "train")
    angle = tone / 255 * 3

    def made(kind, lineage, **attributes):
        values = {
            "group": np.eye(40)[group] + 0.05 * generator.normal(size=(COUNT, 40)),
            "tones": np.stack([np.cos(angle), np.sin(angle)], axis=1),
            "noise": generator.normal(size=(COUNT, 40)),
        }[kind]
        attributes = {"lineage": lineage, "collection": "zille", "stand_in": False} | attributes
        return files.Embeddings(unit(values).astype(np.float32), ids, list(part), attributes)

    experiments = {
        "0": made("noise", "untrained"),
        "1": made("group", "imagenet"),
        "2": made("noise", "imagenet+zille.published.fine"),
        "3": made("noise", "imagenet+wikiart.published"),
        "4": made("group", "imagenet+wikiart.published+zille.published.fine"),
        "7": made("group", "untrained+zille.published"),
        "7d": made("tones", "untrained+zille.colour"),
    }
    return experiments, catalogue, pack_of(pictures, ids)


def run(world, **options):
    experiments, catalogue, pack = world
    given = {"roles": ROLES, "dew_is_dew": True, "seed": 1, "resamples": 200} | options
    return check_claims(experiments, catalogue, pack, **given)


def pick(table, experiment, against, population="all"):
    rows = table[
        (table["experiment"] == experiment)
        & (table["against"] == against)
        & (table["population"] == population)
    ]
    assert len(rows) == 1
    return rows.iloc[0]


def test_histograms_by_hand():
    pictures = [np.array([[0, 0], [255, 7]], np.uint8), np.full((1, 3), 255, np.uint8)]
    found = grey_histograms(pack_of(pictures, "ab"), ["b", "a"])
    assert found.shape == (2, 256)
    assert found[0, 255] == 1
    assert found[1, [0, 7, 255]].tolist() == [0.5, 0.25, 0.25]
    colour = pack_of([np.full((2, 2, 3), (255, 0, 0), np.uint8)], "c", "rgb")
    assert grey_histograms(colour, ["c"])[0, 76] == 1
    with pytest.raises(ValueError, match="not in the pack"):
        grey_histograms(colour, ["d"])


def test_earth_has_to_be_moved_as_far_as_the_tones_differ():
    histograms = np.zeros((3, 256))
    histograms[0, 0] = histograms[1, 255] = histograms[2, 51] = 1
    np.testing.assert_allclose(
        histogram_distances(histograms), [[0, 1, 0.2], [1, 0, 0.8], [0.2, 0.8, 0]], atol=1e-12
    )


def slow_correlation(values, histograms, drawn):
    """Over all pairs of the draw, ranks from all pairs of the collection, without matrices."""
    count = len(values)
    pairs = [(i, j) for i in range(count) for j in range(i)]
    apart = [np.linalg.norm(values[i] - values[j]) for i, j in pairs]
    sums = [np.abs(np.cumsum(histograms[i] - histograms[j])).sum() for i, j in pairs]
    both = zip(pd.Series(apart).rank(), pd.Series(sums).rank(), strict=True)
    ranks = dict(zip(pairs, both, strict=True))
    both = [ranks[max(i, j), min(i, j)] for at, i in enumerate(drawn) for j in drawn[:at] if i != j]
    return np.corrcoef(np.array(both).T)[0, 1]


def test_correlation_and_interval_as_a_loop_says():
    generator = np.random.default_rng(4)
    one, other = generator.random((9, 3)), generator.random((9, 2))
    histograms = generator.dirichlet(np.ones(256), 9)
    found = histogram_correlations(one, other, histograms, seed=5, resamples=60)
    assert found.one.value == pytest.approx(slow_correlation(one, histograms, range(9)))
    picks = np.random.default_rng(5).integers(9, size=(60, 9))
    draws = np.array(
        [[slow_correlation(v, histograms, list(p)) for v in (one, other)] for p in picks]
    )
    for got, own in zip(found, (*draws.T, draws[:, 0] - draws[:, 1]), strict=True):
        np.testing.assert_allclose(got[1:], np.quantile(own, (0.025, 0.975)), atol=1e-9)


def test_pictures_of_one_cluster_are_drawn_together():
    generator = np.random.default_rng(0)
    tones = generator.random((10, 1))
    histograms = np.zeros((10, 256))
    histograms[np.arange(10), (tones[:, 0] * 255).astype(int)] = 1
    one, other = tones + 0.3 * generator.random((10, 1)), generator.random((10, 1))
    # each picture five times over tells no more than once
    copies = [np.repeat(each, 5, axis=0) for each in (one, other, histograms)]
    together = histogram_correlations(*copies, np.repeat(np.arange(10), 5))
    apart = histogram_correlations(*copies)

    def width(found):
        return found.one.high - found.one.low

    assert width(together) > 1.5 * width(apart)


def test_tones_correlate_wholly_with_tones_and_one_place_with_nothing():
    tones = np.arange(8)
    histograms = np.eye(256)[tones]
    found = histogram_correlations(tones[:, None] / 8, np.ones((8, 2)), histograms)
    assert found.one.value == pytest.approx(1)
    assert math.isnan(found.other.value)
    assert math.isnan(found.difference.value)
    few = histogram_correlations(tones[:4, None] / 8, -tones[:4, None] / 8, histograms[:4])
    assert few.difference.value == pytest.approx(0)
    assert math.isnan(few.difference.low)


def test_claims_that_are_true_hold(world):
    table = run(world)
    assert list(table.columns) == list(files.CLAIMS)
    assert len(table) == 2 * len(CLAIMED)
    assert pick(table, "1", "0")["verdict"] == "holds"
    assert pick(table, "1", "0")["difference"] > 0.7
    assert pick(table, "1", "0")["n"] == COUNT
    assert pick(table, "1", "0", "test")["n"] == COUNT // 2
    assert pick(table, "4", "3")["verdict"] == "holds"
    tones = pick(table, "7d", "7")
    assert tones["verdict"] == "holds"
    assert 0.5 < tones["difference_low"] < tones["difference"] < tones["difference_high"]
    assert tones["n"] == COUNT
    assert pick(table, "7d", "7", "test")["n"] == COUNT // 2
    # 3 and 4 were said to be alike, and are not
    assert pick(table, "3", "4")["verdict"] == "does not hold"
    assert pick(table, "3", "4")["difference"] == pytest.approx(
        -pick(table, "4", "3")["difference"]
    )


def test_claims_that_are_false_do_not(world):
    experiments, catalogue, pack = world
    turned = experiments | {"0": experiments["1"], "1": experiments["0"], "4": experiments["3"]}
    turned |= {"7": experiments["7d"], "7d": experiments["7"]}
    table = run((turned, catalogue, pack))
    assert pick(table, "1", "0")["verdict"] == "does not hold"
    assert pick(table, "7d", "7")["verdict"] == "does not hold"
    # likeness cannot be shown
    assert pick(table, "3", "4")["verdict"] == "undecided"
    assert pick(table, "3", "4")["difference"] == 0


def test_what_is_not_there_is_listed_as_not_tested(world):
    row = pick(run(world), "6", "5")
    assert row["note"] == "no_experiment: 6, 5"
    assert row["verdict"] == ""
    assert math.isnan(row["difference"])


def test_stand_ins_give_numbers_without_a_verdict(world):
    experiments, catalogue, pack = world
    one = experiments["1"]
    borrowed = files.Embeddings(
        one.values, one.image_ids, one.part, one.attributes | {"stand_in": np.True_}
    )
    row = pick(run((experiments | {"1": borrowed}, catalogue, pack)), "1", "0")
    assert row["verdict"] == ""
    assert row["difference"] > 0.7
    assert row["note"] == "stand_in: 1"
    assert row["value"] == pytest.approx(1)
    assert row["value"] - row["against_value"] == pytest.approx(row["difference"])


def test_another_collection_in_the_part_of_dew_gives_no_verdict(world):
    table = run(world, dew_is_dew=False)
    for pair, named in ((("4", "3"), "4, 3"), (("4", "2"), "4"), (("3", "4"), "3, 4")):
        row = pick(table, *pair)
        assert row["verdict"] == ""
        assert row["note"] == f"other_collection: {named}"
        assert (row["zille"], row["dew"]) == ("zille", "wikiart")
        assert math.isfinite(row["difference"])
    assert pick(table, "1", "0")["verdict"] == "holds"
    # a name that begins alike is another collection
    other = run(world, dew_is_dew=False, roles=ROLES | {"dew": "wiki"})
    assert pick(other, "4", "3")["verdict"] == "holds"


def test_bad_files_and_unlike_splits_are_said_and_the_rest_goes_on(world, caplog):
    experiments, catalogue, pack = world
    old, elsewhere = experiments["7"], experiments["0"]
    holed = files.Embeddings(old.values * np.nan, old.image_ids, old.part, old.attributes)
    swapped = [{"test": "train", "train": "test"}[name] for name in elsewhere.part]
    other = files.Embeddings(elsewhere.values, elsewhere.image_ids, swapped, elsewhere.attributes)
    with caplog.at_level(logging.WARNING):
        table = run((experiments | {"7": holed, "0": other}, catalogue, pack))
    assert "claims/7 holds values that are not finite" in caplog.text
    assert pick(table, "7d", "7")["note"] == "no_experiment: 7"
    assert pick(table, "1", "0")["verdict"] == "holds"
    assert pick(table, "1", "0", "test")["note"] == "other_split"
    assert pick(table, "4", "3")["verdict"] == "holds"


def test_no_titles_no_test(world):
    experiments, catalogue, pack = world
    table = run((experiments, catalogue.assign(title=""), pack))
    assert pick(table, "1", "0")["note"] == "no_question"
    assert pick(table, "7d", "7")["verdict"] == "holds"
    one = Claim("c", "7", "7", "histogram_correlation")
    assert run(world, claims=(one,))["difference"].tolist() == [0, 0]


def test_the_script(world, tmp_path, monkeypatch):
    experiments, catalogue, pack = world
    paths = []
    for name in ("1", "0"):
        made = experiments[name]
        made.attributes["experiment"] = name
        paths.append(tmp_path / f"zille/simclr/{name}/embeddings.h5")
        paths[-1].parent.mkdir(parents=True)
        files.write_embeddings(made, paths[-1])
    files.write_table(catalogue, tmp_path / "catalogue.csv", files.CATALOGUE)
    monkeypatch.setattr(script, "open_pack", lambda path: contextlib.nullcontext(pack))
    script.main(
        SimpleNamespace(
            input=SimpleNamespace(embeddings=paths, catalogue=tmp_path / "catalogue.csv", pack="p"),
            output=[tmp_path / "claims.csv"],
            params=SimpleNamespace(seed=1, roles=ROLES, dew_is_dew=True),
        )
    )
    table = files.read_table(tmp_path / "claims.csv", files.CLAIMS)
    assert pick(table, "1", "0")["verdict"] == "holds"
    assert pick(table, "4", "3")["note"] == "no_experiment: 4, 3"
