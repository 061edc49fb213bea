"""Same-title retrieval against hand values, a slow reference, simulation and symmetries."""

import numpy as np
import pandas as pd
import pytest

from bilderatlas.analysis import retrieval as r


def grouped(sizes, alone=0):
    labels = [f"g{number}" for number, size in enumerate(sizes) for _ in range(size)]
    ids = [f"p{number}" for number in range(len(labels) + alone)]
    return ids, pd.Series(labels, index=ids[: len(labels)])


def slow(values, ids, groups):
    rows = {}
    for query in ids:
        if query not in groups or (groups == groups[query]).sum() < 2:
            continue
        own = values[ids.index(query)]
        others = sorted(
            (other for other in ids if other != query),
            key=lambda other: float(((own - values[ids.index(other)]) ** 2).sum()),
        )
        hits = [groups.get(other) == groups[query] for other in others]
        many = sum(hits)
        precisions = [sum(hits[: n + 1]) / (n + 1) for n in range(len(hits)) if hits[n]]
        rows[query] = (
            sum(precisions) / many,
            float(hits[0]),
            sum(hits[:many]) / many,
            sum(hits[:10]) / min(many, 10),
        )
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(r.SCORES))


def test_groups_need_title_and_date_and_a_companion():
    catalogue = pd.DataFrame(
        {
            "title": ["Hof", "Hof ", "Hof", "", "", "Tor", "Tor", "Markt"],
            "date": ["1900", "1900", "1901", "1900", "1900", "", "", "1900"],
        },
        index=list("abcdefgh"),
    )
    groups = r.same_title_groups(catalogue)
    assert sorted(groups.index) == ["a", "b"]
    assert groups.nunique() == 1


def test_by_hand():
    """On a line: a at 0, x at 1, b at 2, y at 3.5, c at 5; a, b, c are one group."""
    values = np.array([[0.0], [1], [2], [3.5], [5]])
    ids = list("axbyc")
    table = r.retrieval(values, ids, pd.Series("g", index=["a", "b", "c"]))
    # a ranks x b y c: hits at 2 and 4; b ranks x y a c: 3, 4; c ranks y b x a: 2, 4
    assert table["average_precision"].tolist() == pytest.approx([0.5, (1 / 3 + 0.5) / 2, 0.5])
    assert table["precision_at_1"].tolist() == [0, 0, 0]
    assert table["r_precision"].tolist() == [0.5, 0, 0.5]
    assert table["recall_at_10"].tolist() == [1, 1, 1]
    assert table["relevant"].tolist() == [2, 2, 2]
    assert table["candidates"].tolist() == [4, 4, 4]
    assert table.index.tolist() == ["a", "b", "c"]


@pytest.mark.parametrize("seed", range(3))
def test_as_a_double_loop_says(seed):
    ids, groups = grouped([2, 3, 14, 2], alone=12)
    values = np.random.default_rng(seed).normal(size=(len(ids), 3))
    table = r.retrieval(values, ids, groups)
    pd.testing.assert_frame_equal(
        table[list(r.SCORES)], slow(values, ids, groups), check_names=False, check_index_type=False
    )


def test_permuting_rows_changes_nothing():
    ids, groups = grouped([2, 3, 5, 2], alone=8)
    values = np.random.default_rng(0).normal(size=(len(ids), 4))
    values[3] = values[15] = values[0]  # ties too
    order = np.random.default_rng(1).permutation(len(ids))
    table = r.retrieval(values, ids, groups)
    shuffled = r.retrieval(values[order], [ids[number] for number in order], groups)
    pd.testing.assert_frame_equal(table.sort_index(), shuffled.sort_index())


def test_an_embedding_of_the_truth_scores_one_on_everything():
    ids, groups = grouped([2, 3, 22], alone=4)
    truth = [groups.get(name, name) for name in ids]
    values = pd.get_dummies(pd.Series(truth)).to_numpy(dtype=np.float32)
    table = r.retrieval(values, ids, groups)
    assert len(table) == 27
    assert (table[list(r.SCORES)] == 1).all(axis=None)


def test_companions_outside_the_population_do_not_count():
    ids, groups = grouped([2, 2])
    table = r.retrieval(np.arange(3.0)[:, None], ids[:3], groups)
    assert table.index.tolist() == ids[:2]
    assert table["candidates"].tolist() == [2, 2]
    pd.testing.assert_frame_equal(
        table[["group", "relevant", "candidates"]], r.queries(ids[:3], groups)
    )


def test_prints_are_neither_companions_nor_in_the_way():
    """On a line a, b, x, y, c, d, z; a, b, c and d, z are groups; (a, b), (b, x), (d, z) prints."""
    values = np.array([[0.0], [1], [2.1], [3.5], [5.4], [7], [7.1]])
    ids = list("abxycdz")
    groups = pd.Series(list("ggghh"), index=list("abcdz"))
    table = r.retrieval(values, ids, groups, [("a", "b"), ("b", "x"), ("d", "z"), ("a", "nobody")])
    # d and z have no other companion; a passes over b: x y c; b over a and x: y c;
    # c ranks d z y x b a
    assert table.index.tolist() == ["a", "b", "c"]
    assert table["relevant"].tolist() == [1, 1, 2]
    assert table["candidates"].tolist() == [5, 4, 6]
    assert table["average_precision"].tolist() == pytest.approx([1 / 3, 1 / 2, (1 / 5 + 2 / 6) / 2])
    asked = r.queries(ids, groups, [("b", "a"), ("x", "b"), ("z", "d")])
    pd.testing.assert_frame_equal(asked, table[asked.columns])


def test_without_prints_is_as_if_the_prints_were_gone():
    """Of a pair, the query without its twin ranks as in a collection that never had the twin."""
    ids, groups = grouped([2, 3, 5], alone=6)
    values = np.random.default_rng(8).normal(size=(len(ids), 3))
    prints = [("p2", "p3"), ("p5", "p12")]
    table = r.retrieval(values, ids, groups, prints)
    for query, twin in [*prints, *(pair[::-1] for pair in prints)]:
        keep = [row for row, name in enumerate(ids) if name != twin]
        gone = r.retrieval(values[keep], [ids[row] for row in keep], groups)
        if query in gone.index:
            pd.testing.assert_series_equal(table.loc[query], gone.loc[query])


def test_nothing_to_ask_gives_an_empty_table():
    table = r.retrieval(np.eye(3), list("abc"), pd.Series(dtype=object))
    assert table.empty
    assert set(r.SCORES) <= set(table.columns)


@pytest.mark.parametrize(("relevant", "candidates"), [(1, 1), (1, 7), (3, 9), (4, 4), (12, 30)])
def test_chance_is_the_mean_over_random_orders(relevant, candidates):
    generator = np.random.default_rng(relevant * 100 + candidates)
    hits = np.zeros((40_000, candidates), dtype=bool)
    hits[:, :relevant] = True
    hits = generator.permuted(hits, axis=1)
    precision = hits.cumsum(axis=1) / np.arange(1, candidates + 1)
    simulated = [
        (precision * hits).sum(axis=1) / relevant,
        hits[:, 0],
        hits[:, :relevant].mean(axis=1),
        hits[:, :10].sum(axis=1) / min(relevant, 10),
    ]
    exact = r.chance(np.array([relevant]), candidates).iloc[0]
    for score, draws in zip(r.SCORES, simulated, strict=True):
        error = draws.std() / len(draws) ** 0.5
        assert abs(exact[score] - draws.mean()) <= 4.5 * error + 1e-12, score


def test_chance_by_hand():
    """Two relevant among three: the orders 1 1 0, 1 0 1, 0 1 1 have AP 1, 5/6, 7/12."""
    exact = r.chance(np.array([2]), 3).iloc[0]
    assert exact["average_precision"] == pytest.approx((1 + 5 / 6 + 7 / 12) / 3)
    assert exact["precision_at_1"] == pytest.approx(2 / 3)
    assert exact["recall_at_10"] == 1


def test_all_pictures_in_one_place_score_as_chance_does():
    """Neither catalogue order nor neighbours in the file may help where nothing is known."""
    ids, groups = grouped([2] * 150)
    table = r.retrieval(np.ones((300, 4)), ids, groups)
    mean = table["average_precision"].mean()
    expected = r.chance(table["relevant"].to_numpy(), 299)["average_precision"].mean()
    assert mean == pytest.approx(expected, abs=0.015)
    assert expected == pytest.approx(0.021, abs=0.001)


def test_shuffled_labels_fall_to_chance():
    ids, groups = grouped([2] * 60 + [3] * 40, alone=60)
    generator = np.random.default_rng(4)
    truth = pd.get_dummies(pd.Series([groups.get(name, name) for name in ids])).to_numpy(float)
    truth = truth + generator.normal(scale=0.05, size=truth.shape)
    assert r.retrieval(truth, ids, groups)["average_precision"].mean() > 0.95
    shuffled = r.retrieval(generator.permutation(truth), ids, groups)["average_precision"]
    expected = r.chance(r.queries(ids, groups)["relevant"].to_numpy(), len(ids) - 1)
    assert shuffled.mean() == pytest.approx(expected["average_precision"].mean(), abs=0.02)


# --- ranks without an order of all, and large collections


def ranks_by_order(distance, wanted, left_out, numbers, query):
    """The plain way: all pictures in order, and where the wanted ones stand."""
    order = np.lexsort((r._mixed(numbers, numbers[query]), distance))
    return np.flatnonzero(np.isin(order[~np.isin(order, left_out)], wanted)) + 1


@pytest.mark.parametrize("different", [1, 3, 40, 10_000])
def test_ranks_are_those_of_an_order_of_all(different):
    generator = np.random.default_rng(different)
    numbers = r.id_numbers([f"p{number}" for number in range(200)])
    for many in (1, 2, 5, 12, 13, 60):
        distance = generator.integers(different, size=200)
        rows = generator.permutation(200)
        query, wanted, passed = rows[0], np.sort(rows[1 : many + 1]), rows[many + 1 : many + 4]
        given = (distance, wanted, np.array([query, *passed]), numbers, query)
        assert r._ranks(*given).tolist() == ranks_by_order(*given).tolist()


def test_of_many_queries_whole_groups_are_drawn_whatever_their_order():
    ids, groups = grouped([3] * 40 + [2] * 30, alone=10)
    asking = r.queries(ids, groups)
    some = r.some_queries(asking, 50)
    assert len(some) == 50
    # all groups but the last one drawn are whole
    sizes = asking["group"].value_counts()
    whole = some["group"].value_counts().eq(sizes).loc[some["group"].unique()]
    assert (~whole).sum() <= 1
    turned = r.queries(ids[::-1], groups)
    assert set(r.some_queries(turned, 50).index) == set(some.index)
    assert r.some_queries(asking, len(asking)) is asking
    assert len(r.some_queries(r.queries(*grouped([60])), 50)) == 50


def test_large_groups_are_no_likelier_to_be_drawn():
    # 10,000 queries in pairs and 3,000 in groups of 30: 23 % are in large ones, drawn or not
    asking = r.queries(*grouped([2] * 5000 + [30] * 100))
    some = r.some_queries(asking, 3000)
    large = some["group"].map(asking["group"].value_counts()).eq(30).mean()
    # of some 1,000 groups drawn: four standard deviations of their share are .09
    assert abs(large - 3000 / 13000) < 0.09


def test_some_queries_score_as_they_do_among_all():
    ids, groups = grouped([3] * 20, alone=5)
    values = np.random.default_rng(1).normal(size=(len(ids), 6))
    some = r.some_queries(r.queries(ids, groups), 12)
    found = r.retrieval(values, ids, groups, only=some.index)
    pd.testing.assert_frame_equal(found, r.retrieval(values, ids, groups).loc[some.index])
