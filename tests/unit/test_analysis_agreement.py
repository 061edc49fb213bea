"""Agreement between experiments against a slow reference, by hand, at chance, and bad input."""

from types import SimpleNamespace

import compare_study
import numpy as np
import pandas as pd
import pytest

from bilderatlas import files
from bilderatlas.analysis import agreement
from bilderatlas.analysis.neighbours import nearest
from bilderatlas.errors import InputError

MEASURES = ["ari_kmeans", "ari_kmeans-tsne-3", "knn_overlap"]


def rows(count, width=6, seed=0):
    return np.random.default_rng(seed).normal(size=(count, width)).astype(np.float32)


def made(values, names=None, test=None):
    """Embeddings; the pictures named in ``test`` (by default all) are the test part."""
    names = names or [f"p{row:03d}" for row in range(len(values))]
    part = ["test" if test is None or name in test else "train" for name in names]
    return files.Embeddings(values, names, part, {"experiment": "x"})


def clustered(embeddings, labels, methods=("kmeans", "kmeans-tsne-3")):
    """A table of clusters: the picture's label by its id."""
    tables = []
    for population, part in (("test", "test"), ("all", None)):
        names = embeddings.select(part).image_ids
        for method in methods:
            table = pd.DataFrame({"image_id": names, "cluster": [labels[name] for name in names]})
            tables.append(table.assign(population=population, method=method))
    return pd.concat(tables, ignore_index=True)


def one_cluster(embeddings):
    return clustered(embeddings, dict.fromkeys(embeddings.image_ids, 1))


def value(table, measure, one, other, population="all"):
    here = table[
        (table["population"] == population)
        & (table["measure"] == measure)
        & (table["experiment_a"] == one)
        & (table["experiment_b"] == other)
    ]
    assert len(here) == 1
    return here["value"].item()


def slow_overlap(one, other, k=10):
    """The mean share of common nearest neighbours, by sorting every row."""
    shares = []
    for row in range(len(one)):
        near = []
        for values in (one, other):
            apart = np.linalg.norm(values - values[row], axis=1)
            apart[row] = np.inf
            near.append(set(np.argsort(apart)[:k]))
        shares.append(len(near[0] & near[1]) / k)
    return np.mean(shares)


def test_overlap_as_a_slow_loop_says():
    one = rows(60)
    # half of the other experiment's columns are those of the first
    other = np.hstack([one[:, :3], rows(60, 3, seed=1)])
    a, b = made(one), made(other)
    table = agreement.agreement_table({"a": a, "b": b}, {"a": one_cluster(a), "b": one_cluster(b)})
    expected = slow_overlap(one.astype(float), other.astype(float))
    assert 0.2 < expected < 0.8
    assert value(table, "knn_overlap", "a", "b") == pytest.approx(expected)


def test_table_is_square_symmetric_and_one_on_the_diagonal():
    found = {name: made(rows(40, seed=seed)) for seed, name in enumerate(["7", "0", "pixels"])}
    groups = {
        name: clustered(embeddings, dict(zip(embeddings.image_ids, labels, strict=True)))
        for (name, embeddings), labels in zip(
            found.items(), np.random.default_rng(0).integers(1, 4, (3, 40)), strict=True
        )
    }
    table = agreement.agreement_table(found, groups)
    assert table.columns.tolist() == list(files.AGREEMENT)
    assert len(table) == 2 * 3 * 9
    assert (table["n"] == 40).all()
    for (_, measure), part in table.groupby(["population", "measure"]):
        assert part["experiment_a"].unique().tolist() == ["7", "0", "pixels"]
        square = part.pivot(index="experiment_a", columns="experiment_b", values="value")
        np.testing.assert_array_equal(square, square.T)
        np.testing.assert_allclose(np.diag(square), 1)
        assert (square.to_numpy()[~np.eye(3, dtype=bool)] < 0.6).all(), measure


def test_adjusted_rand_index_by_hand():
    # pairs together in a: 2, in b: 2, in both: 1; of 6 pairs: expected 2 * 2 / 6, most (2 + 2) / 2
    names = ["p000", "p001", "p002", "p003"]
    a, b = made(rows(4)), made(rows(4, seed=1))
    groups = {
        "a": clustered(a, dict(zip(names, [1, 1, 2, 2], strict=True)), ("kmeans",)),
        "b": clustered(b, dict(zip(names, [1, 1, 2, 3], strict=True)), ("kmeans",)),
    }
    table = agreement.agreement_table({"a": a, "b": b}, groups)
    # in b only one pair is together: (1 - 2 * 1 / 6) / ((2 + 1) / 2 - 2 * 1 / 6)
    assert value(table, "ari_kmeans", "a", "b") == pytest.approx((1 - 1 / 3) / (1.5 - 1 / 3))
    assert set(table["measure"]) == {"ari_kmeans"}


def test_names_of_clusters_do_not_count():
    a = made(rows(20))
    labels = {name: number % 4 for number, name in enumerate(a.image_ids)}
    other = {name: {0: 3, 1: 1, 2: 0, 3: 2}[label] for name, label in labels.items()}
    table = agreement.agreement_table(
        {"a": a, "b": a}, {"a": clustered(a, labels), "b": clustered(a, other)}
    )
    assert value(table, "ari_kmeans", "a", "b") == 1


def test_strangers_agree_as_chance_does():
    a, b = made(rows(400)), made(rows(400, seed=1))
    draw = np.random.default_rng(5)
    groups = {
        name: clustered(one, dict(zip(one.image_ids, draw.integers(0, 9, 400), strict=True)))
        for name, one in {"a": a, "b": b}.items()
    }
    table = agreement.agreement_table({"a": a, "b": b}, groups)
    assert value(table, "knn_overlap", "a", "b") == pytest.approx(10 / 399, abs=0.01)
    assert value(table, "ari_kmeans", "a", "b") == pytest.approx(0, abs=0.02)


def test_other_test_parts_meet_on_their_common_pictures():
    values = rows(60)
    names = [f"p{row:03d}" for row in range(60)]
    a = made(values, test=set(names[:40]))
    # the same pictures in another order, with another test part
    b = made(values[::-1], names[::-1], test=set(names[20:]))
    labels = {name: int(name[1:]) // 7 for name in names}
    groups = {"a": clustered(a, labels), "b": clustered(b, labels)}
    table = agreement.agreement_table({"a": a, "b": b}, groups)
    counts = table[table["measure"] == "knn_overlap"].set_index(
        ["population", "experiment_a", "experiment_b"]
    )["n"]
    assert counts["test", "a", "a"] == counts["test", "b", "b"] == 40
    assert counts["test", "a", "b"] == counts["test", "b", "a"] == 20
    assert counts["all", "a", "b"] == 60
    # the same embedding and the same clusters agree wherever the two meet
    assert (table["value"] == 1).all()


def test_equal_rows_tie_alike_whatever_their_order():
    values = np.repeat(rows(3), 10, axis=0)
    names = [f"p{row:03d}" for row in range(30)]
    order = np.random.default_rng(0).permutation(30)
    a, b = made(values, names), made(values[order], [names[row] for row in order])
    table = agreement.agreement_table({"a": a, "b": b}, {"a": one_cluster(a), "b": one_cluster(b)})
    assert value(table, "knn_overlap", "a", "b") == 1


def test_neighbours_are_searched_once_an_experiment_and_set(monkeypatch):
    calls = []
    plain = agreement.nearest
    monkeypatch.setattr(agreement, "nearest", lambda *args: calls.append(1) or plain(*args))
    found = {name: made(rows(20, seed=int(name)), test={"p000", "p001"}) for name in "01234"}
    agreement.agreement_table(found, {name: one_cluster(one) for name, one in found.items()})
    assert len(calls) == 5


def test_few_pictures_have_no_overlap_and_one_sentence_a_pair(caplog):
    a = made(rows(11))
    table = agreement.agreement_table({"a": a}, {"a": one_cluster(a)})
    assert set(table["measure"]) == {"ari_kmeans", "ari_kmeans-tsne-3"}
    assert caplog.text.count("11 common pictures") == 2
    enough = made(rows(12))
    table = agreement.agreement_table({"a": enough}, {"a": one_cluster(enough)})
    assert sorted(set(table["measure"])) == MEASURES


def test_another_collection_and_missing_clusters_leave_the_rest(caplog):
    a, b = made(rows(20)), made(rows(20), [f"q{row}" for row in range(20)])
    c = made(rows(20, seed=2))
    groups = {
        "a": one_cluster(a),
        "b": one_cluster(b),
        "c": clustered(c, dict.fromkeys(c.image_ids, 1), ("kmeans",)),
    }
    table = agreement.agreement_table({"a": a, "b": b, "c": c}, groups)
    pairs = set(zip(table["experiment_a"], table["experiment_b"], strict=True))
    assert pairs == {("a", "a"), ("b", "b"), ("c", "c"), ("a", "c"), ("c", "a")}
    assert "a and b have no common pictures" in caplog.text
    assert "experiment c has no clusters by kmeans-tsne-3" in caplog.text
    between = table[(table["experiment_a"] == "a") & (table["experiment_b"] == "c")]
    assert set(between["measure"]) == {"ari_kmeans", "knn_overlap"}


def test_bad_input_is_refused():
    a = made(rows(20))
    groups = one_cluster(a)
    with pytest.raises(ValueError, match="no clusters for the experiment 'a'"):
        agreement.agreement_table({"a": a}, {})
    with pytest.raises(InputError, match=r"clusters of a lack 1 pictures .* first: p007"):
        agreement.agreement_table({"a": a}, {"a": groups[groups["image_id"] != "p007"]})
    twice = made(rows(3), ["x", "y", "x"])
    with pytest.raises(InputError, match="of a name a picture twice"):
        agreement.agreement_table({"a": twice}, {"a": groups})
    a.values[4, 0] = np.inf
    with pytest.raises(InputError, match=r"Experiment a: .* row 4"):
        agreement.agreement_table({"a": a}, {"a": groups})


def test_script_reads_the_study_and_writes_the_table(tmp_path):
    paths = {"embeddings": [], "clusters": []}
    for name in ("7", "pixels"):
        one = made(rows(20, seed=len(name)))
        one.attributes["experiment"] = name
        (tmp_path / "zille" / "simclr" / name).mkdir(parents=True)
        paths["embeddings"].append(tmp_path / f"zille/simclr/{name}/embeddings.h5")
        paths["clusters"].append(tmp_path / f"zille/simclr/{name}/clusters.csv")
        files.write_embeddings(one, paths["embeddings"][-1])
        files.write_table(one_cluster(one), paths["clusters"][-1], files.CLUSTERS)
    output = [tmp_path / "agreement.csv"]
    compare_study.main(SimpleNamespace(input=SimpleNamespace(**paths), output=output))
    table = files.read_table(output[0], files.AGREEMENT)
    assert len(table) == 2 * 3 * 4
    assert value(table, "knn_overlap", "7", "7") == 1
    assert 0 < value(table, "knn_overlap", "7", "pixels") < 1


def test_of_many_pictures_some_are_asked_for_their_neighbours_among_all(monkeypatch):
    monkeypatch.setattr(agreement, "MOST_ASKED", 30)
    both = {name: made(rows(80, seed=seed)) for seed, name in enumerate("ab")}
    none = {name: pd.DataFrame(columns=list(files.CLUSTERS)) for name in both}
    table = agreement.agreement_table(both, none)
    overlap = table[(table["measure"] == "knn_overlap") & (table["population"] == "all")]
    assert (overlap["n"] == 30).all()
    asked = agreement.asked(both["a"].image_ids)
    assert len(set(asked)) == 30 and asked.tolist() == sorted(asked)
    near = [nearest(each.values, 10)[0] for each in both.values()]
    share = agreement.shared_neighbours(*near)[asked].mean()
    mixed = overlap[overlap["experiment_a"] != overlap["experiment_b"]]
    np.testing.assert_allclose(mixed["value"], share)
