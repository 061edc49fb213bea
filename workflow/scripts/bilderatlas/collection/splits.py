"""Splits: which pictures train and which test; made once, written to a file, read by all."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence

import numpy as np
import pandas as pd

log = logging.getLogger("bilderatlas")

# The authors' folder held one file more than the 624 published ones. A name at this place of the
# sorted list (it fell into the training part) reproduces their 188 test pictures exactly; without
# it the random numbers fall differently.
ZILLE_COUNT, ZILLE_EXTRA_AT = 624, 274


def published_split(
    image_ids: Sequence[str], train: float, seed: int, extra_at: int | None = None
) -> pd.Series:
    """The split of the published Zille experiments (cemkozcuer/HZilleXSimCLR).

    The names, sorted as strings, are drawn without replacement in random order, then split by
    scikit-learn: the training part gets floor(``train`` n), the test part the rest.

    Args:
        image_ids: the pictures.
        train: share of the training part.
        seed: of both steps (2022 in the published code).
        extra_at: where an extra name stands that is taken out again afterwards.

    Returns:
        parts (train, test) indexed by image id, sorted as strings.
    """
    from sklearn.model_selection import train_test_split

    names = sorted(image_ids)
    listed = list(names)
    if extra_at is not None:
        listed.insert(extra_at, "")
    # the published code draws from numpy's old global generator; this is its private twin
    drawn = np.random.RandomState(seed).choice(listed, len(listed), replace=False)
    # the test part is what the training part leaves: given as 1 - 0.7, scikit-learn would round
    # 0.30000000000000004 x 240 up to 73 and find one picture too many
    training, test = train_test_split(drawn, shuffle=True, train_size=train, random_state=seed)
    part = dict.fromkeys(test.tolist(), "test") | dict.fromkeys(training.tolist(), "train")
    return _series({name: part.get(name, "train") for name in names})


def random_split(image_ids: Sequence[str], train: float, seed: int) -> pd.Series:
    """A random split that does not depend on anything but the sorted ids and the seed."""
    names = sorted(image_ids)
    order = np.random.default_rng(seed).permutation(len(names))
    training = {names[index] for index in order[: int(train * len(names))]}
    return _series({name: "train" if name in training else "test" for name in names})


def group_split(groups: pd.Series, train: float, seed: int) -> pd.Series:
    """A random split that never tears a group apart.

    Groups go into the test part in the order of a hash of seed and key, as long as they fit into
    its share of the pictures; all others train. The order of a group does not depend on the
    others, so one corrected record moves few pictures across.

    Args:
        groups: group keys indexed by image id.
        train: share of the training part.
        seed: of the order.
    """
    groups = groups.sort_index()
    sizes = groups.value_counts()
    room = len(groups) - int(train * len(groups))
    test = set()
    for key in sorted(sizes.index, key=lambda key: _hash(f"{seed} {key}")):
        if sizes[key] <= room:
            test.add(key)
            room -= sizes[key]
    return _series({name: "test" if key in test else "train" for name, key in groups.items()})


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _series(part: dict[str, str]) -> pd.Series:
    return pd.Series(part, name="part").rename_axis("image_id")
