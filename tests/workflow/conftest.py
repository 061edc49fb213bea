"""A checkout of its own for every test that runs the workflow."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("Snakefile", "workflow", "config", "profiles")


class Checkout:
    """A copy of the workflow in an empty folder, and `snakemake` run in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        for name in PARTS:
            source = ROOT / name
            if source.is_dir():
                ignored = shutil.ignore_patterns("__pycache__", ".*")
                shutil.copytree(source, folder / name, ignore=ignored)
            else:
                shutil.copy(source, folder / name)

    def start(self, *words: str) -> subprocess.Popen:
        """Start snakemake in the background, in a process group of its own."""
        environment = dict(os.environ, XDG_CACHE_HOME=str(self.folder / ".cache"))
        return subprocess.Popen(
            [sys.executable, "-m", "snakemake", *words],
            cwd=self.folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def run(self, *words: str) -> subprocess.CompletedProcess:
        """Run snakemake to its end; its output, both streams, is in ``stdout``."""
        process = self.start(*words)
        output, _ = process.communicate()
        return subprocess.CompletedProcess(words, process.returncode, output, None)

    def due(self, *words: str) -> dict[str, int]:
        """The jobs that a dry run finds due, by rule."""
        found = self.run("-n", "--cores", "2", *words)
        assert found.returncode == 0, found.stdout
        if "Nothing to be done" in found.stdout:
            return {}
        table = found.stdout.split("Job stats:", 1)[1].split("total", 1)[0]
        rows = [line.split() for line in table.splitlines()]
        return {row[0]: int(row[1]) for row in rows if len(row) == 2 and row[1].isdigit()}

    def overlay(self, name: str, settings: dict) -> str:
        """Write an overlay of the configuration; its path, for --configfile."""
        path = self.folder / "config" / name
        path.write_text(yaml.safe_dump(settings), encoding="utf-8")
        return f"config/{name}"

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace a text that must stand in a file."""
        path = self.folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{name} does not hold {old!r}"
        path.write_text(text.replace(old, new), encoding="utf-8")


def trainings(due: dict[str, int]) -> int:
    """How many trainings and fine-tunings are among the jobs."""
    return sum(count for rule, count in due.items() if rule.startswith(("train_", "finetune_")))


@pytest.fixture
def checkout(tmp_path):
    return Checkout(tmp_path / "checkout")


def draw_tiny(folder: Path, count: int = 24, seed: int = 0) -> Path:
    """A folder of small noisy JPEGs and a CSV in the published layout; the CSV's path."""
    import numpy as np
    from PIL import Image

    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(seed)
    lines = [",id,title,date,author,technique,measurement_1"]
    for number in range(count):
        tone = rng.integers(40, 200)
        array = (tone + 40 * rng.standard_normal((9, 12, 1))).clip(0, 255).astype(np.uint8)
        picture = Image.fromarray(array.repeat(3, axis=2)).resize((96, 72))
        picture.save(folder / f"{1000 + number}.jpg", quality=90)
        author = "Unbekannter Fotograf" if number % 4 == 0 else "Zeichner, Anton (1858-1929)"
        size = "Bildmaß:  9,0x12,0 cm"
        title = f"Ohne Titel (Motiv {number // 2})"
        lines.append(
            f'{number},{1000 + number},{title},Sommer {1890 + number // 2},"{author}",'
            f'Silbergelatinepapier,"{size}"'
        )
    table = folder.parent / "metadata.csv"
    table.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return table


@pytest.fixture
def tiny(checkout):
    """A checkout with two tiny local collections and an overlay that trains in seconds."""
    draw_tiny(checkout.folder / "own" / "images")
    draw_tiny(checkout.folder / "other" / "images", 30, seed=1)
    sizes = {"default": 8}
    checkout.tiny = checkout.overlay(
        "tiny.yaml",
        {
            "collections": {
                "tiny": {
                    "source": "local",
                    "path": "own/images",
                    "metadata": "own/metadata.csv",
                    "records": "published_csv",
                },
                "tiny-dew": {"source": "local", "path": "other/images"},
            },
            "pack": {"side": 64},
            "weights": {"standin": {"source": "stand_in", "steps": 2}},
            "simclr": {
                "roles": {"zille": "tiny", "dew": "tiny-dew", "pretrained": "standin"},
                "size": 32,
                "recipes": {
                    "published": {
                        "training": {
                            "epochs": {"default": 2, "zille": 2},
                            "batch_size": {**sizes, "zille": 8},
                        },
                        "fine_tuning": {"epochs": {"default": 2}, "batch_size": sizes},
                    }
                },
                "neighbours": {"queries": [], "seeded": 2, "k": 5},
            },
        },
    )
    return checkout
