"""Which device computes, in which precision, and how much memory it has left."""

from __future__ import annotations

import os
from pathlib import Path

import torch

from bilderatlas.errors import InputError


def default_precision(device: str) -> str:
    """bf16 where the device computes in it natively, else 32 bit."""
    if device == "cuda":
        return (
            "bf16-mixed" if torch.cuda.is_bf16_supported(including_emulation=False) else "16-mixed"
        )
    flags = Path("/proc/cpuinfo")
    if device == "cpu" and flags.exists():
        text = flags.read_text()
        # without these instructions bf16 is emulated and slower than 32 bit; the operator is asked
        # last, as a torch without oneDNN (on a Mac) does not have it
        native = "avx512_bf16" in text or "amx" in text
        if native and torch.ops.mkldnn._is_mkldnn_bf16_supported():
            return "bf16-mixed"
    return "32-true"


def pick_device(wanted: str) -> str:
    """``cuda``, ``mps`` or ``cpu``: the one wanted, or for ``auto`` the best that is there.

    Raises:
        InputError: the one wanted is not there.
    """
    there = {
        "cpu": True,
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
    }
    if wanted != "auto":
        if not there[wanted]:
            raise InputError(f"There is no {wanted} device here: set `device: auto` or `cpu`.")
        return wanted
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def free_memory(device: str) -> int:
    """Bytes of the device's memory that nothing takes; on a CPU those that a job may still have.

    Where a scheduler holds the job in a control group, its limit counts too; what the group keeps
    of files that were read once is free, as the system gives it up when asked. Where the system
    does not say what is free (macOS), half of all its memory is taken for free.
    """
    if device == "cuda":
        return torch.cuda.mem_get_info()[0]
    if device == "mps":
        return torch.mps.recommended_max_memory() - torch.mps.driver_allocated_memory()
    free = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    table = Path("/proc/meminfo")
    if table.exists():
        free = _numbers(table.read_text())["MemAvailable:"] * 1024
    return min([free, *_left_in_groups()])


def taken_memory() -> int:
    """Bytes of memory that this process has; 0 where the system has no such table (macOS)."""
    table = Path("/proc/self/statm")
    return int(table.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") if table.exists() else 0


# by version of control groups: where they lie, limit, use, and what of it can be given up
_GROUPS = {
    2: ("/sys/fs/cgroup", "memory.max", "memory.current", "inactive_file"),
    1: (
        "/sys/fs/cgroup/memory",
        "memory.limit_in_bytes",
        "memory.usage_in_bytes",
        "total_inactive_file",
    ),
}


def _left_in_groups() -> list[int]:
    """Bytes that the control groups of this process leave it (Linux only)."""
    own = Path("/proc/self/cgroup")
    left = []
    for line in own.read_text().splitlines() if own.exists() else []:
        number, controllers, name = line.split(":", 2)
        if number != "0" and "memory" not in controllers.split(","):
            continue
        root, limit, used, kept = _GROUPS[2 if number == "0" else 1]
        group = Path(root) / name.strip("/")
        for folder in (group, *group.parents):
            if not (folder / limit).exists() or not (folder / used).exists():
                continue
            text = (folder / limit).read_text().strip()
            if text == "max":
                continue
            table = folder / "memory.stat"
            given_up = _numbers(table.read_text()).get(kept, 0) if table.exists() else 0
            left.append(max(0, int(text) - int((folder / used).read_text()) + given_up))
    return left


def _numbers(table: str) -> dict[str, int]:
    """The first number of each line, by the line's first word."""
    lines = (line.split() for line in table.splitlines())
    return {words[0]: int(words[1]) for words in lines if len(words) > 1 and words[1].isdigit()}


def make_fast(device: str) -> None:
    """Let a CUDA device round what is not bf16 to tf32, and try out its ways to convolve.

    The published training is in 32 bit with cuDNN's default, tf32 in convolutions; matrix products
    join them here. Views lose less than half a grey level by it (tests/unit/test_views_dense.py).
    """
    if device == "cuda":
        torch.set_float32_matmul_precision("high")
        torch.backends.cudnn.allow_tf32 = True
        torch.backends.cudnn.benchmark = True  # all batches have one shape
