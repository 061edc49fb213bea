"""Ask benchmarks and write docs/performance.md: ``python -m benchmarks [--all] [question …]``."""

from __future__ import annotations

import argparse
import subprocess
import sys
import time

from benchmarks import ROOT, report

QUICK = (
    "simclr",
    "profile_training",
    "views",
    "features",
    "knn",
    "download",
    "start",
    "demo",
    "gpu",
)
LONG = ("reading", "quality", "growth", "prints")
MORE = {"prints": ("--write", "docs/prints.md")}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("questions", nargs="*", metavar="question", help=", ".join(QUICK + LONG))
    parser.add_argument("--all", action="store_true", help="those that take hours too")
    given = parser.parse_args()
    asked = given.questions or [*QUICK, *(LONG if given.all else ())]
    if unknown := [name for name in asked if name not in QUICK + LONG]:
        parser.error(f"unknown: {', '.join(unknown)}; there are {', '.join(QUICK + LONG)}")
    failed, start = [], time.monotonic()
    for name in asked:
        print(f"== {name}", flush=True)
        began = time.monotonic()
        # each in a process of its own: what one leaves in memory is not the next one's burden
        done = subprocess.run(
            [sys.executable, "-m", f"benchmarks.{name}", *MORE.get(name, ())], cwd=ROOT
        )
        print(f"   {name} took {time.monotonic() - began:.0f} s", flush=True)
        if done.returncode:
            failed.append(name)
        report.write()
    print(f"All of it took {(time.monotonic() - start) / 60:.0f} min.")
    if failed:
        sys.exit(f"These failed, and their tables are as they were: {', '.join(failed)}.")


if __name__ == "__main__":
    main()
