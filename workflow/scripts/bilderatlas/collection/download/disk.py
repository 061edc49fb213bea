"""Room on the disk: asked for before the start, and missed in the middle."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

from bilderatlas.errors import InputError


def is_full(error: OSError) -> bool:
    """Whether an error says that the disk, or the user's share of it, is full."""
    return error.errno in (errno.ENOSPC, errno.EDQUOT)


def free_bytes(folder: str | os.PathLike) -> int:
    """What is free where ``folder`` is, or will be made."""
    place = Path(folder).absolute()
    while not place.exists():
        place = place.parent
    return shutil.disk_usage(place).free


def ask_for_room(folder: str | os.PathLike, pictures: int, mean_bytes: float) -> None:
    """Make sure that so many pictures fit before the first of them is fetched.

    Raises:
        InputError: they would not fit.
    """
    needed, free = pictures * mean_bytes, free_bytes(folder)
    if needed > free:
        raise InputError(
            f"{pictures:,} pictures of about {mean_bytes / 1000:.0f} KB need {needed / 1e9:.1f} GB,"
            f" but {folder} has {free / 1e9:.1f} GB free: free some, or make that folder a link to"
            " a larger disk, or correct download.mean_kb in the settings."
        )
