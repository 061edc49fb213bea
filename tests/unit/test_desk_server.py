"""Attacks on the desk in plain HTTP: who may ask, for what, and what is written."""

import json
import os
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from tests.desk_server import SCRIPTS, Collection, DeskServer, read_rows


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    root = tmp_path_factory.mktemp("desk")
    (root / "secret.jpg").write_bytes(b"secret")
    Image.new("RGB", (60, 40), (200, 180, 90)).save(root / "a.png")
    Image.new("RGB", (60, 40), (90, 180, 200)).save(root / "ä ?#%2F.png")
    collection = Collection(root, {"a": root / "a.png", "ä ?#%2F/..": root / "ä ?#%2F.png"})
    running = DeskServer(collection).start()
    yield running
    running.stop()


def told(answer):
    return json.loads(answer[2])


def stamp(server):
    return told(server.ask("look?id=a"))["stamp"]


def box(server, **more):
    return {"key": "a", "box": [1, 2, 30, 40], "turn": 0, "stamp": stamp(server)} | more


def decide(server, body, page="crops", **headers):
    sent = json.dumps(body).encode() if not isinstance(body, bytes) else body
    return server.ask(f"{page}/decide", sent, headers=headers)


def test_with_the_address_it_answers_and_says_what_it_allows(server):
    status, headers, body = server.ask("")
    assert status == 200 and b"Crops" in body
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "http" not in policy
    assert "set-cookie" not in headers and "server" not in headers
    for part in (
        "crops/",
        "prints/",
        "static/crops.js",
        "static/desk.css",
        "picture?id=a&side=800",
    ):
        status, headers, _ = server.ask(part)
        assert status == 200 and headers["content-security-policy"] == policy, part


def test_nothing_is_loaded_from_elsewhere(server):
    for part in ("", "crops/", "prints/"):
        page = server.ask(part)[2].decode()
        assert "http:" not in page and "https:" not in page and " on" + "load=" not in page
        assert "<style" not in page and "style=" not in page


@pytest.mark.parametrize("way", ["/", "/wrong/", "/{token}x/", "/{short}/", "//{token}/", "", "*"])
def test_without_the_token_there_is_nothing(server, way):
    token = server.address.split("/")[3]
    asked = way.format(token=token, short=token[:-1]) or "/crops/items"
    status, headers, body = server.ask(asked, whole=True)
    assert status == 404 or (status == 400 and way == "*")
    assert token.encode() not in body and "content-security-policy" not in headers


def test_the_token_is_long_and_its_file_is_for_its_owner_alone(server):
    token = server.address.split("/")[3]
    assert len(token) >= 43
    path = server.collection.root / "resources/c/desk/token"
    assert path.read_text() == token
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_without_its_last_slash_the_address_leads_to_the_desk(server):
    token = server.address.split("/")[3]
    status, headers, _ = server.ask(f"/{token}", whole=True)
    assert status == 308 and headers["location"] == f"/{token}/"
    assert server.ask(f"/{token}", whole=True, headers={"Host": "evil.example"})[0] == 404


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "evil.example:80", "[", "", "10.0.0.1"]
)
def test_by_another_name_it_does_not_answer(server, host):
    assert server.ask("", headers={"Host": host})[0] in (400, 404)


@pytest.mark.parametrize("host", ["localhost:9000", "127.0.0.1", "[::1]:4000", "LOCALHOST"])
def test_through_a_tunnel_the_port_may_be_another(server, host):
    assert server.ask("", headers={"Host": host})[0] == 200


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="sockets are read from /proc")
def test_it_listens_on_the_loopback_alone(server):
    for family, _, _, _, address in socket.getaddrinfo(socket.gethostname(), server.port):
        if address[0].startswith("127.") or family != socket.AF_INET:
            continue
        with socket.socket(family) as probe:
            probe.settimeout(3)
            assert probe.connect_ex(address[:2]) != 0
    listening = []
    for name in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{name}").read_text().splitlines()[1:]:
            _, local, _, state, *_ = line.split()
            if state == "0A" and local.endswith(f":{server.port:04X}"):
                listening.append(local)
    assert listening == [f"0100007F:{server.port:04X}"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
    ],
)
def test_a_page_of_a_stranger_cannot_decide(server, headers):
    assert decide(server, box(server), **headers)[0] == 403
    assert not server.collection.crops.exists()


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"])
def test_other_methods(server, method):
    assert server.ask("crops/items", method=method)[0] in (403, 405)


@pytest.mark.parametrize(
    "way",
    [
        "static/../app.py", "static/..%2fapp.py", "static/%2e%2e/app.py", "static//etc/passwd",
        "static/", "picture?id=../secret&side=800", "picture?id=/etc/passwd&side=800",
        "picture?side=800", "picture?id=secret&side=800", "look?id=secret.jpg", "look",
        "crops/../../secret.jpg", "nothing/", "nothing/items", "__class__/items", "picture",
        "../secret.jpg", "..%2f..%2fsecret.jpg", "look?id=%00", "look?id=a%00.jpg",
    ],
)  # fmt: skip
def test_nothing_outside_the_collection_is_read(server, way):
    status, _, body = server.ask(way)
    assert status in (400, 404, 405), way
    assert b"secret" not in body and b"root:" not in body and b"import" not in body


def test_an_id_with_odd_characters_is_looked_up_as_it_is(server):
    from urllib.parse import quote

    name = quote("ä ?#%2F/..", safe="")
    assert told(server.ask(f"look?id={name}"))["width"] == 60
    assert server.ask(f"picture?id={name}&side=800")[1]["content-type"] == "image/jpeg"


@pytest.mark.parametrize("side", ["", "799", "-1", "99999999", "8e2", "nan"])
def test_only_the_sides_that_there_are(server, side):
    assert server.ask(f"picture?id=a&side={side}")[0] == 400


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"key": "../../x"}, "no picture"),
        ({"key": ["a"]}, "no picture"),
        ({"key": None}, "no picture"),
        ({"box": [0, 0, 61, 40]}, "none within the scan"),
        ({"box": [-1, 0, 60, 40]}, "none within the scan"),
        ({"box": [10, 0, 10, 40]}, "none within the scan"),
        ({"box": [0.5, 0, 60, 40]}, "whole number"),
        ({"box": ["0", 0, 60, 40]}, "whole number"),
        ({"box": [True, 0, 60, 40]}, "whole number"),
        ({"box": [0, 0, 60]}, "four sides"),
        ({"box": None}, "four sides"),
        ({"undo": True, "rows": 0}, "no decision here"),
        ({"box": "0,0,60,40"}, "four sides"),
        ({"box": [0, 0, 10**400, 40]}, "none within the scan"),
        ({"turn": 45}, "0, 90, 180 or 270"),
        ({"turn": None}, "whole number"),
    ],
)
def test_what_is_no_box_is_not_written(server, change, words):
    status, _, body = decide(server, box(server) | change)
    assert status == 422 and words in json.loads(body)["error"]
    assert not server.collection.crops.exists()


def test_a_box_on_a_scan_that_was_exchanged_is_not_written(server):
    status, _, body = decide(server, box(server, stamp="0-0"))
    assert status == 409 and "another picture" in json.loads(body)["error"]
    assert not server.collection.crops.exists()


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"a": "a", "b": "x", "relation": "print"}, "no picture"),
        ({"a": "a", "b": "a", "relation": "print"}, "two pictures"),
        ({"a": "a", "b": "ä ?#%2F/..", "relation": "series"}, "relation is"),
        ({"a": "a", "b": "ä ?#%2F/..", "relation": "undo"}, "no decision"),
        ({}, "no picture"),
    ],
)
def test_what_is_no_pair_is_not_written(server, body, words):
    status, _, answer = decide(server, body, "prints")
    assert status == 422 and words in json.loads(answer)["error"]
    assert not server.collection.prints.exists()


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 5000])
def test_what_is_no_json_object(server, body):
    assert decide(server, body)[0] == 400


def test_too_much_is_refused(server):
    assert decide(server, b" " * 20_000)[0] == 403
    # a length that lies: what comes after it is no part of the request
    status = server.ask("crops/decide", b"{}", headers={"Content-Length": "nonsense"})[0]
    assert status in (400, 403)


def test_marks_from_nowhere(server):
    for way in ("reading=x&count=5", "count=-3", "count=99999999999999999999", "count=x", ""):
        status, _, body = server.ask(f"crops/changes?{way}")
        assert status == 200 and json.loads(body)["whole"] is True


def test_a_decision_goes_where_it_belongs_and_nowhere_else(server):
    root = server.collection.root
    before = {path for path in root.rglob("*") if "desk" not in path.parts}
    assert decide(server, box(server))[0] == 200
    after = {path for path in root.rglob("*") if "desk" not in path.parts}
    assert {path.name for path in after - before} == {"crops.csv", ".crops.csv.lock"}
    assert read_rows(server.collection.crops)[0]["by"] == "Tester"
    server.collection.crops.unlink()


def test_a_table_in_a_spreadsheet_program_takes_no_decision(server):
    lock = server.collection.crops.with_name(".~lock.crops.csv#")
    lock.write_text(",anna,host,;")
    try:
        status, _, body = decide(server, box(server))
        assert status == 422 and "spreadsheet" in json.loads(body)["error"]
        assert told(server.ask("crops/changes"))["open"] is True
        assert told(server.ask("prints/changes"))["open"] is False
        assert not server.collection.crops.exists()
    finally:
        lock.unlink()


def started(root, *options):
    return subprocess.run(
        [sys.executable, "-m", "bilderatlas.desk", "--collection", "c", "--root", root, *options],
        env=os.environ | {"PYTHONPATH": str(SCRIPTS)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_collection_that_was_not_read_is_one_sentence(tmp_path):
    ended = started(str(tmp_path))
    assert ended.returncode == 1 and ended.stderr.count("\n") == 1
    assert "snakemake resources/c/manifest.csv" in ended.stderr


def test_a_table_that_is_none_is_one_sentence(tmp_path):
    made = Collection(tmp_path, {"a": tmp_path / "a.png"})
    made.crops.write_bytes(b"image_id,left\n\xff\xfe\n")
    ended = started(str(tmp_path), "--port", "0")
    assert ended.returncode == 1 and "crops.csv is not UTF-8" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_port_that_is_taken_is_one_sentence(server):
    for port in (server.port, 90_000, -1):
        ended = started(str(server.collection.root), "--port", str(port))
        assert ended.returncode == 1 and f"port {port} is taken or not allowed" in ended.stderr
        assert ended.stderr.count("\n") == 1


@pytest.mark.slow
def test_a_token_that_others_can_read_is_thrown_away(tmp_path):
    made = Collection(tmp_path, {})
    path = tmp_path / "resources/c/desk/token"
    path.parent.mkdir()
    path.write_text("known-to-everybody-known-to-everybody")
    path.chmod(0o644)
    running = DeskServer(made).start()
    first = running.address
    running.stop()
    assert "known" not in first and path.read_text() in first
    again = DeskServer(made).start()
    again.stop()
    assert again.address.split("/")[3] == first.split("/")[3]
    other = DeskServer(made, "--new-token").start()
    other.stop()
    assert other.address.split("/")[3] != first.split("/")[3]
