"""Lineages: one name for everything that made a model, and nothing else in it."""

import itertools

import pytest

from plan import lineage, settings
from plan.lineage import Lineage, Phase

ROLES = {"zille": "zille", "dew": "dew", "pretrained": "imagenet"}


def row(initialisation="untrained", training="", fine_tuning="", **more):
    return {
        "initialisation": initialisation,
        "training": training,
        "fine_tuning": fine_tuning,
        "recipe": "published",
        "split": "published",
        "seed": 2022,
    } | more


def of(made, fold="mean", roles=ROLES):
    return lineage.from_row(made, roles, fold, "published", 2022)


@pytest.mark.parametrize(
    ("made", "name"),
    [
        # the three examples of the architecture
        (row(training="zille"), "untrained+zille.published"),
        (
            row("pretrained", "dew", "zille"),
            "imagenet+dew.published+zille.published.fine",
        ),
        (
            row(training="zille", recipe="sound", split="group", seed=1),
            "untrained+zille.sound~group~s1",
        ),
        (row(), "untrained"),
        (row("pretrained"), "imagenet"),
        (row("pretrained", fine_tuning="zille"), "imagenet+zille.published.fine"),
        # without a phase no split has been read, but the seed has made the initial values
        (row(split="group", seed=1), "untrained~s1"),
        (row(training="dew", split="random"), "untrained+dew.published~random"),
    ],
)
def test_names(made, name):
    assert of(made).name == name


def test_the_first_convolution_summed_is_another_initialisation():
    assert of(row("pretrained"), fold="sum").name == "imagenet-sum"
    assert of(row("pretrained", "zille"), fold="sum").name == "imagenet-sum+zille.published"


def test_roles_are_filled_by_an_overlay():
    roles = {"zille": "specimen", "dew": "specimen-dew", "pretrained": "standin"}
    made = of(row("pretrained", "dew", "zille"), roles=roles)
    assert made.name == "standin+specimen-dew.published+specimen.published.fine"


def test_other_defaults_leave_out_other_things():
    made = Lineage("untrained", "mean", (Phase("a", "r", False),), "group", 7, "group", 7)
    assert made.name == "untrained+a.r"
    published = Lineage("untrained", "mean", made.phases, "published", 2022, "group", 7)
    assert published.name == "untrained+a.r~published~s2022"


def test_parents_and_chain():
    made = of(row("pretrained", "dew", "zille", seed=1))
    names = [step.name for step in made.chain()]
    assert names == [
        "imagenet~s1",
        "imagenet+dew.published~s1",
        "imagenet+dew.published+zille.published.fine~s1",
    ]
    assert made.parent.parent.parent is None
    assert made.parent.name == names[1]


def test_a_split_is_the_last_collections_own():
    """A group split of zille says nothing about dew; the same collection keeps its split."""
    foreign = of(row(training="dew", fine_tuning="zille", split="group"))
    assert [step.name for step in foreign.chain()] == [
        "untrained",
        "untrained+dew.published",
        "untrained+dew.published+zille.published.fine~group",
    ]
    same = of(row(training="zille", fine_tuning="zille", split="group"))
    # else the fine-tuning's test part would have been trained on before
    assert same.parent.name == "untrained+zille.published~group"


def test_the_published_nine_are_seven_trainings(checkout):
    rows = settings.read_study(checkout / "config/studies/simclr.csv", "simclr")
    made = [of(rows[str(number)]) for number in range(9)]
    steps = {step.name: step for one in made for step in one.chain()}
    trained = {name: step for name, step in steps.items() if step.phases}
    fine = {name for name, step in trained.items() if step.phases[-1].fine}
    assert set(trained) - fine == {
        "imagenet+dew.published",
        "untrained+dew.published",
        "untrained+zille.published",
        "imagenet+zille.published",
    }
    assert fine == {
        "imagenet+zille.published.fine",
        "imagenet+dew.published+zille.published.fine",
        "untrained+dew.published+zille.published.fine",
    }
    assert set(steps) - set(trained) == {"untrained", "imagenet"}
    assert len({one.name for one in made}) == 9


def test_the_embedded_collection_shares_the_model(checkout):
    rows = settings.read_study(checkout / "config/studies/simclr.csv", "simclr")
    for zille, dew in (("1", "9"), ("3", "10"), ("5", "11")):
        assert of(rows[zille]) == of(rows[dew])


def every_row():
    recipes = {"published": "mean", "sum": "sum", "sound": "mean"}
    parts = itertools.product(
        ["untrained", "pretrained"], ["", "zille", "dew"], ["", "zille", "dew"], recipes,
        ["published", "random", "group"], [1, 2022],
    )  # fmt: skip
    for start, training, fine_tuning, recipe, split, seed in parts:
        made = row(start, training, fine_tuning, recipe=recipe, split=split, seed=seed)
        yield made, of(made, recipes[recipe])


def test_trained_models_differ_in_name_where_they_differ_in_anything():
    found = {}
    for made, one in every_row():
        if one.phases:
            assert one.name not in found, f"{made} and {found[one.name]} share {one.name}"
            found[one.name] = made
    assert len(found) == 2 * (3 * 3 - 1) * 3 * 3 * 2


def test_the_same_name_along_chains_is_the_same_model():
    """A parent reached from two rows must be one lineage: it is one file."""
    steps = {}
    for _, one in every_row():
        for step in one.chain():
            assert steps.setdefault(step.name, step).phases == step.phases
            assert steps[step.name].seed == step.seed
            assert steps[step.name].fold == step.fold
            if step.phases:
                assert steps[step.name].split == step.split
