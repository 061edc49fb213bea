"""Writes what the benchmarks found into the tables of docs/performance.md.

The words of the page are written by hand; each table stands between two marks and is made from
``benchmarks/results/*.json``. What was not asked again keeps the table that it has.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import doc_tables

from benchmarks import ROOT, growth_report, pairs
from benchmarks.told import number, told_machine
from bilderatlas.show import markdown

PAGE = ROOT / "docs/performance.md"

# what is aimed at, on two cores with bf16 instructions, or on one H200
GOALS: dict[str, tuple[str, Callable[[float], bool]]] = {
    "simclr_vs_reference": ("at least 2.5 times", lambda x: x >= 2.5),
    "simclr_vs_bare_step": ("at least .92 of it", lambda x: x >= 0.92),
    "features_vs_naive": ("at least 2.8 times", lambda x: x >= 2.8),
    "features_vs_bare_forward": ("at least .92 of it", lambda x: x >= 0.92),
    "dry_run": ("at most 3 s", lambda x: x <= 3),
    "dry_run_after_demo": ("at most 3 s", lambda x: x <= 3),
    "gpu_views": ("at least 20,000 views/s", lambda x: x >= 20_000),
    "gpu_vs_bare_step": ("at least .9 of it", lambda x: x >= 0.9),
    "gpu_dew_run": ("under 2 min", lambda x: x < 120),
    "gpu_experiments_0_8": ("under 10 min", lambda x: x < 600),
}
IMPORT_SHARE = 1 / 3
SHOWN = 8  # scripts that a table names


def goal_of(name: str) -> tuple[str, Callable[[float], bool]] | None:
    """The goal of a line; lines of several networks share one by the beginning of their name."""
    return next(
        (goal for key, goal in GOALS.items() if name == key or name.startswith(key + "_of_")), None
    )


def spread(line: dict) -> str:
    """Median and range, with the unit."""
    low, middle, high = (number(line[f"ratio_{key}"]) for key in ("min", "median", "max"))
    unit = line["unit"]
    return f"{middle} {unit}" if line["runs"] == 1 else f"{middle} {unit} ({low} to {high})"


def rates(line: dict) -> str:
    """What both sides reached in units a second, where the line has it."""
    detail = line["detail"]
    if "rate" not in detail:
        return ""
    return f"{number(detail['theirs'])} and {number(detail['ours'])} {detail['rate']}"


def comparison(lines: list[dict]) -> str:
    """A table of ratios with their goals."""
    rows = []
    for line in lines:
        goal = goal_of(line["name"])
        reached = ("yes" if goal[1](line["ratio_median"]) else "**no**") if goal else ""
        rows.append(
            [f"`{line['name']}`", spread(line), rates(line), goal[0] if goal else "", reached,
             markdown.escape(line["about"])]
        )  # fmt: skip
    head = ["line", "median (range)", "theirs and ours", "goal", "reached", "what was run"]
    return f"{told_machine(lines)}\n\n{markdown.table(head, rows)}"


def starts(lines: list[dict]) -> str:
    """Dry runs, and the scripts by the time of their imports."""
    scripts = [line for line in lines if line["name"].startswith("cold_start_")]
    scripts.sort(key=lambda line: -line["ratio_median"])
    rest = [line for line in lines if line not in scripts]
    rows = [
        [f"`{line['name'].removeprefix('cold_start_')}`", number(line["ratio_median"])]
        for line in scripts
    ]
    named = markdown.table(["script", "s"], rows[:SHOWN])
    told = (
        f"The {SHOWN} of {len(scripts)} scripts that take longest until all they name is"
        " imported, from a fresh interpreter:"
    )
    return "\n\n".join([comparison(rest), told, named])


def demo(lines: list[dict]) -> str:
    """The demo as a whole, its rules, and the share of importing."""
    named = {line["name"]: line for line in lines}
    rules = [line for line in lines if line["name"].startswith("demo_rule_")]
    imports = [line for line in lines if line["name"].startswith("demo_imports_")]
    whole, chain = named["demo"], named["demo_critical_path"]
    rows = [
        [f"`{line['detail']['rule']}`", str(line["detail"]["jobs"]), number(line["ratio_median"])]
        for line in rules
    ]
    over = [line for line in imports if line["ratio_median"] > IMPORT_SHARE]
    shares = [
        [
            f"`{line['detail']['script']}`",
            f"{line['ratio_median']:.0%}",
            markdown.escape(line["about"]),
        ]
        for line in imports[:SHOWN]
    ]
    verdict = (
        f"{len(over)} of {len(imports)} scripts spend more than a third of their time importing"
        + (
            f": {', '.join('`' + line['detail']['script'] + '`' for line in over)}."
            if over
            else "."
        )
    )
    return "\n\n".join(
        [
            told_machine(lines),
            f"All of it took {number(whole['ratio_median'])} s ({whole['about']}). Critical path"
            f" {number(chain['ratio_median'])} s: {markdown.escape(chain['about'])}.",
            comparison([named["dry_run_after_demo"]]).split("\n\n", 1)[1],
            markdown.table(["rule", "jobs", "seconds together"], rows),
            verdict,
            markdown.table(["script", "importing", "of"], shares),
            "![The jobs of make demo on a line of time, a row a rule, the critical path"
            " marked](performance-demo.png)",
        ]
    )


def quality(lines: list[dict]) -> str:
    """Both ways of training, seed by seed."""
    rows = []
    for line in lines:
        detail = line["detail"]
        values = [
            " ".join(f"{value:.3f}" for value in detail[way]) for way in ("theirs", "exact", "ours")
        ]
        rows.append(
            [detail["measure"], str(detail["n"]), *values, f"{line['ratio_median']:+.3f}",
             f"{detail['spread']:.3f}", "yes" if detail["agree"] else "**no**"]
        )  # fmt: skip
    head = [
        "measure",
        "n",
        "reference, 32 bit",
        "ours, 32 bit",
        "ours",
        "difference",
        "spread of the seeds",
        "agree",
    ]
    table = markdown.table(head, rows)
    return f"{told_machine(lines)} Run: {lines[0]['about']}.\n\n{table}"


BLOCKS: dict[str, tuple[tuple[str, ...], Callable[[list[dict]], str]]] = {
    "training": (("simclr", "views", "reading"), comparison),
    "profile": (("profile_training",), comparison),
    "features": (("features",), comparison),
    "neighbours": (("knn",), comparison),
    "download": (("download",), comparison),
    "start": (("start",), starts),
    "demo": (("demo",), demo),
    "gpu": (("gpu",), comparison),
    "quality": (("quality",), quality),
    "growth": (("growth",), growth_report.table),
}


def write(page: Path = PAGE) -> None:
    """Put every table that there are results for into the page; leave the others."""
    for block, (questions, told) in BLOCKS.items():
        lines = [line for question in questions for line in pairs.read(question)]
        if lines:
            doc_tables.write_block(page, block, told(lines))


if __name__ == "__main__":
    write()
