"""How fast pictures are fetched: one after the other, and by 32 connections.

Tiny pictures from a server on this machine that waits 50 ms before each answer. The loop keeps its
connection and only writes the bytes; ours also decodes, hashes, flushes to the disk and notes each
picture.
"""

from __future__ import annotations

import itertools
import subprocess
import sys
import tempfile
from pathlib import Path

import requests

from benchmarks import ROOT, pairs
from bilderatlas.collection.download.policy import Policy
from bilderatlas.collection.download.run import download
from bilderatlas.collection.download.target import Target

LATENCY, CONNECTIONS, FETCHED, ROUNDS = 0.05, 32, 512, 3
SERVER = ROOT / "tests/picture_server.py"


def main() -> None:
    command = [sys.executable, SERVER, str(LATENCY)]
    with (
        tempfile.TemporaryDirectory() as place,
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server,
    ):
        base, runs = server.stdout.readline().strip(), itertools.count()
        names = [f"{number}.jpg" for number in range(FETCHED)]

        def loop():
            folder = Path(place, str(next(runs)))
            folder.mkdir()
            with requests.Session() as session:
                for name in names:
                    answer = session.get(f"{base}/ok/{name}", timeout=10)
                    (folder / name).write_bytes(answer.content)

        def ours():
            folder = Path(place, str(next(runs)))
            policy = Policy(connections=CONNECTIONS, per_host=CONNECTIONS)
            targets = (Target(name, f"{base}/ok/{name}", name) for name in names)
            found = list(download(targets, folder / "images", folder / "status/0.csv", policy))
            if sum(outcome.status == "ok" for outcome in found) != FETCHED:
                raise RuntimeError("some pictures did not come")

        try:
            spent = pairs.in_turn({"sequential": loop, "ours": ours}, ROUNDS)
        finally:
            server.kill()
    about = (
        f"{FETCHED} pictures from a server that waits {LATENCY * 1000:.0f} ms,"
        f" {CONNECTIONS} connections against 1"
    )
    units = (FETCHED,) * 2
    line = pairs.ratio(
        "download_vs_sequential", spent["sequential"], spent["ours"], about, units, "pictures"
    )
    pairs.write("download", [line])


if __name__ == "__main__":
    main()
