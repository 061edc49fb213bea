"""Fetching many pictures against a server on this machine that does all that servers do wrong."""

import errno
import hashlib
import os
import socket
import threading
import time
from collections import Counter

import pytest

from bilderatlas.collection.download import crew, run, table
from bilderatlas.collection.download.policy import Policy
from bilderatlas.collection.download.run import download
from bilderatlas.collection.download.target import Target
from bilderatlas.errors import InputError
from tests.picture_server import PLACEHOLDER_SHA256, Server, picture

QUICK = {
    "connections": 8, "connect": 2.0, "read": 0.5, "whole": 1.0, "tries": 3, "longest_wait": 0.01,
    "patience": 5.0, "largest_bytes": 2_000_000, "largest_pixels": 1_000_000,
    "placeholders": frozenset({PLACEHOLDER_SHA256}),
    "placeholder_names": frozenset({"photo_unavailable"}),
}  # fmt: skip


@pytest.fixture
def server(monkeypatch):
    # a proxy of the machine must not stand between
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    with Server() as running:
        yield running


def target(base, path):
    return Target(path.strip("/").replace("/", "-"), base + path, path.strip("/"))


def fetch(server, folder, *paths, **options):
    """Outcomes by path of a run over ``paths``."""
    targets = (target(server.base, path) for path in paths)
    policy = Policy(**QUICK | options)
    found = list(download(targets, folder / "images", folder / "status/one.csv", policy))
    return {outcome.target.url.removeprefix(server.base): outcome for outcome in found}


def lines(folder):
    return list(table.read_lines(folder / "status/one.csv"))


def there(folder):
    """All files below the folder of pictures, hidden ones too."""
    paths = (folder / "images").rglob("*")
    return sorted(
        path.relative_to(folder / "images").as_posix() for path in paths if path.is_file()
    )


def test_a_picture_arrives_whole_and_is_listed(server, tmp_path):
    found = fetch(server, tmp_path, "/ok/1.jpg", contact="archive@example.org")["/ok/1.jpg"]
    body = picture("/ok/1.jpg")
    assert (tmp_path / "images/ok/1.jpg").read_bytes() == body
    assert (found.status, found.http, found.bytes, found.tries) == ("ok", 200, len(body), 1)
    assert found.sha256 == hashlib.sha256(body).hexdigest()
    row = lines(tmp_path)[0]
    assert row["image_id"] == "ok-1.jpg" and row["file"] == "ok/1.jpg" and row["note"] == ""
    assert row["bytes"] == str(len(body)) and row["sha256"] == found.sha256
    assert row["at"].endswith("+00:00")
    agent = server.agents.pop()
    assert agent.startswith("Bilderatlas/") and "contact: archive@example.org" in agent
    assert not server.agents


@pytest.mark.parametrize(
    ("path", "status", "http", "tries", "words"),
    [
        ("/dead/1.jpg", "dead", 404, 1, ""),
        ("/gone/1.jpg", "dead", 410, 1, ""),
        ("/forbidden/1.jpg", "error", 403, 1, ""),
        ("/placeholder/1.jpg", "placeholder", 200, 1, ""),
        ("/moved/1.jpg", "placeholder", 200, 1, ""),
        ("/circle/1.jpg", "error", 302, 1, "TooManyRedirects"),
        ("/page/1.jpg", "not_image", 200, 1, "no JPEG, PNG, TIFF or WEBP"),
        ("/halved/1.jpg", "not_image", 200, 1, ""),
        ("/bomb/1.jpg", "not_image", 200, 1, "2000 x 2000 pixels are more than allowed"),
        ("/endless/1.jpg", "error", 200, 1, "more than 2 MB"),
        ("/short/1.jpg", "error", 200, 3, ""),
        ("/mended/1.jpg", "ok", 200, 2, ""),
        ("/twice/1.jpg", "ok", 200, 3, ""),
        ("/down/1.jpg", "error", 503, 3, ""),
        ("/reset/1.jpg", "error", None, 3, ""),
        ("/hang/1.jpg", "timeout", None, 3, "no answer in time"),
        ("/drip/1.jpg", "timeout", 200, 3, "not done in 1 s"),
        ("/driphead/1.jpg", "timeout", None, 3, "not done in 1 s"),
        ("/open/1.jpg", "timeout", 200, 3, "not done in 1 s"),
    ],
)
def test_what_comes_of_it(server, tmp_path, path, status, http, tries, words):
    found = fetch(server, tmp_path, path)[path]
    assert (found.status, found.http, found.tries) == (status, http, tries), found
    assert words in found.note and "\n" not in found.note
    assert lines(tmp_path)[0]["status"] == status
    assert there(tmp_path) == ([path.strip("/")] if status == "ok" else [])
    # a circle asks 31 times within one try
    assert server.asked[path] == (31 if "circle" in path else tries)


def test_a_placeholder_behind_a_redirect_is_known_by_its_name_alone(server, tmp_path):
    found = fetch(server, tmp_path, "/moved/1.jpg", placeholders=frozenset())["/moved/1.jpg"]
    assert found.status == "placeholder" and found.sha256 == PLACEHOLDER_SHA256
    assert found.note.endswith("/img/photo_unavailable.jpg")


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://host/1.jpg", "1.jpg", "", "http://[", "http://a b/1.jpg"]
)
def test_an_address_that_is_none(tmp_path, url):
    found = next(download([Target("a", url, "a.jpg")], tmp_path, tmp_path / "s/1.csv", Policy()))
    assert (found.status, found.http) == ("error", None)
    assert found.note


def test_a_request_that_drips_ends_in_time(server, tmp_path):
    began = time.monotonic()
    paths = [f"/{kind}/{n}.jpg" for kind in ("drip", "driphead", "open") for n in range(4)]
    found = fetch(server, tmp_path, *paths, tries=1, connections=12, per_host=12)
    assert Counter(outcome.status for outcome in found.values()) == {"timeout": 12}
    assert time.monotonic() - began < 3


@pytest.mark.parametrize(
    ("path", "least", "most"), [("/busy/1.jpg", 1.0, 2.5), ("/date/1.jpg", 0.9, 3.5)]
)
def test_retry_after_is_waited_for(server, tmp_path, path, least, most):
    found = fetch(server, tmp_path, path)[path]
    assert (found.status, found.tries) == ("ok", 2)
    first, second = server.times[path]
    assert least <= second - first < most


def test_a_host_that_asks_to_wait_is_asked_for_nothing_else_meanwhile(server, tmp_path):
    paths = ["/busy/1.jpg", *(f"/ok/{n}.jpg" for n in range(20))]
    found = fetch(server, tmp_path, *paths, connections=1, per_host=1)
    assert {outcome.status for outcome in found.values()} == {"ok"}
    found = fetch(server, tmp_path, "/busy/2.jpg", *(f"/ok/{n}.jpg" for n in range(20, 90)))
    assert {outcome.status for outcome in found.values()} == {"ok"}
    refused = server.times["/busy/2.jpg"][0]
    during = [
        path
        for path, times in server.times.items()
        if path.startswith("/ok/") and any(refused + 0.2 < when < refused + 0.9 for when in times)
    ]
    assert during == []


def test_a_host_that_asks_for_too_long_is_left_alone_and_said(server, tmp_path):
    paths = ["/tomorrow/1.jpg", *(f"/ok/{n}.jpg" for n in range(400))]
    with pytest.raises(InputError) as caught:
        fetch(server, tmp_path, *paths, connections=2, per_host=2)
    told = str(caught.value)
    assert told.startswith(f"127.0.0.1:{server.port} asks to be left alone until ")
    assert "were not asked for" in told and "\n" not in told
    rows = Counter(row["status"] for row in lines(tmp_path))
    assert rows["error"] == 1 and sum(server.asked.values()) == sum(rows.values()) < 30
    # what it says adds up with what is listed
    assert f"({401 - sum(rows.values())} in all)" in told


def test_connections_are_bounded_in_all_and_for_each_host(server, tmp_path):
    server.latency = 0.03
    fetch(server, tmp_path, *(f"/ok/{n}.jpg" for n in range(40)), connections=20, per_host=3)
    assert server.most == 3
    base = server.base.replace("127.0.0.1", "localhost")
    try:
        socket.create_connection(("localhost", server.port)).close()
    except OSError:
        pytest.skip("localhost is not 127.0.0.1 here")
    server.most = 0
    targets = [target(server.base, f"/ok/a{n}.jpg") for n in range(40)]
    targets += [target(base, f"/ok/b{n}.jpg") for n in range(40)]
    policy = Policy(**QUICK | {"connections": 20, "per_host": 3})
    found = list(download(targets, tmp_path / "images", tmp_path / "status/one.csv", policy))
    assert len(found) == 80 and 3 < server.most <= 6


def test_cookies_are_not_taken(server, tmp_path):
    fetch(server, tmp_path, *(f"/cookie/{n}.jpg" for n in range(5)), connections=1)
    assert server.cookies == set()


def test_a_rerun_asks_only_for_what_is_neither_ok_nor_dead(server, tmp_path):
    kinds = ("ok", "dead", "gone", "placeholder", "page", "forbidden", "hang")
    paths = [f"/{kind}/1.jpg" for kind in kinds]
    fetch(server, tmp_path, *paths, tries=1)
    server.asked.clear()
    assert set(fetch(server, tmp_path, *paths, tries=1)) == set(paths[3:])
    assert set(server.asked) == set(paths[3:])
    # a picture that went missing or lost its end is fetched again, and so is another address
    (tmp_path / "images/ok/1.jpg").write_bytes(b"cut")
    assert set(fetch(server, tmp_path, *paths[:3])) == {"/ok/1.jpg"}
    (tmp_path / "images/ok/1.jpg").unlink()
    assert set(fetch(server, tmp_path, *paths[:3])) == {"/ok/1.jpg"}
    moved = Target("dead-1.jpg", server.base + "/ok/new.jpg", "dead/1.jpg")
    found = list(download([moved], tmp_path / "images", tmp_path / "status/one.csv", Policy()))
    assert [outcome.status for outcome in found] == ["ok"]


def test_a_placeholder_that_is_told_later_is_no_picture_any_more(server, tmp_path):
    path = "/placeholder/1.jpg"
    assert fetch(server, tmp_path, path, placeholders=frozenset())[path].status == "ok"
    assert fetch(server, tmp_path, path)[path].status == "placeholder"


def test_a_picture_without_its_line_is_listed_and_not_asked_for(server, tmp_path):
    whole, half = tmp_path / "images/ok/1.jpg", tmp_path / "images/ok/2.jpg"
    whole.parent.mkdir(parents=True)
    whole.write_bytes(picture("/ok/1.jpg"))
    half.write_bytes(picture("/ok/2.jpg")[:-40])
    found = fetch(server, tmp_path, "/ok/1.jpg", "/ok/2.jpg")
    assert (found["/ok/1.jpg"].status, found["/ok/1.jpg"].tries) == ("ok", 0)
    assert found["/ok/1.jpg"].sha256 == hashlib.sha256(picture("/ok/1.jpg")).hexdigest()
    assert server.asked == {"/ok/2.jpg": 1}
    assert half.read_bytes() == picture("/ok/2.jpg")


def test_what_a_killed_run_left_half_there_is_swept_away(server, tmp_path):
    left = tmp_path / "images/.parts-one/123"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"half")
    fetch(server, tmp_path, "/ok/1.jpg")
    assert there(tmp_path) == ["ok/1.jpg"] and not left.parent.exists()


def full_after(monkeypatch, count):
    """Let the disk be full after so many pictures."""
    replace, written = os.replace, []

    def fails(*paths):
        if len(written) >= count:
            raise OSError(errno.ENOSPC, "No space left on device", str(paths[1]))
        written.append(paths)
        replace(*paths)

    monkeypatch.setattr("bilderatlas.collection.download.attempt.os.replace", fails)


def test_a_full_disk_stops_with_one_sentence_and_keeps_all_so_far(server, tmp_path, monkeypatch):
    paths = [f"/ok/{n}.jpg" for n in range(60)]
    with monkeypatch.context() as patched:
        full_after(patched, 20)
        with pytest.raises(InputError) as caught:
            fetch(server, tmp_path, *paths, connections=4)
    told = str(caught.value)
    assert "is full" in told and "are kept" in told and "\n" not in told
    assert len(there(tmp_path)) == 20
    listed = len(lines(tmp_path))
    assert 16 <= listed <= 20 and f"the {listed} pictures of this run" in told
    server.asked.clear()
    found = fetch(server, tmp_path, *paths)
    assert {outcome.status for outcome in found.values()} == {"ok"} and len(found) == 60 - listed
    assert len(there(tmp_path)) == 60 and sum(server.asked.values()) == 40


def test_a_table_that_cannot_grow_stops_too(server, tmp_path, monkeypatch):
    real, count = os.write, [0]

    def fails(file, line):
        count[0] += 1
        if count[0] == 6:  # the header is the first
            real(file, line[:10])
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(file, line)

    monkeypatch.setattr(table.os, "write", fails)
    with pytest.raises(InputError, match="is full"):
        fetch(server, tmp_path, *(f"/ok/{n}.jpg" for n in range(40)))
    assert len(lines(tmp_path)) == 4
    assert (tmp_path / "status/one.csv").read_bytes().endswith(b"\n")


def test_a_folder_that_cannot_be_written_to(server, tmp_path, monkeypatch):
    def denied(*_):
        raise PermissionError(errno.EACCES, "Permission denied", "images/ok/1.jpg")

    monkeypatch.setattr("bilderatlas.collection.download.attempt.os.replace", denied)
    with pytest.raises(InputError, match=r"images/ok/1\.jpg cannot be written \(Permission denied"):
        fetch(server, tmp_path, "/ok/1.jpg")


def test_two_runs_do_not_share_a_table(server, tmp_path):
    with (
        table.StatusTable(tmp_path / "status/one.csv"),
        pytest.raises(InputError, match=r"one\.csv is in use"),
    ):
        fetch(server, tmp_path, "/ok/1.jpg")


def test_a_run_that_is_left_ends_soon_and_keeps_what_it_has(server, tmp_path):
    paths = ["/ok/1.jpg", *(f"/hang/{n}.jpg" for n in range(6))]
    policy = Policy(**QUICK | {"whole": 60.0, "read": 60.0})
    targets = (target(server.base, path) for path in paths)
    running = download(targets, tmp_path / "images", tmp_path / "status/one.csv", policy)
    assert next(running).status == "ok"
    began = time.monotonic()
    running.close()
    assert time.monotonic() - began < 2
    assert there(tmp_path) == ["ok/1.jpg"]
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("fetch")]


def closed_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def test_no_network_is_said_and_not_asked_for_ever(tmp_path):
    base = f"http://127.0.0.1:{closed_port()}"
    targets = [target(base, f"/ok/{n}.jpg") for n in range(300)]
    policy = Policy(**QUICK | {"tries": 1})
    outcomes = []
    with pytest.raises(InputError, match="is there a network"):
        for outcome in download(targets, tmp_path, tmp_path / "s/1.csv", policy):
            outcomes.append(outcome)
    assert len(outcomes) == 300 and {outcome.status for outcome in outcomes} == {"error"}
    assert sum(outcome.tries for outcome in outcomes) < 60


def test_a_dead_host_among_living_ones_is_no_reason_to_stop(server, tmp_path):
    base = f"http://127.0.0.1:{closed_port()}"
    targets = [target(base, f"/ok/{n}.jpg") for n in range(60)]
    targets += [target(server.base, f"/ok/{n}.jpg") for n in range(60, 120)]
    policy = Policy(**QUICK | {"tries": 1})
    found = list(download(targets, tmp_path / "images", tmp_path / "status/one.csv", policy))
    assert Counter(outcome.status for outcome in found) == {"ok": 60, "error": 60}
    # nor is it one when nothing else is left to ask
    found = list(download(targets, tmp_path / "images", tmp_path / "status/one.csv", policy))
    assert Counter(outcome.status for outcome in found) == {"error": 60}


def test_a_network_that_goes_away_is_said(tmp_path, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with Server() as server:
        fetch(server, tmp_path, *(f"/ok/{n}.jpg" for n in range(5)))
    with pytest.raises(InputError, match="is there a network"):
        fetch(server, tmp_path, *(f"/ok/{n}.jpg" for n in range(80)), tries=1)
    # a few that time out again and again are no network that is gone
    found = fetch(server, tmp_path, *(f"/ok/{n}.jpg" for n in range(15)), tries=1)
    assert len(found) == 10


@pytest.mark.parametrize("file", ["../up.jpg", "/etc/x.jpg", "a/../../b.jpg", ""])
def test_a_file_outside_of_the_folder_is_refused(tmp_path, file):
    targets = [Target("a", "http://127.0.0.1/a.jpg", file)]
    with pytest.raises(ValueError, match="no way down"):
        list(download(targets, tmp_path, tmp_path / "s/1.csv", Policy()))


def test_targets_are_read_as_they_are_needed(server, tmp_path):
    read = []

    def endless():
        for n in range(10_000):
            read.append(n)
            yield target(server.base, f"/ok/{n}.jpg")

    running = download(endless(), tmp_path / "i", tmp_path / "s/1.csv", Policy(**QUICK))
    for _ in range(50):
        next(running)
    assert len(read) <= 50 + 8 * run.WINDOW + 2 * 8
    running.close()


def test_parts_are_on_the_file_system_of_the_pictures(tmp_path):
    made = crew.Crew(tmp_path / "images", "x", Policy(), None, None)
    with made:
        assert (tmp_path / "images/.parts-x").is_dir()
