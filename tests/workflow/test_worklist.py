"""Prints, groups, leaks and the worklist of a small specimen, without any training."""

import pandas as pd
import pytest

from bilderatlas.files import DUPLICATES, GROUPS, LEAKS, WORKLIST, read_split, read_table
from tests.workflow.conftest import trainings

pytestmark = pytest.mark.slow

MADE = [f"results/drawn/{name}" for name in
        ("leaks.md", "worklist", "figures/prints", "spreadsheet/worklist.csv")]  # fmt: skip


def table(checkout, name, columns):
    return read_table(checkout.folder / f"results/drawn/{name}.csv", columns)


def test_what_is_made_of_prints(checkout):
    settings = {
        "collections": {"drawn": {"source": "specimen", "records": "lido", "count": 60}},
        "language": "de",
        "worklist": {"uncertain": ["Markt*"]},
        "divide": {"largest_group": 0.4},  # one sitting is many of so few
    }
    words = ("--configfile", checkout.overlay("drawn.yaml", settings))
    drawn = checkout.run("--cores", "2", "resources/drawn/truth.csv", *words)
    assert drawn.returncode == 0, drawn.stdout
    # what the rule may miss of so few pictures is said by hand
    truth = pd.read_csv(checkout.folder / "resources/drawn/truth.csv", dtype=str)
    of = truth.groupby("negative")["image_id"].agg(sorted)
    pairs = {tuple(ids) for ids in of if len(ids) == 2}
    assert len(pairs) >= 5
    said = checkout.folder / "resources/drawn/prints.csv"
    lines = [f"{one},{other},print,,,me," for one, other in sorted(pairs)]
    said.write_text("\n".join(["image_a,image_b,relation,mirrored,cut,by,at", *lines, ""]))
    made = checkout.run("--cores", "2", *MADE, *words)
    assert made.returncode == 0, made.stdout
    assert checkout.due(*MADE, *words) == {}
    known = table(checkout, "duplicates", DUPLICATES)
    prints = known[known["relation"] == "print"]
    assert pairs <= set(zip(prints["image_a"], prints["image_b"], strict=True))

    group = table(checkout, "groups", GROUPS).set_index("image_id")["group"]
    for row in prints.itertuples():
        assert group[row.image_a] == group[row.image_b]
    part = read_split(checkout.folder / "results/drawn/splits/group.csv")
    assert part.groupby(group).nunique().max() == 1
    leaks = table(checkout, "leaks", LEAKS).set_index(["split", "kind"])["leaking"]
    assert leaks["group"].max() == 0 and len(leaks) == 9
    text = (checkout.folder / MADE[0]).read_text(encoding="utf-8")
    assert "Dicht: in der Aufteilung `group`" in text
    worklist = table(checkout, "worklist", WORKLIST)
    told = worklist[worklist["note"].str.startswith("Markt")]
    assert set(told["kind"]) == {"title"}
    # a German program takes ids for numbers unless they are texts
    copy = pd.read_csv(checkout.folder / MADE[3], sep=";", encoding="utf-8-sig", dtype=str)
    assert len(copy) == len(worklist)

    # a person joins a training and a test picture: neither group nor split is torn, none trains
    train = group.index[(part == "train") & ~group.duplicated(keep=False)][0]
    test = group.index[(part == "test") & ~group.duplicated(keep=False)][0]
    one, other = sorted((train, test))
    with said.open("a") as handle:
        handle.write(f"{one},{other},print,no,no,me,2026-01-01T00:00:00\n")
    split = ("results/drawn/splits/group.csv", "results/drawn/leaks.md")
    due = checkout.due(*split, *words)
    assert {"list_duplicates", "group_collection", "split_collection", "list_leaks"} <= set(due)
    assert "find_prints" not in due and trainings(due) == 0
    again = checkout.run("--cores", "2", *split, *words)
    assert again.returncode == 0, again.stdout
    assert "share their group with pictures of another part" in again.stdout
    group = table(checkout, "groups", GROUPS).set_index("image_id")["group"]
    now = read_split(checkout.folder / "results/drawn/splits/group.csv")
    assert group[one] == group[other] and now[test] == "new"
    assert now.drop(test).equals(part.drop(test))
    assert now[now != "new"].groupby(group).nunique().max() == 1
    assert (
        table(checkout, "leaks", LEAKS).set_index(["split", "kind"])["leaking"]["group"].max() == 0
    )
