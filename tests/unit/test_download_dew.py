"""The rows of dew, shared out, fetched and gathered; what is told before; the figure."""

import csv
from types import SimpleNamespace

import draw_downloads
import fetch_dew_shard
import gather_dew
import pandas as pd
import pytest
import scatter_dew
from PIL import Image

from bilderatlas.collection.catalogue import build_catalogue
from bilderatlas.collection.download import dew, gather
from bilderatlas.collection.download.table import StatusTable
from bilderatlas.collection.download.target import Outcome
from bilderatlas.collection.readers import READERS, Given
from bilderatlas.collection.records import Problems
from bilderatlas.errors import InputError
from bilderatlas.files import DOWNLOADS, MANIFEST, PROBLEMS, read_table
from bilderatlas.show.downloads import draw_downloads as draw
from plan import cost, downloads, sources
from tests.picture_server import PLACEHOLDER_SHA256, Server

HEADER = "img_id,GT,date_taken,date_granularity,url,username,title,license,license_url"
NIAGARA = (
    "4441138248,1957,1957-01-01 00:00:00,6,"
    "https://farm5.staticflickr.com/4029/4441138248_c640aa4f98.jpg,kcox5342,"
    '"Niagara Falls, 1957",Attribution-NonCommercial License,'
    "https://creativecommons.org/licenses/by-nc/2.0/"
)


def row(number, year=1930, url=None):
    url = url or f"https://farm1.staticflickr.com/1/{number}_ab.jpg"
    return f'{number},{year},{year}-01-01 00:00:00,8,{url},me,"Title, {number}",None,'


@pytest.fixture
def meta(tmp_path):
    def write(*lines):
        path = tmp_path / "meta.csv"
        path.write_text("\n".join((HEADER, *lines)) + "\n", encoding="utf-8")
        return path

    return write


# --- rows


def test_a_real_row(meta):
    path = meta(NIAGARA)
    found = list(dew.read_meta(path, 1957, Problems()))
    assert found[0]["title"] == "Niagara Falls, 1957" and len(found) == 1
    assert dew.target_of(found[0]) == (
        "4441138248",
        "https://farm5.staticflickr.com/4029/4441138248_c640aa4f98.jpg",
        "1957/4441138248_c640aa4f98.jpg",
    )
    with pytest.raises(InputError, match="no picture up to 1956"):
        list(dew.read_meta(path, 1956, Problems()))


def test_rows_that_cannot_be_fetched_are_noted(meta):
    path = meta(
        row(1),
        row(2, 1951),
        row(3, "193?"),
        row(4, url="https://farm1.staticflickr.com/1/4_a..."),
        row(1, url="https://farm1.staticflickr.com/1/other.jpg"),
        row(5, url="http://elsewhere/1_AB.png"),
        row(6, url="file:///etc/6.jpg"),
        row(7, url="https://host/..jpg"),
        row(8, 1950),
    )
    problems = Problems()
    assert [one["img_id"] for one in dew.read_meta(path, 1950, problems)] == ["1", "8"]
    noted = [(record, field, what.split()[0]) for _, record, field, what, _ in problems.rows]
    assert noted == [
        ("line 4", "GT", "'193?'"),
        ("4", "url", "no"),
        ("1", "url", "an"),
        ("5", "url", "an"),
        ("6", "url", "no"),
        ("7", "url", "no"),
    ]


@pytest.mark.parametrize(
    ("url", "name"),
    [
        (
            "https://farm5.staticflickr.com/4029/4441138248_c640aa4f98.jpg",
            "4441138248_c640aa4f98.jpg",
        ),
        ("http://h/a.TIF?size=1#x", "a.TIF"),
        ("http://h/%2e%2e%2fa.jpg", ""),
        ("http://h/a\\b.jpg", ""),
        ("http://h/.a.jpg", ""),
        ("http://h/a.jpg/", ""),
        ("http://h/a.gif", ""),
        ("http://h/" + "a" * 160 + ".jpg", ""),
        ("//h/a.jpg", ""),
        ("http://[/a.jpg", ""),
    ],
)
def test_file_names(url, name):
    assert dew.file_name(url) == name


def test_shards_hold_each_row_once_and_always_the_same(meta, tmp_path):
    path = meta(*(row(number, 1930 + number % 25) for number in range(500)))
    shards = [tmp_path / f"s{number}.csv" for number in range(4)]
    counts = dew.scatter(path, 1950, shards, Problems())
    found = [list(dew.read_shard(shard)) for shard in shards]
    assert counts == [len(rows) for rows in found] and min(counts) > 60
    every = sorted(int(one["img_id"]) for rows in found for one in rows)
    assert every == [number for number in range(500) if 1930 + number % 25 <= 1950]
    for number, rows in enumerate(found):
        assert {dew.shard_of(one["img_id"], 4) for one in rows} == {number}
    # the check value of CRC-32 is 0xCBF43926 = 3,421,780,262
    assert dew.shard_of("123456789", 1000) == 262


def test_a_faulty_table_leaves_no_shards(meta, tmp_path):
    path = meta(row(1), "2,1930,too,many,cells,in,this,one,row,here")
    with pytest.raises(InputError, match="line 3"):
        dew.scatter(path, 1950, [tmp_path / "s.csv"], Problems())
    assert not (tmp_path / "s.csv").exists() and not list(tmp_path.glob(".*"))


# --- what is told before


def test_costs_are_told_from_the_rows(meta):
    path = meta(*(row(number, 1940 + number % 20) for number in range(1000)))
    entry = {"source": "dew", "path": None, "meta": str(path), "until": 1949}
    download = {"mean_kb": 120, "rate": 10}
    assert downloads.rows(path, 1949) == 500
    assert cost.pictures(entry) == 275  # 500 times 54,114 of 98,227
    said = downloads.sentence(["dew"], {"dew": entry}, download)
    assert said.startswith(
        "Before it starts: 500 pictures of dew are to be asked for, up to 0.1 GB"
    )
    assert "about 1 min;" in said
    slow = downloads.sentence(["dew"], {"dew": entry}, {"mean_kb": 40_000, "rate": 0.1})
    assert "up to 20.0 GB" in slow and "about 1.4 h" in slow
    assert downloads.sentence([], {}, download) == ""
    assert downloads.missing_columns(path) == []
    trained = cost.sentence(
        [("dew", 1, 128)], [], {"dew": entry}, 0.7, [], False, downloads.megabytes(entry, download)
    )
    assert "60 MB from the network" in trained


def test_rows_are_counted_again_when_the_table_changes(meta):
    assert downloads.rows(meta(row(1)), 1950) == 1
    assert downloads.rows(meta(row(1), row(2)), 1950) == 2


# --- the three scripts, against a server


def snakemake(tmp_path, output, input=None, **params):
    resources = tmp_path / "resources"
    return SimpleNamespace(
        input=input,
        output=output,
        wildcards=SimpleNamespace(collection="dew", shard="0"),
        params=SimpleNamespace(
            images=str(resources / "images"), status=str(resources / "status"), **params
        ),
    )


@pytest.fixture
def fetched(meta, tmp_path, load_config, monkeypatch):
    """Run the three scripts over addresses of a server; the folder of what they wrote."""
    from plan import settings

    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    block = settings.check_settings(load_config())["download"]
    block |= {"tries": 1, "placeholders": [PLACEHOLDER_SHA256]}

    class Out(list):
        left_out = tmp_path / "left_out.csv"
        manifest, metadata, summary = (tmp_path / f"{n}.csv" for n in ("man", "meta-out", "sum"))
        shards = (tmp_path / "rows-0.csv",)

    def run(path):
        scattered = SimpleNamespace(meta=path)
        until = {"until": 1950, "download": block}
        scatter_dew.main(snakemake(tmp_path, Out(), scattered, **until))
        fetch_dew_shard.main(
            snakemake(tmp_path, [tmp_path / "f.csv"], [Out.shards[0]], shards=1, download=block)
        )
        shards = SimpleNamespace(shards=Out.shards)
        gather_dew.main(snakemake(tmp_path, Out(), shards, placeholders=block["placeholders"]))
        return Out

    with Server() as server:
        run.server, run.block = server, block
        yield run


def test_from_addresses_to_a_manifest(fetched, meta, tmp_path):
    base, kinds = fetched.server.base, ("ok", "ok", "dead", "placeholder", "page", "forbidden")
    rows = [row(n, 1930 + n, f"{base}/{kind}/{n}_ab.jpg") for n, kind in enumerate(kinds)]
    out = fetched(meta(*rows, row(9, 1951), row(8, "?")))
    manifest = read_table(out.manifest, MANIFEST)
    assert list(manifest["image_id"]) == ["0_ab", "1_ab"]
    assert manifest["file"][1] == f"{tmp_path}/resources/images/1931/1_ab.jpg"
    Image.open(manifest["file"][1]).load()
    with open(out.metadata, encoding="utf-8", newline="") as handle:
        kept = list(csv.DictReader(handle))
    assert ",".join(kept[0]) == HEADER
    assert [one["title"] for one in kept] == ["Title, 0", "Title, 1"]
    assert kept[0]["license"] == "None" and kept[0]["username"] == "me"
    summary = read_table(out.summary, DOWNLOADS)
    assert dict(zip(summary["year"], summary["status"], strict=True)) == {
        "1930": "ok", "1931": "ok", "1932": "dead", "1933": "placeholder", "1934": "not_image",
        "1935": "error",
    }  # fmt: skip
    assert read_table(out.left_out, PROBLEMS)["record"].tolist() == ["line 9"]
    # once more: only what is neither there nor dead
    fetched.server.asked.clear()
    fetched(tmp_path / "meta.csv")
    assert {path.split("/")[1] for path in fetched.server.asked} == {
        "placeholder", "page", "forbidden",
    }  # fmt: skip


def test_what_was_fetched_becomes_a_catalogue(fetched, meta):
    base = fetched.server.base
    lines = [row(n, 1930 + n, f"{base}/{kind}/{n}_ab.jpg") for n, kind in enumerate(("ok", "dead"))]
    out = fetched(meta(*lines, NIAGARA))
    entry = {"source": "dew", "path": None, "meta": "meta.csv", "records": "pictures"}
    problems = Problems()
    manifest = read_table(out.manifest, MANIFEST)
    given = Given([str(out.metadata)], manifest, until=1950)
    records = READERS[sources.records_kind(entry)](given, problems)
    (picture,) = build_catalogue(records, manifest, str(out.metadata), problems).to_dict("records")
    assert picture["image_id"] == "0_ab" and picture["title"] == "Title, 0"
    # granularity 8 is a year and "circa"
    assert (picture["date"], picture["date_edtf"]) == ("circa 1930", "1930~")
    assert not len(problems)


def test_without_room_nothing_is_asked(fetched, meta):
    fetched.block["mean_kb"] = 1e12
    with pytest.raises(InputError, match=r"1 pictures of about .* need"):
        fetched(meta(row(1, url=f"{fetched.server.base}/ok/1.jpg")))
    assert not fetched.server.asked


def test_without_any_picture_there_is_no_manifest(fetched, meta, tmp_path):
    with pytest.raises(InputError, match=r"is there \(1 dead\)"):
        fetched(meta(row(1, url=f"{fetched.server.base}/dead/1.jpg")))
    assert not (tmp_path / "man.csv").exists()


# --- gathering


@pytest.fixture
def gathered(tmp_path, meta):
    """Gather after these outcomes: (number, status, size on the disk or None, sha256, at)."""

    def run(*outcomes, placeholders=(), count=12):
        shard = tmp_path / "rows.csv"
        dew.scatter(meta(*(row(number) for number in range(count))), 1950, [shard], Problems())
        targets = {target.image_id: target for target in map(dew.target_of, dew.read_shard(shard))}
        with StatusTable(tmp_path / "status/a.csv") as lines:
            for number, status, size, sha256, at in outcomes:
                target = targets[str(number)]
                lines.add(Outcome(target, status, 200, 5, sha256, 1, at))
                if size is not None:
                    path = tmp_path / "images" / target.file
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(b"x" * size)
        return gather.gather([shard], tmp_path / "status", tmp_path / "images", placeholders)

    return run


def statuses(found):
    return found.summary.set_index("status")["count"].to_dict()


def test_the_latest_line_counts_wherever_it_stands(gathered):
    found = gathered(
        (0, "ok", 5, "ab", "2025-01-02"), (0, "timeout", None, "", "2025-01-01"),
        (1, "timeout", None, "", "2025-01-01"), (1, "dead", None, "", "2025-01-02"),
    )  # fmt: skip
    assert statuses(found) == {"ok": 1, "dead": 1, "missing": 10}
    assert found.sentence("dew") == (
        "dew: 1 of 12 pictures are there (0.0 GB); 10 missing, 1 dead."
    )


def test_what_went_missing_or_lost_its_end_is_not_listed(gathered):
    found = gathered((0, "ok", 5, "ab", "1"), (1, "ok", None, "cd", "1"), (2, "ok", 4, "ef", "1"))
    assert list(found.manifest["image_id"]) == ["0_ab"]
    assert statuses(found) == {"ok": 1, "missing": 11}


def test_bytes_that_came_for_many_are_told_and_can_be_named(gathered):
    outcomes = [(number, "ok", 5, "aa", "1") for number in range(10)]
    outcomes += [(number, "ok", 5, f"b{number}", "1") for number in (10, 11)]
    assert gathered(*outcomes).alike == {"aa": 10}
    found = gathered(placeholders={"aa"})
    assert statuses(found) == {"placeholder": 10, "ok": 2} and not found.alike
    assert len(gathered(*outcomes[:9]).manifest) == 12  # the tables still know the others


# --- the figure


def summary_of(hosts):
    rows = [
        (str(year), f"farm{host}.example.org", status, count, count * 100)
        for year in (1930, 1931)
        for host in range(hosts)
        for status, count in (("ok", 30 + host), ("dead", 10), ("timeout", 1))
    ]
    return pd.DataFrame(rows, columns=list(DOWNLOADS))


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("hosts", [1, 30])
def test_the_figure_is_drawn_by_its_script(tmp_path, language, hosts):
    source, path = tmp_path / "sum.csv", tmp_path / "figure.png"
    summary_of(hosts).to_csv(source, index=False)
    params = SimpleNamespace(title="dew", language=language)
    draw_downloads.main(SimpleNamespace(input=[str(source)], output=[str(path)], params=params))
    width, height = Image.open(path).size
    assert width == 1045 and 350 < height < 800


def test_hosts_beyond_the_largest_stand_together(tmp_path, monkeypatch):
    from bilderatlas.show import downloads as module

    seen = []
    real = module._draw
    monkeypatch.setattr(
        module,
        "_draw",
        lambda axis, table, vertical: (seen.append(table), real(axis, table, vertical)),
    )
    draw(summary_of(30), tmp_path / "f.png", "dew")
    years, hosts = seen
    assert list(years.index) == ["1930", "1931"] and list(years.columns) == [
        "ok",
        "dead",
        "timeout",
    ]
    # sum of 30 + host over the 30 hosts: 900 + 435
    assert years.loc["1930", "ok"] == 1335 and hosts["ok"].sum() == 2670
    assert len(hosts) == 12 and hosts.index[0] == "farm29.example.org"
    assert hosts.index[-1] == "19 others"


def test_an_empty_summary_is_not_drawn(tmp_path):
    with pytest.raises(ValueError, match="no downloads"):
        draw(pd.DataFrame(columns=list(DOWNLOADS)), tmp_path / "f.png", "dew")
