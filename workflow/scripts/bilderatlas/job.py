"""What every script of a rule needs: logging to the rule's log, plain errors, seeds, device.

A script of a rule is a pure function and a last line::

    if "snakemake" in globals():
        job.run(snakemake, main)

where ``main`` takes the ``snakemake`` object, unpacks it and calls the package. Nothing here
imports torch before it is needed: starting a script must stay cheap.
"""

from __future__ import annotations

import errno
import logging
import os
import sys
import warnings
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from bilderatlas.errors import InputError

log = logging.getLogger("bilderatlas")


def run(snakemake: Any, main: Callable[[Any], None]) -> None:
    """Run ``main(snakemake)`` with its log set up; exit 1 with one sentence on an InputError.

    The log file of the rule gets everything, tracebacks included; the terminal gets warnings
    and errors only. A full disk is said in one sentence too.
    """
    _start_log(snakemake.log[0] if snakemake.log else None)
    logging.captureWarnings(True)
    # batches come from memory: workers of their own would only cost time
    warnings.filterwarnings("ignore", message=".*does not have many workers.*")
    # a library's talk with another library
    warnings.filterwarnings("ignore", message=".*isinstance.treespec, LeafSpec.*")
    try:
        main(snakemake)
    except InputError as error:
        log.error("%s", error)
        log.debug("in %s", snakemake.rule, exc_info=True)
        sys.exit(1)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            log.exception("%s failed", snakemake.rule)
            raise
        log.error("The disk is full: free some space and run the same command again.")
        sys.exit(1)
    except BaseException:
        log.exception("%s failed", snakemake.rule)
        raise


def _start_log(path: str | None) -> None:
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    log.setLevel(logging.DEBUG)
    terminal = logging.StreamHandler(sys.stderr)
    terminal.setLevel(logging.WARNING)
    terminal.setFormatter(logging.Formatter("%(levelname)s: %(message)s"))
    root.handlers = [terminal]
    if path:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        into_file = logging.FileHandler(path, mode="w", encoding="utf-8")
        into_file.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        root.addHandler(into_file)


def progress(
    items: Iterable, what: str, total: int | None = None, line: int | None = None
) -> Iterable:
    """``items`` behind a progress bar on the terminal; quiet where nobody looks.

    ``line`` keeps bars of jobs that run side by side apart: each has its own, from 0.
    """
    from tqdm import tqdm

    return tqdm(items, desc=what, total=total, position=line, disable=None, leave=False)


def limit_threads(count: int) -> None:
    """Let torch use the ``threads`` that the scheduler gave this job, not the whole machine."""
    import torch

    torch.set_num_threads(max(1, count))


def versions() -> dict[str, str]:
    """Versions of what decides numbers, for the attributes of a result file."""
    from importlib.metadata import version

    import bilderatlas

    names = ("torch", "torchvision", "numpy")
    return {"bilderatlas": bilderatlas.__version__} | {name: version(name) for name in names}


def quiet_libraries() -> None:
    """Keep chatty libraries out of the terminal (their messages go to the log all the same)."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    logging.getLogger("pytorch_lightning").setLevel(logging.WARNING)
