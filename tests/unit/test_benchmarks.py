"""The benchmarks' own arithmetic: turns, ratios, critical path, exponents, tables. No timing."""

import base64
import json
import re

import numpy as np
import pytest

from benchmarks import gpu, growth_report, knn, pairs, report
from benchmarks.checkout import Job, critical_path, jobs_of
from benchmarks.gpu import copies
from benchmarks.growth import exponent, lines
from benchmarks.quality import MEASURES
from benchmarks.quality import lines as quality_lines
from benchmarks.start import imports_of
from bilderatlas.data.pack import Pack


def test_runs_take_turns_and_the_first_of_each_is_not_counted():
    seen = []
    spent = pairs.in_turn({"a": lambda: seen.append("a"), "b": lambda: seen.append("b")}, 3)
    assert "".join(seen) == "ab" + "ab" * 3
    assert {name: len(times) for name, times in spent.items()} == {"a": 3, "b": 3}


def test_ratio_is_of_neighbours_and_of_units():
    line = pairs.ratio("x", [4.0, 9.0, 8.0], [2.0, 3.0, 1.0], "", units=(10, 20), what="pictures")
    # 4/10 against 2/20 is 4 times as fast; 9/10 against 3/20 6; 8/10 against 1/20 16
    assert (line.ratio_median, line.ratio_min, line.ratio_max) == pytest.approx((6, 4, 16))
    assert line.detail == {"theirs": 10 / 8, "ours": 20 / 2, "rate": "pictures/s"}


def test_results_are_a_list_with_the_promised_keys(tmp_path):
    path = pairs.write("q", [pairs.summary("y", [3.0, 1.0, 2.0], "s", "three")], tmp_path)
    (row,) = json.loads(path.read_text(encoding="utf-8"))
    promised = {"name", "ratio_median", "ratio_min", "ratio_max", "unit", "machine", "commit"}
    assert promised <= set(row)
    assert (row["ratio_median"], row["ratio_min"], row["ratio_max"]) == (2, 1, 3)
    assert pairs.read("q", tmp_path) == [row]
    assert pairs.read("never asked", tmp_path) == []
    path.write_text("{", encoding="utf-8")
    assert pairs.read("q", tmp_path) == []


def record(folder, output, **told):
    name = base64.b64encode(output.encode()).decode()
    # Snakemake cuts long names into folders that begin with @
    parts = [name[at : at + 20] for at in range(0, len(name), 20)]
    path = folder.joinpath(*(f"@{part}" for part in parts[:-1]), parts[-1])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(told), encoding="utf-8")


def test_jobs_are_read_from_snakemakes_records(tmp_path):
    folder = tmp_path / ".snakemake/metadata"
    first = {"rule": "a", "input": [], "log": ["a.log"], "starttime": 10.0, "endtime": 13.0}
    # outputs of one job, written one after the other
    record(folder, "one.csv", **(first | {"starttime": 10.1, "endtime": 12.5}))
    record(folder, "a/path/that/is/longer/than/one/folder/two.csv", **first)
    record(folder, "three.csv", rule="b", input=["one.csv"], starttime=13.0, endtime=14.5)
    record(folder, "broken.csv", rule="b", input=[], starttime=13.0, endtime=None)
    a, b = jobs_of(tmp_path)
    assert (a.rule, a.start, a.end) == ("a", 0.0, 3.0)
    assert a.outputs == {"one.csv", "a/path/that/is/longer/than/one/folder/two.csv"}
    assert (b.rule, b.start, b.seconds, b.inputs) == ("b", 3.0, 1.5, {"one.csv"})


def test_critical_path_is_the_longest_chain_and_not_the_last_job():
    jobs = [
        Job("a", 0, 5, set(), {"1"}),
        Job("b", 5, 6, {"1"}, {"2"}),
        Job("c", 6, 9, {"2", "elsewhere"}, {"3"}),
        Job("d", 20, 24, set(), {"4"}),
        Job("e", 24, 25, {"4"}, {"5"}),
    ]
    assert [job.rule for job in critical_path(jobs)] == ["a", "b", "c"]
    assert critical_path([]) == []


def test_imports_inside_functions_are_found(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        "from __future__ import annotations\nimport os\ndef main():\n    from json import dumps\n"
    )
    assert imports_of(script).splitlines() == ["import os", "from json import dumps"]


SIZES = [1000, 4000, 16000]


def test_exponents_of_growth_leave_the_start_out():
    found = {n: {"square": (3 + 1e-6 * n**2, 100 + 0.5 * n), "still": (2.0, 80)} for n in SIZES}
    by_name = {line.name: line for line in lines(found)}
    assert by_name["growth_time_square"].ratio_median == pytest.approx(2)
    assert by_name["growth_memory_square"].ratio_median == pytest.approx(1)
    assert not by_name["growth_time_still"].detail["told"]


@pytest.mark.parametrize("values", [(2.10, 2.05, 2.60), (3.0, 3.1, 3.1), (3.0, 9.0, 8.0)])
def test_growth_that_is_noise_has_no_exponent(values):
    assert exponent(SIZES, values, least=2.0) is None


def told_lines(rules):
    found = {n: {name: rule(n) for name, rule in rules.items()} for n in SIZES}
    of = {"commit": "c", "machine": "m", "load": 1, "question": "growth"}
    return [vars(line) | of for line in lines(found)]


def test_what_ten_million_need_is_reckoned_from_what_grows():
    time, memory = told_lines({"a": lambda n: (60 + 0.036 * n, 1024 + 0.01024 * n)})
    # 10 million at .036 s are 100 h, and a minute to start; at 10.24 kB they are 100 GB, and one
    assert growth_report.far(time, 3600) == "100"
    assert growth_report.far(memory, 1024) == "101"
    (short,) = [
        line
        for line in told_lines({"b": lambda n: (1.0, 900)})
        if line["unit"] and line["detail"]["of"] == "s"
    ]
    assert growth_report.far(short, 3600) == growth_report.power(short) == ""


def test_copies_are_as_many_and_as_large():
    pictures = [np.arange(6, dtype=np.uint8).reshape(2, 3, 1), np.full((1, 2, 1), 200, np.uint8)]
    pack = Pack(
        np.concatenate([p.ravel() for p in pictures]), np.array([0, 6, 8]),
        np.array([[2, 3], [1, 2]]), ["a", "b"], "grey",
    )  # fmt: skip
    many = copies(pack, 5)
    assert len(many) == 5
    assert [many.picture(row).shape for row in range(5)] == [(2, 3, 1), (1, 2, 1)] * 2 + [(2, 3, 1)]
    assert many.picture(3).min() == many.picture(3).max() != 200


def table_of_qualities(ours, theirs):
    import pandas as pd

    rows = [
        {"way": way, "population": population, "metric": metric, "value": value, "n": 9}
        for population, metric in MEASURES
        for way, values in (("ours", ours), ("exact", [0, 9, 9]), ("reference", theirs))
        for value in values
    ]
    return pd.DataFrame(rows)


@pytest.mark.parametrize(
    ("theirs", "agree"), [([0.50, 0.52, 0.54], True), ([0.60, 0.61, 0.62], False)]
)
def test_ways_agree_where_means_differ_by_less_than_the_seeds(theirs, agree):
    found = quality_lines(table_of_qualities([0.48, 0.50, 0.52], theirs), "")
    assert len(found) == len(MEASURES)
    assert all(line.detail["agree"] is agree for line in found)
    assert found[0].detail["spread"] == pytest.approx(0.04)


def test_page_takes_new_tables_and_keeps_old_ones(tmp_path, monkeypatch):
    page = tmp_path / "performance.md"
    blocks = "".join(
        f"<!-- {name} -->\nold {name}\n<!-- end {name} -->\n" for name in report.BLOCKS
    )
    page.write_text(blocks, encoding="utf-8")
    monkeypatch.setattr(pairs, "RESULTS", tmp_path)
    pairs.write("simclr", [pairs.summary("simclr_vs_reference", [2.4, 2.0, 3.0], "times", "a | b")])
    pairs.write("knn", [pairs.summary("knn_vs_sklearn", [1.5], "times", "")])
    report.write(page)
    text = page.read_text(encoding="utf-8")
    assert "2.4 times (2 to 3) |  | at least 2.5 times | **no** | a \\| b |" in text
    assert "old training" not in text
    assert "old download" in text


def test_growth_is_drawn_and_told(tmp_path, monkeypatch):
    from PIL import Image

    monkeypatch.setattr(growth_report.draw, "__defaults__", (tmp_path / "growth.png",))
    told = told_lines({"rule": lambda n: (n / 100, n / 10), "still": lambda n: (1.0, 90)})
    text = growth_report.table(told)
    assert "| `rule` | 10 | 40 | 160 | 1.00 |" in text
    assert "Too little was added to tell: `still`." in text
    with Image.open(tmp_path / "growth.png") as drawn:
        assert drawn.width > 800


def test_the_page_has_a_place_for_every_table_and_no_figure_is_missing():
    text = report.PAGE.read_text(encoding="utf-8")
    for figure in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", text):
        assert (report.PAGE.parent / figure).exists()
    for name in report.BLOCKS:
        assert f"<!-- {name} -->" in text and f"<!-- end {name} -->" in text


def test_the_hook_notes_what_scripts_cost(tmp_path):
    import os
    import subprocess
    import sys

    from benchmarks.imports import hook_environment, read

    (tmp_path / "slow_module.py").write_text("import time\ntime.sleep(0.3)\n")
    folder = tmp_path / ".snakemake/scripts"
    folder.mkdir(parents=True)
    (folder / "tmpab_1.draw_things.py").write_text(
        f"import sys\nsys.path.insert(0, {str(tmp_path)!r})\nimport slow_module\n"
        "import time\ntime.sleep(0.2)\n"
    )
    (tmp_path / "other.py").write_text("import json\n")
    told = tmp_path / "told"
    told.mkdir()
    for script in (folder / "tmpab_1.draw_things.py", tmp_path / "other.py"):
        environment = os.environ | hook_environment(told)
        subprocess.run([sys.executable, script], env=environment, check=True)
    (row,) = read(told)
    assert row["script"] == "draw_things"
    assert 0.3 <= row["importing_s"] <= row["seconds"] - 0.2
    assert 1 < row["memory_mb"] < 1000 and row["cpu_s"] > 0


@pytest.mark.slow
def test_the_gpu_benchmark_runs_on_a_processor(tmp_path, monkeypatch):
    small = {"epochs": 1, "size": 32}
    plain = gpu.training
    monkeypatch.setattr(gpu, "training", lambda **more: plain(**(more | small)))
    monkeypatch.setattr(gpu, "EPOCHS", 1)
    generator = np.random.default_rng(0)
    pictures = generator.integers(0, 255, (4, 20, 30, 1), dtype=np.uint8)
    offsets = np.arange(5) * 600
    pack = Pack(pictures.ravel(), offsets, np.array([[20, 30]] * 4), list("abcd"), "grey")
    gpu.save(copies(pack, 24), tmp_path / "dew.h5")
    names = [str(at) for at in range(24)]
    found = gpu.measured(tmp_path / "dew.h5", names, "copies", "cpu", batch=8, rounds=1)
    expected = ["vs_bare_step", "views", "start", "dew_run", "experiments_0_8"]
    assert [line.name for line in found] == [f"gpu_{name}" for name in expected]
    assert found[-1].ratio_median > found[-2].ratio_median > 0


def test_a_table_of_several_measurements_names_each():
    first = {"question": "simclr", "commit": "a", "machine": "m", "load": 1}
    second = first | {"question": "views", "commit": "b"}
    from benchmarks.told import told_machine

    assert told_machine([first, first, second]).count("Measured") == 2
    assert told_machine([first, second | {"commit": "a"}]).startswith(
        "Measured (`simclr` and `views`)"
    )


def test_all_searches_for_neighbours_find_the_same():
    values = knn.embeddings(300)
    wanted = knn.by_ours(values)
    for search in (knn.by_sklearn, knn.by_torch):
        assert np.array_equal(np.sort(search(values)), np.sort(wanted))
    lines_of = knn.compared({"torch": knn.by_torch, "ours": knn.by_ours}, values, 2)
    assert [line.name for line in lines_of] == ["knn_vs_torch"] and lines_of[0].runs == 2
    assert "1.0000 of them the same" in lines_of[0].about
