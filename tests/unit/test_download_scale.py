"""Downloads at scale: 20,000 rows, killed in the middle; memory as rows grow tenfold."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from bilderatlas.collection.download.table import read_lines
from tests.picture_server import picture

TESTS = Path(__file__).resolve().parents[1]
CONNECTIONS = 32
DEAD_EVERY = 20

pytestmark = pytest.mark.slow

RUN = f"""
import sys
from pathlib import Path
from bilderatlas.collection.download.policy import Policy
from bilderatlas.collection.download.run import download
from bilderatlas.collection.download.target import Target

base, count, folder = sys.argv[1], int(sys.argv[2]), sys.argv[3]

def targets():
    for number in range(count):
        kind = "dead" if number % {DEAD_EVERY} == 0 else "ok"
        name = f"{{number}}.jpg"
        yield Target(str(number), f"{{base}}/{{kind}}/{{name}}", f"{{number % 10}}/{{name}}")

def most_memory():
    status = Path("/proc/self/status")
    if status.exists():  # ru_maxrss begins with what the process was forked from
        return int(status.read_text().split("VmHWM:")[1].split()[0])
    import resource
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

policy = Policy(connections={CONNECTIONS}, per_host={CONNECTIONS})
done = sum(1 for _ in download(targets(), folder + "/images", folder + "/status/0.csv", policy))
print(done, most_memory())
"""


class Alone:
    """A server in a process of its own, and runs against it."""

    def __init__(self, latency):
        command = [sys.executable, TESTS / "picture_server.py", str(latency)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.base = self.process.stdout.readline().strip()

    def start(self, count, folder):
        scripts = str(TESTS.parent / "workflow/scripts")
        own = {"PYTHONPATH": scripts, "NO_PROXY": "127.0.0.1", "OMP_NUM_THREADS": "1"}
        return subprocess.Popen(
            [sys.executable, "-c", RUN, self.base, str(count), str(folder)],
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | own,
        )

    def run(self, count, folder):
        """How many outcomes, and the most memory in KB (in bytes on a Mac)."""
        running = self.start(count, folder)
        output, _ = running.communicate(timeout=900)
        assert running.returncode == 0
        return tuple(map(int, output.split()))

    def asked(self):
        with requests.Session() as session:
            session.trust_env = False  # no proxy
            return session.get(f"{self.base}/counts", timeout=30).json()["asked"]


@pytest.fixture
def alone():
    server = Alone(0.005)
    yield server
    server.process.kill()
    server.process.wait()
    server.process.stdout.close()


def path_of(file):
    return f"/ok/{file.name}"


def whole_files(folder):
    """The pictures under their names, each compared with what the server sends."""
    files = {file.name: file for file in (folder / "images").glob("[0-9]/*")}
    for file in files.values():
        assert file.read_bytes() == picture(path_of(file)), f"{file} is half written"
    return files


def test_twenty_thousand_rows_killed_twice_in_the_middle(alone, tmp_path):
    count, kills = 20_000, (6_000, 13_000)
    table, whole_then = tmp_path / "status/0.csv", {}
    for at in kills:
        running = alone.start(count, tmp_path)
        while not table.exists() or table.read_bytes().count(b"\n") < at:
            assert running.poll() is None, "it ended before it could be killed"
            time.sleep(0.02)
        os.kill(running.pid, signal.SIGKILL)
        running.communicate()
        files, asked = whole_files(tmp_path), alone.asked()
        assert at * 0.9 < len(files) < count
        # nothing that was whole at the kill before, or is listed, is lost
        assert whole_then.keys() <= {path_of(file) for file in files.values()}
        for file in files.values():
            whole_then.setdefault(path_of(file), asked[path_of(file)])
        listed = [row for row in read_lines(table) if row["status"] == "ok"]
        assert all(Path(row["file"]).name in files for row in listed)
    done, _ = alone.run(count, tmp_path)
    assert done < count - kills[-1] + CONNECTIONS
    assert len(whole_files(tmp_path)) == count - count // DEAD_EVERY
    rows = list(read_lines(table))
    assert sorted(int(row["image_id"]) for row in rows) == list(range(count))
    # none that was whole when a run was killed was asked for again: what was on its way is all
    asked = alone.asked()
    assert all(asked[path] == times for path, times in whole_then.items())
    again = {path for path, times in asked.items() if times > 1}
    assert len(asked) == count and len(again) <= len(kills) * CONNECTIONS
    assert max(asked.values()) <= 1 + len(kills)
    assert not list((tmp_path / "images").glob(".parts*"))
    # and once more: nothing
    assert alone.run(count, tmp_path)[0] == 0
    assert alone.asked() == asked


def test_memory_stays_as_rows_grow_tenfold(alone, tmp_path):
    few, some = alone.run(2_000, tmp_path / "few")
    many, more = alone.run(20_000, tmp_path / "many")
    again, rerun = alone.run(20_000, tmp_path / "many")
    assert (few, many, again) == (2_000, 20_000, 0)
    print(f"2,000 rows: {some}, 20,000: {more}, 20,000 known ones: {rerun}")
    assert more < 1.1 * some and rerun < 1.1 * some
