"""`snakemake --lint`, less the advice that this workflow decided against.

Prints what is left, one line each, and ends with 1 if there is any. A workflow that cannot be read
ends with Snakemake's own words. Through Snakemake's API: its command line offers `--lint json`, but
version 9.27 prints plain text then.
"""

import argparse
import contextlib
import io
import json
import sys
from pathlib import Path

# advice (the beginning of its title) -> why it is not followed
DECIDED = {
    "Specify a conda environment or container for each rule.": (
        "one locked environment serves all rules: .venv, or environment.yml for conda users"
    ),
    "Mixed rules and functions in same snakefile.": (
        "an input function stands beside the rules that it serves; common.smk holds the shared ones"
    ),
}


def remaining(report: dict) -> list[str]:
    """The advice in Snakemake's report that was not decided against, as lines of text.

    Args:
        report: ``{"snakefiles": [...], "rules": [...]}``, each entry
            ``{"for": {"snakefile"[, "rule", "line"]}, "lints": [{"title", "body", "links"}]}``.
    """
    lines = []
    for entry in [*report["snakefiles"], *report["rules"]]:
        place = entry["for"]
        where = f"rule {place['rule']}" if "rule" in place else Path(place["snakefile"]).name
        lines += [
            f"{where}: {lint['title']}"
            for lint in entry["lints"]
            if not lint["title"].startswith(tuple(DECIDED))
        ]
    return lines


def lint(snakefile: Path, configfiles: list[Path]) -> dict:
    """Snakemake's own report on a workflow."""
    from snakemake.api import ConfigSettings, OutputSettings, ResourceSettings, SnakemakeApi

    printed = io.StringIO()
    with (
        SnakemakeApi(OutputSettings()) as api,
        contextlib.redirect_stdout(printed),
    ):
        api.workflow(
            resource_settings=ResourceSettings(),
            config_settings=ConfigSettings(configfiles=configfiles),
            snakefile=snakefile,
        ).lint(json=True)
    text = printed.getvalue()
    return json.loads(text[text.index("{") :])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--snakefile", type=Path, default=Path("Snakefile"))
    parser.add_argument("--configfile", type=Path, action="append", default=[])
    args = parser.parse_args()
    lines = remaining(lint(args.snakefile, args.configfile))
    print("\n".join(lines) or "nothing beyond the decided exceptions")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
