"""Prints in the workflow: found, said otherwise by people, and hardly any work a month later."""

import pandas as pd
import pytest
from PIL import Image

from bilderatlas.files import DUPLICATES, MATCHES, read_table
from tests.prints import reprint, scene

pytestmark = pytest.mark.slow
TARGET = "results/tiny/duplicates.csv"


@pytest.fixture
def archive(checkout):
    """Eight photographs, one of them twice, mirrored; two share title and date."""
    folder = checkout.folder / "own/images"
    folder.mkdir(parents=True)
    pictures = {f"s{number}": scene(number) for number in range(8)}
    pictures["late"] = reprint(pictures["s3"], 1)[:, ::-1]
    for name, picture in pictures.items():
        Image.fromarray(picture).save(folder / f"{name}.jpg", quality=92)
    records = pd.DataFrame({"file": [f"{name}.jpg" for name in pictures], "title": list(pictures)})
    records.loc[:1, "title"] = "Hof"
    records.assign(date="1900").to_csv(checkout.folder / "own/records.csv", index=False)
    checkout.settings = checkout.overlay(
        "prints.yaml",
        {
            "collections": {
                "tiny": {
                    "source": "local", "path": "own/images", "metadata": "own/records.csv",
                    "records": "table",
                    "columns": {"file": "file", "title": "title", "date": "date"},
                }
            },
            "simclr": {"roles": {"zille": "tiny", "dew": "tiny"}},
        },
    )  # fmt: skip
    return checkout


def duplicates(archive):
    made = archive.run("--cores", "2", TARGET, "--configfile", archive.settings)
    assert made.returncode == 0, made.stdout
    table = read_table(archive.folder / TARGET, DUPLICATES)
    return {
        (row.image_a, row.image_b): (row.relation, row.mirrored, row.source)
        for row in table.itertuples()
    }


def test_prints_are_found_and_people_are_heard(archive):
    assert duplicates(archive) == {
        ("late", "s3"): ("print", "yes", "rule"), ("s0", "s1"): ("series", "no", "rule"),
    }  # fmt: skip
    matches = read_table(archive.folder / "results/tiny/matches.csv", MATCHES)
    assert matches["inliers"].tolist()[0] > 50
    assert archive.due(TARGET, "--configfile", archive.settings) == {}

    said = archive.folder / "resources/tiny/prints.csv"
    said.write_text(
        "image_a,image_b,relation,mirrored,cut,by,at\ns3,late,no,,,anna,2026-05-01T10:00:00\n"
        "s4,s2,variant,,,anna,2026-05-01T10:01:00\n"
    )
    # nothing is measured anew
    due = archive.due(TARGET, "--configfile", archive.settings)
    assert due == {"list_duplicates": 1}
    assert duplicates(archive) == {
        ("s0", "s1"): ("series", "no", "rule"), ("s2", "s4"): ("variant", "no", "hand"),
    }  # fmt: skip

    with said.open("a") as handle:
        handle.write("late,s3,undo,,,anna,2026-05-01T10:02:00\n")
    assert duplicates(archive)["late", "s3"] == ("print", "yes", "rule")

    with said.open("a") as handle:
        handle.write("late,s3,zwilling,,,anna,2026-05-01T10:03:00\n")
    failed = archive.run("--cores", "2", TARGET, "--configfile", archive.settings)
    assert failed.returncode != 0
    assert "Line 5 of resources/tiny/prints.csv has the relation 'zwilling'" in failed.stdout
    assert "Traceback" not in failed.stdout


def test_a_network_that_learnt_nothing_may_propose_pairs_and_no_other(archive):
    small = {"network": "resnet18", "weights": "untrained", "size": 64}

    def asked(name):
        return archive.run(
            "--cores", "2", "results/tiny/matches.csv", "--configfile", archive.settings,
            archive.overlay(
                "frozen.yaml",
                {"prints": {"frozen": name}, "features": {"backbones": {"small": small}}},
            ),
        )  # fmt: skip

    trained = asked("7")
    assert trained.returncode == 1 and "Traceback" not in trained.stdout
    assert "prints.frozen names '7': name one of features.backbones (" in trained.stdout
    made = asked("small")
    assert made.returncode == 0, made.stdout
    assert "Extract features of tiny by small" in made.stdout and "train_simclr" not in made.stdout
    matches = read_table(archive.folder / "results/tiny/matches.csv", MATCHES)
    routes = matches.set_index(["image_a", "image_b"])["routes"]
    assert {"hash", "words"} & set(routes["late", "s3"].split())
