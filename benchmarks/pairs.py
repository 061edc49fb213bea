"""Runs in turn, A B A B, and what their times say: medians of ratios with their range.

A machine that is busy or hot for a while is so for all that is compared. Nothing is asserted: a
time says something about a machine, not about the code alone.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from benchmarks import ROOT
from benchmarks.machine import commit, load, machine

RESULTS = ROOT / "benchmarks/results"
Run = Callable[[], object]


@dataclass
class Line:
    """One number of a benchmark.

    Attributes:
        name: of the line.
        ratio_median: median of the ratios of neighbouring runs; for the units ``s``, ``MB``,
            ``share`` and ``exponent`` the median of the values themselves.
        ratio_min: the smallest of them.
        ratio_max: the largest.
        unit: ``times`` (how many times as fast), ``share``, ``s``, ``MB``, ``exponent``.
        runs: how many ratios or values.
        about: what was run, on how many of what.
        detail: further numbers for tables and figures.
    """

    name: str
    ratio_median: float
    ratio_min: float
    ratio_max: float
    unit: str
    runs: int
    about: str
    detail: dict = field(default_factory=dict)


def in_turn(runs: Mapping[str, Run], rounds: int, warm: bool = True) -> dict[str, list[float]]:
    """Seconds of each run, the runs one after the other, ``rounds`` times over.

    Args:
        runs: by name, in the order in which they take turns.
        rounds: how often.
        warm: run each once before, unmeasured: what is loaded or compiled once belongs to none.

    Returns:
        seconds, ``rounds`` values a run.
    """
    if warm:
        for run in runs.values():
            run()
    spent: dict[str, list[float]] = {name: [] for name in runs}
    for turn in range(rounds):
        for name, run in runs.items():
            began = time.perf_counter()
            run()
            spent[name].append(time.perf_counter() - began)
        told = ", ".join(f"{name} {times[-1]:.3g} s" for name, times in spent.items())
        print(f"  round {turn + 1} of {rounds}: {told}", flush=True)
    return spent


def ratio(
    name: str,
    slow: Sequence[float],
    fast: Sequence[float],
    about: str,
    units: tuple[int, int] = (1, 1),
    what: str = "runs",
) -> Line:
    """How many times as fast the second is, by pairs of neighbouring runs.

    Args:
        name: of the line.
        slow: seconds of what is compared with.
        fast: seconds of ours.
        about: what was run.
        units: pictures (or the like) that a run of each went through.
        what: these units in words.
    """
    ratios = [(a / units[0]) / (b / units[1]) for a, b in zip(slow, fast, strict=True)]
    rates = [count / statistics.median(t) for count, t in zip(units, (slow, fast), strict=True)]
    detail = {"theirs": rates[0], "ours": rates[1], "rate": f"{what}/s"}
    return summary(name, ratios, "times", about, detail)


def summary(
    name: str, values: Sequence[float], unit: str, about: str, detail: dict | None = None
) -> Line:
    """Median and range of some values as a line."""
    return Line(
        name, statistics.median(values), min(values), max(values), unit, len(values), about,
        detail or {},
    )  # fmt: skip


def write(question: str, lines: Sequence[Line], folder: Path | None = None) -> Path:
    """Print the lines and write them to ``{folder}/{question}.json``, a list of mappings."""
    folder = folder or RESULTS
    of = {"question": question, "machine": machine(), "commit": commit(), "load": load()}
    for line in lines:
        print(
            f"{line.name}: {line.ratio_median:.3g} {line.unit}"
            f" ({line.ratio_min:.3g} to {line.ratio_max:.3g}, {line.runs} runs; {line.about})",
            flush=True,
        )
    from bilderatlas.files import write_text

    path = folder / f"{question}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    write_text(json.dumps([asdict(line) | of for line in lines], indent=1), path)
    return path


def read(question: str, folder: Path | None = None) -> list[dict]:
    """The lines of a question that was asked before; empty where it was not."""
    path = (folder or RESULTS) / f"{question}.json"
    if not path.exists():
        return []
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError:
        print(f"{path} is no JSON: delete it and measure again.", file=sys.stderr)
        return []
