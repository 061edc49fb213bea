"""The workflow from end to end on tiny collections: reruns, kills, bad input."""

import os
import signal
import time

import h5py
import numpy as np
import pandas as pd
import pytest

from bilderatlas.files import METRICS, read_embeddings, read_table
from bilderatlas.models import read_model
from tests.workflow.conftest import trainings

pytestmark = pytest.mark.slow


@pytest.fixture
def finished(tiny):
    """A tiny collection with the rows that decide about reruns, run to the end."""
    table = tiny.folder / "config/studies/simclr.csv"
    rows = table.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = ("experiment,", "0,", "2,", "7,", "7-group,", "pixels,")
    table.write_text("".join(row for row in rows if row.startswith(kept)), encoding="utf-8")
    made = tiny.run("--cores", "2", "--configfile", tiny.tiny)
    assert made.returncode == 0, made.stdout
    return tiny


def test_what_is_due_after_a_change(finished):
    """One finished run, one change after the other; each is taken back before the next."""
    words = ("--configfile", finished.tiny)
    assert finished.due(*words) == {}, "a second call must find nothing due"

    module = "workflow/scripts/bilderatlas/learn/simclr.py"
    finished.edit(module, "RECIPE = 1", "# a comment\nRECIPE = 1")
    assert finished.due(*words) == {}, "a comment in the package"

    finished.edit(module, "RECIPE = 1", "RECIPE = 2")
    assert trainings(finished.due(*words)) == 3, "a raised RECIPE"
    finished.edit(module, "RECIPE = 2", "RECIPE = 1")

    script = "workflow/scripts/train_simclr.py"
    finished.edit(script, '"""One phase', '# a comment\n"""One phase')
    assert trainings(finished.due(*words)) == 0, "a comment in a training script"

    finished.edit("config/studies/simclr.csv", "7,untrained,zille,,zille,published,published,2022",
                  "7,untrained,zille,,zille,published,published,5")  # fmt: skip
    assert trainings(finished.due(*words)) == 1, "one changed row"
    finished.edit("config/studies/simclr.csv", "7,untrained,zille,,zille,published,published,5",
                  "7,untrained,zille,,zille,published,published,2022")  # fmt: skip

    finished.edit(finished.tiny, "fine_tuning:", "fine_tuning:\n        learning_rate: 0.001")
    assert trainings(finished.due(*words)) == 1, "one changed hyper-parameter of fine-tuning"
    finished.edit(finished.tiny, "fine_tuning:\n        learning_rate: 0.001", "fine_tuning:")

    split = "results/tiny/splits/published.csv"
    before = (finished.folder / split).read_text(encoding="utf-8")
    swapped = before.replace("train", "other").replace("test", "train").replace("other", "test")
    (finished.folder / split).write_text(swapped, encoding="utf-8")
    assert trainings(finished.due(*words)) == 2, "another training part"
    (finished.folder / split).write_text(before, encoding="utf-8")

    streamed = {"pictures": "streamed", "compile": True}
    overlay = finished.overlay("device.yaml", {"device": "cpu", "learning": streamed})
    due = finished.due("--configfile", finished.tiny, overlay)
    assert trainings(due) == due.get("embed_simclr", 0) == 0, "another way to compute"

    finished.edit("own/metadata.csv", "(Motiv 3)", "(Motiv drei)")
    due = finished.due(*words)
    assert trainings(due) == 0, "one corrected title"
    assert due["build_catalogue"] == 1
    assert due["draw_neighbours"] == 1
    again = finished.run("--cores", "2", *words)
    assert again.returncode == 0, again.stdout
    assert finished.due(*words) == {}, "after the corrected title"
    found = read_embeddings(finished.folder / "results/tiny/simclr/7/embeddings.h5")
    assert found.attributes["lineage"] == "untrained+tiny.published"
    assert sorted(set(found.part)) == ["test", "train"]
    assert len(found.image_ids) == 24

    parts = pd.read_csv(finished.folder / split, dtype=str).set_index("image_id")["part"]
    one, other = parts.index[parts == "train"][:2]
    picture = finished.folder / f"own/images/{one}.jpg"
    picture.write_bytes((finished.folder / f"own/images/{other}.jpg").read_bytes())
    first = finished.run("--cores", "2", *words)
    assert "have changed in this run" in first.stdout
    assert trainings(finished.due(*words)) >= 1, "a training picture with other bytes"


def test_two_collections_do_not_overwrite_each_other(tiny):
    """The same experiment on another collection trains another model."""
    first = tiny.due("results/tiny/simclr/7/embeddings.h5", "--configfile", tiny.tiny)
    other = tiny.overlay("other.yaml", {"simclr": {"roles": {"zille": "tiny-dew", "dew": "tiny"}}})
    made = tiny.run(
        "-n", "--cores", "1", "results/tiny-dew/simclr/7/embeddings.h5",
        "--configfile", tiny.tiny, other,
    )  # fmt: skip
    assert first["train_simclr"] == 1
    assert "Train untrained+tiny-dew.published" in made.stdout


def test_one_embedding_at_fault_stops_nothing(tiny):
    few = tiny.overlay("few.yaml", {"simclr": {"selected": ["0", "1s", "pixels"]}})
    call = ("--cores", "2", "--configfile", tiny.tiny, few)
    made = tiny.run(*call)
    assert made.returncode == 0, made.stdout[-5_000:]
    base = tiny.folder / "results/tiny/simclr"
    with h5py.File(base / "1s/embeddings.h5", "r+") as store:
        store["embeddings"][3, 1] = np.nan
    made = tiny.run(*call)
    assert made.returncode == 0, made.stdout[-5_000:]
    told = "1s/embeddings.h5 holds values that are not finite in 1 row(s)"
    assert told in made.stdout
    page = (base / "tables/results.md").read_text(encoding="utf-8")
    assert told in page[page.index("What was left out") :]
    measured = read_table(base / "tables/metrics.csv", METRICS)
    assert set(measured["experiment"]) == {"0", "pixels"}
    for name in ("neighbours", "projections", "clusters", "metrics"):
        assert len((base / f"1s/{name}.csv").read_text().splitlines()) == 1, name
        assert len((base / f"0/{name}.csv").read_text().splitlines()) > 1, name
    assert tiny.due("--configfile", tiny.tiny, few) == {}


def kill_in_training(tiny, target, words):
    """Start a training, wait for its first checkpoint, kill everything with SIGKILL."""
    running = tiny.start(target, "--cores", "2", *words)
    checkpoint = (tiny.folder / target).parent / "unfinished" / "last.ckpt"
    until = time.monotonic() + 300
    while not checkpoint.exists():
        assert running.poll() is None, running.communicate()[0]
        assert time.monotonic() < until, "no checkpoint in five minutes"
        time.sleep(0.02)
    os.killpg(running.pid, signal.SIGKILL)
    running.communicate()
    assert not (tiny.folder / target).exists()
    return checkpoint


def test_a_killed_training_goes_on_where_it_stood(tiny):
    longer = tiny.overlay(
        "longer.yaml",
        {
            "precision": "32-true",
            "learning": {"pictures": "streamed"},
            "simclr": {
                "recipes": {"published": {"training": {"epochs": {"default": 12, "zille": 12}}}}
            },
        },
    )
    tiny.edit(
        "workflow/scripts/bilderatlas/learn/fit.py",
        "SECONDS_BETWEEN_SAVES = 5",
        "SECONDS_BETWEEN_SAVES = 0",
    )
    words = ("--configfile", tiny.tiny, longer)
    target = "results/models/untrained+tiny.published/model.ckpt"
    losses = tiny.folder / target.replace("model.ckpt", "losses.csv")

    unbroken = tiny.run(target, "--cores", "2", *words)
    assert unbroken.returncode == 0, unbroken.stdout
    expected = pd.read_csv(losses)
    (tiny.folder / target).unlink()

    checkpoint = kill_in_training(tiny, target, words)
    tiny.run("--unlock", "--cores", "1", *words)
    resumed = tiny.run(target, "--cores", "2", *words)
    assert resumed.returncode == 0, resumed.stdout
    log = (tiny.folder / "logs/train_simclr/untrained+tiny.published.log").read_text()
    assert "Going on from the checkpoint" in log
    found = pd.read_csv(losses)
    assert found["step"].tolist() == expected["step"].tolist()
    assert abs(found["loss"].iloc[-1] - expected["loss"].iloc[-1]) < 1e-3
    assert found["learning_rate"].tolist() == pytest.approx(expected["learning_rate"].tolist())
    assert not checkpoint.parent.exists()
    facts = read_model(tiny.folder / target).made_by
    assert facts["steps"] == len(expected)
    assert facts["pictures"] in ("resident", "streamed") and facts["compile"] is False
    assert "learning" not in facts["settings"]


@pytest.mark.parametrize(
    ("spoil", "target", "words"),
    [
        ("truncate", "results/tiny/pack/grey-64.h5", None),
        ("truncate many", "results/tiny/pack/grey-64.h5", ["of 24 pictures cannot be read"]),
        ("empty", "results/tiny/catalogue.csv", ["own/metadata.csv"]),
        (
            "elsewhere",
            "results/tiny/catalogue.csv",
            ["own/metadata.csv", "The first record is called"],
        ),
        ("batch", "results/models/untrained+tiny.published/model.ckpt", ["4000", "16 pictures"]),
    ],
)
def test_bad_input_is_one_sentence(tiny, spoil, target, words):
    table = tiny.folder / "own/metadata.csv"
    pictures = sorted((tiny.folder / "own/images").glob("*.jpg"))
    overlays = [tiny.tiny]
    if spoil.startswith("truncate"):
        for path in pictures[: 1 if spoil == "truncate" else 3]:
            path.write_bytes(path.read_bytes()[:400])
    elif spoil == "empty":
        table.write_text("", encoding="utf-8")
    elif spoil == "elsewhere":
        tiny.edit("own/metadata.csv", ",10", ",99")
    else:
        sizes = {"published": {"training": {"batch_size": {"default": 4000}}}}
        overlays.append(tiny.overlay("batch.yaml", {"simclr": {"recipes": sizes}}))
    found = tiny.run(target, "--cores", "1", "--configfile", *overlays)
    if words is None:
        assert found.returncode == 0, found.stdout
        assert "1 of 24 pictures of tiny could not be read" in found.stdout
        listed = pd.read_csv(tiny.folder / "results/tiny/pack/grey-64-unreadable.csv", dtype=str)
        assert listed["record"].tolist() == ["1000"]
        return
    assert found.returncode == 1
    errors = [line for line in found.stdout.splitlines() if line.startswith("ERROR: ")]
    assert len(errors) == 1, found.stdout
    for word in words:
        assert word in errors[0]
    assert "Traceback" not in found.stdout


def test_two_rows_of_one_picture_keep_the_first_and_are_listed(tiny):
    tiny.edit("own/metadata.csv", ",1002,", ",1001,")
    made = tiny.run("results/tiny/catalogue.csv", "--cores", "1", "--configfile", tiny.tiny)
    assert made.returncode == 0, made.stdout
    told = pd.read_csv(tiny.folder / "results/tiny/problems.csv", dtype=str, keep_default_na=False)
    assert told["what"].str.contains("1001").any() and (told["record"] == "1002").any()
