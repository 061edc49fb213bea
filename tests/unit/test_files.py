"""The file formats: whole or not at all, read as they were written, faults in one sentence."""

import os

import numpy as np
import pandas as pd
import pytest

from bilderatlas import files
from bilderatlas.errors import InputError


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def sentence(function, *arguments):
    with pytest.raises(InputError) as caught:
        function(*arguments)
    assert "\n" not in str(caught.value)
    return str(caught.value)


# --- atomic writing


def test_a_file_appears_whole_and_alone(tmp_path):
    path = tmp_path / "new" / "table.csv"
    with files.write_atomically(path) as temporary:
        assert temporary.parent == path.parent and temporary.suffix == ".csv"
        temporary.write_text("half")
        assert not path.exists()
        temporary.write_text("whole")
    assert path.read_text() == "whole"
    assert names(path.parent) == ["table.csv"]


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("old")
    with pytest.raises(KeyError), files.write_atomically(path) as temporary:
        temporary.write_text("half")
        raise KeyError("on the way")
    assert path.read_text() == "old"
    assert names(tmp_path) == ["table.csv"]


def test_a_failure_of_the_rename_leaves_nothing_either(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space"):
        files.write_text("new", tmp_path / "note.txt")
    assert names(tmp_path) == []


def test_a_block_that_writes_nothing_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError), files.write_atomically(tmp_path / "a.csv"):
        pass
    assert names(tmp_path) == []


def test_text_is_utf8(tmp_path):
    files.write_text("Müller – „Köpfe“\n", tmp_path / "note.txt")
    assert (tmp_path / "note.txt").read_bytes() == "Müller – „Köpfe“\n".encode()


# --- tables

AWKWARD = ["007", "NA", "", 'a "quoted", b', "zwei\nZeilen", "ÄÖÜ", " x "]


def test_texts_come_back_as_they_were(tmp_path):
    table = pd.DataFrame({"image_id": AWKWARD, "part": AWKWARD[::-1]})
    path = tmp_path / "split.csv"
    files.write_table(table, path, files.SPLIT)
    found = files.read_table(path, files.SPLIT)
    assert found["image_id"].tolist() == AWKWARD and found["part"].tolist() == AWKWARD[::-1]
    first = path.read_bytes()
    files.write_table(found, path, files.SPLIT)
    assert path.read_bytes() == first and b"\r" not in first


def test_a_carriage_return_in_a_text_makes_no_row(tmp_path):
    table = pd.DataFrame({"image_id": ["1", "2"], "part": ["Berlin\rWestend", "a\r\nb"]})
    files.write_table(table, tmp_path / "a.csv", files.SPLIT)
    found = files.read_table(tmp_path / "a.csv", files.SPLIT)
    assert found["part"].tolist() == ["Berlin\nWestend", "a\nb"]


def test_columns_stand_in_the_formats_order_and_missing_ones_stay_empty(tmp_path):
    table = pd.DataFrame({"sha256": ["ab"], "image_id": ["1"], "bytes": [12]})
    files.write_table(table, tmp_path / "manifest.csv", files.MANIFEST)
    text = (tmp_path / "manifest.csv").read_text()
    assert text == "image_id,file,bytes,sha256\n1,,12,ab\n"
    with pytest.raises(ValueError, match="colour"):
        files.write_table(table.assign(colour=1), tmp_path / "manifest.csv", files.MANIFEST)
    assert (tmp_path / "manifest.csv").read_text() == text


def test_numbers_are_numbers_and_ids_are_not(tmp_path):
    table = pd.DataFrame(
        {"population": "test", "query": ["1", "2"], "rank": [1, 2], "distance": [0.25, np.nan]}
    )
    files.write_table(table.assign(neighbour=["01", "1e3"]), tmp_path / "n.csv", files.NEIGHBOURS)
    found = files.read_table(tmp_path / "n.csv", files.NEIGHBOURS)
    assert found["neighbour"].tolist() == ["01", "1e3"]
    assert found["rank"].tolist() == [1.0, 2.0]
    assert found["distance"].iloc[0] == 0.25 and np.isnan(found["distance"].iloc[1])


def test_faults_of_a_table(tmp_path):
    path = tmp_path / "split.csv"
    assert sentence(files.read_table, path, files.SPLIT) == f"{path} does not exist."
    path.write_text("")
    assert "is empty: it needs a header line image_id,part" in sentence(
        files.read_table, path, files.SPLIT
    )
    path.write_text("image_id,teil\n1,train\n")
    assert "lacks the column(s) part" in sentence(files.read_table, path, files.SPLIT)
    path.write_bytes("image_id,part\nM\xfcller,train\n".encode("latin-1"))
    assert "not a UTF-8 CSV file" in sentence(files.read_table, path, files.SPLIT)
    path.write_text("image_id,part\n1,train\n2,train,3,4\n")
    assert "not a UTF-8 CSV file" in sentence(files.read_table, path, files.SPLIT)


def test_a_split(tmp_path):
    path = tmp_path / "split.csv"
    path.write_text("image_id,part\n010,train\n2,test\n3,validation\n4,new\n")
    assert files.read_split(path).to_dict() == {
        "010": "train", "2": "test", "3": "validation", "4": "new",
    }  # fmt: skip
    path.write_text("image_id,part\n1,train\n2,tset\n")
    assert "part 'tset'; allowed are train, validation, test, new" in sentence(
        files.read_split, path
    )


def test_a_catalogue(tmp_path):
    path = tmp_path / "catalogue.csv"
    table = pd.DataFrame({"image_id": ["02", "1"], "title": ["Hof", "NA"], "width_cm": [12.5, ""]})
    files.write_table(table, path, files.CATALOGUE)
    found = files.read_catalogue(path)
    assert found.index.tolist() == ["02", "1"] and found["image_id"].tolist() == ["02", "1"]
    assert found.loc["1", "title"] == "NA" and found.loc["02", "makers"] == ""
    assert found.loc["02", "width_cm"] == 12.5 and np.isnan(found.loc["1", "width_cm"])
    files.write_table(table.iloc[:0], path, files.CATALOGUE)
    assert "has no rows" in sentence(files.read_catalogue, path)
    files.write_table(table.assign(image_id="9"), path, files.CATALOGUE)
    assert "names the image_id '9' twice" in sentence(files.read_catalogue, path)


# --- embeddings


@pytest.fixture
def embeddings():
    values = np.random.default_rng(0).normal(size=(4, 3)).astype(np.float32)
    attributes = {
        "study": "simclr", "collection": "Köpfe", "seed": 2022, "stand_in": True,
        "versions": {"torch": "2"},
    }  # fmt: skip
    return files.Embeddings(values, ["1", "02", "ä", "4"], ["train", "test"] * 2, attributes)


def test_embeddings_come_back(tmp_path, embeddings):
    path = tmp_path / "embeddings.h5"
    files.write_embeddings(embeddings, path)
    found = files.read_embeddings(path)
    assert found.values.dtype == np.float32
    np.testing.assert_array_equal(found.values, embeddings.values)
    assert (found.image_ids, found.part) == (embeddings.image_ids, embeddings.part)
    assert found.attributes["study"] == "simclr" and found.attributes["collection"] == "Köpfe"
    assert found.attributes["seed"] == 2022 and found.attributes["stand_in"]
    assert found.attributes["versions"] == '{"torch": "2"}'
    assert names(tmp_path) == ["embeddings.h5"]


def test_one_part_of_embeddings(embeddings):
    test = embeddings.select("test")
    assert test.image_ids == ["02", "4"] and test.part == ["test", "test"]
    np.testing.assert_array_equal(test.values, embeddings.values[[1, 3]])
    assert embeddings.select(None) is embeddings
    assert embeddings.select("new").values.shape == (0, 3)


def test_embeddings_that_do_not_fit_are_not_written(tmp_path, embeddings):
    path = tmp_path / "embeddings.h5"
    wrong = [
        files.Embeddings(embeddings.values[:3], embeddings.image_ids, embeddings.part),
        files.Embeddings(embeddings.values, embeddings.image_ids, embeddings.part[:3]),
        files.Embeddings(embeddings.values[0], embeddings.image_ids, embeddings.part),
    ]
    for one in wrong:
        with pytest.raises(ValueError, match="for 4 pictures"):
            files.write_embeddings(one, path)
    embeddings.values[2, 1] = np.nan
    with pytest.raises(ValueError, match="not finite"):
        files.write_embeddings(embeddings, path)
    assert names(tmp_path) == []


def test_faults_of_embeddings(tmp_path):
    path = tmp_path / "embeddings.h5"
    assert sentence(files.read_embeddings, path) == f"{path} does not exist."
    path.write_bytes(b"no hdf5")
    assert "is not an embeddings file" in sentence(files.read_embeddings, path)
    import h5py

    with h5py.File(path, "w") as store:
        store["embeddings"] = np.zeros((2, 2))
    assert "is not an embeddings file" in sentence(files.read_embeddings, path)


def test_large_embeddings_stay_on_the_disk_and_are_the_same(tmp_path, monkeypatch):
    values = np.random.default_rng(0).normal(size=(50, 8)).astype(np.float32)
    made = files.Embeddings(values, [str(n) for n in range(50)], ["train", "test"] * 25)
    files.write_embeddings(made, tmp_path / "embeddings.h5")
    assert not isinstance(files.read_embeddings(tmp_path / "embeddings.h5").values, np.memmap)
    monkeypatch.setattr(files, "_LARGE", values.nbytes)
    found = files.read_embeddings(tmp_path / "embeddings.h5")
    assert isinstance(found.values, np.memmap) and not found.values.flags.writeable
    np.testing.assert_array_equal(found.values, values)
    np.testing.assert_array_equal(found.select("test").values, values[1::2])
    # a file made anew beside it is another one
    files.write_embeddings(
        files.Embeddings(values + 1, made.image_ids, made.part), tmp_path / "embeddings.h5"
    )
    np.testing.assert_array_equal(found.values, values)
