"""Tables for people: what is withheld, what has changed, copies for a spreadsheet program."""

import pandas as pd

from bilderatlas.files import read_table
from tests.workflow.conftest import draw_tiny

COPIES = ("catalogue", "records", "problems", "unmatched", "orientation", "changes", "withheld")
MADE = ["results/own/changes.md", "results/own/withheld.csv"]
MADE += [f"results/own/spreadsheet/{name}.csv" for name in COPIES]


def test_tables_for_people(checkout):
    draw_tiny(checkout.folder / "own/images", 3)
    rows = ["datei;titel;recht;zeigen", "1000;Markt;CC BY 4.0;ja", "1001;Platz;;"]
    rows.append("1002;Tor;CC0 1.0;nein")
    (checkout.folder / "own/r.csv").write_text("\n".join(rows), encoding="utf-8")
    columns = {"image_id": "datei", "title": "titel", "rights_image": "recht", "publish": "zeigen"}
    entry = {"source": "local", "path": "own/images", "metadata": "own/r.csv", "records": "table"}
    words = ("--configfile", checkout.overlay(
        "own.yaml", {"collections": {"own": {**entry, "columns": columns}},
                     "language": "de"}))  # fmt: skip
    made = checkout.run("--cores", "2", *MADE, *words)
    assert made.returncode == 0, made.stdout
    withheld = read_table(checkout.folder / "results/own/withheld.csv", ["image_id"])
    assert withheld[["image_id", "reason"]].to_numpy().tolist() == [
        ["1001", "no right"], ["1002", "publish"]]  # fmt: skip
    assert "erste Katalog (3 Bilder)" in (checkout.folder / MADE[0]).read_text(encoding="utf-8")
    copy = pd.read_csv(checkout.folder / MADE[2], sep=";", encoding="utf-8-sig", dtype=str)
    assert copy["image_id"].tolist() == ["\t1000", "\t1001", "\t1002"]
    assert copy["title"].tolist() == ["Markt", "Platz", "Tor"]
    assert checkout.due(*MADE, *words) == {}

    # a stricter rule judges anew and touches nothing else
    checkout.edit("config/own.yaml", "language: de", "language: de\nrights: {allowed: [cc0]}")
    due = checkout.due(*MADE, *words)
    assert due == {"list_withheld": 1, "copy_to_spreadsheet": 1}


def test_copies_are_asked_for_by_a_setting(tiny):
    words = ("--configfile", tiny.tiny)
    assert "copy_to_spreadsheet" not in tiny.due(*words)
    overlay = tiny.overlay("tables.yaml", {"tables": {"spreadsheet": "de"}})
    due = tiny.due(*words, overlay)
    # tiny and tiny-dew are embedded; each has ten tables
    assert due["copy_to_spreadsheet"] == 20 and due["list_changes"] == due["list_withheld"] == 2
