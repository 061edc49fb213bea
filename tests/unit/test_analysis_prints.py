"""Exact prints: by hand, against the correlation, over blocks; and the real photographs."""

import itertools
from pathlib import Path

import numpy as np
import pytest

from bilderatlas.analysis import prints as module
from bilderatlas.analysis.prints import exact_prints, sought
from bilderatlas.analysis.retrieval import retrieval
from bilderatlas.collection.negatives import pairs_within
from bilderatlas.data.pack import Pack
from bilderatlas.errors import InputError
from bilderatlas.learn.pixels import embed_pixels
from tests.unit.test_negatives import pairs

REAL = Path(__file__).parents[2] / ".." / "shared" / "data" / "zille" / "images"


def unit(rows):
    rows = np.asarray(rows, dtype=np.float64)
    rows = rows - rows.mean(axis=1, keepdims=True)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.fixture
def thumbnails():
    generator = np.random.default_rng(0)
    rows = generator.normal(size=(12, 256))
    rows[7] = 2 * rows[3] + 40  # darker and flatter, one negative
    rows[9] = rows[3] + 0.2 * generator.normal(size=256)
    rows[1] = -rows[5]  # its negative is no print of it
    return rows


def test_as_the_correlation_says(thumbnails, monkeypatch):
    ids = [f"p{number}" for number in range(12)][::-1]
    expected = sorted(
        tuple(sorted((ids[one], ids[other])))
        for one, other in itertools.combinations(range(12), 2)
        if np.corrcoef(thumbnails[one], thumbnails[other])[0, 1] > 0.95
    )
    assert len(expected) == 3
    assert exact_prints(unit(thumbnails), ids) == expected
    monkeypatch.setattr(module, "_BLOCK", 30)
    assert exact_prints(unit(thumbnails), ids) == expected
    assert len(exact_prints(unit(thumbnails), ids, floor=0.9999)) == 1


def test_even_tones_are_prints_of_nothing():
    rows = np.zeros((3, 16))
    assert exact_prints(rows, list("abc")) == []
    assert exact_prints(np.empty((0, 16)), []) == []


def test_what_is_no_thumbnail_is_refused(thumbnails):
    ids = [str(number) for number in range(12)]
    with pytest.raises(InputError, match="embed_pixels"):
        exact_prints(thumbnails, ids)
    with pytest.raises(InputError, match="embed_pixels"):
        exact_prints(np.eye(12), ids)  # of length 1, but with a mean
    with pytest.raises(InputError, match="not finite"):
        exact_prints(thumbnails * np.nan, ids)


def test_the_control_pixels_makes_such_thumbnails():
    picture = np.random.default_rng(1).integers(0, 256, (40, 30), dtype=np.uint8)
    brighter = (picture // 2 + 100).astype(np.uint8)
    pixels = np.concatenate([picture.ravel(), brighter.ravel(), picture.T.ravel()])
    sizes = np.array([[40, 30], [40, 30], [30, 40]])
    pack = Pack(pixels, np.array([0, 1200, 2400, 3600]), sizes, list("abc"), "grey")
    assert exact_prints(embed_pixels(pack), pack.image_ids) == [("a", "b")]


def test_pairs_of_the_real_photographs():
    if not REAL.exists():
        pytest.skip("the real photographs are not beside the checkout")
    from PIL import Image

    rows = []
    paths = sorted(REAL.glob("*.jpg"))
    for path in paths:
        with Image.open(path) as picture:
            picture.draft("L", (64, 64))
            small = picture.convert("L").resize((16, 16), Image.Resampling.BILINEAR)
        rows.append(np.asarray(small, dtype=np.float64).ravel())
    found = exact_prints(unit(rows), [path.stem for path in paths])
    assert len(paths) == 624
    assert len(found) == pytest.approx(45, abs=2)


def test_prints_are_sought_by_what_sets_them_apart():
    """1 and 2 are mirrored, 3 is a part of 1, 4 the file of 1; 5 and 6 are alike."""
    found = pairs_within(
        pairs(
            ("1", "2", "print", "yes", "no", ""), ("1", "3", "print", "no", "yes", ""),
            ("1", "4", "same_file", "no", "no", ""), ("5", "6", "print", "no", "no", ""),
            ("6", "7", "variant", "no", "no", ""),
        ),
        list("1234567"),
    )  # fmt: skip
    every = {("1", "2"), ("1", "3"), ("2", "3"), ("2", "4"), ("3", "4"), ("5", "6")}
    expected = {
        "all": every,
        "mirrored": {("1", "2"), ("2", "3"), ("2", "4")},
        "cut": {("1", "3"), ("2", "3"), ("3", "4")},
        "plain": {("5", "6")},
    }
    for kind, asked in expected.items():
        negatives, passed = sought(found, kind)
        assert set(negatives.index) == {name for pair in asked for name in pair}
        assert set(passed) == (every | {("1", "4")}) - asked, kind
        assert negatives.index.is_unique
    # the wrong side of a mirrored print is neither found nor in the way: 2 asks for 1, 3 and 4,
    # and they for 2 alone
    negatives, passed = sought(found, "mirrored")
    place = np.array([[0.0], [10], [1], [2], [30], [30.1], [30.2]])
    scores = retrieval(place, list("1234567"), negatives, passed)
    assert scores["relevant"].to_dict() == {"1": 1, "2": 3, "3": 1, "4": 1}
    assert scores["average_precision"].tolist() == [1, 1, 1, 1]
