"""Digests that decide about reruns: of settings, of code that is cheap to rerun, of files."""

from __future__ import annotations

import ast
import functools
import hashlib
import json
import os
import re
import sys
from pathlib import Path
from typing import Any

SCRIPTS = Path(__file__).resolve().parents[1] / "scripts"
KEPT = Path(".snakemake/bilderatlas-code.json")
_MOST = 500


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
    Every job asks for all digests again, so they are kept in ``.snakemake`` as long as no file
    changes.

    Raises:
        FileNotFoundError: a place does not exist.
    """
    files = [file for place in places for file in _files(SCRIPTS / place)]
    key = _state(files)
    if key not in _kept():
        digest = hashlib.sha256()
        for file in files:
            digest.update(_meaning(*file))
        _kept()[key] = digest.hexdigest()[:12]
        _keep()
    return _kept()[key]


def _files(place: Path) -> list[tuple[str, int, int]]:
    """Path, size and time of the files at a place, in their order."""
    paths = [str(place)]
    if place.is_dir():
        below = (os.path.join(root, name) for root, _, names in os.walk(place) for name in names)
        found = (path for path in below if not path.endswith(".pyc") and os.path.isfile(path))
        # by folder, as paths are ordered
        paths = sorted(found, key=lambda path: path.split(os.sep))
    states = ((path, os.stat(path)) for path in paths)
    return [(path, state.st_size, state.st_mtime_ns) for path, state in states]


def _state(files: list[tuple[str, int, int]]) -> str:
    # another Python has other words for the same code
    return hashlib.sha256(repr((sys.version_info[:2], files)).encode()).hexdigest()


@functools.cache
def _kept() -> dict[str, str]:
    """Digests of earlier calls by the state of the files; none where they cannot be read."""
    try:
        found = json.loads(KEPT.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _keep() -> None:
    """Write the digests down, where Snakemake has made its folder; it is no matter if not."""
    temporary = KEPT.with_name(f"{KEPT.name}.{os.getpid()}")
    try:
        # of earlier states only so many: code under work changes all the time
        latest = dict(list(_kept().items())[-_MOST:])
        temporary.write_text(json.dumps(latest), encoding="utf-8")
        os.replace(temporary, KEPT)
    except OSError:
        temporary.unlink(missing_ok=True)


@functools.cache
def _meaning(name: str, size: int, changed: int) -> bytes:
    path = Path(name)
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
    paths = [split, manifest] if crops is None else [split, manifest, crops]
    return _training_list_digest(*(_files(Path(path))[0] for path in paths))


@functools.cache
def _training_list_digest(split, manifest, crops=None) -> str:
    """Of files as they are: path, size and time. All models of a split ask for the same."""
    import csv

    with open(split[0], encoding="utf-8", newline="") as handle:
        training = {row["image_id"] for row in csv.DictReader(handle) if row["part"] == "train"}
    with open(manifest[0], encoding="utf-8", newline="") as handle:
        sums = {row["image_id"]: row["sha256"] for row in csv.DictReader(handle)}
    cuts = {} if crops is None else _cuts(crops[0])
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
