"""Digests: they change where a rerun is wanted, and nowhere else."""

import os

import pytest

from plan import digests

MODULE = '''"""What the module is."""

RECIPE = 3  # raise it

def add(a, b):
    """Add."""
    return a + b  # the sum

class Holder:
    """Holds."""
    number = 7
'''


@pytest.fixture
def code(tmp_path, monkeypatch):
    """The digest of one module's text (or of a file with another suffix)."""
    monkeypatch.setattr(digests, "SCRIPTS", tmp_path)

    def digest(text, name="part/module.py", place="part"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        digests.code_digest.cache_clear()
        return digests.code_digest(place)

    yield digest
    digests.code_digest.cache_clear()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  # the sum", "  # something else"),
        ('"""Add."""', '"""Add two numbers."""'),
        ('    """Holds."""\n', ""),
        ('"""What the module is."""', '"""Other words."""'),
        ("return a + b", "return (a + b)"),
        ("\n\n", "\n\n\n"),
    ],
)
def test_words_about_code_do_not_count(code, old, new):
    assert old in MODULE
    assert code(MODULE) == code(MODULE.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new"), [("7", "8"), ("a + b", "b + a"), ("number", "count"), ("RECIPE = 3", "R = 3")]
)
def test_code_counts(code, old, new):
    assert code(MODULE) != code(MODULE.replace(old, new))


def test_a_text_that_is_a_value_counts(code):
    assert code('X = "a"\n') != code('X = "b"\n')


def test_files_beside_modules_count_as_they_are(code):
    before = code(MODULE)
    with_table = code("a,b\n", "part/labels.csv")
    assert with_table != before
    assert code("a,c\n", "part/labels.csv") != with_table


def test_compiled_files_do_not_count(code):
    before = code(MODULE)
    assert code("bytes", "part/__pycache__/module.cpython-311.pyc") == before


def test_a_single_file_can_be_named_and_a_missing_one_is_an_error(code):
    assert code(MODULE, place="part/module.py") == code(MODULE, place="part")
    with pytest.raises(FileNotFoundError):
        code(MODULE, place="part/none.py")


def test_recipe_versions(code):
    code(MODULE, "bilderatlas/learn/one.py", "bilderatlas")
    assert digests.recipe_version("learn/one") == 3
    code("x = 1\n", "bilderatlas/learn/two.py", "bilderatlas")
    with pytest.raises(ValueError, match="RECIPE"):
        digests.recipe_version("learn/two")


@pytest.mark.parametrize(
    "module",
    ["learn/simclr", "learn/embed", "learn/pixels", "views/chain", "backbones", "data/pack"],
)
def test_what_decides_about_models_has_a_recipe(module):
    assert digests.recipe_version(module) >= 1


def test_settings():
    one = digests.settings_digest({"a": 1, "b": {"c": [1, 2], "d": "ä"}})
    assert len(one) == 12 and set(one) <= set("0123456789abcdef")
    assert one == digests.settings_digest({"b": {"d": "ä", "c": [1, 2]}, "a": 1})
    for other in ({"a": 2}, {"a": 1, "b": {"c": [2, 1], "d": "ä"}}):
        assert one != digests.settings_digest(other)


# --- folders


def test_folder(tmp_path):
    (tmp_path / "in").mkdir()
    first, second = tmp_path / "a.jpg", tmp_path / "in" / "b.jpg"
    first.write_bytes(b"1")
    second.write_bytes(b"22")
    os.utime(second, (1000, 1000))
    before = digests.folder_digest(tmp_path)
    assert digests.folder_digest(tmp_path) == before

    os.utime(second, (1000, 1001))
    touched = digests.folder_digest(tmp_path)
    assert touched != before
    second.write_bytes(b"333")
    os.utime(second, (1000, 1001))
    grown = digests.folder_digest(tmp_path)
    assert grown != touched
    second.rename(tmp_path / "in" / "c.jpg")
    assert digests.folder_digest(tmp_path) != grown
    (tmp_path / "in" / "c.jpg").rename(second)
    assert digests.folder_digest(tmp_path) == grown
    first.unlink()
    assert digests.folder_digest(tmp_path) != grown


def test_a_link_that_points_nowhere_is_no_error(tmp_path):
    before = digests.folder_digest(tmp_path)
    (tmp_path / "gone.jpg").symlink_to(tmp_path / "nothing")
    assert digests.folder_digest(tmp_path) == before


# --- training lists


@pytest.fixture
def listed(tmp_path):
    def digest(split, manifest):
        (tmp_path / "split.csv").write_text(
            "\n".join(["image_id,part", *(f"{name},{part}" for name, part in split)]) + "\n"
        )
        (tmp_path / "manifest.csv").write_text(
            "\n".join(
                [
                    "image_id,file,bytes,sha256",
                    *(f'{name},"a, b/{name}.jpg",9,{sha}' for name, sha in manifest),
                ]
            )
            + "\n"
        )
        return digests.training_list_digest(tmp_path / "split.csv", tmp_path / "manifest.csv")

    return digest


SPLIT = [("1", "train"), ("2", "train"), ("3", "test"), ("4", "validation")]
MANIFEST = [("1", "aa"), ("2", "bb"), ("3", "cc"), ("4", "dd")]


def test_the_order_of_rows_does_not_count(listed):
    assert listed(SPLIT, MANIFEST) == listed(SPLIT[::-1], MANIFEST[::-1])


def test_only_training_pictures_count(listed):
    before = listed(SPLIT, MANIFEST)
    assert listed(SPLIT, [*MANIFEST[:2], ("3", "xx"), ("4", "yy")]) == before
    assert listed([*SPLIT, ("5", "new")], [*MANIFEST, ("5", "ee")]) == before
    assert listed(SPLIT[:2], MANIFEST) == before


def test_training_pictures_and_their_bytes_count(listed):
    before = listed(SPLIT, MANIFEST)
    assert listed(SPLIT, [("1", "xx"), *MANIFEST[1:]]) != before
    assert listed(SPLIT[1:], MANIFEST) != before
    assert listed([*SPLIT[:2], ("3", "train"), SPLIT[3]], MANIFEST) != before
    # two pictures that exchange their bytes
    assert listed(SPLIT, [("1", "bb"), ("2", "aa"), *MANIFEST[2:]]) != before


@pytest.mark.parametrize("missing", ["split.csv", "manifest.csv"])
def test_files_that_are_not_there_yet(listed, tmp_path, missing):
    """Snakemake takes this error as `not yet known`, so it must come through as it is."""
    listed(SPLIT, MANIFEST)
    (tmp_path / missing).unlink()
    with pytest.raises(FileNotFoundError):
        digests.training_list_digest(tmp_path / "split.csv", tmp_path / "manifest.csv")
