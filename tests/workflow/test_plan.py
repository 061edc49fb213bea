"""What the workflow plans, and what it says before any job starts."""

import pytest

from tests.workflow.conftest import trainings

ROWS = range(9)


def targets(collection, experiments=ROWS):
    return [f"results/{collection}/simclr/{name}/embeddings.h5" for name in experiments]


def test_nine_published_experiments_need_seven_trainings(tiny):
    due = tiny.due(*targets("tiny"), "--configfile", tiny.tiny)
    assert due["train_simclr"] == 4
    assert due["finetune_simclr"] == 3
    assert trainings(due) == 7


def test_one_experiment_needs_only_its_own_jobs(tiny):
    due = tiny.due(*targets("tiny", ["7"]), "--configfile", tiny.tiny)
    assert due == {
        "list_pictures": 1,
        "pack_pictures": 1,
        "split_collection": 1,
        "initialise_model": 1,
        "train_simclr": 1,
        "embed_simclr": 1,
    }


def test_without_dew_an_experiment_that_needs_it_says_how_to_get_it(checkout):
    found = checkout.run("-n", "--cores", "1", *targets("zille", ["4"]))
    assert found.returncode == 1
    assert "collections.dew.path" in found.stdout
    assert "Traceback" not in found.stdout


def test_without_dew_all_builds_the_rest_and_says_what_it_left_out(checkout):
    found = checkout.run("-n", "--cores", "1")
    assert found.returncode == 0, found.stdout
    assert "Left out: experiments 3, 4, 5, 6, 9, 10, 11, 6s, pixels-dew of simclr" in found.stdout
    assert "results/zille/simclr/7/neighbours.csv" in found.stdout
    assert "results/zille/simclr/4/neighbours.csv" not in found.stdout


def test_an_experiment_under_a_collection_that_it_does_not_embed(tiny):
    found = tiny.run("-n", "--cores", "1", *targets("tiny", ["9"]), "--configfile", tiny.tiny)
    assert found.returncode == 1
    assert "embeds tiny-dew, not tiny" in found.stdout


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"simclr": {"recipes": {"published": {"fold_": "mean"}}}}, ["'fold_'", "'fold'?"]),
        ({"simclr": {"roles": {"zille": "zile"}}}, ["'zile'", "zille, dew"]),
        ({"collections": {"zille": {"path": "no/such/folder"}}}, ["no/such/folder"]),
        ({"langauge": "de"}, ["'langauge'", "'language'?"]),
    ],
)
def test_a_fault_in_the_settings_is_one_sentence(checkout, settings, words):
    overlay = checkout.overlay("wrong.yaml", settings)
    found = checkout.run("-n", "--cores", "1", *targets("zille", ["7"]), "--configfile", overlay)
    assert found.returncode == 1
    for word in words:
        assert word in found.stdout
    assert "Traceback" not in found.stdout


def test_an_unknown_collection_in_the_table(checkout):
    checkout.edit("config/studies/simclr.csv", "7,untrained,zille,", "7,untrained,zile,")
    found = checkout.run("-n", "--cores", "1")
    assert found.returncode == 1
    assert "'zile' is not allowed; allowed are" in found.stdout
    assert "Line 9" in found.stdout


def test_bare_and_gpu_calls_plan_the_same(tiny):
    words = [*targets("tiny", ["7"]), "--configfile", tiny.tiny]
    assert tiny.due(*words) == tiny.due(*words, "--resources", "gpu=1")
