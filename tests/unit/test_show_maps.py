"""Maps and clusters to look at: pages that hold whatever a title holds, folders that are whole."""

import base64
import io
import json
import re
from types import SimpleNamespace

import draw_clusters
import draw_maps
import numpy as np
import pandas as pd
import pytest
from PIL import Image

from bilderatlas.analysis.projection import METHODS
from bilderatlas.files import (
    CATALOGUE,
    CLUSTERS,
    PROJECTIONS,
    Embeddings,
    write_embeddings,
    write_table,
)
from bilderatlas.show import kinds, labels, pages, thumbnails
from bilderatlas.show.cluster_page import figure_json, placed, write_cluster_page
from bilderatlas.show.cluster_sheets import columns_for, draw_cluster_sheets, spread
from bilderatlas.show.folder import whole_folder
from bilderatlas.show.map_page import board, year_scale
from bilderatlas.show.pictures import Pictures

HOSTILE = "</script><img src=x onerror=alert(1)> & \"Mädchen\" '${7}' {{ 7 * 7 }} \u2028"
IDS = [f"p{number}" for number in range(12)]


@pytest.fixture
def world(tmp_path):
    """Twelve pictures in three clusters, six of them in the test part, and their tables."""
    files, rows = {}, []
    for number, image_id in enumerate(IDS):
        path = tmp_path / f"{image_id}.jpg"
        Image.new("RGB", (120, 90), (20 * number, 90, 60)).save(path)
        files[image_id] = str(path)
        year = 1890 + number
        rows.append(
            {
                "image_id": image_id,
                "file": str(path),
                "title": HOSTILE,
                "date": str(year),
                "date_from": "" if number == 3 else f"{year}-01-01",
                "date_to": "" if number == 3 else f"{year}-12-31",
                "makers": ("Zille", "Unbekannt", "Zille", "")[number % 4],
            }
        )
    catalogue = pd.DataFrame(rows).reindex(columns=list(CATALOGUE)).astype(object).fillna("")
    catalogue = catalogue.set_index("image_id", drop=False)
    rng = np.random.default_rng(0)
    places, clusters = [], []
    for population, ids in (("test", IDS[:6]), ("all", IDS)):
        for method in ("pca-2", "tsne-2", "tsne-3"):
            for image_id in ids:
                x, y, z = rng.normal(size=3).round(5)
                place = (population, method, image_id, x, y, z if method == "tsne-3" else np.nan)
                places.append(place)
        for number, image_id in enumerate(ids):
            clusters.append((population, "kmeans-tsne-3", image_id, number % 3 + 1))
            clusters.append((population, "hdbscan", image_id, -1 if number == 0 else 1))
    return SimpleNamespace(
        catalogue=catalogue,
        pictures=Pictures(files),
        projections=pd.DataFrame(places, columns=list(PROJECTIONS)),
        clusters=pd.DataFrame(clusters, columns=list(CLUSTERS)),
        part={name: "test" if name in IDS[:6] else "train" for name in IDS},
    )


def embedded(page, name):
    """The JSON of one script element of a page."""
    found = re.search(rf'<script type="application/json" id="{name}">(.*?)</script>', page, re.S)
    return json.loads(found[1])


def scripts(page):
    return re.findall(r"<script\b[^>]*>", page)


def test_a_colour_comes_again_only_after_the_ninth_cluster_and_noise_is_grey():
    colours = [kinds.cluster_colour(number) for number in range(1, 11)]
    assert len(set(colours[:9])) == 9
    assert colours[9] == colours[0]
    assert kinds.cluster_colour(-1) == kinds.GREY not in colours


def test_the_rarest_of_nine_authors_are_put_together():
    makers = [name for number, name in enumerate("ABCDEFGHI") for _ in range(10 - number)]
    cut = kinds.authors(makers, "en")
    assert set(cut) == {*"ABCDEFG", "others"}
    assert cut.count("others") == 3 + 2
    assert kinds.authors(list("ABCDEFGH"), "de") == list("ABCDEFGH")
    assert kinds.by_number(cut, last=["others"])[::7] == ["A", "others"]


def test_thumbnails_are_pictures_of_the_size_that_the_page_can_bear(world):
    made = thumbnails.thumbnails([*IDS[:2], IDS[0]], world.pictures)
    assert list(made) == IDS[:2]
    raw = base64.b64decode(made[IDS[0]].removeprefix("data:image/jpeg;base64,"))
    with Image.open(io.BytesIO(raw)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (160, 120))
    sides = [thumbnails.side_for(count) for count in (200, 600, 1500, 3000, 100_000)]
    assert sides == sorted(sides, reverse=True)
    assert sides[0] == 160 and sides[-1] == 0
    assert thumbnails.thumbnails(IDS, world.pictures, budget=100) == {}


def test_no_text_ends_the_element_that_holds_it():
    text = pages.data_text({"a": HOSTILE})
    assert not set("<>&\u2028") & set(text)
    assert json.loads(text) == {"a": HOSTILE}


def test_rounding_keeps_four_digits_of_the_largest():
    assert pages.rounded([123.456, 0.04, float("nan")]) == [123.5, 0.0, None]
    assert pages.rounded([0.00123456]) == [0.001235]
    assert pages.rounded([0.0]) == [0.0]


def test_a_folder_appears_whole_or_not_at_all(tmp_path):
    target = tmp_path / "clusters" / "7"
    with whole_folder(target) as folder:
        (folder / "old.txt").write_text("old")
    with pytest.raises(RuntimeError), whole_folder(target) as folder:
        (folder / "new.txt").write_text("half")
        raise RuntimeError
    assert [path.name for path in target.iterdir()] == ["old.txt"]
    with whole_folder(target) as folder:
        (folder / "new.txt").write_text("new")
    assert [path.name for path in target.iterdir()] == ["new.txt"]
    assert [path.name for path in target.parent.iterdir()] == ["7"]


def test_only_the_test_part_with_place_and_cluster_is_drawn(world):
    lost = world.projections["image_id"] == IDS[1]
    world.projections.loc[lost, "z"] = np.nan
    clusters = world.clusters[world.clusters["image_id"] != IDS[2]]
    place, cluster = placed(world.projections, clusters)
    assert list(place.index) == list(cluster.index) == [IDS[0], *IDS[3:6]]


def test_colour_is_the_cluster_and_symbol_the_author(world):
    place, cluster = placed(world.projections, world.clusters)
    names = [world.catalogue.loc[name, "makers"] or "?" for name in place.index]
    figure = json.loads(figure_json(place, cluster, names, "en"))
    colour, symbol = {}, {}
    for trace in figure["data"]:
        for image_id, x in zip(trace.get("customdata") or [], trace["x"], strict=False):
            colour[image_id] = trace["marker"]["color"]
            symbol[image_id] = trace["marker"]["symbol"]
            assert x == pytest.approx(place.loc[image_id, "x"], abs=1e-3)
    assert colour == {name: kinds.cluster_colour(cluster[name]) for name in place.index}
    assert len(set(symbol.values())) == len(set(names))
    assert symbol[IDS[0]] == symbol[IDS[2]] == "circle" != symbol[IDS[1]]
    shown = [trace["name"] for trace in figure["data"] if trace.get("showlegend") is not False]
    assert shown == ["1 (2)", "2 (2)", "3 (2)", "Zille (3)", "Unbekannt (2)", "? (1)"]


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_cluster_page_escapes_titles_and_loads_one_library(world, tmp_path, language):
    small = thumbnails.thumbnails(IDS[:6], world.pictures)
    write_cluster_page(
        world.projections,
        world.clusters,
        world.catalogue,
        small,
        tmp_path / "index.html",
        HOSTILE,
        "../../plotly.min.js",
        language,
    )
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "onerror=alert(1)>" not in page
    assert "{{ 7 * 7 }}" in page
    assert [tag for tag in scripts(page) if "src=" in tag] == ['<script src="../../plotly.min.js">']
    assert not re.search(r'(src|href)="(https?:)?//', page)
    card = embedded(page, "pictures")[IDS[3]]
    assert card["title"] == HOSTILE
    assert card["picture"] == small[IDS[3]]
    assert set(embedded(page, "pictures")) == set(IDS[:6])
    rows = re.findall(r'<a href="(cluster-\d+\.png)">', page)
    assert rows == ["cluster-1.png", "cluster-2.png", "cluster-3.png"]
    # cluster 1 has the years 1890 and (its date is unknown) none; all of them end in 1895
    assert "<td>1890</td>" in page and "<td>1890–1895</td>" in page


def test_pictures_near_the_middle_come_first():
    place = pd.DataFrame({"x": [0, 10, 5.5, 90], "y": 0.0, "z": 0.0}, index=list("abcd"))
    cluster = pd.Series([1, 1, 1, 2], index=list("abcd"))
    assert spread(cluster, place, 2) == {1: ["c", "b"], 2: ["d"]}


def test_sheets_hold_every_picture_and_grow(world, tmp_path):
    many = pd.Series({name: -1 if name == IDS[0] else 1 for name in IDS})
    names = draw_cluster_sheets(many, world.catalogue, world.pictures, tmp_path, "Zille", "de")
    assert names == ["cluster-noise.png", "cluster-1.png"]
    sizes = []
    for name in names:
        with Image.open(tmp_path / name) as sheet:
            sizes.append(sheet.size)
    assert sizes[1][0] > sizes[0][0] and sizes[1][1] > sizes[0][1]
    assert [columns_for(count) for count in (1, 100, 10_000)] == [8, 13, 40]


def test_the_sheet_is_in_the_order_of_the_dates(world, tmp_path, monkeypatch):
    seen = []
    monkeypatch.setattr(
        "bilderatlas.show.cluster_sheets.draw_sheet", lambda ids, *_, **__: seen.append(ids)
    )
    cluster = pd.Series(1, index=[IDS[3], IDS[5], IDS[4]])
    draw_cluster_sheets(cluster, world.catalogue, world.pictures, tmp_path, "Zille")
    assert seen == [[IDS[4], IDS[5], IDS[3]]]  # the one without a date last
    # before Christ the texts of the days sort the other way round
    ancient = world.catalogue.copy()
    ancient.loc[[IDS[3], IDS[4], IDS[5]], "date_from"] = [
        "-0043-01-01",
        "0014-01-01",
        "-0499-01-01",
    ]
    draw_cluster_sheets(cluster, ancient, world.pictures, tmp_path, "Antike")
    assert seen[1] == [IDS[5], IDS[3], IDS[4]]


def test_the_map_keeps_places_parts_and_clusters_of_its_own_population(world):
    made = board(world.projections, world.clusters, world.part, world.catalogue, "en")
    test, everything = made["populations"]
    assert (test["name"], everything["name"]) == ("test", "all")
    assert test["ids"] == sorted(IDS[:6])
    assert everything["ids"] == sorted(IDS)
    assert {len(places) for places in everything["maps"].values()} == {2, 3}
    rows = world.projections.query("population == 'all' and method == 'tsne-2'")
    place = rows.set_index("image_id")["y"]
    for at, image_id in enumerate(everything["ids"]):
        assert everything["maps"]["tsne-2"][1][at] == pytest.approx(place[image_id], abs=1e-3)
    symbols = [made["parts"][index]["symbol"] for index in everything["parts"]]
    assert set(symbols) == {"circle", "diamond-open"}
    kinds_of = {one["name"]: one.get("kinds") for one in made["colours"]}
    author = [kinds_of["author"][index]["name"] for index in everything["colours"]["author"]]
    makers = world.catalogue["makers"].replace("", "not recorded")
    assert author == [makers[name] for name in everything["ids"]]
    assert kinds_of["hdbscan"][0] == {"name": "in no cluster", "colour": kinds.GREY}
    assert test["colours"]["hdbscan"][test["ids"].index(IDS[0])] == 0
    assert everything["colours"]["year"][everything["ids"].index(IDS[3])] is None


def test_clusters_of_another_population_do_not_colour_a_map(world):
    clusters = world.clusters[world.clusters["population"] == "test"]
    made = board(world.projections, clusters, world.part, world.catalogue, "de")
    assert "hdbscan" in made["populations"][0]["colours"]
    assert set(made["populations"][1]["colours"]) == {"author", "year"}


def test_a_few_far_years_do_not_take_all_colours():
    scale = year_scale([1850.5, *np.linspace(1897, 1907, 98), 1950.5])
    assert 1896 <= scale["low"] < scale["high"] <= 1907
    assert scale["words"][0] == f"≤ {scale['low']}" and scale["words"][-1] == f"≥ {scale['high']}"
    assert year_scale([1900.5, 1900.6])["words"] == ["1900", "1901"]
    assert year_scale([])["at"] == []


def test_every_way_of_mapping_has_words():
    asked = {f"maps.{method}" for method in METHODS}
    asked |= {f"maps.misleads_{kind}" for kind in ("pca", "tsne", "umap")}
    asked |= set(pages.BUTTONS.values())
    assert not asked - set(labels.read_labels())


def write_world(world, folder):
    write_table(world.projections, folder / "projections.csv", PROJECTIONS)
    write_table(world.clusters, folder / "clusters.csv", CLUSTERS)
    write_table(world.catalogue, folder / "catalogue.csv", CATALOGUE)
    embeddings = Embeddings(np.ones((12, 2)), IDS, [world.part[name] for name in IDS])
    write_embeddings(embeddings, folder / "embeddings.h5")


def test_the_scripts_make_folders_with_links_that_lead_somewhere(world, tmp_path):
    write_world(world, tmp_path)
    figures = tmp_path / "figures"
    inputs = SimpleNamespace(
        projections=[tmp_path / "projections.csv"] * 2,
        clusters=[tmp_path / "clusters.csv"] * 2,
        embeddings=[tmp_path / "embeddings.h5"] * 2,
        catalogue=tmp_path / "catalogue.csv",
        crops=[],
    )
    params = SimpleNamespace(
        experiments=["7", "pixels"],
        labels={"7": "auf <b>", "pixels": "Kontrolle"},
        language="de",
        title="Zille",
        splits={"7": "group", "pixels": "published"},
    )
    for script, name in ((draw_clusters, "clusters"), (draw_maps, "maps")):
        script.main(SimpleNamespace(input=inputs, output=[figures / name], params=params))
    made = sorted(str(path.relative_to(figures)) for path in figures.rglob("*") if path.is_file())
    assert made == [
        *(f"clusters/7/cluster-{number}.png" for number in (1, 2, 3)),
        "clusters/7/index.html",
        "clusters/index.html",
        *(f"clusters/pixels/cluster-{number}.png" for number in (1, 2, 3)),
        "clusters/pixels/index.html",
        "clusters/plotly.min.js",
        *(f"maps/{name}" for name in ("7.html", "index.html", "pictures.js", "pixels.html")),
        "maps/plotly.min.js",
    ]
    for path in figures.rglob("*.html"):
        page = path.read_text(encoding="utf-8")
        assert "<b>" not in page
        assert f"Aufteilung {'published' if 'pixels' in str(path) else 'group'}" in page
        for address in re.findall(r'(?:src|href)="([^"]+)"', page):
            assert (path.parent / address).is_file(), (path, address)
    shared = (figures / "maps" / "pictures.js").read_text(encoding="utf-8")
    assert set(json.loads(shared.split(" = ", 1)[1].rstrip(";\n"))) == set(IDS)


def test_without_clusters_and_maps_the_pages_say_so(world, tmp_path):
    world.projections = world.projections.iloc[:0]
    write_world(world, tmp_path)
    figures = tmp_path / "figures"
    inputs = SimpleNamespace(
        projections=[tmp_path / "projections.csv"],
        clusters=[tmp_path / "clusters.csv"],
        embeddings=[tmp_path / "embeddings.h5"],
        catalogue=tmp_path / "catalogue.csv",
        crops=[],
    )
    params = SimpleNamespace(
        experiments=["7"], labels={"7": "a"}, language="en", title="Zille", splits={"7": "group"}
    )
    for script, name in ((draw_clusters, "clusters"), (draw_maps, "maps")):
        script.main(SimpleNamespace(input=inputs, output=[figures / name], params=params))
    assert "There are no clusters" in (figures / "clusters" / "7" / "index.html").read_text(
        encoding="utf-8"
    )
    page = (figures / "maps" / "7.html").read_text(encoding="utf-8")
    assert "There are no maps" in page
    assert "<script" not in page
