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
    assert "collections.dew.meta" in found.stdout
    assert "Traceback" not in found.stdout


def test_with_its_table_of_addresses_dew_is_fetched_and_the_cost_is_told(checkout):
    header = "img_id,GT,date_taken,date_granularity,url,username,title,license,license_url"
    lines = [f"{n},1940,,8,http://127.0.0.1:9/{n}_a.jpg,me,t,l," for n in range(50)]
    table = checkout.folder / "meta.csv"
    table.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    settings = {
        "collections": {"dew": {"meta": "meta.csv"}},
        "download": {"shards": 3, "tries": 1},
    }
    overlay = checkout.overlay("dew.yaml", settings)
    due = checkout.due(*targets("zille", ["4"]), "--configfile", overlay)
    assert due["scatter_dew"] == due["gather_dew"] == 1 and due["fetch_dew_shard"] == 3
    found = checkout.run("-n", "--cores", "1", "--configfile", overlay)
    assert found.returncode == 0 and "Left out" not in found.stdout
    assert "results/dew/figures/downloads.png" in found.stdout
    # nobody answers at that port: said in one sentence; what was tried stands in the tables
    words = ["resources/dew/manifest.csv", "--configfile", overlay]
    made = checkout.run("--cores", "2", *words)
    assert made.returncode == 1
    assert "Before it starts: 50 pictures of dew are to be asked for" in made.stdout
    assert "is there a network?" in made.stdout and "Traceback" not in made.stdout
    assert list((checkout.folder / "resources/dew/status").glob("*.csv"))


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
        ({"collections": {"dew": {"meta": "no/meta.csv"}}}, ["collections.dew.meta", "no file"]),
        ({"collections": {"zille": {"meta": "README"}}}, ["collections.zille.meta", "source: dew"]),
        (
            {"collections": {"dew": {"meta": "config/studies/simclr.csv"}}},
            ["lacks the column(s) img_id, GT", "must name img_id,GT,date_taken"],
        ),
        (
            {
                "collections": {
                    "zille": {"path": "config", "records": "lido", "metadata": "Snakefile"}
                }
            },
            ["records: lido, but Snakefile is no XML file"],
        ),
        (
            {
                "collections": {
                    "own": {"source": "local", "path": "config", "metadata": "Snakefile"}
                }
            },
            ["add records: table"],
        ),
        ({"download": {"contact": "Zürich"}}, ["download.contact", "plain ASCII"]),
        ({"download": {"placeholders": ["ABC"]}}, ["download.placeholders", "64 hexadecimal"]),
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
    assert "'zile' is not allowed (did you mean 'zille'?); allowed are" in found.stdout
    assert "Line 9" in found.stdout


def test_bare_and_gpu_calls_plan_the_same(tiny):
    words = [*targets("tiny", ["7"]), "--configfile", tiny.tiny]
    assert tiny.due(*words) == tiny.due(*words, "--resources", "gpu=1")
