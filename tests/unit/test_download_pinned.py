"""Fetching against a server on this machine that breaks off, refuses and lies."""

import hashlib
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bilderatlas.collection.download.pinned import fetch_files
from bilderatlas.collection.download.policy import Policy
from bilderatlas.errors import InputError
from bilderatlas.files import sha256_of

FILES = {f"{name}.jpg": name.encode() * 2000 for name in ("one", "two", "three")}


def sha256(content):
    return hashlib.sha256(content).hexdigest()


class Server:
    """Serves ``FILES`` and some that are faulty; counts what it is asked for."""

    def __init__(self):
        self.asked = Counter()
        self.agents = set()
        self.faults = {}
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):  # the standard library prescribes this name
                name = self.path.rpartition("/")[2]
                outer.asked[name] += 1
                outer.agents.add(self.headers["User-Agent"])
                fault = outer.faults.get(name)
                if fault is not None:
                    return fault(self, FILES.get(name, b""), outer.asked[name])
                return self.give(FILES[name]) if name in FILES else self.give(b"", 404)

            def give(self, content, status=200, length=None):
                self.send_response(status)
                self.send_header("Content-Length", str(len(content) if length is None else length))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_):
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self.http.server_address[1]}/data"
        threading.Thread(target=self.http.serve_forever, args=(0.02,), daemon=True).start()


def truncated(handler, content, _):
    handler.give(content[:100], length=len(content))
    handler.close_connection = True


def wrong(handler, content, _):
    handler.give(content[:-1] + b"x")


def third_time(handler, content, times):
    handler.give(content, 200 if times >= 3 else 500)


@pytest.fixture
def server(monkeypatch):
    # a proxy of the machine must not stand between
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    running = Server()
    yield running
    running.http.shutdown()
    running.http.server_close()


@pytest.fixture
def expected():
    return {name: sha256(content) for name, content in FILES.items()}


def fetch(server, expected, folder, tries=3, workers=2):
    policy = Policy(per_host=workers, tries=tries, longest_wait=0.01)
    fetch_files(server.base, expected, folder, policy)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_good_files_arrive_whole_and_are_not_asked_for_again(server, expected, tmp_path):
    folder = tmp_path / "deep" / "images"
    fetch(server, expected, folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == FILES
    assert server.asked == dict.fromkeys(FILES, 1)
    assert all(agent.startswith("Bilderatlas/") for agent in server.agents)
    fetch(server, expected, folder)
    assert server.asked == dict.fromkeys(FILES, 1)


def test_a_second_call_asks_only_for_what_is_missing_or_wrong(server, expected, tmp_path):
    fetch(server, expected, tmp_path)
    (tmp_path / "one.jpg").unlink()
    (tmp_path / "two.jpg").write_bytes(b"cut")
    fetch(server, expected, tmp_path)
    assert server.asked == {"one.jpg": 2, "two.jpg": 2, "three.jpg": 1}
    assert (tmp_path / "two.jpg").read_bytes() == FILES["two.jpg"]


def test_a_server_that_fails_twice_is_asked_a_third_time(server, expected, tmp_path):
    server.faults["two.jpg"] = third_time
    fetch(server, expected, tmp_path)
    assert server.asked["two.jpg"] == 3 and names(tmp_path) == sorted(FILES)


def test_it_is_not_asked_more_often_than_allowed(server, expected, tmp_path):
    server.faults["two.jpg"] = third_time
    with pytest.raises(InputError, match=r"two\.jpg: HTTP 500"):
        fetch(server, expected, tmp_path, tries=2)
    assert server.asked["two.jpg"] == 2


@pytest.mark.parametrize("fault", [truncated, wrong])
def test_wrong_bytes_never_stand_under_the_name(server, expected, tmp_path, fault):
    server.faults["two.jpg"] = fault
    with pytest.raises(InputError, match=r"1 of 3 files .*two\.jpg"):
        fetch(server, expected, tmp_path)
    assert server.asked["two.jpg"] == 3
    # the others are kept, and nothing half lies about
    assert names(tmp_path) == ["one.jpg", "three.jpg"]

    server.faults.clear()
    server.asked.clear()
    fetch(server, expected, tmp_path)
    assert server.asked == {"two.jpg": 1} and names(tmp_path) == sorted(FILES)


def test_the_sentence_names_server_file_and_mend(server, expected, tmp_path):
    missing = {"gone.jpg": sha256(b"g"), "also.jpg": sha256(b"a")}
    with pytest.raises(InputError) as caught:
        fetch(server, {"one.jpg": expected["one.jpg"]} | missing, tmp_path, tries=1)
    told = str(caught.value)
    assert told.startswith(f"2 of 3 files could not be fetched from {server.base}")
    assert "the first is gone.jpg: HTTP 404" in told and "run the same command again" in told
    assert "`path:`" in told and "\n" not in told
    assert names(tmp_path) == ["one.jpg"]


def test_nobody_answers(server, expected, tmp_path):
    server.http.shutdown()
    server.http.server_close()
    with pytest.raises(InputError, match=r"3 of 3 files .*no connection"):
        fetch(server, expected, tmp_path, tries=2)
    assert names(tmp_path) == []


def test_a_file_is_hashed_in_pieces(tmp_path):
    (tmp_path / "a").write_bytes(b"x" * 3_000_000)
    assert sha256_of(tmp_path / "a") == sha256(b"x" * 3_000_000)
