"""Where `make demo` spends its time: rule by rule, the critical path, and what importing takes."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from pathlib import Path

from benchmarks import ROOT, pairs
from benchmarks.checkout import Job, copy_tracked, critical_path, jobs_of, snakemake
from benchmarks.imports import hook_environment, read
from benchmarks.machine import cores

FIGURE = ROOT / "docs/performance-demo.png"


def draw(jobs: list[Job], chain: list[Job], path: Path) -> None:
    """A bar a job from its start to its end, a line a rule, the critical path marked."""
    from bilderatlas.show.charts import MUTED, ORANGE, chart

    rules = list(dict.fromkeys(job.rule for job in jobs))
    on_path = {id(job) for job in chain}
    with chart(path, 8.5, 0.17 * len(rules) + 1.2) as figure:
        axes = figure.subplots()
        for job in jobs:
            axes.barh(
                rules.index(job.rule), max(job.seconds, 0.4), left=job.start, height=0.72,
                color=ORANGE if id(job) in on_path else "#9db4c6", edgecolor="white", linewidth=0.4,
            )  # fmt: skip
        axes.set_yticks(range(len(rules)), rules, fontsize=7)
        axes.invert_yaxis()
        axes.set_ylim(len(rules) - 0.4, -0.6)
        axes.grid(axis="x", color="#e4e4e4", linewidth=0.6)
        axes.set_axisbelow(True)
        axes.set_xlabel("seconds since the first job began")
        whole, needed = max(job.end for job in jobs), sum(job.seconds for job in chain)
        axes.set_title(
            f"make demo on {cores()} cores: {len(jobs)} jobs in {whole:.0f} s; orange: the critical"
            f" path, {needed:.0f} s",
            fontsize=9, loc="left", color=MUTED,
        )  # fmt: skip


def by_rule(jobs: list[Job]) -> dict[str, tuple[int, float]]:
    """Jobs and seconds of each rule, the longest first."""
    found: dict[str, list[float]] = defaultdict(list)
    for job in jobs:
        found[job.rule].append(job.seconds)
    ordered = sorted(found.items(), key=lambda item: -sum(item[1]))
    return {rule: (len(seconds), sum(seconds)) for rule, seconds in ordered}


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = copy_tracked(Path(place) / "checkout")
        told = Path(place) / "told"
        told.mkdir()
        snakemake(
            folder, "--cores", str(cores()), "--resources", "gpu=2",
            "--configfile", "config/specimen.yaml", **hook_environment(told),
        )  # fmt: skip
        jobs, starts = jobs_of(folder), read(told)
        dry = pairs.in_turn(
            {
                "dry run": lambda: snakemake(
                    folder, "-n", "--cores", "2", "--configfile", "config/specimen.yaml"
                )
            },
            5,
        )["dry run"]
    chain = critical_path(jobs)
    draw(jobs, chain, FIGURE)
    about = f"{len(jobs)} jobs, set-up not counted"
    lines = [
        pairs.summary("demo", [max(job.end for job in jobs)], "s", about),
        pairs.summary(
            "demo_critical_path", [sum(job.seconds for job in chain)], "s",
            " > ".join(job.rule for job in chain),
        ),
        pairs.summary("dry_run_after_demo", dry, "s", "`snakemake -n` with nothing left to do"),
    ]  # fmt: skip
    for rule, (count, seconds) in by_rule(jobs).items():
        detail = {"rule": rule, "jobs": count}
        lines.append(pairs.summary(f"demo_rule_{rule}", [seconds], "s", f"{count} jobs", detail))
    scripts: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for row in starts:
        scripts[row["script"]][0] += row["importing_s"]
        scripts[row["script"]][1] += row["seconds"]
    for script, (importing, seconds) in sorted(scripts.items(), key=lambda i: -i[1][0] / i[1][1]):
        told_s = f"{importing:.1f} of {seconds:.1f} s"
        detail = {"script": script, "importing": importing, "seconds": seconds}
        lines.append(
            pairs.summary(f"demo_imports_{script}", [importing / seconds], "share", told_s, detail)
        )
    pairs.write("demo", lines)


if __name__ == "__main__":
    main()
