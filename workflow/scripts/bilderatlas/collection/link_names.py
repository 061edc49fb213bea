"""What linked pictures are called: ids that are file names, and that a picture keeps for good."""

from __future__ import annotations

import hashlib
import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from bilderatlas.collection.download.status import Status
from bilderatlas.collection.manifest import normalise

if TYPE_CHECKING:
    from bilderatlas.collection.links import Wanted

LONGEST_NAME = 80


def name_all(wanted: list[Wanted], status: Status) -> None:
    """Give every picture an id that it keeps: the record's own, else record and file name."""
    taken = {row["image_id"].casefold() for row in status.rows.values() if row.get("image_id")}
    for one in wanted:
        if status.of(one.key).get("image_id"):
            continue
        record = "" if "://" in one.record else _safe(one.record)
        name = _safe(stem_of(one.key))
        longer = record if name == record else "--".join(filter(None, (record, name)))
        image_id = _safe(one.image_id) or longer
        if not image_id or image_id.casefold() in taken:
            digest = hashlib.sha256(one.key.encode("utf-8", "replace")).hexdigest()[:8]
            image_id = "--".join(filter(None, (image_id, digest)))
        taken.add(image_id.casefold())
        status.note(one.key, {"image_id": image_id, "status": "waiting"})


def _safe(name: str) -> str:
    """A name that is a file name on every system."""
    return re.sub(r"[^\w.-]+", "_", normalise(name))[:LONGEST_NAME].strip("._-")


def stem_of(link: str) -> str:
    try:
        path = PurePosixPath(unquote(urlsplit(link).path))
    except ValueError:
        return ""
    return path.stem
