"""The table of metrics: its rows, its controls, symmetries, bad input; and the real photographs."""

import logging
from pathlib import Path
from types import SimpleNamespace

import measure_study
import numpy as np
import pandas as pd
import pytest

from bilderatlas import files
from bilderatlas.analysis.metrics import measure
from bilderatlas.errors import InputError

REAL = Path(__file__).parents[2] / ".." / "shared" / "data" / "zille"
COUNT = 240


def world(seed=0):
    """A catalogue of 240 pictures (60 groups of two, 40 of three), its split and its years."""
    generator = np.random.default_rng(seed)
    sitting = np.array([number for number in range(60) for _ in range(2)])
    sitting = np.concatenate([sitting, np.repeat(np.arange(60, 100), 3)])
    ids = [f"p{number:03d}" for number in generator.permutation(COUNT)]
    # half of the pictures: pairs, else threes; some without a title are in no group
    title = [f"Motiv {number}" if number % 10 else "" for number in sitting]
    year = 1880 + generator.permutation(100)[sitting] % 40
    catalogue = pd.DataFrame(
        {
            "image_id": ids,
            "title": title,
            "date": year.astype(str),
            "makers": np.where(year % 3 == 0, "Anna", "Berta"),
            "date_from": [f"{number}-01-01" for number in year],
            "date_to": [f"{number}-12-31" for number in year],
        },
        index=ids,
    )
    part = pd.Series(np.where(np.arange(COUNT) % 10 < 6, "train", "test"), index=ids)
    return catalogue, part, pd.Series(year + 0.5, index=ids), sitting


def embeddings(values, catalogue, part, **attributes):
    return files.Embeddings(
        np.asarray(values, dtype=np.float32),
        list(catalogue.index),
        list(part[catalogue.index]),
        attributes,
    )


def noisy(sitting, noise, seed):
    generator = np.random.default_rng(seed)
    return np.eye(100)[sitting] + noise * generator.normal(size=(COUNT, 100))


@pytest.fixture(scope="module")
def study():
    catalogue, part, years, sitting = world()
    experiments = {
        "7": embeddings(
            noisy(sitting, 0.08, 1), catalogue, part, study="s", experiment="7", split="published"
        ),
        "0": embeddings(noisy(sitting, 9, 2), catalogue, part, study="s", experiment="0"),
        "pixels": embeddings(noisy(sitting, 0.4, 3), catalogue, part),
    }
    controls = {"pixels": experiments["pixels"], "untrained": experiments["0"]}
    split = dict.fromkeys(experiments, part)
    return experiments, controls, catalogue, split, years


def run(study, **changes):
    experiments, controls, catalogue, split, years = study
    options = {"years": years, "resamples": 200} | changes
    return measure(experiments, controls, catalogue, split, "s", "specimen", 1, **options)


def pick(table, experiment, population, metric):
    rows = table[
        (table["experiment"] == experiment)
        & (table["population"] == population)
        & (table["metric"] == metric)
    ]
    return rows.set_index("control")


def test_rows_and_columns(study):
    table = run(study)
    assert list(table.columns) == list(files.METRICS)
    assert not table.duplicated(["experiment", "population", "metric", "control"]).any()
    assert list(pick(table, "7", "all", "same_title_map").index) == [
        "pixels",
        "untrained",
        "chance",
    ]
    assert list(pick(table, "7", "test", "author_accuracy").index) == [
        "pixels",
        "untrained",
        "constant",
        "chance",
    ]
    assert list(pick(table, "7", "test", "year_mae").index) == ["pixels", "untrained", "constant"]
    assert pick(table, "7", "all", "year_mae").empty
    assert set(table.loc[table["experiment"] == "7", "split"]) == {"published"}
    assert set(table["collection"]) == {"specimen"}
    assert set(table["verdict"]) <= {"holds", "undecided", "does not hold"}
    assert not table.isna().any(axis=None)


def test_an_experiment_is_not_its_own_control(study):
    table = run(study)
    assert "pixels" not in set(table.loc[table["experiment"] == "pixels", "control"])
    # by the attributes of its file
    assert "untrained" not in set(table.loc[table["experiment"] == "0", "control"])


def test_the_control_s_value_is_that_of_the_control_measured_alone(study):
    table = run(study)
    for metric in ("same_title_map", "same_title_map_by_group", "same_title_recall_at_10"):
        for population in ("test", "all"):
            beside = pick(table, "7", population, metric).loc["pixels"]
            alone = pick(table, "pixels", population, metric).iloc[0]
            assert beside["control_value"] == pytest.approx(alone["value"], abs=1e-12)
            assert beside["difference"] == pytest.approx(beside["value"] - alone["value"])
    beside = pick(table, "7", "test", "author_balanced_accuracy").loc["pixels"]
    alone = pick(table, "pixels", "test", "author_balanced_accuracy").iloc[0]
    assert beside["control_value"] == pytest.approx(alone["value"], abs=1e-12)


def test_what_is_known_is_found(study):
    table = run(study)
    row = pick(table, "7", "all", "same_title_map")
    assert (row["verdict"] == "holds").all()
    assert row["value"].iloc[0] > 0.9
    assert (row["difference_low"] <= row["difference"]).all()
    assert (row["difference"] <= row["difference_high"]).all()
    noise = pick(table, "0", "all", "same_title_map").loc["chance"]
    assert noise["low"] - 0.02 < noise["control_value"] < noise["high"] + 0.02
    assert noise["verdict"] != "holds"
    assert pick(table, "0", "all", "same_title_map").loc["pixels", "verdict"] == "does not hold"


def test_author_and_year_without_the_own_group_are_no_better_than_guessing(study):
    """The embedding knows the sitting only; with its own sitting left out nothing remains."""
    table = run(study)
    year = pick(table, "7", "test", "year_mae").loc["constant"]
    assert year["verdict"] != "holds"
    author = pick(table, "7", "test", "author_balanced_accuracy").loc["chance"]
    assert author["control_value"] == pytest.approx(0.5)
    assert author["verdict"] != "holds"


def test_an_embedding_of_the_truth_scores_one():
    catalogue, part, years, sitting = world()
    truth = {"t": embeddings(np.eye(100)[sitting], catalogue, part)}
    table = measure(truth, {}, catalogue, {"t": part}, "s", "c", 0, years, resamples=50)
    found = table[table["metric"].str.startswith("same_title")]
    assert len(found) == 10
    assert found["value"].tolist() == pytest.approx([1] * 10)
    assert (found["verdict"] == "holds").all()


def test_shuffled_pictures_fall_to_chance(study):
    experiments, _, catalogue, split, years = study
    order = np.random.default_rng(5).permutation(COUNT)
    shuffled = {
        "7": files.Embeddings(
            experiments["7"].values[order],
            experiments["7"].image_ids,
            experiments["7"].part,
            {},
        )
    }
    table = measure(shuffled, {}, catalogue, split, "s", "c", 0, years)
    row = pick(table, "7", "all", "same_title_map").loc["chance"]
    assert row["difference_low"] <= 0.01
    assert row["difference_high"] >= -0.01
    assert row["verdict"] != "holds"


def test_permuting_the_rows_of_a_file_changes_nothing(study):
    experiments, controls, catalogue, split, years = study
    order = np.random.default_rng(6).permutation(COUNT)
    old = experiments["7"]
    turned = files.Embeddings(
        old.values[order],
        [old.image_ids[number] for number in order],
        [old.part[number] for number in order],
        old.attributes,
    )
    table = run((experiments | {"7": turned}, controls, catalogue, split, years))
    pd.testing.assert_frame_equal(table, run(study))


def test_the_control_answers_on_the_split_of_the_experiment(study):
    experiments, controls, catalogue, split, years = study
    other = split["7"].map({"train": "test", "test": "train"})
    table = run((experiments, controls, catalogue, split | {"7": other}, years))
    turned = run((experiments, controls, catalogue, dict.fromkeys(experiments, other), years))
    for metric in ("same_title_map", "author_accuracy", "year_mae"):
        pd.testing.assert_frame_equal(
            pick(table, "7", "test", metric), pick(turned, "7", "test", metric)
        )
        pd.testing.assert_frame_equal(
            pick(table, "pixels", "test", metric), pick(run(study), "pixels", "test", metric)
        )
    assert (
        pick(table, "7", "test", "year_mae").loc["pixels", "control_value"]
        != pick(table, "pixels", "test", "year_mae")["value"].iloc[0]
    )


def test_a_missing_picture_is_left_out_on_both_sides(study, caplog):
    experiments, controls, catalogue, split, years = study
    old = experiments["7"]
    fewer = files.Embeddings(old.values[:-3], old.image_ids[:-3], old.part[:-3], old.attributes)
    with caplog.at_level(logging.WARNING):
        table = run((experiments | {"7": fewer}, controls, catalogue, split, years))
    assert "s/7: 3 of 240 pictures" in caplog.text
    alone = files.Embeddings(controls["pixels"].values[:-3], old.image_ids[:-3], old.part[:-3])
    kept = measure(
        {"p": alone}, {}, catalogue.iloc[:-3], {"p": split["7"]}, "s", "c", 1, years, resamples=50
    )
    beside = pick(table, "7", "all", "same_title_map").loc["pixels"]
    assert beside["control_value"] == pick(kept, "p", "all", "same_title_map")["value"].iloc[0]
    assert beside["n"] < pick(table, "pixels", "all", "same_title_map")["n"].iloc[0]


def test_a_picture_that_a_control_lacks_is_left_out_too(study, caplog):
    experiments, controls, catalogue, split, years = study
    old = controls["untrained"]
    fewer = files.Embeddings(old.values[7:], old.image_ids[7:], old.part[7:], old.attributes)
    with caplog.at_level(logging.WARNING):
        table = run((experiments, controls | {"untrained": fewer}, catalogue, split, years))
    assert "s/7: 7 of 240 pictures" in caplog.text
    assert pick(table, "7", "all", "same_title_map").loc["untrained", "difference"] > 0.5


@pytest.mark.parametrize(
    ("column", "value", "lost", "said"),
    [
        ("title", "", "same_title", "no two pictures share"),
        ("makers", "Anna", "author", "1 author(s) known"),
        ("years", np.nan, "year", "no dated pictures"),
    ],
)
def test_what_cannot_be_asked_is_left_out_with_a_warning(study, caplog, column, value, lost, said):
    experiments, controls, catalogue, split, years = study
    if column == "years":
        years = years * value
    else:
        catalogue = catalogue.assign(**{column: value})
    with caplog.at_level(logging.WARNING):
        table = run((experiments, controls, catalogue, split, years))
    assert said in caplog.text
    assert not table["metric"].str.startswith(lost).any()
    assert table["metric"].nunique() > 4


def test_without_years_and_without_a_test_part_retrieval_over_all_remains(study, caplog):
    experiments, controls, catalogue, split, _ = study
    nobody = {name: part.replace("test", "train") for name, part in split.items()}
    with caplog.at_level(logging.WARNING):
        table = run((experiments, controls, catalogue, nobody, None))
    assert set(table["population"]) == {"all"}
    assert "no years were given" in caplog.text


def test_bad_files_are_named(study):
    experiments, controls, catalogue, split, years = study
    with pytest.raises(InputError, match=r"s/7 .* another collection"):
        run(
            (
                {"7": experiments["7"]}, {}, catalogue.iloc[5:], split, years,
            )
        )  # fmt: skip
    other = files.Embeddings(
        experiments["7"].values, experiments["7"].image_ids, experiments["7"].part,
        {"collection": "wikiart"},
    )  # fmt: skip
    with pytest.raises(InputError, match="of the collection 'wikiart', not of 'specimen'"):
        run(({"7": other}, {}, catalogue, split, years))
    twice = files.Embeddings(
        np.ones((2, 2), np.float32), [catalogue.index[0]] * 2, ["test", "test"], {}
    )
    with pytest.raises(InputError, match="twice"):
        run(({"7": twice}, {}, catalogue, split, years))
    with pytest.raises(ValueError, match="no split"):
        run((experiments, controls, catalogue, {}, years))


def test_one_bad_file_is_left_out_with_a_sentence_and_the_rest_goes_on(study, caplog):
    experiments, controls, catalogue, split, years = study
    broken = experiments["7"].values.copy()
    broken[4, 2] = np.nan
    holed = files.Embeddings(broken, experiments["7"].image_ids, experiments["7"].part, {})
    others = {name: made for name, made in experiments.items() if name != "7"}
    with caplog.at_level(logging.WARNING):
        table = run((experiments | {"7": holed}, controls, catalogue, split, years))
    assert caplog.text.count("not finite in 1 row") == 1
    assert "s/7" in caplog.text
    pd.testing.assert_frame_equal(table, run((others, controls, catalogue, split, years)))
    caplog.clear()
    # a control that is an experiment too is named once, and stands beside nobody
    with caplog.at_level(logging.WARNING):
        table = run(
            (experiments | {"0": holed}, controls | {"untrained": holed}, catalogue, split, years)
        )
    assert caplog.text.count("not finite in 1 row") == 1
    assert set(table["experiment"]) == {"7", "pixels"}
    assert "untrained" not in set(table["control"])


def test_fewer_training_pictures_than_neighbours_are_asked_of_those_there_are(study):
    experiments, _, catalogue, _, years = study
    part = pd.Series("test", index=catalogue.index)
    part.iloc[[0, 1, 2]] = "train"
    makers = pd.Series("Anna", index=catalogue.index)
    makers.iloc[1] = "Berta"
    catalogue = catalogue.assign(makers=makers)
    seven = {"7": experiments["7"]}
    table = measure(seven, {}, catalogue, {"7": part}, "s", "c", 0, years, resamples=20)
    assert pick(table, "7", "test", "author_accuracy")["n"].iloc[0] == COUNT - 3
    assert pick(table, "7", "test", "year_mae")["value"].notna().all()


@pytest.fixture(scope="module")
def described(study):
    """The study with sizes that tell the maker, and techniques that tell nothing."""
    experiments, controls, catalogue, split, years = study
    generator = np.random.default_rng(9)
    anna = catalogue["makers"] == "Anna"
    width = np.where(anna, 9, 12) + generator.random(COUNT) + np.where(np.arange(COUNT) % 3, 0, 20)
    catalogue = catalogue.assign(
        technique="Albumin", width_cm=width, height_cm=width + 2 + np.arange(COUNT) % 2
    )
    return experiments, controls, catalogue, split, years


def test_the_catalogue_alone_is_a_control_of_author_and_year(described):
    table = run(described)
    author = pick(table, "7", "test", "author_accuracy")
    assert list(author.index) == ["pixels", "untrained", "catalogue", "constant", "chance"]
    assert author.loc["catalogue", "control_value"] > 0.9
    assert author.loc["catalogue", "verdict"] == "does not hold"
    assert "catalogue" in pick(table, "7", "test", "year_median_error").index
    small = pick(table, "7", "test_small", "author_balanced_accuracy")
    assert list(small.index) == list(author.index)
    assert 0 < small["n"].iloc[0] < author["n"].iloc[0]
    assert pick(table, "7", "test_small", "year_mae").empty
    # both asked and asking are under 18 cm
    _, _, catalogue, split, _ = described
    under = catalogue[catalogue[["width_cm", "height_cm"]].min(axis=1) < 18]
    shares = under.loc[split["7"][under.index] == "train", "makers"].value_counts(normalize=True)
    asking = under.loc[split["7"][under.index] == "test", "makers"]
    share = pick(table, "7", "test_small", "author_accuracy").loc["chance", "control_value"]
    assert share == pytest.approx(asking.map(shares).mean())
    assert small["n"].iloc[0] == len(asking)


def test_median_errors_differ_by_the_two_medians(described):
    table = run(described)
    beside = pick(table, "7", "test", "year_median_error").loc["pixels"]
    alone = pick(table, "pixels", "test", "year_median_error").iloc[0]
    assert beside["control_value"] == alone["value"]
    assert beside["difference"] == beside["value"] - alone["value"]


def test_prints_out_and_truth_in(study):
    _, _, catalogue, _, _ = study
    groups = catalogue.groupby(["title", "date"]).groups
    prints = [
        tuple(sorted(ids[:2])) for (title, _), ids in groups.items() if title and len(ids) > 1
    ]
    truth = pd.DataFrame(
        {"negative": [f"{n // 2}" for n in range(COUNT)], "motif": np.arange(COUNT) % 6},
        index=catalogue.index,
    )
    table = run(study, prints=prints, truth=truth)
    with_them = pick(table, "7", "all", "same_title_p_at_1")
    without = pick(table, "7", "all", "same_title_p_at_1_without_prints")
    # every pair is a pair of prints: only groups of three ask on
    assert without["n"].iloc[0] < with_them["n"].iloc[0]
    assert without["n"].iloc[0] % 3 == 0
    assert pick(table, "7", "all", "same_negative_map")["n"].iloc[0] == COUNT
    assert pick(table, "7", "test", "same_motif_map")["n"].iloc[0] == 96
    # the motif here has nothing to do with the picture
    assert pick(table, "7", "all", "same_motif_map").loc["chance", "verdict"] != "holds"
    assert not run(study)["metric"].str.contains("without|negative|motif").any()


def test_found_prints_are_asked_for_all_mirrored_cut_and_neither(study):
    _, _, catalogue, _, _ = study
    ids = catalogue.index
    rows = [
        (ids[2 * n], ids[2 * n + 1], "print", n % 3 == 1, n % 3 == 2, ids[2 * n]) for n in range(30)
    ]
    names = ["image_a", "image_b", "relation", "mirrored", "cut", "negative"]
    table = run(study, found=pd.DataFrame(rows, columns=names))
    asked = {
        kind: pick(table, "7", "all", f"found_{kind}print_map")["n"].iloc[0]
        for kind in ("", "mirrored_", "cut_", "plain_")
    }
    assert asked == {"": 60, "mirrored_": 20, "cut_": 20, "plain_": 20}
    every = pick(table, "7", "all", "found_print_recall_at_10")
    apart = [
        pick(table, "7", "all", f"found_{kind}_print_recall_at_10")["value"].iloc[0]
        for kind in ("mirrored", "cut", "plain")
    ]
    # each query has one print here, so that all is the mean of the three
    assert every["value"].iloc[0] == pytest.approx(np.mean(apart))
    assert set(every.index) >= {"pixels", "untrained", "chance"}
    empty = pd.DataFrame(columns=names).astype({"mirrored": bool, "cut": bool})
    assert not run(study, found=empty)["metric"].str.startswith("found").any()


def test_an_embedding_of_the_true_motif_scores_one_and_a_shuffled_one_falls_to_chance(study):
    _, _, catalogue, split, years = study
    motif = np.random.default_rng(1).integers(0, 6, COUNT)
    truth = pd.DataFrame(
        {"negative": np.arange(COUNT).astype(str), "motif": motif.astype(str)},
        index=catalogue.index,
    )
    part = split["7"]
    known = {
        "true": embeddings(np.eye(6)[motif], catalogue, part),
        "shuffled": embeddings(
            np.eye(6)[np.random.default_rng(2).permutation(motif)], catalogue, part
        ),
    }
    table = measure(
        known, {}, catalogue, dict.fromkeys(known, part), "s", "c", 0, years, 200, truth=truth
    )
    for population in ("all", "test"):
        right = pick(table, "true", population, "same_motif_map").loc["chance"]
        assert right["value"] == 1
        assert right["verdict"] == "holds"
        wrong = pick(table, "shuffled", population, "same_motif_map").loc["chance"]
        assert wrong["difference"] == pytest.approx(0, abs=0.03)
    # every negative has one print: nothing to ask
    assert not table["metric"].str.startswith("same_negative").any()


def test_the_script_writes_one_table_and_one_for_each_file(study, tmp_path):
    experiments, _, catalogue, _, _ = study
    generator = np.random.default_rng(0)
    thumbnails = generator.normal(size=(COUNT, 16))
    thumbnails[1] = thumbnails[0] + 0.01 * thumbnails[2]
    thumbnails -= thumbnails.mean(axis=1, keepdims=True)
    thumbnails /= np.linalg.norm(thumbnails, axis=1, keepdims=True)
    paths = []
    for name, values in (("7", experiments["7"].values), ("pixels", thumbnails)):
        lineage = "pixels" if name == "pixels" else "untrained+specimen.published"
        made = embeddings(
            values, catalogue, pd.Series(experiments["7"].part, index=catalogue.index),
            lineage=lineage, experiment=name, study="s", collection="specimen",
        )  # fmt: skip
        (tmp_path / "specimen" / "s" / name).mkdir(parents=True)
        paths.append(str(tmp_path / f"specimen/s/{name}/embeddings.h5"))
        files.write_embeddings(made, paths[-1])
    files.write_table(catalogue, tmp_path / "catalogue.csv", files.CATALOGUE)
    truth = tmp_path / "truth.csv"
    pd.DataFrame(
        {"image_id": catalogue.index, "negative": [f"{n // 2}" for n in range(COUNT)]}
    ).to_csv(truth, index=False)

    pair = {"image_a": catalogue.index[0], "image_b": catalogue.index[1], "relation": "print"}
    files.write_table(pd.DataFrame([pair]), tmp_path / "duplicates.csv", files.DUPLICATES)

    def run_script(**given):
        rows = [tmp_path / name / "metrics.csv" for name in ("7", "pixels")]
        job = SimpleNamespace(
            input=Named(
                embeddings=paths,
                catalogue=tmp_path / "catalogue.csv",
                duplicates=tmp_path / "duplicates.csv",
                **given,
            ),
            output=SimpleNamespace(table=tmp_path / "metrics.csv", rows=rows),
            params=SimpleNamespace(seed=1, study="s", collection="specimen"),
        )
        measure_study.main(job)
        return [files.read_table(path, files.METRICS) for path in (tmp_path / "metrics.csv", *rows)]

    table, *parts = run_script(truth=str(truth))
    assert [set(part["experiment"]) for part in parts] == [{"7"}, {"pixels"}]
    pd.testing.assert_frame_equal(pd.concat(parts, ignore_index=True), table)
    found = set(table["metric"])
    assert {"same_title_map_without_prints", "same_negative_p_at_1"} <= found
    assert {"found_print_map", "found_plain_print_recall_at_10"} <= found
    assert table.loc[table["metric"] == "found_print_map", "n"].eq(2).all()
    assert "same_motif_map" not in found
    table, *_ = run_script()
    assert not table["metric"].str.startswith("same_negative").any()


class Named(dict):
    """A named list of the workflow's, as far as scripts use it."""

    __getattr__ = dict.__getitem__


def test_one_place_for_all_pictures_is_said_and_is_no_better_than_chance(study, caplog):
    _, _, catalogue, split, years = study
    flat = {"7": embeddings(np.ones((COUNT, 3)), catalogue, split["7"])}
    with caplog.at_level(logging.WARNING):
        table = measure(flat, {}, catalogue, split, "s", "c", 0, years, resamples=200)
    assert "one and the same embedding" in caplog.text
    row = pick(table, "7", "all", "same_title_map").loc["chance"]
    assert row["difference"] == pytest.approx(0, abs=0.02)
    assert row["verdict"] != "holds"


def test_pixels_of_the_real_photographs():
    """16 x 16 grey, mean removed: what a trial on these photographs gave before."""
    if not REAL.exists():
        pytest.skip("the real photographs are not beside the checkout")
    from PIL import Image

    from bilderatlas.collection.dates import middle_year, parse_date

    table = pd.read_csv(REAL / "metadata.csv", dtype=str, keep_default_na=False)
    catalogue = table.assign(image_id=table["id"], makers=table["author"]).set_index("image_id")
    read = [parse_date(text) for text in catalogue["date"]]
    catalogue["date_from"] = [found.date_from for found in read]
    catalogue["date_to"] = [found.date_to for found in read]
    pairs = zip(catalogue["date_from"], catalogue["date_to"], strict=True)
    years = pd.Series([middle_year(*pair) for pair in pairs], index=catalogue.index)
    test = set((REAL / "published_test_ids.txt").read_text().split())
    part = pd.Series(["test" if name in test else "train" for name in catalogue.index])
    part.index = catalogue.index
    rows = []
    for name in catalogue.index:
        with Image.open(REAL / "images" / f"{name}.jpg") as picture:
            small = picture.convert("L").resize((16, 16), Image.Resampling.BOX)
        row = np.asarray(small, dtype=np.float32).ravel()
        row -= row.mean()
        rows.append(row / np.linalg.norm(row))
    pixels = {"pixels": embeddings(np.stack(rows), catalogue, part)}
    found = measure(pixels, {}, catalogue, {"pixels": part}, "simclr", "zille", 2022, years)
    everything = {
        metric: pick(found, "pixels", "all", f"same_title_{metric}").iloc[0]
        for metric in ("map", "p_at_1", "recall_at_10")
    }
    assert everything["map"]["n"] == 227
    assert everything["map"]["value"] == pytest.approx(0.515, abs=0.003)
    assert everything["p_at_1"]["value"] == pytest.approx(0.581, abs=0.006)
    assert everything["recall_at_10"]["value"] == pytest.approx(0.564, abs=0.006)
    assert pick(found, "pixels", "test", "same_title_map")["n"].iloc[0] == 26
    author = pick(found, "pixels", "test", "author_accuracy")
    assert author["n"].iloc[0] == 188
    assert author.loc["constant", "control_value"] == pytest.approx(157 / 188)
    assert author.loc["constant", "verdict"] == "does not hold"
    year = pick(found, "pixels", "test", "year_mae").loc["constant"]
    assert year["control_value"] == pytest.approx(3.07, abs=0.02)
    assert year["verdict"] == "does not hold"
