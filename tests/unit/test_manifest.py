"""The manifest: which files are pictures, what they are called, and pinned collections."""

import hashlib
import unicodedata

import pandas as pd
import pytest

from bilderatlas import files
from bilderatlas.collection.manifest import check_against, list_pictures
from bilderatlas.errors import InputError


def put(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
    return folder


def test_lists_pictures_sorted_with_their_bytes(tmp_path):
    put(tmp_path, "10.jpg", "9.PNG", "deep/er/2.tif", "a.txt", "b.webp", "c.jpeg", "d.tiff")
    put(tmp_path, ".hidden.jpg", ".thumbs/x.jpg", "deep/._2.tif")
    table = list_pictures(tmp_path)
    assert list(table.columns) == list(files.MANIFEST)
    assert list(table["image_id"]) == ["10", "2", "9", "b", "c", "d"]  # as strings
    row = table.set_index("image_id").loc["2"]
    assert row["file"] == (tmp_path / "deep" / "er" / "2.tif").as_posix()
    assert row["bytes"] == len("deep/er/2.tif")
    assert row["sha256"] == hashlib.sha256(b"deep/er/2.tif").hexdigest()


def test_ids_where_stems_repeat(tmp_path):
    put(tmp_path, "one/scan.jpg", "two/scan.jpg", "two/only.jpg", "three/Scan.png")
    assert list(list_pictures(tmp_path)["image_id"]) == [
        "one--scan", "only", "three--Scan", "two--scan",
    ]  # fmt: skip


def test_ids_where_only_the_suffix_differs(tmp_path):
    put(tmp_path, "a/scan.jpg", "a/scan.tif")
    assert list(list_pictures(tmp_path)["image_id"]) == ["a--scan--jpg", "a--scan--tif"]


def test_names_that_cannot_be_told_apart(tmp_path):
    put(tmp_path / "one", "a/x.jpg", "b/x.jpg", "a--x.jpg")
    with pytest.raises(InputError, match="would both be called a--x--jpg: rename"):
        list_pictures(tmp_path / "one")
    put(tmp_path / "two", *(unicodedata.normalize(form, "Käthe.jpg") for form in ("NFC", "NFD")))
    if len(list((tmp_path / "two").iterdir())) == 2:  # not on file systems that normalise
        with pytest.raises(InputError, match="would both be called Käthe--jpg"):
            list_pictures(tmp_path / "two")


def test_ids_are_normalised_and_files_are_not(tmp_path):
    name = unicodedata.normalize("NFD", "Käthe")
    put(tmp_path, name + ".jpg")
    row = list_pictures(tmp_path).iloc[0]
    assert row["image_id"] == unicodedata.normalize("NFC", "Käthe")
    with open(row["file"], "rb") as handle:
        assert hashlib.file_digest(handle, "sha256").hexdigest() == row["sha256"]


def test_links(tmp_path, caplog):
    put(tmp_path, "store/real.jpg", "store/more/other.jpg")
    folder = put(tmp_path / "collection", "own.jpg")
    (folder / "linked.jpg").symlink_to(tmp_path / "store" / "real.jpg")
    (folder / "dead.jpg").symlink_to(tmp_path / "nothing.jpg")
    (folder / "more").symlink_to(tmp_path / "store" / "more")
    assert list(list_pictures(folder)["image_id"]) == ["linked", "own"]
    assert "leads nowhere" in caplog.text and "link to a folder" in caplog.text


def test_no_folder_and_no_picture(tmp_path):
    with pytest.raises(InputError, match="nowhere is not a folder"):
        list_pictures(tmp_path / "nowhere")
    put(tmp_path, "readme.txt")
    with pytest.raises(InputError, match="holds no picture"):
        list_pictures(tmp_path)


def test_check_against_a_pinned_list(tmp_path):
    table = list_pictures(put(tmp_path, "a.jpg", "deep/b.jpg"))
    pinned = pd.DataFrame({"file": ["a.jpg", "b.jpg"], "sha256": list(table["sha256"])})
    assert check_against(table, pinned) == []
    changed = pinned.assign(sha256=[pinned["sha256"][0], "0" * 64])
    assert check_against(table, changed) == [
        "b.jpg has other bytes than the pinned list (sha256 differs)."
    ]
    other = pd.DataFrame({"file": ["a.jpg", "c.jpg"], "sha256": list(pinned["sha256"])})
    assert check_against(table, other) == ["c.jpg is missing.", "b.jpg is not on the pinned list."]
    twice = list_pictures(put(tmp_path, "again/a.jpg"))
    assert "a.jpg is there 2 times." in check_against(twice, pinned)
    with pytest.raises(ValueError, match="twice"):
        check_against(table, pd.concat([pinned, pinned]))
