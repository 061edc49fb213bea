"""A copy of the tracked files, in which benchmarks run the workflow without touching this one."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import ROOT


def copy_tracked(folder: Path) -> Path:
    """Copy the tracked files, as they stand, into a new folder; without git, all but results."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True
        ).stdout.decode().split("\0")  # fmt: skip
    except (OSError, subprocess.CalledProcessError):
        ignored = shutil.ignore_patterns(".*", "results", "resources", "logs", "__pycache__")
        return Path(shutil.copytree(ROOT, folder, ignore=ignored))
    for name in filter(None, listed):
        if (ROOT / name).is_file():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target)
    return folder


def snakemake(folder: Path, *arguments: str, **environment: str) -> None:
    """Run Snakemake in a folder, quietly.

    Raises:
        SystemExit: it failed; the end of what it printed is in the message.
    """
    done = subprocess.run(
        [sys.executable, "-m", "snakemake", *arguments],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        said = (done.stdout + done.stderr)[-2000:]
        raise SystemExit(f"snakemake {' '.join(arguments)} failed in {folder}:\n{said}")


@dataclass
class Job:
    """One job that Snakemake has run.

    Attributes:
        rule: its name.
        start: seconds since the first job began.
        end: likewise.
        inputs: paths.
        outputs: paths.
    """

    rule: str
    start: float
    end: float
    inputs: set[str] = field(default_factory=set)
    outputs: set[str] = field(default_factory=set)

    @property
    def seconds(self) -> float:
        return self.end - self.start


def jobs_of(folder: Path) -> list[Job]:
    """The jobs of a run, in the order in which they began, from Snakemake's own records."""
    found: dict[tuple, Job] = {}
    for path in (folder / ".snakemake/metadata").rglob("*"):
        if not path.is_file():
            continue
        record = json.loads(path.read_text(encoding="utf-8"))
        if not record.get("endtime"):
            continue
        # a long name is cut into folders
        name = str(path.relative_to(folder / ".snakemake/metadata")).replace("/@", "").lstrip("@")
        output = base64.b64decode(name.replace("/", "")).decode()
        # each output has times of its own; a job's log is its alone
        key = (record["rule"], *(record.get("log") or record["input"]))
        start, end = record["starttime"], record["endtime"]
        job = found.setdefault(key, Job(record["rule"], start, end))
        job.start, job.end = min(job.start, start), max(job.end, end)
        job.inputs.update(record["input"])
        job.outputs.add(output)
    jobs = sorted(found.values(), key=lambda job: job.start)
    for job in reversed(jobs):
        job.start, job.end = job.start - jobs[0].start, job.end - jobs[0].start
    return jobs


def critical_path(jobs: list[Job]) -> list[Job]:
    """The chain of jobs, each needing the one before, that takes longest: no number of cores helps.

    Sums of the jobs' seconds as they were, beside whatever ran at the same time.
    """
    maker = {output: job for job in jobs for output in job.outputs}
    longest: dict[int, tuple[float, Job | None]] = {}
    for job in sorted(jobs, key=lambda job: job.end):
        before = {id(maker[path]): maker[path] for path in job.inputs if path in maker}
        best = max(
            (one for one in before.values() if id(one) in longest),
            key=lambda one: longest[id(one)][0],
            default=None,
        )
        longest[id(job)] = (job.seconds + (longest[id(best)][0] if best else 0.0), best)
    chain: list[Job] = []
    at = max(jobs, key=lambda job: longest[id(job)][0], default=None)
    while at is not None:
        chain.append(at)
        at = longest[id(at)][1]
    return chain[::-1]
