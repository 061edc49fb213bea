"""Digests: they change where a rerun is wanted, and nowhere else."""

import ast
import json
import os
import re

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
def kept(tmp_path, monkeypatch):
    """Where digests are kept between calls; and a way to begin as a new process does."""
    path = tmp_path / "kept.json"
    monkeypatch.setattr(digests, "KEPT", path)

    def begin():
        digests.code_digest.cache_clear()
        digests._kept.cache_clear()
        digests._meaning.cache_clear()

    begin()
    yield path, begin
    begin()


@pytest.fixture
def code(tmp_path, monkeypatch, kept):
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


def test_a_digest_is_kept_while_no_file_changes(code, kept, monkeypatch):
    _, begin = kept
    first = code(MODULE)
    begin()
    with monkeypatch.context() as context:
        context.setattr(digests, "_meaning", None)  # to read a file would fail
        assert digests.code_digest("part") == first
    begin()
    assert code(MODULE.replace("7", "8")) != first
    begin()
    assert code(MODULE) == first


@pytest.mark.parametrize("text", ["", "{", "[1]", '{"a": '])
def test_a_broken_note_of_digests_is_no_matter(code, kept, text):
    path, begin = kept
    first = code(MODULE)
    path.write_text(text, encoding="utf-8")
    begin()
    assert digests.code_digest("part") == first
    begin()
    path.unlink()
    path.mkdir()
    assert digests.code_digest("part") == first


def test_only_the_latest_digests_are_kept(code, kept, monkeypatch):
    path, _ = kept
    monkeypatch.setattr(digests, "_MOST", 3)
    for number in range(5):
        code(MODULE.replace("7", str(number)))
    assert len(json.loads(path.read_text(encoding="utf-8"))) == 3


def test_a_training_list_is_read_anew_when_a_file_changes(tmp_path):
    split, manifest = tmp_path / "split.csv", tmp_path / "manifest.csv"
    split.write_text("image_id,part\na,train\nb,test\n", encoding="utf-8")
    manifest.write_text("image_id,sha256\na,1\nb,2\n", encoding="utf-8")
    first = digests.training_list_digest(split, manifest)
    manifest.write_text("image_id,sha256\na,1\nb,three\n", encoding="utf-8")
    assert digests.training_list_digest(split, manifest) == first
    manifest.write_text("image_id,sha256\na,three\nb,2\n", encoding="utf-8")
    assert digests.training_list_digest(split, manifest) != first


# --- what the rules hand to code_digest

# what no rule has to name: it changes no result
SAYS_NOTHING = {
    "bilderatlas/__init__.py": "the version number",
    "bilderatlas/errors.py": "an exception without a body",
    "bilderatlas/job.py": "logs, threads, versions",
}
# what one rule leaves out, by script: all models hang on groups and splits, small tables of a
# fixed format, and files.py changes for many others
LEFT_OUT = {
    "group_collection.py": {"bilderatlas/files.py"},
    "split_collection.py": {"bilderatlas/files.py"},
}


def digest_lists(rules):
    """The script of each rule with a code digest, and the places that the digest names."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(rules.glob("*.smk"))]
    every = "\n".join(texts)
    shared = {
        name: re.findall(r'"(.+?)"', body)
        for name, body in re.findall(r"^([A-Z_]+) = \(\n(.*?)^\)", every, re.MULTILINE | re.DOTALL)
    }
    pair = re.compile(r"code_digest\(([^)]*)\).*?scripts/(\w+\.py)", re.DOTALL)
    for listed, script in pair.findall(every):
        named = re.findall(r'"(.+?)"|\*(\w+)', listed)
        yield script, [one for place, name in named for one in (shared[name] if name else [place])]


def imported(path, scripts):
    """The files of the package that a file imports, itself or through another, anywhere in it."""
    seen, waiting = set(), [path]
    while waiting:
        names = set()
        for node in ast.walk(ast.parse(waiting.pop().read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                names |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
        parts = [name.split(".") for name in names if name.split(".")[0] == "bilderatlas"]
        # to import a module imports the packages that it lies in
        steps = {"/".join(name[:end]) for name in parts for end in range(1, len(name) + 1)}
        files = {scripts / f"{step}{end}" for step in steps for end in (".py", "/__init__.py")}
        found = {file for file in files if file.exists()} - seen
        seen |= found
        waiting += found
    return seen


def only_words(path):
    """Is there nothing but a docstring in a file?"""
    body = ast.parse(path.read_text(encoding="utf-8")).body
    return all(isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) for node in body)


def test_digests_name_all_that_their_scripts_import(checkout):
    scripts = checkout / "workflow" / "scripts"
    lists = dict(digest_lists(checkout / "workflow" / "rules"))
    assert len(lists) > 15
    missing = {}
    for script, (first, *named) in lists.items():
        assert first == script
        places = [scripts / place for place in named]
        for file in imported(scripts / script, scripts):
            name = file.relative_to(scripts).as_posix()
            if any(place in (file, *file.parents) for place in places) or only_words(file):
                continue
            if name not in SAYS_NOTHING and name not in LEFT_OUT.get(script, ()):
                missing.setdefault(script, set()).add(name)
    assert not missing


def test_digests_leave_out_no_more_than_they_say(checkout):
    """An exception whose reason is gone is to be taken away."""
    scripts = checkout / "workflow" / "scripts"
    for script, names in LEFT_OUT.items():
        assert {scripts / name for name in names} <= imported(scripts / script, scripts)


def test_imports_are_followed(tmp_path):
    for name, text in {
        "script.py": "from bilderatlas.show import page\n",
        "bilderatlas/show/page.py": "def f():\n    from bilderatlas.files import read\n",
        "bilderatlas/show/other.py": "import bilderatlas.job\n",
        "bilderatlas/show/__init__.py": "from bilderatlas import late\n",
        "bilderatlas/late.py": "import numpy\n",
        "bilderatlas/files.py": "from bilderatlas import show\n",
        "bilderatlas/job.py": "",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    found = imported(tmp_path / "script.py", tmp_path)
    found = {path.relative_to(tmp_path).as_posix() for path in found}
    assert found == {
        "bilderatlas/show/page.py", "bilderatlas/show/__init__.py", "bilderatlas/late.py",
        "bilderatlas/files.py",
    }  # fmt: skip


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
