"""Elbow, silhouette and agreement as figures."""

from contextlib import contextmanager
from types import SimpleNamespace

import draw_agreement
import draw_cluster_counts
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from PIL import Image

from bilderatlas.analysis.clusters import KMeansOverK
from bilderatlas.files import AGREEMENT, CLUSTER_COUNTS, write_table
from bilderatlas.show import curves, heat_map
from bilderatlas.show.curves import chosen_k, relative_inertia
from bilderatlas.show.curves import draw_cluster_counts as draw_counts


def counts(inertia=(8.0, 4.0, 2.0)):
    rows = [
        ("test", space, k, value, np.nan if k == 1 else 0.3)
        for space in ("embedding", "tsne-3")
        for k, value in enumerate(inertia, start=1)
    ]
    return pd.DataFrame(rows, columns=list(CLUSTER_COUNTS))


def agreement(names=("0", "7", "pixels"), few=()):
    rows = [
        ("test", measure, a, b, 61 if {a, b} & set(few) else 188, 1.0 if a == b else value)
        for measure, value in (("knn_overlap", 0.9), ("ari_kmeans", -0.02))
        for at, a in enumerate(names)
        for b in names[at:]
    ]
    return pd.DataFrame(rows, columns=list(AGREEMENT)[:-1])


def pixels(path):
    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB")).astype(int)


def blue(path):
    """How many pixels are of a full blue, as cells of high values are."""
    drawn = pixels(path)
    return int((drawn[..., 2] - drawn[..., 0] > 70).sum())


def test_inertia_is_a_share_of_that_of_one_cluster():
    table = counts().query("space == 'embedding'").sample(frac=1, random_state=1)
    assert relative_inertia(table).to_dict() == {1: 1.0, 2: 0.5, 3: 0.25}
    assert relative_inertia(counts((0.0, 0.0))).empty  # all pictures alike
    assert relative_inertia(table.iloc[:0]).empty


def test_a_row_of_panels_for_every_five_experiments(tmp_path):
    heights = {}
    for number in (1, 5, 6):
        path = tmp_path / f"{number}.png"
        draw_counts({f"experiment {n}": counts() for n in range(number)}, 9, path, "de")
        heights[number] = pixels(path).shape[0]
    assert heights[1] == heights[5] < heights[6] - 200
    with pytest.raises(ValueError, match="no cluster counts"):
        draw_counts({}, 9, tmp_path / "none.png")


def with_silhouettes(embedding, tsne):
    """Counts whose silhouettes from k = 2 on are given, by space."""
    table = counts([1.0] * (len(embedding) + 1))
    for space, values in (("embedding", embedding), ("tsne-3", tsne)):
        table.loc[(table["space"] == space) & (table["k"] > 1), "silhouette"] = values
    return table


def test_the_silhouette_on_the_embedding_chooses_the_smaller_of_equal_numbers():
    table = with_silhouettes((0.1, 0.4, 0.4), (0.9, 0.1, 0.1))
    assert chosen_k(table.sample(frac=1, random_state=1)) == 3
    assert chosen_k(counts((1.0,))) == 1
    # what the clusters are made of
    values = np.random.default_rng(0).normal(size=(40, 2)) + 9 * (np.arange(40)[:, None] % 4)
    points = KMeansOverK(values, 0)
    rows = [("test", "embedding", *row) for row in points]
    assert chosen_k(pd.DataFrame(rows, columns=list(CLUSTER_COUNTS))) == points.best_k()


@pytest.mark.parametrize(
    ("k", "places", "words"),
    [
        (7, [7, 7], "k = 7, as set"),
        ("silhouette", [2, 3], "k, by the silhouette"),
    ],
)
def test_the_number_of_clusters_that_are_made_is_marked(tmp_path, monkeypatch, k, places, words):
    kept = []

    @contextmanager
    def keep(path, width, height):
        kept.append(Figure())
        yield kept[0]

    monkeypatch.setattr(curves, "chart", keep)
    tables = {
        "a": with_silhouettes((0.5, 0.1), (0.1, 0.9)),
        "b": with_silhouettes((0.1, 0.5), (0.9, 0.1)),
    }
    draw_counts(tables, k, tmp_path / "a.png")
    found = [axis.lines[-1].get_xdata()[0] for axis in kept[0].axes if axis.get_visible()]
    assert found == places * 2
    assert kept[0].legends[0].get_texts()[-1].get_text() == words


@pytest.mark.parametrize("table", [counts().iloc[:0], counts((0.0,)), counts((3.0,))])
def test_experiments_with_too_few_pictures_leave_a_panel(tmp_path, table):
    for k in (9, "silhouette"):
        draw_counts({"7": counts(), "tiny": table}, k, tmp_path / "a.png")
    assert pixels(tmp_path / "a.png").std() > 0


def test_pairs_are_read_in_either_order():
    table = agreement(("b", "a"))
    table = table[table["measure"] == "knn_overlap"]
    square = heat_map.square(table, ["a", "b", "c"], "value")
    np.testing.assert_allclose(square[:2, :2], [[1, 0.9], [0.9, 1]])
    assert np.isnan(square[2]).all()


def test_chance_is_the_share_that_random_orders_have_in_common():
    assert heat_map.chance_overlap(188) == pytest.approx(10 / 187)
    assert heat_map.chance_overlap(5) == 1
    rng = np.random.default_rng(0)
    drawn = [
        len(set(rng.permutation(60)[:10]) & set(rng.permutation(60)[:10])) / 10 for _ in range(2000)
    ]
    assert heat_map.chance_overlap(61) == pytest.approx(np.mean(drawn), abs=0.01)


def test_cells_of_fewer_pictures_have_no_colour(tmp_path):
    labels = {"0": "untrained", "7": "trained", "pixels": "control"}
    heat_map.draw_agreement(agreement(), labels, tmp_path / "all.png")
    heat_map.draw_agreement(agreement(few=("7",)), labels, tmp_path / "few.png")
    # of the six cells beside the diagonal four touch experiment 7
    assert blue(tmp_path / "few.png") == pytest.approx(blue(tmp_path / "all.png") / 3, rel=0.15)


@pytest.mark.parametrize("names", [("7",), ()])
def test_one_experiment_agrees_with_nobody(tmp_path, names):
    heat_map.draw_agreement(agreement(names), {"7": "trained"}, tmp_path / "a.png", "de")
    assert blue(tmp_path / "a.png") == 0


def test_the_scripts_read_tables_and_write_pictures(tmp_path):
    write_table(counts(), tmp_path / "counts.csv", CLUSTER_COUNTS)
    write_table(agreement(), tmp_path / "agreement.csv", AGREEMENT)
    labels = {"0": "untrained", "7": "$trained$", "pixels": "control"}
    splits = dict.fromkeys(labels, "published")
    params = SimpleNamespace(
        experiments=["0", "7"], labels=labels, k=9, language="de", splits=splits
    )
    output = [tmp_path / "figures" / "counts.png"]
    tables = [tmp_path / "counts.csv"] * 2
    draw_cluster_counts.main(SimpleNamespace(input=tables, output=output, params=params))
    first = output[0].read_bytes()
    draw_cluster_counts.main(SimpleNamespace(input=tables, output=output, params=params))
    assert output[0].read_bytes() == first
    output = [tmp_path / "figures" / "agreement.png"]
    draw_agreement.main(
        SimpleNamespace(input=[tmp_path / "agreement.csv"], output=output, params=params)
    )
    assert pixels(output[0]).std() > 0
