"""The page of measured crops: numbers by hand, what it is measured on, that it is current."""

import hashlib
import importlib
import sys

import pandas as pd
import pytest

from bilderatlas.collection.crops import judge


@pytest.fixture
def tools(checkout, monkeypatch):
    monkeypatch.syspath_prepend(str(checkout / "tools"))
    # the tool puts its own places on the path
    monkeypatch.setattr(sys, "path", [*sys.path])
    return importlib.import_module("measure_crops"), importlib.import_module("crops_page")


def scans(*rows):
    return pd.DataFrame(rows, columns=["kind", "overlap", "error", "confidence"])


def pictures(*rows):
    return pd.DataFrame(rows, columns=["fitted", "lost", "confidence"])


def lines(page, start):
    """The cells of the rows of tables that begin with a cell."""
    rows = [line.strip("| ").split(" | ") for line in page.splitlines() if line.startswith("|")]
    return [row for row in rows if row[0] == start]


def test_the_numbers_of_the_page_by_hand(tools):
    measured = tools[1].Measured(
        {
            8: scans(("plain", 0.99, 0.005, 0.96), ("whole", 1.0, 0.0, 1.0)),
            9: scans(("plain", 0.97, 0.015, 0.6), ("mounted", 0.5, 0.3, 0.2)),
        },
        None,
        {"x/images": pictures((True, 0.5, 0.99), (False, 0.0, 0.99), (False, 0.03, 0.95))},
        [1, 2], 50, ["x/images:1"], "abc", "def",
    )  # fmt: skip
    page = tools[1].page(measured)
    assert "overlap with the true box\n(intersection through union) is 0.9800, and 75.0%" in page
    assert "100 scans of the specimen (seeds 1, 2;\n50 each)" in page and "1 of `x/images`" in page
    assert lines(page, "seed 8")[0] == ["seed 8", "all", "2", "0.9950", "1.000", "1.000"]
    assert lines(page, "seed 9")[1:] == [
        ["seed 9", "mounted", "1", "0.5000", "0.000", "0.000"],
        ["seed 9", "plain", "1", "0.9700", "1.000", "0.000"],
    ]
    assert lines(page, "all")[0] == ["all", "all", "4", "0.9800", "0.750", "0.500"]
    assert "1 of 4 are wrong,\n0 of them in the least sure fifth" in page
    assert lines(page, "0.00 to 0.50") == [["0.00 to 0.50", "1", "0.200", "0.000"]]
    assert lines(page, "0.97 to 1.00") == [["0.97 to 1.00", "1", "1.000", "1.000"]]
    assert lines(page, "`x/images`") == [
        ["`x/images`", "not fitted on", "2", "1", "1 (50.0%)", "1"],
        ["`x/images`", "fitted on", "1", "0", "1 (100.0%)", "1"],
        ["`x/images`", "0.95 to 0.97", "1", "1"],
        ["`x/images`", "0.97 to 1.00", "1", "0"],
    ]


def test_seeds_that_were_fitted_on_are_refused(tools, monkeypatch, capsys, tmp_path):
    seed = int(judge.weights()["fitted_seeds"][0])
    words = ["measure_crops.py", "--seeds", str(seed), "--cache", str(tmp_path)]
    monkeypatch.setattr(sys, "argv", words)
    with pytest.raises(SystemExit):
        tools[0].main()
    assert f"fitted on seeds [{seed}]" in capsys.readouterr().err


def test_pictures_are_drawn_the_same_each_time(tools, tmp_path):
    folder = tmp_path / "x" / "images"
    folder.mkdir(parents=True)
    for name in "abcdefgh":
        (folder / f"{name}.jpg").touch()
    (folder.parent / "metadata.csv").write_text("id,measurement_1\na,9 x 12 cm\n")
    every = list(tools[0].folder_pictures(folder))
    assert list(tools[0].folder_pictures(folder, 3)) == every[:3]
    assert len({path for path, _ in every}) == 8 and tools[0].folder_name(folder) == "x/images"
    assert {path.stem: aspect for path, aspect in every}["a"] == pytest.approx(12 / 9)
    assert sum(aspect is None for _, aspect in every) == 7


def test_the_page_is_of_the_weights_that_are_there(checkout):
    """Other weights are another measurement: `tools/measure_crops.py --write docs/crops.md`."""
    page = (checkout / "docs" / "crops.md").read_text(encoding="utf-8")
    assert f"`{hashlib.sha256(judge.FILE.read_bytes()).hexdigest()[:12]}`" in page
