"""Shortcut probes: properties by hand, a planted shortcut, none, and leaks between folds."""

import numpy as np
import pandas as pd
import pytest

from bilderatlas.analysis.outcomes import LeftOut, Sample, unit
from bilderatlas.analysis.shortcuts import picture_probes, picture_properties, process_probe
from bilderatlas.data.pack import Pack


def pack_of(pictures):
    pictures = [np.asarray(one, np.uint8).reshape(*np.shape(one)[:2], -1) for one in pictures]
    return Pack(
        np.concatenate([one.ravel() for one in pictures]),
        np.cumsum([0, *(one.size for one in pictures)]),
        np.array([one.shape[:2] for one in pictures]),
        [f"p{number}" for number in range(len(pictures))],
        "grey" if pictures[0].shape[2] == 1 else "rgb",
    )


def sample(values, clusters=None):
    ids = [f"p{number}" for number in range(len(values))]
    clusters = np.arange(len(ids)) if clusters is None else clusters
    return Sample(unit(values), ids, clusters, pd.Series(dtype=object))


def properties(count, seed=0):
    names = ["mean_grey", "contrast", "aspect", "border"] + [f"histogram_{n}" for n in (1, 2, 3)]
    drawn = np.random.default_rng(seed).normal(size=(count, 7))
    return pd.DataFrame(drawn, columns=names, index=[f"p{number}" for number in range(count)])


def test_properties_by_hand():
    framed = np.full((50, 100), 51)
    framed[:2], framed[-2:], framed[:, :4], framed[:, -4:] = 255, 255, 255, 255
    halves = np.repeat([[0, 255]], 10, axis=0).repeat(5, axis=1)
    found = picture_properties(pack_of([framed, halves]))
    assert found.loc["p0", "aspect"] == pytest.approx(np.log(2))
    assert found.loc["p0", "border"] == pytest.approx(0.8)
    assert found.loc["p1", "border"] == pytest.approx(0.0)
    assert found.loc["p1", "mean_grey"] == pytest.approx(0.5)
    assert found.loc["p1", "contrast"] == pytest.approx(0.5)


def test_colour_is_looked_at_as_grey_and_shape_does_not_enter_the_histogram():
    grey = np.random.default_rng(0).integers(0, 255, (20, 30))
    coloured = np.repeat(grey[:, :, None], 3, axis=2)
    wide, tall = picture_properties(pack_of([coloured, coloured.transpose(1, 0, 2)])).to_numpy()
    assert wide[[0, 1, 4, 5, 6]] == pytest.approx(tall[[0, 1, 4, 5, 6]])
    assert wide[2] == pytest.approx(-tall[2])


def test_a_planted_shortcut_is_found_and_nothing_else():
    told = properties(240)
    values = np.random.default_rng(1).normal(size=(240, 12))
    # a strong bias keeps the direction nearly linear in the planted value on the sphere
    values[:, 0] = 3 * told["mean_grey"]
    values = np.column_stack([values, np.full(240, 40.0)])
    found = {one.metric: one for one in picture_probes(sample(values), told)}
    assert found["shortcut_mean_grey"].value > 0.95
    assert all(abs(found[f"shortcut_{n}"].value) < 0.15 for n in ("contrast", "aspect", "border"))
    assert found["shortcut_mean_grey"].interval.low > 0.9
    assert found["shortcut_mean_grey"].guesses == {"constant": 0.0}
    assert found["shortcut_histogram"].value < 0.1


def test_an_embedding_without_features_scores_as_the_constant():
    told = properties(100)
    values = np.tile([1.0, 2.0], (100, 1))
    assert [one.value for one in picture_probes(sample(values), told)] == pytest.approx([0] * 5)


def test_groups_are_not_torn_apart():
    """Copies of a picture would give its grey away, were they on both sides of a fold."""
    generator = np.random.default_rng(2)
    group = np.arange(200) // 4
    told = properties(50).iloc[group].set_axis([f"p{number}" for number in range(200)])
    values = generator.normal(size=(50, 40))[group] + 0.01 * generator.normal(size=(200, 40))
    whole = picture_probes(sample(values, group), told)[0].value
    torn = picture_probes(sample(values), told)[0].value
    assert whole < 0.1 < 0.6 < torn


def test_what_all_pictures_share_is_left_out_and_the_rest_goes_on(caplog):
    told = properties(60).assign(aspect=0.25)
    names = {one.metric for one in picture_probes(sample(np.eye(60)), told)}
    assert "shortcut_aspect" not in names
    assert "shortcut_border" in names
    with pytest.raises(LeftOut, match="same simple"):
        picture_probes(sample(np.eye(60)), told * 0)
    picture_properties(pack_of([np.full((8, 8), 9)] * 3))
    assert "aspect left out: all pictures have the same" in caplog.text


def test_pictures_that_are_not_in_the_pack_are_not_asked():
    assert picture_probes(sample(np.eye(60)), properties(30))[0].n == 30
    with pytest.raises(LeftOut, match="11 pictures"):
        picture_probes(sample(np.eye(60)), properties(11))
    with pytest.raises(LeftOut, match="groups"):
        picture_probes(sample(np.eye(60), np.arange(60) % 4), properties(60))


def test_process_is_found_where_it_is_and_missed_where_it_is_not():
    technique = pd.Series(["Albumin"] * 30 + ["Silber"] * 70 + ["Salz"] * 19 + [""] * 5)
    technique.index = [f"p{number}" for number in range(len(technique))]
    values = np.random.default_rng(3).normal(size=(len(technique), 6))
    blind = process_probe(sample(values), technique)[0]
    values[:, 0] += np.where(technique == "Silber", 8, -8)
    seen = process_probe(sample(values), technique)[0]
    assert seen.n == blind.n == 100  # the rare and the unknown process are left out
    assert seen.guesses == {"chance": 0.5}
    assert seen.value > 0.97
    assert blind.interval.low < 0.5 < blind.interval.high


def test_process_needs_two_kinds():
    technique = pd.Series(["Silber"] * 40, index=[f"p{number}" for number in range(40)])
    with pytest.raises(LeftOut, match="1 process"):
        process_probe(sample(np.eye(40)), technique)
    with pytest.raises(LeftOut, match="0 process"):
        process_probe(sample(np.eye(40)), technique * 0)
