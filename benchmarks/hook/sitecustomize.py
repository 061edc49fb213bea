"""Loaded by every Python that has this folder on PYTHONPATH: notes what a rule's script costs.

Adds up the time of the outermost import statements, and at the end writes one JSON file a process
into the folder ``BILDERATLAS_TOLD``. Processes that run no script of a rule write nothing.
"""

import atexit
import builtins
import importlib
import json
import os
import sys
import threading
import time

_started = time.perf_counter()
_here = threading.local()
_spent = [0.0]
# of getrusage: bytes on a Mac, else kilobytes
_UNIT = 2**20 if sys.platform == "darwin" else 2**10


def _timed(function):
    def timed(*arguments, **named):
        if getattr(_here, "inside", False):
            return function(*arguments, **named)
        _here.inside = True
        began = time.perf_counter()
        try:
            return function(*arguments, **named)
        finally:
            _here.inside = False
            _spent[0] += time.perf_counter() - began

    return timed


def _script():
    """The name of the rule's script that this process runs, or None."""
    first = getattr(sys, "argv", [""])[0]
    folder, name = os.path.split(first)
    if not folder.endswith(os.path.join(".snakemake", "scripts")):
        return None
    # Snakemake copies a script to tmp<letters>.<name>.py
    return name.split(".", 1)[1].removesuffix(".py")


def _most_memory(own):
    """Megabytes this process had at most."""
    try:
        with open("/proc/self/status", encoding="utf-8") as handle:
            told = next(line for line in handle if line.startswith("VmHWM"))
        # what getrusage says begins with the memory of the process that started this one
        return int(told.split()[1]) / 2**10
    except (OSError, StopIteration):
        return own.ru_maxrss / _UNIT


def _tell():
    script = _script()
    if script is None:
        return
    import resource

    own, children = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    told = {
        "script": script,
        "importing_s": _spent[0],
        "seconds": time.perf_counter() - _started,
        "cpu_s": own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime,
        "memory_mb": max(_most_memory(own), children.ru_maxrss / _UNIT),
    }
    path = os.path.join(os.environ["BILDERATLAS_TOLD"], f"{script}-{os.getpid()}.json")
    with open(path, "w", encoding="utf-8") as handle:
        json.dump(told, handle)


if os.environ.get("BILDERATLAS_TOLD"):
    builtins.__import__ = _timed(builtins.__import__)
    importlib.import_module = _timed(importlib.import_module)
    atexit.register(_tell)
