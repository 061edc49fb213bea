"""Overlays that are no YAML: the file, the line, the mend."""

import importlib.util

import pytest


@pytest.fixture
def tool(checkout):
    spec = importlib.util.spec_from_file_location(
        "check_overlay", checkout / "tools/check_overlay.py"
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"collections:\n\tmine:\n", "line 2 (or just above): 'mine:' is indented by a tab"),
        (b"a:\n  title: {en: my\n  de: x\n", "line 3 (or just above)"),
        (b"a:\n  en: my: collection\n", "'en: my: collection': put a text"),
        (b"", "holds no key"),
        (b"# nothing yet\n", "holds no key"),
        (b"- mine\n", "begins with a list"),
        ("a: 1\n".encode("utf-16"), "is not UTF-8 (byte 0)"),
        ("t: Dürer".encode("latin-1"), "is not UTF-8"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_one_sentence(tool, tmp_path, content, words):
    path = tmp_path / "mine.yaml"
    path.write_bytes(content)
    told = tool.fault(str(path))
    assert words in told and told.startswith(str(path)) and "\n" not in told


def test_shipped_overlays_are_readable(tool, checkout):
    for path in (checkout / "config").glob("*.yaml"):
        assert tool.fault(str(path)) == ""
    assert "cannot be read" in tool.fault("no/such.yaml")
