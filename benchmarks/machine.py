"""What machine and which version of the project gave a number, in one line each."""

from __future__ import annotations

import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path

from benchmarks import ROOT

# those that decide how fast networks compute
INSTRUCTIONS = ("avx2", "avx512f", "avx512_bf16", "avx512_vnni", "amx_tile", "amx_bf16")
PACKAGES = ("torch", "torchvision", "pytorch-lightning", "lightly", "scikit-learn", "snakemake")


def cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _processor() -> tuple[str, list[str]]:
    """Name of the processor and which of ``INSTRUCTIONS`` it has; as far as the system tells."""
    info = Path("/proc/cpuinfo")
    if not info.exists():
        return platform.processor() or platform.machine(), []
    text = info.read_text(encoding="utf-8")
    fields = dict(
        (part.strip() for part in line.split(":", 1)) for line in text.splitlines() if ":" in line
    )
    flags = fields.get("flags", fields.get("Features", "")).split()
    return fields.get("model name", platform.machine()), [x for x in INSTRUCTIONS if x in flags]


def accelerator() -> str:
    """Name of the GPU, or ``no GPU``."""
    import torch

    return torch.cuda.get_device_name() if torch.cuda.is_available() else "no GPU"


def machine() -> str:
    """Cores, processor, instruction sets, GPU, versions: one line."""
    name, instructions = _processor()
    packages = ", ".join(f"{package} {version(package)}" for package in PACKAGES)
    return (
        f"{cores()} cores of {name} ({', '.join(instructions) or 'instruction sets unknown'}),"
        f" {accelerator()}; Python {platform.python_version()}, {packages}"
    )


def commit() -> str:
    """The commit that was measured, ``+`` where files were changed; ``unknown`` without git."""
    try:
        name = subprocess.run(
            ["git", "describe", "--always", "--dirty=+", "--exclude=*"],
            cwd=ROOT, capture_output=True, text=True, check=True,
        ).stdout.strip()  # fmt: skip
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return name


def load() -> float:
    """Processes that wanted a core in the last minute: more than ours make every time longer."""
    return round(os.getloadavg()[0], 1)
