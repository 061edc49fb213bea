"""Set-up: one list of packages in three files, a lock that is current, a script that says why."""

import ast
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCK = (ROOT / "requirements.txt").read_text(encoding="utf-8")

CONDA_NAMES = {  # where conda-forge calls a package otherwise
    "opencv-python-headless": "opencv",
    "playwright": "playwright-python",
    "torch": "pytorch",
}
IMPORT_NAMES = {
    "opencv-python-headless": "cv2",
    "pillow": "PIL",
    "pytorch-lightning": "pytorch_lightning",
    "pyyaml": "yaml",
    "scikit-learn": "sklearn",
    "umap-learn": "umap",
}
# What tests may use of what others bring: scikit-learn stands on scipy, pytest on packaging.
BROUGHT_ALONG = ("packaging", "scipy")
OWN = {"bilderatlas", "plan", "workflow", "tests", "conftest", "benchmarks"}
# Platforms and Pythons that the house is promised for: Linux and Apple's own processors.
ENVIRONMENTS = [
    {
        "python_version": python,
        "python_full_version": f"{python}.4",
        "sys_platform": system,
        "platform_system": system.capitalize(),
        "platform_machine": machine,
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "os_name": "posix",
    }
    for python in ("3.11", "3.12", "3.13")
    for system, machine in (("linux", "x86_64"), ("linux", "aarch64"), ("darwin", "arm64"))
]


def load_tool(name: str):
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def declared() -> dict[str, Requirement]:
    extras = PROJECT["optional-dependencies"].values()
    texts = [*PROJECT["dependencies"], *(text for extra in extras for text in extra)]
    requirements = [Requirement(text) for text in texts]
    return {requirement.name: requirement for requirement in requirements}


def pins(text: str) -> list[tuple[Requirement, list[str]]]:
    """(requirement, its hashes) for each entry of a lock; anything else in it raises."""
    entries = []
    for entry in text.replace("\\\n", " ").splitlines():
        if entry.startswith("#"):
            continue
        words, *hashes = entry.split("--hash=")
        entries.append((Requirement(words.strip()), [digest.strip() for digest in hashes]))
    return entries


def test_every_dependency_has_a_floor_and_stands_once():
    texts = [
        *PROJECT["dependencies"],
        *(text for extra in PROJECT["optional-dependencies"].values() for text in extra),
    ]
    assert len(texts) == len(declared())
    for requirement in declared().values():
        assert [part.operator for part in requirement.specifier] == [">="], requirement


def test_environment_names_the_same_packages_and_floors():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    assert environment["channels"] == ["conda-forge", "bioconda", "nodefaults"]
    conda = [Requirement(text) for text in environment["dependencies"]]
    named = {requirement.name: requirement.specifier for requirement in conda}
    assert len(named) == len(conda)
    assert named.pop("python") == SpecifierSet(PROJECT["requires-python"])
    assert named == {
        CONDA_NAMES.get(name, name): requirement.specifier
        for name, requirement in declared().items()
    }


def imported(path: Path) -> set[str]:
    """Top-level modules that a file imports."""
    modules = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            modules |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            modules.add(node.module.split(".")[0])
    return modules


@pytest.mark.parametrize("folder", ["workflow", "tools", "tests", "benchmarks"])
def test_every_import_is_of_a_declared_package(folder):
    known = {IMPORT_NAMES.get(name, name) for name in declared()} | OWN | sys.stdlib_module_names
    if folder != "workflow":
        known |= {path.stem for path in (ROOT / "tools").glob("*.py")}
    if folder == "tests":
        known |= set(BROUGHT_ALONG) | {
            path.stem for path in (ROOT / "workflow/scripts").glob("*.py")
        }
    foreign = {
        str(path.relative_to(ROOT)): unknown
        for path in (ROOT / folder).rglob("*.py")
        if (unknown := imported(path) - known)
    }
    assert foreign == {}


def test_lock_is_current():
    first = LOCK.splitlines()[0]
    pyproject = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert first == load_tool("lock_digest").lock_line(pyproject), "run `make lock`"


def test_lock_line_follows_the_dependencies_and_nothing_else():
    lock_line = load_tool("lock_digest").lock_line
    project = """
[project]
requires-python = ">=3.11"
dependencies = ["numpy>=2.1", "torch>=2.9"]
[project.optional-dependencies]
dev = ["pytest>=8", "ruff>=0.9"]
"""
    line = lock_line(project)
    assert re.fullmatch(r"# pyproject\.toml dependencies sha256:[0-9a-f]{64}", line)
    assert lock_line(project + "[tool.ruff]\nline-length = 90\n") == line
    assert (
        lock_line(project.replace('"numpy>=2.1", "torch>=2.9"', '"torch>=2.9", "numpy>=2.1"'))
        == line
    )
    for old, new in [
        ("2.9", "2.10"),
        (">=3.11", ">=3.12"),
        ("ruff>=0.9", "ruff>=1"),
        ("dev", "docs"),
    ]:
        assert lock_line(project.replace(old, new)) != line, old


@pytest.mark.parametrize("name", ["requirements.txt", "tools/uv.txt"])
def test_lock_holds_pins_with_hashes_and_no_place(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    entries = pins(text)
    assert entries
    for requirement, hashes in entries:
        assert [part.operator for part in requirement.specifier] == ["=="], requirement
        assert requirement.url is None
        assert hashes, f"{requirement} has no hash"
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", digest) for digest in hashes), requirement
    body = re.sub(r"--hash=sha256:[0-9a-f]{64}", "", text)
    for forbidden in ("://", "--", " @ ", "file:", "/", "-e ", "-r ", "-c "):
        assert forbidden not in body.replace("# pyproject.toml", ""), forbidden


@pytest.mark.parametrize(
    "environment",
    ENVIRONMENTS,
    ids=lambda e: f"{e['python_version']}-{e['sys_platform']}-{e['platform_machine']}",
)
def test_lock_pins_every_dependency_once_on_each_platform(environment):
    chosen = {}
    for requirement, _ in pins(LOCK):
        if requirement.marker is None or requirement.marker.evaluate(environment):
            assert requirement.name not in chosen, f"{requirement.name} is pinned twice"
            chosen[requirement.name] = next(iter(requirement.specifier)).version
    for name, requirement in declared().items():
        assert requirement.specifier.contains(chosen[name]), f"{name} {chosen[name]}"


def test_workflow_lint_drops_the_decided_advice_alone():
    remaining = load_tool("lint_workflow").remaining
    report = """Config file config/config.yaml is extended.
Lints for snakefile /somewhere/Snakefile:
    * Absolute path "/data/x.txt" in line 2:
      Do not define absolute paths.
Lints for rule fit (line 9, /somewhere/Snakefile):
    * Specify a conda environment or container for each rule.:
      This way, the used software is documented.
    * No log directive defined:
      Without a log directive, all output will be printed.
"""
    assert remaining(report) == [
        'snakefile /somewhere/Snakefile: Absolute path "/data/x.txt" in line 2',
        "rule fit (line 9, /somewhere/Snakefile): No log directive defined",
    ]
    assert remaining("Congratulations, your workflow is in a good condition!") == []


# --- tools/setup.sh, in a copy where programs are played by scripts of three lines


class Desk:
    """A checkout with a PATH of its own."""

    def __init__(self, folder: Path):
        self.root = (folder / "a checkout").resolve()
        self.bin = folder / "bin"
        (self.root / "tools").mkdir(parents=True)
        self.bin.mkdir()
        shutil.copy(ROOT / "tools" / "setup.sh", self.root / "tools")
        (self.root / "requirements.txt").write_text("pillow==12.0\n")
        (self.root / "tools" / "uv.txt").write_text("uv==1.0\n")
        for name in ("sh", "cat", "cksum", "date", "dirname", "mkdir", "rm"):
            (self.bin / name).symlink_to(shutil.which(name))

    def program(self, name: str, body: str) -> None:
        path = self.bin / name
        path.write_text(f"#!/bin/sh\necho {name} $* >>'{self.root}/calls'\n{body}\n")
        path.chmod(0o755)

    def python(self) -> None:
        """A Python that answers questions, but whose pip and venv fail: no test may install."""
        answers = f'[ "$1" = -m ] && exit 1\nexec "{sys.executable}" "$@"'
        self.program("python3", f'case "$2" in *executable*) echo "$0"; exit 0;; esac\n{answers}')

    def uv(self) -> None:
        """A uv that makes an environment of one link."""
        (self.bin / "ln").symlink_to(shutil.which("ln"))
        link = f'ln -s "{sys.executable}" .venv/bin/python'
        self.program("uv", f'[ "$1" = venv ] && {{ mkdir -p .venv/bin; {link}; }}\nexit 0')

    def set_up(self, **variables: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            ["sh", str(self.root / "tools" / "setup.sh")],
            env={"PATH": str(self.bin), "HOME": str(self.bin), **variables},
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def stamp(self) -> Path:
        return self.root / ".venv" / ".complete"

    def calls(self) -> list[str]:
        path = self.root / "calls"
        return path.read_text().splitlines() if path.exists() else []


@pytest.fixture
def desk(tmp_path) -> Desk:
    return Desk(tmp_path)


def test_setup_without_a_suitable_python_is_one_sentence(desk):
    desk.program("python3.12", "exit 127")  # a version manager's stand-in for what is not there
    ended = desk.set_up()
    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1
    assert "no Python 3.11, 3.12 or 3.13 found on the PATH" in ended.stderr
    assert not desk.stamp.exists()


def test_setup_with_a_wrong_python_named_says_so(desk):
    desk.program("python2", "exit 1")
    ended = desk.set_up(PYTHON="python2")
    assert ended.returncode == 1
    assert "PYTHON=python2 is no Python 3.11, 3.12 or 3.13" in ended.stderr


def test_setup_runs_once_then_again_where_the_lock_or_the_place_changed(desk):
    desk.python()
    desk.uv()
    assert desk.set_up().returncode == 0
    syncs = [call for call in desk.calls() if call.startswith("uv pip sync")]
    assert len(syncs) == 1 and "--require-hashes" in syncs[0]

    done = len(desk.calls())
    again = desk.set_up()
    assert again.returncode == 0 and again.stderr == ""
    assert len(desk.calls()) == done

    (desk.root / "requirements.txt").write_text("pillow==12.1\n")
    assert "is ready" in desk.set_up().stderr
    desk.root = desk.root.rename(desk.root.with_name("moved"))
    assert "is ready" in desk.set_up().stderr
    assert desk.set_up().stderr == ""


def test_setup_that_was_killed_is_made_anew(desk):
    desk.python()
    desk.uv()
    whole = (desk.bin / "uv").read_text()
    (desk.bin / "uv").write_text(whole.replace("exit 0", '[ "$1" = pip ] && kill -9 $PPID\nexit 0'))
    assert desk.set_up().returncode == -9
    assert (desk.root / ".venv" / "bin" / "python").exists() and not desk.stamp.exists()
    (desk.root / ".venv" / "half").touch()
    (desk.bin / "uv").write_text(whole)
    assert "is ready" in desk.set_up().stderr
    assert desk.stamp.exists() and not (desk.root / ".venv" / "half").exists()


def test_setup_that_fails_leaves_no_stamp_and_says_what_it_needs(desk):
    desk.python()
    desk.program("uv", '[ "$1" = --version ]')
    ended = desk.set_up()
    assert ended.returncode == 1
    assert not desk.stamp.exists()
    tried = " | ".join(desk.calls())
    assert "uv venv" in tried and "python3 -m pip" in tried and "python3 -m venv" in tried
    assert ended.stderr.splitlines()[-1].startswith("set-up: the packages could not be installed")


def test_setup_keeps_the_cache_in_the_checkout_where_there_is_no_home(desk):
    desk.python()
    desk.uv()
    (desk.bin / "uv").write_text(
        (desk.bin / "uv").read_text().replace("exit 0", 'echo "cache=$UV_CACHE_DIR" >&2; exit 0')
    )
    ended = desk.set_up(HOME=os.devnull + "/none")
    assert f"cache={desk.root}/.cache/uv" in ended.stderr
    assert (desk.root / ".cache" / ".gitignore").read_text() == "*\n"
