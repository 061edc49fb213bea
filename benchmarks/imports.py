"""What the scripts of a run cost: seconds of importing, in all, of the processor, and memory.

A hook (``hook/sitecustomize.py``) goes with every Python of the run, by PYTHONPATH.
"""

from __future__ import annotations

import json
from pathlib import Path

HOOK = Path(__file__).resolve().parent / "hook"


def hook_environment(told: Path) -> dict[str, str]:
    """Environment variables of a run whose scripts shall note their costs.

    Args:
        told: an existing folder that gets one file a script run.
    """
    return {"PYTHONPATH": str(HOOK), "BILDERATLAS_TOLD": str(Path(told).resolve())}


def read(told: Path) -> list[dict]:
    """One mapping a script run: ``script, importing_s, seconds, cpu_s, memory_mb``."""
    paths = sorted(Path(told).glob("*.json"))
    return [json.loads(path.read_text(encoding="utf-8")) for path in paths]
