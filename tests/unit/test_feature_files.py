"""Files of features: read as they were written, whole or not at all, faults in one sentence."""

import errno
import shutil
from types import SimpleNamespace

import h5py
import numpy as np
import pytest

from bilderatlas.errors import InputError
from bilderatlas.feature_files import (
    ATTRIBUTES,
    full_disk_says_so,
    open_features,
    read_features,
    write_features,
)

SAID = dict.fromkeys(ATTRIBUTES, "") | {
    "shape": [1, 2, 2], "versions": {"torch": "2"}, "seed": 5, "size": 224, "stand_in": True,
}  # fmt: skip
NAMES = ["b", "a", "ü"]
VALUES = np.array([[1, 2, 3, 4], [0.1, 0, 0, 7], [9, 9, 9, 1e-3]], np.float32)


@pytest.fixture
def write(tmp_path):
    def write(values=VALUES, names=NAMES, store="float32", path="features/x.h5", **said):
        blocks = [values[:2], values[2:]]
        write_features(blocks, names, 4, store, SAID | said, tmp_path / path)
        return tmp_path / path

    return write


def test_what_is_written_is_read(write):
    found = read_features(write())
    np.testing.assert_array_equal(found.values, VALUES)
    assert found.values.dtype == np.float32 and found.image_ids == NAMES
    assert found.attributes == SAID
    assert found.rows(["ü", "x", "b"]) == [2, None, 0]


def test_half_the_size(write):
    path = write(store="float16")
    found = read_features(path)
    assert found.values.dtype == np.float16
    np.testing.assert_allclose(found.values, VALUES, rtol=1e-3)


def test_rows_lie_in_chunks_and_are_read_when_asked_for(tmp_path):
    many = np.arange(40 * 30_000, dtype=np.float32).reshape(40, 30_000)
    path = tmp_path / "x.h5"
    write_features([many], [str(n) for n in range(40)], 30_000, "float32", SAID, path)
    with open_features(path) as found:
        assert found.values.chunks == (8, 30_000)  # a megabyte
        np.testing.assert_array_equal(found.values[13], many[13])
    # a fault of whoever uses the file is not taken for one of the file
    with pytest.raises(KeyError, match="of the user"), open_features(path):
        raise KeyError("of the user")


@pytest.mark.parametrize(
    ("bad", "store", "words"),
    [
        (1e5, "float16", "of a are too large for float16: set store: float32"),
        (np.nan, "float32", "of a are not finite"),
        (np.inf, "float16", "of a are not finite"),
    ],
)
def test_numbers_that_are_none(write, tmp_path, bad, store, words):
    values = VALUES.copy()
    values[1, 2] = bad
    with pytest.raises(InputError, match=words):
        write(values, store=store)
    assert list((tmp_path / "features").iterdir()) == []


def test_a_programmers_errors(write):
    with pytest.raises(ValueError, match="3 rows for 2 pictures"):
        write(names=["a", "b"])
    with pytest.raises(ValueError, match="twice"):
        write(names=["a", "b", "a"])
    with pytest.raises(ValueError, match="float64"):
        write(store="float64")
    with pytest.raises(ValueError, match=r"\['colour'\]"):
        write(colour="red")


def test_files_that_are_something_else(tmp_path, write):
    with pytest.raises(InputError, match=r"none\.h5 does not exist"):
        read_features(tmp_path / "none.h5")
    (tmp_path / "text.h5").write_text("no HDF5")
    with pytest.raises(InputError, match=r"text\.h5 is not a file of features .*delete it"):
        read_features(tmp_path / "text.h5")
    path = write()
    with h5py.File(path, "r+") as file:
        del file.attrs["network"]
    with pytest.raises(InputError, match="network"):
        read_features(path)
    path = write()
    with h5py.File(path, "r+") as file:
        del file["image_ids"]
        file["image_ids"] = ["a", "b"]
    with pytest.raises(InputError, match="for 2 pictures"):
        read_features(path)


def test_nothing_is_begun_where_there_is_no_room(write, tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1_000_000))
    with pytest.raises(OSError, match="No space left for 1 MB") as caught:
        write()
    assert caught.value.errno == errno.ENOSPC and list((tmp_path / "features").iterdir()) == []
    monkeypatch.undo()
    assert write().exists()


def test_a_full_disk_is_an_error_that_scripts_know():
    words = "Can't write data (file write failed: errno = 28, error message = 'No space left on d')"
    for error in (OSError(words), RuntimeError(words), OSError(errno.ENOSPC, "full")):
        with pytest.raises(OSError, match="No space") as caught, full_disk_says_so():
            raise error
        assert caught.value.errno == errno.ENOSPC
    with pytest.raises(OSError, match="other"), full_disk_says_so():
        raise OSError("other")
