"""`snakemake --lint`, less the advice that this workflow decided against.

    python tools/lint_workflow.py --configfile config/specimen.yaml

Hands its arguments on. Prints what is left, one line each, and ends with 1 if there is any; a
workflow that cannot be read gives Snakemake's own words and 2. Reads the plain text, for
Snakemake 9.27 ignores the `json` of `--lint json`.
"""

import subprocess
import sys

PLACE = "Lints for "
ADVICE = "    * "

# advice (the beginning of its title) -> why it is not followed
DECIDED = {
    "Specify a conda environment or container for each rule.": (
        "one locked environment serves all rules: .venv, or environment.yml for conda users"
    ),
    "Mixed rules and functions in same snakefile.": (
        "an input function stands beside the rules that it serves; common.smk holds the shared ones"
    ),
}


def remaining(report: str) -> list[str]:
    """The advice in a text of `snakemake --lint` that was not decided against: "place: title"."""
    lines = []
    place = ""
    for line in report.splitlines():
        if line.startswith(PLACE):
            place = line.removeprefix(PLACE).rstrip(":")
        elif line.startswith(ADVICE):
            title = line.removeprefix(ADVICE).rstrip(":")
            if not title.startswith(tuple(DECIDED)):
                lines.append(f"{place}: {title}")
    return lines


def main() -> int:
    ended = subprocess.run(
        [sys.executable, "-m", "snakemake", "--lint", "text", *sys.argv[1:]],
        capture_output=True,
        text=True,
        check=False,
    )
    report = ended.stdout + ended.stderr
    if ended.returncode != 0 and PLACE not in report:
        print(report, file=sys.stderr)
        return 2
    lines = remaining(report)
    print("\n".join(lines) or "nothing beyond the decided exceptions")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
