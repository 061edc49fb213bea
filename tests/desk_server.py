"""A desk for tests: a small collection in a folder of its own, and a server that can be killed."""

from __future__ import annotations

import csv
import http.client
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from bilderatlas.files import CATALOGUE, CROP_PROPOSALS, DUPLICATES, MANIFEST

SCRIPTS = Path(__file__).resolve().parents[1] / "workflow" / "scripts"


def write_rows(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> None:
    """A CSV with these columns; what a row does not have stays empty."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def read_rows(path: Path) -> list[dict[str, str]]:
    """All rows of a CSV; none where there is no file."""
    if not path.exists():
        return []
    with open(path, encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


class Collection:
    """A collection called ``c`` below a folder: manifest, catalogue, worklists."""

    def __init__(self, root: Path, pictures: Mapping[str, Path], **records: Mapping[str, object]):
        self.root = root
        self.pictures = dict(pictures)
        self.crops = root / "resources/c/crops.csv"
        self.prints = root / "resources/c/prints.csv"
        write_rows(
            root / "resources/c/manifest.csv",
            MANIFEST,
            ({"image_id": name, "file": file} for name, file in pictures.items()),
        )
        write_rows(
            root / "results/c/catalogue.csv",
            CATALOGUE,
            ({"image_id": name} | records.get(name, {}) for name in pictures),
        )

    def propose(self, rows: Iterable[Mapping[str, object]]) -> None:
        """Write ``crop_proposals.csv``."""
        write_rows(self.root / "results/c/crop_proposals.csv", CROP_PROPOSALS, rows)

    def pair(self, rows: Iterable[Mapping[str, object]]) -> None:
        """Write ``duplicates.csv``."""
        write_rows(self.root / "results/c/duplicates.csv", DUPLICATES, rows)


class DeskServer:
    """The desk of a collection as a process of its own."""

    def __init__(self, collection: Collection, *options: str) -> None:
        self.collection = collection
        self.options = options
        self.port = 0
        self.address = ""
        self.process: subprocess.Popen | None = None

    def start(self) -> DeskServer:
        """Start it, on the port that it had before."""
        command = [
            sys.executable, "-m", "bilderatlas.desk", "--collection", "c",
            "--root", str(self.collection.root), "--port", str(self.port), "--by", "Tester",
            *self.options,
        ]  # fmt: skip
        self.process = subprocess.Popen(
            command,
            env=os.environ | {"PYTHONPATH": str(SCRIPTS)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        told = []
        for line in self.process.stdout:
            told.append(line)
            if found := re.search(r"http://127\.0\.0\.1:(\d+)/\S+", line):
                self.address, self.port = found[0], int(found[1])
                self._wait()
                return self
        raise AssertionError("the desk did not start: " + "".join(told))

    def _wait(self) -> None:
        """Until it answers."""
        end = time.monotonic() + 20
        while time.monotonic() < end:
            try:
                if self.ask("")[0] == 200:
                    return
            except OSError:
                pass
            time.sleep(0.05)
        raise AssertionError("the desk does not answer")

    def ask(
        self,
        way: str,
        body: bytes | None = None,
        method: str = "",
        headers: Mapping[str, str] | None = None,
        whole: bool = False,
    ) -> tuple[int, dict[str, str], bytes]:
        """One request: status, headers, body. ``way`` follows the token, or is ``whole``."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        base = "/" + self.address.split("/", 3)[3]
        sent = {"Host": f"127.0.0.1:{self.port}"} | dict(headers or {})
        if body is not None and "Content-Type" not in sent:
            sent["Content-Type"] = "application/json"
        try:
            target = way if whole else base + way
            connection.putrequest(
                method or ("GET" if body is None else "POST"), target, skip_host=True
            )
            for name, value in sent.items():
                connection.putheader(name, value)
            if body is not None and "Content-Length" not in sent:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            answer = connection.getresponse()
            told = {name.lower(): value for name, value in answer.getheaders()}
            return answer.status, told, answer.read()
        finally:
            connection.close()

    def kill(self) -> None:
        """As a power cut would: it gets no chance to write anything."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()

    def stop(self) -> None:
        """As Ctrl-C would; what it said until then is thrown away."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.communicate(timeout=10)
            except subprocess.TimeoutExpired:
                self.kill()
