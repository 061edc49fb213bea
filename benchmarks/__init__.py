"""Benchmarks: one file a question, each answered by paired runs in one process.

``make bench`` asks those of ``__main__.QUICK``, ``make bench-all`` also growth and quality. What
they find goes to ``benchmarks/results/*.json``, which nobody commits, and into the tables of
``docs/performance.md``.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# the package, the reader of settings, and the writer of tables that other notes use too
sys.path[:0] = [str(ROOT / place) for place in ("workflow/scripts", "workflow", "tools")]
