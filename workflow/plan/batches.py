"""Is every batch smaller than what it is drawn from? Told before anything is made."""

from __future__ import annotations

import functools

from plan import cost


def too_large(row: dict, settings: dict, recipe: dict, name: str) -> str | None:
    """Why a row cannot be trained: a batch larger than its training part; None where all fit.

    Only collections whose pictures can be counted now are looked at; a training looks again.

    Args:
        row: of the study's table.
        settings: checked settings.
        recipe: the row's recipe, with what it is like.
        name: that of the recipe, for the sentence.
    """
    for phase in ("training", "fine_tuning"):
        if not row[phase]:
            continue
        collection = settings["simclr"]["roles"][row[phase]]
        entry = settings["collections"][collection]
        count = _count(entry["path"], entry["source"], entry.get("count"))
        sizes, part = recipe[phase]["batch_size"], int(settings["divide"]["train"] * count)
        batch = sizes.get(collection, sizes["default"])
        if count and batch > part:
            fits = 1 << max(1, (part // 4).bit_length() - 1)
            return (
                f"A batch of {batch} is larger than the training part of {collection} ({part} of"
                f" {count} pictures): write {phase}: {{batch_size: {{default: {sizes['default']},"
                f" {collection}: {fits}}}}} under simclr.recipes.{name}."
            )
    return None


@functools.cache
def _count(path: str | None, source: str, count: int | None) -> int:
    """Pictures of a collection as far as they are certain; 0 where they are not."""
    if path is None and source not in ("zille", "specimen", "other_world"):
        return 0
    entry = {"path": path, "source": source} | ({} if count is None else {"count": count})
    return cost.pictures(entry)
