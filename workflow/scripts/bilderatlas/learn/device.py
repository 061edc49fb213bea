"""Which device computes, and in which precision."""

from __future__ import annotations

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
