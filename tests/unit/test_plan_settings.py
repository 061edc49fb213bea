"""Settings and study tables: a fault is one sentence, defaults are filled in."""

import copy
import csv
import re

import pytest
from snakemake.utils import update_config

from plan import settings as plan
from plan.settings import SettingsError


def fault_of(settings):
    with pytest.raises(SettingsError) as caught:
        plan.check_settings(settings)
    sentence = str(caught.value)
    assert sentence.endswith(".") and "\n" not in sentence
    return sentence


@pytest.mark.parametrize("overlays", [(), ("specimen",), ("zille-local",)])
def test_the_shipped_settings_hold(load_config, checkout, overlays):
    settings = plan.check_settings(load_config(*overlays))
    rows = plan.read_study(checkout / settings["simclr"]["table"], "simclr")
    blocks = settings["simclr"]["recipes"]
    recipes = {name: plan.resolve_like(blocks, name, "recipe") for name in blocks}
    plan.check_crosswise(settings, rows, recipes)
    assert list(rows)[:9] == [str(number) for number in range(9)]
    assert all(row["seed"] in (1, 2, 2022) for row in rows.values())


@pytest.mark.parametrize(
    ("way", "unknown", "near", "allowed"),
    [
        ([], "langauge", "language", "precision"),
        (["pack"], "sides", "side", "side"),
        (["collections", "zille"], "pathh", "path", "metadata"),
        (["collections", "zille", "title"], "fr", None, "de, en"),
        (["weights", "imagenet"], "sha265", "sha256", "source"),
        (["simclr"], "recipe", "recipes", "neighbours"),
        (["simclr", "roles"], "pretraind", "pretrained", "zille, dew"),
        (["simclr", "views", "published", 0], "crops", "crop", "solarize"),
        (["simclr", "views", "published", 0, "crop"], "scal", "scale", "ratio"),
        (["simclr", "recipes", "published"], "temprature", "temperature", "fold"),
        (["simclr", "recipes", "published", "head"], "hiden", "hidden", "batch_norm"),
        (["simclr", "recipes", "published", "training"], "epoch", "epochs", "batch_size"),
        (["simclr", "neighbours"], "query", "queries", "shown"),
    ],
)
def test_a_misspelt_key_is_told_at_every_depth(load_config, way, unknown, near, allowed):
    settings = load_config()
    place = settings
    for step in way:
        place = place[step]
    place[unknown] = 1
    sentence = fault_of(settings)
    assert f"unknown key {unknown!r}" in sentence
    assert ".".join(map(str, way)) in sentence
    assert (f"did you mean {near!r}?" in sentence) if near else ("did you mean" not in sentence)
    assert allowed in sentence.split("allowed are")[1]


def test_a_misspelt_key_is_told_before_the_key_that_is_missing_for_it(load_config):
    settings = load_config()
    settings["simclr"]["tabel"] = settings["simclr"].pop("table")
    assert "unknown key 'tabel' (did you mean 'table'?)" in fault_of(settings)


def test_a_key_that_is_no_text_is_told_too(load_config):
    settings = load_config()
    settings["pack"][320] = 1
    assert "key pack: unknown key 320" in fault_of(settings)


def test_a_missing_key_is_named(load_config):
    settings = load_config()
    del settings["simclr"]["roles"]["dew"]
    assert "key simclr.roles: the key 'dew' is missing (the collection" in fault_of(settings)


def test_a_value_that_is_not_among_the_allowed_is_told_with_them(load_config):
    settings = load_config()
    settings["language"] = "fr"
    assert "key language: 'fr' is not allowed; allowed are en, de." in fault_of(settings)


def test_a_value_out_of_range_is_told_with_its_meaning(load_config):
    settings = load_config()
    settings["simclr"]["recipes"]["published"]["training"]["batch_size"]["default"] = 1
    sentence = fault_of(settings)
    assert "simclr.recipes.published.training.batch_size.default" in sentence and "2" in sentence
    settings = load_config()
    settings["divide"]["train"] = 1.0
    assert "key divide.train" in (sentence := fault_of(settings))
    assert "share of the training part" in sentence


@pytest.mark.parametrize(
    ("block", "name"),
    [
        ("collections", "zille.fine"),
        ("collections", "Zille Fotos"),
        ("weights", "untrained"),
        ("weights", "imagenet-sum"),
        ("weights", "a+b"),
        ("recipes", "published.fine"),
        ("recipes", "sound~s1"),
    ],
)
def test_names_that_would_blur_lineages_are_refused(load_config, block, name):
    settings = load_config()
    place = settings["simclr"] if block == "recipes" else settings
    place[block][name] = copy.deepcopy(next(iter(place[block].values())))
    assert repr(name) in fault_of(settings)


def test_defaults_are_filled_in_and_the_input_stays(load_config):
    settings = load_config()
    for key in ("pack", "divide", "language", "device", "precision", "defaults"):
        del settings[key]
    del settings["simclr"]["size"], settings["simclr"]["neighbours"]
    before = copy.deepcopy(settings)
    checked = plan.check_settings(settings)
    assert settings == before
    assert checked["pack"] == {"side": 320}
    assert checked["divide"] == {"train": 0.7, "seed": 2022, "largest_group": 0.05}
    assert checked["defaults"] == {"split": "published", "seed": 2022}
    assert (checked["language"], checked["device"], checked["precision"]) == ("en", "auto", "auto")
    assert checked["simclr"]["size"] == 128
    assert checked["simclr"]["neighbours"] == {"k": 30, "shown": 9, "queries": [], "seeded": 30}
    zille = checked["collections"]["zille"]
    assert (zille["seed"], zille["unreadable"], zille["columns"]) == (2022, 0.05, {})
    assert checked["weights"]["imagenet"]["sha256"] is None
    # what was said stays
    assert zille["records"] == "published_csv"


def test_defaults_of_one_check_are_not_those_of_the_next(load_config):
    first = plan.check_settings(load_config())
    first["collections"]["dew"]["columns"]["title"] = "changed"
    assert plan.check_settings(load_config())["collections"]["dew"]["columns"] == {}


# --- a recipe that is like another


def test_like_merges_key_by_key_and_leaves_the_blocks():
    blocks = {
        "base": {"fold": "mean", "training": {"epochs": {"default": 20}, "learning_rate": 1}},
        "more": {"like": "base", "training": {"epochs": {"zille": 5}}},
        "most": {"like": "more", "fold": "sum"},
    }
    before = copy.deepcopy(blocks)
    assert plan.resolve_like(blocks, "most", "recipe") == {
        "fold": "sum",
        "training": {"epochs": {"default": 20, "zille": 5}, "learning_rate": 1},
    }
    assert blocks == before


def test_like_in_a_circle_or_nowhere():
    blocks = {"a": {"like": "b"}, "b": {"like": "c"}, "c": {"like": "a"}, "d": {"like": "e"}}
    with pytest.raises(SettingsError, match="a, b, c are like each other in a circle"):
        plan.resolve_like(blocks, "a", "recipe")
    with pytest.raises(SettingsError, match="recipe 'e' does not exist; there are a, b, c, d"):
        plan.resolve_like(blocks, "d", "recipe")


# --- crosswise


@pytest.fixture
def crosswise(load_config, checkout):
    """Check the shipped settings crosswise after a change to settings, rows or recipes."""

    def check(change):
        settings = plan.check_settings(load_config())
        rows = plan.read_study(checkout / settings["simclr"]["table"], "simclr")
        blocks = settings["simclr"]["recipes"]
        recipes = {name: plan.resolve_like(blocks, name, "recipe") for name in blocks}
        change(settings, rows, recipes)
        with pytest.raises(SettingsError) as caught:
            plan.check_crosswise(settings, rows, recipes)
        return str(caught.value)

    return check


@pytest.mark.parametrize(
    ("role", "wanted"), [("dew", "collections: zille, dew"), ("pretrained", "weights: imagenet")]
)
def test_a_role_that_nothing_plays(crosswise, role, wanted):
    def change(settings, rows, recipes):
        settings["simclr"]["roles"][role] = "nobody"

    sentence = crosswise(change)
    assert f"simclr.roles.{role} names 'nobody'" in sentence and wanted in sentence


def test_weights_do_not_play_a_collection(crosswise):
    def change(settings, rows, recipes):
        settings["simclr"]["roles"]["dew"] = "imagenet"

    assert "not among the collections" in crosswise(change)


def test_an_experiment_with_an_unknown_recipe(crosswise):
    def change(settings, rows, recipes):
        rows["7"]["recipe"] = "publshed"

    sentence = crosswise(change)
    assert "Experiment '7' names the recipe 'publshed'" in sentence and "sobel" in sentence


def test_a_recipe_with_unknown_views(crosswise):
    def change(settings, rows, recipes):
        recipes["colour"]["views"] = "color"

    sentence = crosswise(change)
    assert "'colour' names the views 'color'; there are published, colour," in sentence
    assert "sound." in sentence


@pytest.mark.parametrize("key", plan.RECIPE_KEYS)
def test_a_recipe_without_a_key(crosswise, key):
    def change(settings, rows, recipes):
        *way, last = key.split(".")
        place = recipes["sum"]
        for step in way:
            place[step] = place = dict(place[step])
        del place[last]

    assert crosswise(change) == f"The recipe 'sum' lacks the key {key!r}."


@pytest.mark.parametrize("key", ["epochs", "batch_size"])
@pytest.mark.parametrize("numbers", [{"default": 5, "zile": 4}, {"zille": 4}])
def test_numbers_by_collection_need_a_default_and_known_names(crosswise, key, numbers):
    def change(settings, rows, recipes):
        recipes["sum"]["training"] = {**recipes["sum"]["training"], key: numbers}

    sentence = crosswise(change)
    assert f"recipe 'sum', key training.{key}, needs `default`" in sentence
    assert ", ".join(numbers) in sentence


def test_the_pixel_control_is_not_trained(crosswise):
    def change(settings, rows, recipes):
        rows["pixels"]["training"] = "zille"

    assert "'pixels' is a control of pixels" in crosswise(change)


@pytest.mark.parametrize("label", ["trained on {zile}", "{}", "an open {brace"])
def test_a_label_with_strange_braces(crosswise, label):
    def change(settings, rows, recipes):
        rows["7"]["label_en"] = label

    assert "Experiment '7', label_en: only the words {zille}, {dew}, {pretrained}" in crosswise(
        change
    )


# --- the table

HEADER = (
    "experiment,initialisation,training,fine_tuning,embeddings,recipe,split,seed,label_de,label_en"
)
ROW = "7,untrained,zille,,zille,published,published,2022,auf Zille,on zille"


@pytest.fixture
def table(tmp_path):
    def write(*lines, encoding="utf-8"):
        path = tmp_path / "simclr.csv"
        path.write_text("\n".join(lines) + "\n", encoding=encoding)
        return path

    return write


def table_fault(path):
    with pytest.raises(SettingsError) as caught:
        plan.read_study(path, "simclr")
    assert path.name in str(caught.value)
    return str(caught.value)


def test_a_row_keeps_its_empty_cells_and_its_seed_is_a_number(table):
    assert plan.read_study(table(HEADER, ROW), "simclr") == {
        "7": dict(zip(HEADER.split(","), ROW.split(","), strict=True)) | {"seed": 2022}
    }


def test_columns_may_stand_in_another_order(table):
    turned = [",".join(reversed(line.split(","))) for line in (HEADER, ROW)]
    assert plan.read_study(table(*turned), "simclr")["7"]["training"] == "zille"


def test_a_byte_order_mark_is_no_part_of_the_first_column(table):
    assert list(plan.read_study(table(HEADER, ROW, encoding="utf-8-sig"), "simclr")) == ["7"]


def test_another_encoding(table):
    path = table(HEADER, ROW.replace("auf Zille", "für Zille"), encoding="latin-1")
    assert "not UTF-8" in table_fault(path)


def test_a_missing_table(tmp_path):
    sentence = table_fault(tmp_path / "nothing.csv")
    assert "does not exist" in sentence and "simclr.table" in sentence


def test_wrong_columns_are_told_with_the_right_ones(table):
    sentence = table_fault(table(HEADER.replace("fine_tuning", "finetuning"), ROW))
    has, needs = sentence.split("it needs")
    assert "finetuning" in has and "fine_tuning" in needs


def test_an_empty_table(table):
    assert "has no experiments" in table_fault(table(HEADER))
    assert "it needs experiment" in table_fault(table(""))


def test_an_experiment_that_stands_twice(table):
    assert "Line 3" in (sentence := table_fault(table(HEADER, ROW, ROW)))
    assert "experiment '7' stands twice" in sentence


@pytest.mark.parametrize("name", ["tables", "figures", "order", "rounds"])
def test_a_reserved_name(table, name):
    assert f"{name!r} is a reserved name" in table_fault(table(HEADER, name + ROW[1:]))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("7,", "7/8,", ["key experiment", "7/8"]),
        ("untrained", "imagenet", ["key initialisation", "untrained, pretrained, pixels"]),
        ("untrained,zille", "untrained,zile", ["key training", "allowed are nothing, zille, dew"]),
        (",,zille", ",,", ["key embeddings", "allowed are zille, dew"]),
        ("published,2022", "halves,2022", ["key split", "published, random, group"]),
        ("2022", "two", ["key seed", "a whole number"]),
        ("2022", "-1", ["key seed"]),
        ("2022", "", ["key seed"]),
        ("2022", "²", ["key seed"]),
        ("on zille", "", ["key label_en", "in English"]),
    ],
)
def test_a_wrong_cell(table, old, new, told):
    sentence = table_fault(table(HEADER, ROW.replace(old, new)))
    assert "Line 2" in sentence
    for word in told:
        assert word in sentence


def test_a_comma_without_quotes(table):
    sentence = table_fault(table(HEADER, ROW + ", then on dew"))
    assert "Line 2" in sentence and "more cells" in sentence and "double quotes" in sentence
    quoted = table(HEADER, ROW.replace("on zille", '"on zille, then"'))
    assert plan.read_study(quoted, "simclr")["7"]["label_en"] == "on zille, then"
    assert "fewer cells" in table_fault(table(HEADER, ROW.rsplit(",", 1)[0]))


def test_the_shipped_table_is_plain(checkout):
    with open(checkout / "config/studies/simclr.csv", encoding="utf-8", newline="") as handle:
        assert ",".join(next(csv.reader(handle))) == HEADER


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"collections": {"zille": {"path": "no/such"}}}, "collections.zille.path is no/such"),
        ({"collections": {"zille": {"path": "."}}}, "collections.zille.metadata is not given"),
        (
            {"collections": {"zille": {"path": ".", "metadata": "no.csv"}}},
            "collections.zille.metadata is no.csv, which is no file",
        ),
        (
            {"collections": {"zille": {"path": ".", "records": "dew"}}},
            "The collection zille has records: dew, but collections.zille.metadata is not given",
        ),
        (
            {"collections": {"zille": {"connections": "no.csv"}}},
            "collections.zille.connections is no.csv, which is no file",
        ),
        ({"weights": {"imagenet": {"path": "no.pth"}}}, "weights.imagenet.path is no.pth"),
        ({"weights": {"own": {"source": "local"}}}, "weights.own has source: local, but no path"),
    ],
)
def test_paths_that_lead_nowhere(load_config, change, words):
    found = load_config()
    update_config(found, change)
    with pytest.raises(SettingsError, match=re.escape(words)):
        plan.check_paths(plan.check_settings(found))


@pytest.mark.parametrize("kind", ["pictures", "classes"])
def test_pictures_alone_need_no_file(load_config, kind):
    found = load_config()
    update_config(found, {"collections": {"zille": {"path": ".", "records": kind}}})
    checked = plan.check_settings(found)
    plan.check_paths(checked)
    assert checked["collections"]["zille"]["class_is"] == "makers"


@pytest.mark.parametrize("split", ["published", "group"])
def test_a_row_must_not_test_on_what_an_earlier_phase_trained_on(load_config, checkout, split):
    found = plan.check_settings(load_config())
    rows = plan.read_study(checkout / "config/studies/simclr.csv", "simclr")
    rows["6"] |= {"embeddings": "dew", "split": split}
    recipes = {
        name: plan.resolve_like(found["simclr"]["recipes"], name, "recipe")
        for name in found["simclr"]["recipes"]
    }
    if split == "published":
        plan.check_crosswise(found, rows, recipes)
    else:
        with pytest.raises(SettingsError, match="test pictures have been trained on"):
            plan.check_crosswise(found, rows, recipes)


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (None, "key collections.mine: is empty, it needs keys with values"),
        ({}, "the key 'source' is missing; it is one of zille, dew, specimen"),
        ({"source": "local", "title": "Mine"}, "{de: Meine Sammlung, en: my collection}"),
        ({"source": "local", "columns": {"maker": "x"}}, "(did you mean 'makers'?)"),
        ({"source": "local", "columns": ["file"]}, "is ['file'], it needs keys with values"),
        ({"source": "locals"}, "did you mean 'local'?"),
        ({"source": "local", "fill": {"title": "x"}}, "'title' is not allowed"),
        ({"source": "local", "until": "1950"}, "is '1950', it needs a whole number"),
    ],
)  # fmt: skip
def test_what_a_collection_lacks_is_said_with_what_it_may_be(load_config, entry, words):
    settings = load_config()
    settings["collections"]["mine"] = entry
    assert words in fault_of(settings)


def test_a_name_with_blanks_is_told_without_a_regular_expression(load_config):
    settings = load_config()
    settings["collections"]["my pictures"] = {"source": "local"}
    assert (
        "'my pictures' does not fit (the name of a collection stands in paths: small"
        in fault_of(settings)
    )
