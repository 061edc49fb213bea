"""Digests that decide about reruns: of settings, of code that is cheap to rerun, of files."""

from __future__ import annotations

import ast
import functools
import hashlib
import json
import os
import re
from pathlib import Path
from typing import Any

SCRIPTS = Path(__file__).resolve().parents[1] / "scripts"


def settings_digest(settings: Any) -> str:
    """Twelve hex digits of anything that JSON can hold; the order of keys does not matter."""
    text = json.dumps(settings, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def recipe_version(module: str) -> int:
    """The number ``RECIPE`` in a module of the package, read without importing it.

    A method's RECIPE is raised when a loss, view or model changes meaning: that, and not the
    text of the code, decides whether a model must be trained again.
    """
    path = SCRIPTS / "bilderatlas" / f"{module}.py"
    found = re.search(r"^RECIPE = (\d+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    if not found:
        raise ValueError(f"{path} has no line 'RECIPE = <number>'")
    return int(found[1])


@functools.cache
def code_digest(*places: str) -> str:
    """A digest of what the code at ``places`` says: comments and docstrings do not count.

    For rules that are cheap to rerun. A place is a script, a module or a folder of the package,
    relative to ``workflow/scripts``. Templates and tables beside the modules count as they are.

    Raises:
        FileNotFoundError: a place does not exist.
    """
    digest = hashlib.sha256()
    for place in places:
        path = SCRIPTS / place
        below = (file for file in path.rglob("*") if file.is_file() and file.suffix != ".pyc")
        for file in sorted(below) if path.is_dir() else [path]:
            digest.update(_meaning(file))
    return digest.hexdigest()[:12]


def _meaning(path: Path) -> bytes:
    if path.suffix != ".py":
        return path.read_bytes()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if not isinstance(body, list) or not body or not isinstance(body[0], ast.Expr):
            continue
        if isinstance(body[0].value, ast.Constant) and isinstance(body[0].value.value, str):
            del body[0]
    return ast.dump(tree).encode()


def folder_digest(folder: str | os.PathLike) -> str:
    """A digest of the names, sizes and times of the files below a folder (their bytes unread)."""
    entries = []
    for root, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(root, name)
            try:
                state = os.stat(path)
            except OSError:  # a link that points nowhere is reported by the rule, not here
                continue
            entries.append(f"{path}|{state.st_size}|{state.st_mtime_ns}")
    return hashlib.sha256("\n".join(sorted(entries)).encode()).hexdigest()[:12]


def training_list_digest(
    split: str | os.PathLike, manifest: str | os.PathLike, crops: str | os.PathLike | None = None
) -> str:
    """A digest of the training part of a split, of those pictures' bytes and of their crops.

    A model is trained again when its pictures change, not when a split or manifest was merely
    written again. A crop that keeps a picture as it is does not count, so confirming it trains
    nothing.

    Raises:
        FileNotFoundError: one of the files is not there yet.
    """
    import csv

    with open(split, encoding="utf-8", newline="") as handle:
        training = {row["image_id"] for row in csv.DictReader(handle) if row["part"] == "train"}
    with open(manifest, encoding="utf-8", newline="") as handle:
        sums = {row["image_id"]: row["sha256"] for row in csv.DictReader(handle)}
    cuts = {} if crops is None else _cuts(crops)
    lines = sorted(f"{name} {sums.get(name, '')}{cuts.get(name, '')}" for name in training)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12]


def _cuts(crops: str | os.PathLike) -> dict[str, str]:
    """What is kept of the pictures whose crop changes them, by image id."""
    import csv

    with open(crops, encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    kept = {
        row["image_id"]: [row[key] for key in ("left", "top", "right", "bottom", "turn")]
        for row in rows
    }
    whole = {row["image_id"]: ["0", "0", row["width"], row["height"], "0"] for row in rows}
    return {name: " " + " ".join(box) for name, box in kept.items() if box != whole[name]}
