"""A month later: new pictures, corrected titles, withdrawn records; what is due then."""

import re

import pandas as pd
import pytest

from bilderatlas.files import read_embeddings, read_split
from tests.workflow.conftest import draw_tiny, trainings

pytestmark = pytest.mark.slow

TARGETS = (
    "results/tiny/simclr/7/embeddings.h5", "results/tiny/simclr/7-group/embeddings.h5",
    "results/tiny/changes.md",
)  # fmt: skip


def withdraw(checkout, name):
    (checkout.folder / f"own/images/{name}.jpg").unlink()
    table = checkout.folder / "own/metadata.csv"
    rows = table.read_text(encoding="utf-8").splitlines(keepends=True)
    table.write_text("".join(row for row in rows if f",{name}," not in row), encoding="utf-8")


def parts(checkout, split):
    return read_split(checkout.folder / f"results/tiny/splits/{split}.csv")


def test_a_month_later(tiny):
    words = (*TARGETS, "--configfile", tiny.tiny)
    folder = tiny.folder / "own/images"
    draw_tiny(folder, 60)
    first = tiny.run("--cores", "2", *words)
    assert first.returncode == 0, first.stdout
    assert tiny.due(*words) == {}
    before = {split: parts(tiny, split) for split in ("published", "group")}
    assert set(before["published"]) == {"train", "test"}

    # 20 new pictures, 40 corrected titles, a test record withdrawn
    draw_tiny(folder, 80)
    for number in range(20):
        tiny.edit("own/metadata.csv", f"(Motiv {number})", f"(Motiv {number} berichtigt)")
    test_of_both = (before["published"] == "test") & (before["group"] == "test")
    tested = [name for name in before["published"].index[test_of_both] if name >= "1040"]
    withdraw(tiny, tested[0])
    due = tiny.due(*words)
    assert trainings(due) == 0
    assert {"list_pictures", "build_catalogue", "split_collection", "pack_pictures",
            "embed_simclr", "list_changes"} <= set(due)  # fmt: skip
    second = tiny.run("--cores", "2", *words)
    assert second.returncode == 0, second.stdout
    assert "have changed in this run" not in second.stdout
    assert tiny.due(*words) == {}
    for split in ("published", "group"):
        now = parts(tiny, split)
        assert len(now) == 79 and tested[0] not in now
        assert (now == "new").sum() == 20
        kept = now[now != "new"]
        assert kept.equals(before[split].drop(tested[0]))
    found = read_embeddings(tiny.folder / TARGETS[0])
    assert len(found.image_ids) == 79 and found.part.count("new") == 20
    changes = pd.read_csv(tiny.folder / "results/tiny/changes.csv", dtype=str)
    assert changes["kind"].value_counts().to_dict() == {"changed": 40, "new": 20, "withdrawn": 1}
    assert set(changes.loc[changes["kind"] == "changed", "field"]) == {"title"}
    text = (tiny.folder / "results/tiny/changes.md").read_text(encoding="utf-8")
    assert "New: 20, withdrawn: 1, changed: 40 pictures; 60 before, 79 now" in text

    # a record that trains by one split and tests by the other is withdrawn
    now = {split: parts(tiny, split) for split in ("published", "group")}
    mixed = now["published"].index[(now["published"] == "train") & (now["group"] == "test")]
    withdraw(tiny, mixed[0])
    third = tiny.run("--cores", "2", *words)
    assert "training pictures of untrained+tiny.published have changed in this run" in third.stdout
    dry = tiny.run("-n", "--cores", "2", *words)
    assert re.findall(r"(?:Train|Fine-tune) (\S+)", dry.stdout) == ["untrained+tiny.published"]
    last = tiny.run("--cores", "2", *words)
    assert last.returncode == 0, last.stdout
    assert tiny.due(*words) == {}
