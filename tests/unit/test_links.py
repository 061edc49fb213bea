"""Linked pictures, from a server on this machine with image services, pages and bad days."""

import json
import time
from collections import Counter
from dataclasses import replace

import pandas as pd
import pytest
from PIL import Image

from bilderatlas.collection import links as module
from bilderatlas.collection.download.policy import Policy
from bilderatlas.collection.download.single import Asker, FetchError
from bilderatlas.collection.download.status import Status
from bilderatlas.collection.links import fetch_links, manifest_of, wanted_links
from bilderatlas.collection.records import new_record
from bilderatlas.errors import InputError
from bilderatlas.files import LINKS, MANIFEST
from tests.museum import Museum, jpeg

WIDTH = 1600
QUICK = Policy(per_host=2, tries=3, longest_wait=0.01, patience=5)


@pytest.fixture
def museum(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")  # a proxy of the machine must not stand between
    running = Museum()
    yield running
    running.close()


def record(name, *images, **more):
    return new_record(record_id=name, images=list(images), **more)


def run(records, folder, width=WIDTH, get=None, policy=QUICK):
    return fetch_links(records, folder, width, policy, get)


def ask(url, policy=QUICK):
    with Asker(policy) as asker:
        return asker.get(url)


def only(records, folder, **more):
    table = run(records, folder, **more)
    assert len(table) == 1 and list(table.columns) == list(LINKS)
    return table.iloc[0]


def cut(handler):
    content = jpeg(400, 300)
    handler.give(content[: len(content) // 2], length=len(content))
    handler.close_connection = True


@pytest.mark.parametrize(
    ("service", "size", "width"),
    [
        ("2/2", "1600,", 1600),
        ("2/1", "1600,", 1600),
        ("2/0", "1000,750", 1000),
        ("3/2", "1600,", 1600),
        ("3/1", "1600,", 1600),
        ("3/0", "1000,750", 1000),
    ],
)
@pytest.mark.parametrize("end", ["info.json", "full/full/0/default.jpg", "full/300,/0/default.jpg"])
def test_an_image_service_is_asked_for_a_width_that_its_level_allows(
    museum, tmp_path, service, size, width, end
):
    base = f"{museum.base}/iiif/{service}/mark"
    row = only([record("7", f"{base}/{end}")], tmp_path)
    assert (row["status"], row["asked"]) == ("ok", f"{base}/full/{size}/0/default.jpg")
    assert (row["width"], row["height"]) == (width, width * 3 // 4)
    with Image.open(tmp_path / "images" / row["file"]) as picture:
        assert picture.size == (width, width * 3 // 4)
    assert museum.asked == {f"/iiif/{service}/mark/info.json": 1,
                            f"/iiif/{service}/mark/full/{size}/0/default.jpg": 1}  # fmt: skip


def test_a_server_that_cannot_do_what_it_says_gives_all_of_it(museum, tmp_path):
    base = "/iiif/3/2/shy"
    museum.answers[f"{base}/full/1600,/0/default.jpg"] = lambda h: h.give(b"", status=501)
    museum.answers[f"{base}/full/1600,/0/default.jpg"] = lambda h: h.give(b"", status=400)
    row = only([record("7", f"{museum.base}{base}/info.json")], tmp_path)
    assert (row["status"], row["width"]) == ("ok", 4000)


def test_limits_of_the_server_hold(museum, tmp_path):
    museum.infos["/iiif/3/1/small"] = {"maxWidth": 700}
    row = only([record("7", f"{museum.base}/iiif/3/1/small/info.json")], tmp_path)
    assert (row["status"], row["width"]) == ("ok", 700)


def test_an_address_that_only_looks_like_a_service_is_taken_as_it_stands(museum, tmp_path):
    link = museum.put("/files/1.jpg/full/full/0/default.jpg", jpeg(640, 480))
    row = only([record("7", link)], tmp_path)
    assert (row["status"], row["asked"], row["width"]) == ("ok", link, 640)


def test_links_to_one_service_are_one_picture_in_its_fullest_form(museum):
    base = "https://museum.example/iiif/a.jpg"
    records = [record("7", f"{base}/full/300,/0/default.jpg", f"{base}/full/full/0/default.jpg")]
    wanted, table = wanted_links(records)
    assert [(one.key, one.link) for one in wanted] == [(base, f"{base}/full/full/0/default.jpg")]
    assert table["key"].tolist() == [base, base]


def test_every_fate_of_a_link(museum, tmp_path):
    plain = museum.put("/scans/a.png.jpg", jpeg(300, 200))
    page = museum.put("/objekt/9", b"<html>Objekt 9</html>", "text/html; charset=utf-8")
    lied = museum.put("/objekt/10.jpg", b"\n<!DOCTYPE html><title>Objekt</title>")
    card = museum.put("/fotos/df_0355520_karte.jpg", jpeg(30, 20))
    film = museum.put("/film.mp4", b"\0\0\0 ftypmp42", "video/mp4")
    half = museum.put("/half.jpg", jpeg(300, 200)[:900])
    museum.answers["/cut.jpg"] = cut
    museum.answers["/shut.jpg"] = lambda h: h.give(b"", status=403)
    museum.answers["/down.jpg"] = lambda h: h.give(b"", status=503)
    at = museum.base
    links = [plain, page, lied, card, film, half, f"{at}/cut.jpg", f"{at}/shut.jpg",
             f"{at}/down.jpg", f"{at}/gone.jpg", f"{at}/iiif/2/9/x/info.json", "scan 1.jpg",
             "http://[broken"]  # fmt: skip
    table = run([record("7", *links)], tmp_path)
    fates = table.set_index("link")["status"]
    assert fates.to_dict() == {
        plain: "ok", page: "page", lied: "page", card: "card", film: "not_image",
        half: "not_image", f"{at}/cut.jpg": "error", f"{at}/shut.jpg": "refused",
        f"{at}/down.jpg": "error", f"{at}/gone.jpg": "dead",
        f"{at}/iiif/2/9/x/info.json": "dead", "scan 1.jpg": "no_address",
        "http://[broken": "no_address",
    }  # fmt: skip
    assert museum.asked["/fotos/df_0355520_karte.jpg"] == 0, "a card is not even asked for"
    assert museum.asked["/cut.jpg"] == museum.asked["/down.jpg"] == 3
    assert museum.asked["/gone.jpg"] == museum.asked["/shut.jpg"] == 1
    assert [path.name for path in (tmp_path / "images").iterdir()] == ["7--a.png.jpg"]
    assert table.loc[table["status"] != "ok", "why"].ne("").all()


def test_a_second_call_asks_only_for_what_is_missing(museum, tmp_path):
    museum.answers["/b.jpg"] = lambda h: h.give(b"", status=503)
    links = [museum.put("/a.jpg", jpeg(30, 20)), f"{museum.base}/b.jpg", f"{museum.base}/gone.jpg",
             museum.put("/page", b"<html>", "text/html"),
             museum.put("/c.jpg", jpeg(40, 20))]  # fmt: skip
    records = [record("7", *links)]
    first = run(records, tmp_path)
    museum.put("/b.jpg", jpeg(50, 20))
    (tmp_path / "images" / "7--c.jpg").write_bytes(b"cut")
    museum.asked.clear()
    second = run(records, tmp_path)
    assert museum.asked == {"/b.jpg": 1, "/c.jpg": 1}
    assert second["image_id"].tolist() == first["image_id"].tolist()
    assert second["status"].tolist() == ["ok", "ok", "dead", "page", "ok"]
    museum.asked.clear()
    run(records, tmp_path)
    assert museum.asked == {}


def test_another_width_asks_the_services_alone(museum, tmp_path):
    links = [
        museum.put("/a.jpg", jpeg(30, 20)),
        f"{museum.base}/iiif/3/1/b/full/800,/0/default.jpg",
    ]
    records = [record("7", *links)]
    run(records, tmp_path)
    museum.asked.clear()
    table = run(records, tmp_path, width=800)
    assert museum.asked == {"/iiif/3/1/b/info.json": 1, "/iiif/3/1/b/full/800,/0/default.jpg": 1}
    assert table["width"].tolist() == [30, 800]
    museum.asked.clear()
    # the address is now the very link of the record: it is still bounded by the width
    run(records, tmp_path, width=1600)
    assert museum.asked["/iiif/3/1/b/full/1600,/0/default.jpg"] == 1


def test_a_run_that_dies_keeps_what_it_has(museum, tmp_path):
    records = [record(str(n), museum.put(f"/{n}.jpg", jpeg(20 + n, 20))) for n in range(6)]
    calls = Counter()

    def dying(url):
        calls["all"] += 1
        if calls["all"] == 4:
            raise OSError(28, "No space left on device")
        return ask(url)

    with pytest.raises(OSError, match="No space"):
        run(records, tmp_path, get=dying, policy=replace(QUICK, per_host=1))
    kept = {path.name for path in (tmp_path / "images").iterdir()}
    assert 3 <= len(kept) < 6 and not any(name.startswith(".") for name in kept)
    with open(tmp_path / "links.jsonl", "ab") as handle:
        handle.write(b'["http://x/half", {"image')
    museum.asked.clear()
    table = run(records, tmp_path)
    assert table["status"].tolist() == ["ok"] * 6
    # what came before the full disk is not asked for again, the one it happened to is
    assert 1 <= len(museum.asked) <= 3 and set(museum.asked.values()) == {1}
    assert len((tmp_path / "links.jsonl").read_bytes().splitlines()) > 12


def test_retry_after_is_heeded(museum, tmp_path):
    def busy(handler):
        if museum.asked["/a.jpg"] < 3:
            return handler.give(b"", status=429, Retry_After="1")
        return handler.give(jpeg(30, 20))

    museum.answers["/a.jpg"] = busy
    policy, began = replace(QUICK, contact="desk@museum.example"), time.monotonic()
    assert only([record("7", f"{museum.base}/a.jpg")], tmp_path, policy=policy)["status"] == "ok"
    assert museum.asked["/a.jpg"] == 3 and time.monotonic() - began >= 2
    agent = museum.headers[0]["User-Agent"]
    assert agent.startswith("Bilderatlas/") and "desk@museum.example" in agent


def test_a_host_that_asks_for_an_hour_is_left_alone_by_all(museum, tmp_path):
    museum.answers["/a.jpg"] = lambda h: h.give(b"", status=503, Retry_After="3600")
    links = [f"{museum.base}/a.jpg", museum.put("/b.jpg", jpeg(30, 20))]
    table = run([record("7", *links)], tmp_path, policy=replace(QUICK, per_host=1))
    assert table["status"].tolist() == ["error", "error"]
    assert "left alone" in table["why"].iloc[1]
    assert museum.asked == {"/a.jpg": 1}, "neither again nor the other"
    museum.answers.pop("/a.jpg")
    museum.put("/a.jpg", jpeg(40, 20))
    assert run([record("7", *links)], tmp_path)["status"].tolist() == ["ok", "ok"]


@pytest.mark.parametrize("drip", ["body", "headers"])
def test_a_server_that_drips_is_cut_off(museum, drip):
    def slow(handler):
        if drip == "body":
            handler.send_response(200)
            handler.end_headers()
        for _ in range(100):
            handler.wfile.write(b"HTTP/1.1 200 OK"[:1])
            handler.wfile.flush()
            time.sleep(0.05)

    museum.answers["/a"] = slow
    began = time.monotonic()
    with pytest.raises(FetchError, match=r"not done in 0\.4 s") as caught:
        ask(f"{museum.base}/a", replace(QUICK, whole=0.4, tries=1))
    assert caught.value.status == "timeout" and time.monotonic() - began < 3


def test_an_answer_that_is_too_large(museum):
    link = museum.put("/a.jpg", b"x" * 5000)
    with pytest.raises(FetchError, match="MB") as caught:
        ask(link, replace(QUICK, largest_bytes=4000))
    assert caught.value.status == "too_large"


def test_a_redirect_elsewhere_than_the_web_is_not_followed(museum):
    museum.answers["/a"] = lambda h: h.give(b"", status=302, Location="file:///etc/hostname")
    with pytest.raises(FetchError) as caught:
        ask(f"{museum.base}/a")
    assert caught.value.status == "no_address"


@pytest.mark.parametrize(
    ("name", "links", "ids"),
    [
        ("DE-1/VG 7", ["http://x/y/scan 1.jpg"], ["DE-1_VG_7--scan_1"]),
        ("7", ["http://x/7.jpg"], ["7"]),
        ("7", ["http://x/a/1.jpg", "http://x/b/1.jpg"], ["7--1", "7--1--"]),
        ("http://x/canvas/1", ["http://x/iiif/ab%2Fcd.tif/info.json"], ["cd"]),
        ("7", ["http://x/../..jpg"], ["7"]),
        ("7", ["http://x/" + "long" * 100 + ".jpg"], ["7--" + "long" * 20]),
    ],
)
def test_ids(tmp_path, name, links, ids):
    def refuse(url):
        raise FetchError("dead", "HTTP 404", 404)

    table = run([record(name, *links)], tmp_path, get=refuse)
    for found, expected in zip(table["image_id"], ids, strict=True):
        assert found.startswith(expected) if expected.endswith("--") else found == expected
    assert table["image_id"].str.casefold().is_unique


def test_a_link_keeps_its_id_when_another_comes_before_it(tmp_path):
    def refuse(url):
        raise FetchError("refused", "HTTP 403", 403)

    old, new = "http://x/a/1.jpg", "http://x/b/1.jpg"
    first = run([record("7", old)], tmp_path, get=refuse)["image_id"].tolist()
    again = run([record("7", new, old)], tmp_path, get=refuse).set_index("link")["image_id"]
    assert again[old] == first[0] == "7--1" and again[new] != again[old]


def test_the_records_own_id_for_its_one_picture(museum, tmp_path):
    link = museum.put("/a.jpg", jpeg(30, 20))
    assert only([record("7", link, image_id="mein Bild")], tmp_path)["image_id"] == "mein_Bild"


def test_the_manifest_holds_what_came(museum, tmp_path):
    shared = museum.put("/b.jpg", jpeg(30, 20))
    records = [record("2", shared), record("1", museum.put("/a.jpg", jpeg(40, 20)), shared),
               record("3", f"{museum.base}/gone.jpg")]  # fmt: skip
    table = run(records, tmp_path)
    listed = manifest_of(table, tmp_path, 0.05)
    assert list(listed.columns) == list(MANIFEST)
    assert listed["image_id"].tolist() == ["1--a", "2--b"]
    assert listed["file"].tolist()[0] == f"{tmp_path.as_posix()}/images/1--a.jpg"
    assert listed["bytes"].tolist() == [len(jpeg(40, 20)), len(jpeg(30, 20))]
    # withdrawn from the records: its file stays, the list does not name it
    assert manifest_of(run(records[:1], tmp_path), tmp_path, 0)["image_id"].tolist() == ["2--b"]


def test_too_many_silent_links_stop_the_run(museum, tmp_path):
    good = [record(str(n), museum.put(f"/{n}.jpg", jpeg(20 + n, 20))) for n in range(9)]
    museum.answers["/down.jpg"] = lambda h: h.give(b"", status=503)
    table = run([*good, record("x", f"{museum.base}/down.jpg")], tmp_path)
    with pytest.raises(InputError, match=r"1 of 10 pictures .*down\.jpg: HTTP 503.*kept"):
        manifest_of(table, tmp_path, 0.05)
    assert len(manifest_of(table, tmp_path, 0.1)) == 9


def test_a_host_that_is_gone_holds_up_nothing_where_others_answer(museum, tmp_path, caplog):
    gone = "http://127.0.0.1:9/a.jpg"  # nobody listens there
    links = [museum.put("/a.jpg", jpeg(30, 20)), gone]
    table = run([record("7", *links)], tmp_path)
    assert table["status"].tolist() == ["ok", "error"]
    assert manifest_of(table, tmp_path, 0.05)["image_id"].tolist() == ["7--a"]
    assert "1 pictures are at hosts that never answered" in caplog.text
    # alone it may be the network
    with pytest.raises(InputError, match="1 of 1 pictures could not be fetched"):
        manifest_of(run([record("8", gone)], tmp_path / "b"), tmp_path / "b", 0.05)


def test_no_picture_at_all(tmp_path):
    with pytest.raises(InputError, match="None of the 0 links"):
        manifest_of(run([record("7")], tmp_path), tmp_path, 0)
    table = pd.DataFrame([dict.fromkeys(LINKS, "") | {"status": "dead", "image_id": "a"}])
    with pytest.raises(InputError, match=r"None of the 1 links .*1 dead"):
        manifest_of(table, tmp_path, 0)


def test_a_bomb_is_refused(museum, tmp_path):
    link = museum.put("/a.jpg", jpeg(30, 20))
    row = only([record("7", link)], tmp_path, policy=replace(QUICK, largest_pixels=599))
    assert row["status"] == "too_large"


# --- the status file


def test_a_status_file_survives_what_a_kill_leaves(tmp_path):
    path = tmp_path / "s.jsonl"
    with Status(path) as status:
        status.note("a", {"n": 1})
        status.note("b", {"n": 2})
        status.note("a", {"n": 3})
    path.write_bytes(path.read_bytes() + b'["b", {"n": 9')
    with Status(path) as status:
        assert status.rows == {"a": {"n": 3}, "b": {"n": 2}}
        status.note("c", {"n": 4})
    with Status(path) as status:
        assert status.rows == {"a": {"n": 3}, "b": {"n": 2}, "c": {"n": 4}}


@pytest.mark.parametrize("line", [b"3\n", b'["a"]\n', b'[["a"], {}]\n', b'["a", 3]\n', b"\xff\n"])
def test_a_line_that_is_no_row_is_skipped(tmp_path, line):
    path = tmp_path / "s.jsonl"
    path.write_bytes(line)
    with Status(path) as status:
        assert status.rows == {}


def test_a_status_file_does_not_grow_for_ever(tmp_path):
    path = tmp_path / "s.jsonl"
    with Status(path) as status:
        for number in range(2000):
            status.note("a", {"n": number})
    with Status(path) as status:
        assert status.of("a") == {"n": 1999} and status.of("x") == {}
    assert [json.loads(line) for line in path.read_bytes().splitlines()] == [["a", {"n": 1999}]]


def test_a_card_is_told_by_the_end_of_its_name():
    for name in ("df_hauptkatalog_0355520_karte", "a_Karte"):
        assert module.CARD.search(name)
    for name in ("Landkarte", "a_karte_2", "postkarte", "_kartei"):
        assert not module.CARD.search(name)
