"""`make desk` reads the settings as the workflow does; `make test` names what it left out."""

import importlib.util
import os
import shutil
import subprocess
import sys

import pytest

from plan import settings


@pytest.fixture
def tool(checkout):
    spec = importlib.util.spec_from_file_location("desk_tool", checkout / "tools" / "desk.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("overlay", ["specimen", "zille-local"])
def test_settings_are_those_that_the_workflow_has(tool, checkout, load_config, overlay):
    read = tool.read_settings([str(checkout / "config" / f"{overlay}.yaml")])
    assert read == settings.check_settings(load_config(overlay))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--collection", "nobody"], "There is no collection 'nobody'"),
        (["--collection", "zille", "--configfile", "none.yaml"], "none.yaml do not exist"),
    ],
)
def test_a_wrong_call_is_one_sentence(tool, capsys, arguments, words):
    assert tool.main(arguments) == 1
    told = capsys.readouterr().err
    assert words in told and told.count("\n") == 1


def test_a_wrong_overlay_is_one_sentence(tool, tmp_path, capsys):
    overlay = tmp_path / "mine.yaml"
    overlay.write_text("collectoins: {}\n")
    assert tool.main(["--collection", "zille", "--configfile", str(overlay)]) == 1
    assert "collectoins" in capsys.readouterr().err
    overlay.write_text("a: [\n")
    assert tool.main(["--collection", "zille", "--configfile", str(overlay)]) == 1
    assert "no YAML" in capsys.readouterr().err


# --- without a browser


@pytest.fixture
def path_without_browser(tmp_path):
    """A PATH on which there is everything but a Chromium."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("sh", "bash", "make", "date", "cat", "rm", "env", "sed", "nproc", "getconf",
                 "dirname", "id"):  # fmt: skip
        if found := shutil.which(name):
            (folder / name).symlink_to(found)
    return folder


@pytest.mark.slow
def test_tests_in_a_browser_are_skipped_and_named(checkout, tmp_path, path_without_browser):
    left_out = tmp_path / "left-out"
    ended = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "tests/browser/test_crops_page.py",
            "-m",
            "not slow",
            "-rs",
        ],
        cwd=checkout,
        env=os.environ | {"PATH": str(path_without_browser), "BILDERATLAS_LEFT_OUT": str(left_out)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "no chromium on the PATH" in ended.stdout and "passed" not in ended.stdout
    names = left_out.read_text().split(", ")
    assert "test_two_clicks_then_space" in names
    assert "test_two_tabs_on_one_picture" not in names  # deselected is not left out
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("missing", [True, False])
def test_the_last_line_of_make_test(checkout, tmp_path, path_without_browser, missing):
    """The Makefile's own words, with stand-ins for the programs that it calls."""
    shutil.copy(checkout / "Makefile", tmp_path)
    programs = tmp_path / ".venv" / "bin"
    programs.mkdir(parents=True)
    (tmp_path / "tools").mkdir()
    (tmp_path / ".cache").mkdir()
    (tmp_path / ".cache" / "left-out").write_text("test_of_a_run_before")
    (tmp_path / "tools" / "setup.sh").write_text("exit 0\n")
    writes = 'printf "test_one, test_two" >"$BILDERATLAS_LEFT_OUT"' if missing else ":"
    for name in ("python", "ruff", "snakefmt"):
        body = f'case "$*" in *pytest*) {writes};; esac' if name == "python" else "exit 0"
        (programs / name).write_text(f"#!/bin/sh\n{body}\n")
        (programs / name).chmod(0o755)
    ended = subprocess.run(
        ["make", "test"],
        cwd=tmp_path,
        env={"PATH": str(path_without_browser), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    last = ended.stdout.splitlines()[-1]
    if missing:
        assert last.endswith("left out (there is no chromium on the PATH): test_one, test_two")
    else:
        assert last.startswith("make test: all passed in ") and "left out" not in last


def test_continuous_integration_fails_without_a_browser(checkout, path_without_browser):
    """Neither chromium nor apt-get: one sentence, and no test is run."""
    ended = subprocess.run(
        ["bash", str(checkout / ".ci" / "run")],
        env={"PATH": str(path_without_browser)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert ended.stderr.startswith(".ci/run: there is no chromium on the PATH")
    assert ended.stdout == ""


def test_continuous_integration_says_where_the_installation_fails(
    checkout, tmp_path, path_without_browser
):
    calls = tmp_path / "calls"
    for name, code in (("apt-get", 100), ("sudo", 1)):
        program = path_without_browser / name
        program.write_text(f'#!/bin/sh\necho {name} "$@" >>"{calls}"\nexit {code}\n')
        program.chmod(0o755)
    ended = subprocess.run(
        ["bash", str(checkout / ".ci" / "run")],
        env={"PATH": str(path_without_browser)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1 and calls.exists()
    assert ended.stderr.splitlines()[-1].startswith(".ci/run: chromium could not be installed")
