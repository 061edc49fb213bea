"""How long it takes before anything is done: each script's imports, and a dry run of everything."""

from __future__ import annotations

import ast
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import ROOT, pairs
from benchmarks.checkout import copy_tracked, snakemake

SCRIPTS = ROOT / "workflow/scripts"
ROUNDS, DRY_RUNS = 2, 5


def imports_of(script: Path) -> str:
    """All import statements of a script, those inside its functions too, one a line."""
    tree = ast.parse(script.read_text(encoding="utf-8"))
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    nodes = [n for n in nodes if not (isinstance(n, ast.ImportFrom) and n.module == "__future__")]
    return "\n".join(ast.unparse(node) for node in nodes)


def cold_starts() -> list[pairs.Line]:
    """Seconds until a fresh interpreter has imported all that a script names, script by script."""
    scripts = sorted(SCRIPTS.glob("*.py"))
    spent: dict[str, list[float]] = {script.stem: [] for script in scripts}
    for _ in range(ROUNDS):
        for script in scripts:
            began = time.perf_counter()
            subprocess.run([sys.executable, "-c", imports_of(script)], cwd=SCRIPTS, check=True)
            spent[script.stem].append(time.perf_counter() - began)
    about = "a fresh interpreter and all imports the script names"
    return [
        pairs.summary(f"cold_start_{name}", times, "s", about)
        for name, times in sorted(spent.items())
    ]


def dry_runs() -> list[pairs.Line]:
    """Seconds of `snakemake -n` on the specimen before anything is made, and of Snakemake alone."""
    with tempfile.TemporaryDirectory() as place:
        folder = copy_tracked(Path(place) / "checkout")
        bare = Path(place) / "bare"
        bare.mkdir()
        (bare / "Snakefile").write_text("rule all:\n    input: []\n", encoding="utf-8")
        spent = pairs.in_turn(
            {
                "bare": lambda: snakemake(bare, "-n", "--cores", "2"),
                "ours": lambda: snakemake(
                    folder, "-n", "--cores", "2", "--configfile", "config/specimen.yaml"
                ),
            },
            DRY_RUNS,
        )
    own = "`snakemake -n` of a Snakefile with one empty rule"
    return [
        pairs.summary(
            "dry_run", spent["ours"], "s", "`snakemake -n` of the demo, nothing made yet"
        ),
        pairs.summary("snakemake_alone", spent["bare"], "s", own),
    ]


def main() -> None:
    pairs.write("start", [*dry_runs(), *cold_starts()])


if __name__ == "__main__":
    main()
