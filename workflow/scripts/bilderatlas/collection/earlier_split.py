"""A split that stays: pictures keep their part, and those that came later are ``new``.

A split is drawn once for its settings and kept in a file that no rule declares. Twenty pictures
more would move every other to another part, and train all models anew for nothing.
"""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from bilderatlas.errors import InputError
from bilderatlas.files import PARTS, SPLIT, write_text

log = logging.getLogger("bilderatlas")

_MARK = "# drawn with "


def keep_parts(
    names: Sequence[str],
    draw: Callable[[], pd.Series],
    path: Path,
    settings: dict[str, Any],
    groups: pd.Series | None = None,
) -> pd.Series:
    """The parts of pictures: those of the split that was drawn before, ``new`` for later ones.

    The split is drawn where none was kept, where other settings made it, or where it has no
    picture of a training or of a test part left. The file is written then and only then: a
    picture that is withdrawn and comes back has its part again.

    Args:
        names: the ids of the pictures there are now.
        draw: draws the parts of just these pictures, indexed by id.
        path: where the first split is kept.
        settings: what the draw depends on besides the pictures; JSON can hold it.
        groups: group keys by id, for a split that must not tear them. Where a corrected record or
            a print that was found since joins pictures of several parts, those of the training
            part keep it and the others are ``new``; without a training picture, those of the
            test part do. So no training list changes, and no group is torn.

    Returns:
        parts (train, validation, test, new) indexed by id, sorted as strings.

    Raises:
        InputError: the kept file is damaged.
    """
    kept = _read(path, settings)
    if kept is not None:
        part = kept.reindex(sorted(names)).fillna("new")
        part = part if groups is None else _untorn(part, groups, path)
        if not {"train", "test"} <= set(part):
            log.warning("%s has no picture of these any more: the split is drawn anew.", path)
            kept = None
    if kept is None:
        part = draw()
        table = part.reset_index()[list(SPLIT)].to_csv(index=False, lineterminator="\n")
        write_text(f"{_MARK}{json.dumps(settings, sort_keys=True)}\n{table}", path)
    came, gone = (
        int((part == "new").sum()),
        0 if kept is None else len(kept.index.difference(names)),
    )
    if came or gone:
        log.info("%d pictures are new to %s, %d are gone.", came, path, gone)
    if came > len(part) / 2:
        log.warning(
            "%d of %d pictures came after the split was drawn and are in no part: delete %s to"
            " draw it anew, which trains all models on it again.", came, len(part), path,
        )  # fmt: skip
    return part.rename("part").rename_axis("image_id")


def _untorn(part: pd.Series, groups: pd.Series, path: Path) -> pd.Series:
    key = groups.reindex(part.index)
    trained = key.isin(set(key[part == "train"].dropna()))
    tested = key.isin(set(key[part == "test"].dropna()))
    torn = (part.isin(["test", "validation"]) & trained) | ((part == "validation") & tested)
    if torn.any():
        log.warning(
            "%d pictures share their group with pictures of another part since records were"
            " corrected or prints found: they are in no part now, and no model is trained anew."
            " Delete %s to draw the split anew, which trains all models on it again.",
            int(torn.sum()), path,
        )  # fmt: skip
    return part.mask(torn, "new")


def _read(path: Path, settings: dict[str, Any]) -> pd.Series | None:
    """The kept parts; None where there are none, or other settings made them."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError):
        text = ""
    mend = f"{path} is damaged: delete it, and the split is drawn anew (all models on it too)."
    head, _, rows = text.partition("\n")
    try:
        made_by = json.loads(head.removeprefix(_MARK))
        table = pd.read_csv(io.StringIO(rows), dtype=str, keep_default_na=False)
    except ValueError:  # also pandas' own errors
        raise InputError(mend) from None
    if list(table.columns) != list(SPLIT) or not set(table["part"]) <= set(PARTS):
        raise InputError(mend)
    if table["image_id"].duplicated().any():
        raise InputError(mend)
    if made_by != json.loads(json.dumps(settings)):
        log.warning("The split was drawn with other settings: it is drawn anew.")
        return None
    return table.set_index("image_id")["part"]
