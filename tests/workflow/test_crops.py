"""Crops in the workflow: proposed, frozen, waiting, taken over; what is due then."""

import shutil

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from bilderatlas.data.pack import read_pack
from bilderatlas.files import CROPS
from tests.workflow.conftest import trainings

TARGETS = (
    "results/tiny/simclr/7/embeddings.h5", "results/tiny/simclr/figures/test-sheet.png",
    "results/tiny/orientation.csv",
)  # fmt: skip
HEADER = ",".join(CROPS)


def decide(checkout, *rows):
    path = checkout.folder / "resources/tiny/crops.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")


def packed(checkout):
    pack = read_pack(checkout.folder / "results/tiny/pack/grey-64.h5")
    sizes = dict(zip(pack.image_ids, pack.sizes.tolist(), strict=True))
    return sizes, (checkout.folder / "results/tiny/pack/grey-64.h5").stat().st_mtime_ns


def trained(checkout):
    parts = pd.read_csv(checkout.folder / "results/tiny/splits/published.csv", dtype=str)
    return parts.loc[parts["part"] == "train", "image_id"].tolist()


def take_over(checkout):
    return checkout.run(
        "--cores", "2", "--configfile", checkout.tiny, "--forcerun", "freeze_crops", "--", *TARGETS
    )


@pytest.mark.slow
def test_a_click_disturbs_nothing_until_it_is_taken_over(tiny):
    words = (*TARGETS, "--configfile", tiny.tiny)
    first = tiny.run("--cores", "2", *words)
    assert first.returncode == 0, first.stdout
    assert tiny.due(*words) == {}
    assert not (tiny.folder / "results/tiny/crops.csv").exists()
    name, other = trained(tiny)[:2]

    # someone draws a box at the desk: nothing is due, and it is said what waits
    decide(tiny, f"{name},10,5,90,65,me,2026-01-01T10:00:00,90")
    again = tiny.run("--cores", "2", *words)
    assert again.returncode == 0, again.stdout
    assert "Nothing to be done" in again.stdout
    assert "Decisions about crops wait: 1 in resources/tiny/crops.csv" in again.stdout
    sizes, before = packed(tiny)
    assert sizes[name] == [48, 64]

    # a whole scan confirmed, and a box of a test picture, train nothing, the first ones neither
    tested = next(key for key in sizes if key not in trained(tiny))
    whole = f"{other},0,0,96,72,me,,0"
    outside = f"{tested},1,1,90,70,me,,0"
    decide(tiny, whole, outside)
    assert tiny.due(*words) == {}
    made = take_over(tiny)
    assert made.returncode == 0, made.stdout
    assert "train_simclr" not in made.stdout and "have changed in this run" not in made.stdout
    assert packed(tiny)[0][tested] == [50, 64]
    assert tiny.due(*words) == {}

    # that of a training picture: packed anew, the model named that the next call trains
    decide(tiny, whole, outside, f"{name},10,5,90,65,me,2026-01-01T10:00:00,90")
    taken = take_over(tiny)
    assert "The training pictures of untrained+tiny.published have changed" in taken.stdout
    frozen = pd.read_csv(tiny.folder / "results/tiny/crops.csv", dtype=str).set_index("image_id")
    assert frozen.loc[name, ["left", "turn", "source"]].tolist() == ["10", "90", "hand"]
    sizes, after = packed(tiny)
    assert after > before
    assert sizes.pop(name) == [64, 48] and sizes.pop(tested) == [50, 64]
    assert all(size == [48, 64] for size in sizes.values())
    due = tiny.due(*words)
    assert trainings(due) == 1 and "pack_pictures" not in due
    last = tiny.run("--cores", "2", *words)
    assert last.returncode == 0, last.stdout
    assert tiny.due(*words) == {}

    # taken back, the model goes back to what it was, too
    decide(tiny, whole, outside, f"{name},10,5,90,65,me,,90", f"{name},,,,,me,,")
    take_over(tiny)
    assert packed(tiny)[0][name] == [48, 64]
    assert trainings(tiny.due(*words)) == 1


def test_decisions_that_are_there_before_the_first_run_count_from_the_start(tiny):
    decide(tiny, "1003,10,5,90,65,me,,0")
    due = tiny.due("results/tiny/pack/grey-64.h5", "--configfile", tiny.tiny)
    assert due == {"list_pictures": 1, "freeze_crops": 1, "pack_pictures": 1}
    plan = tiny.due(*TARGETS, "--configfile", tiny.tiny)
    assert plan["freeze_crops"] == 1 and "propose_crops" not in plan
    # the collection beside it has none
    other = tiny.due("results/tiny-dew/pack/grey-64.h5", "--configfile", tiny.tiny)
    assert other == {"list_pictures": 1, "pack_pictures": 1}


def test_a_fault_in_a_box_is_one_sentence_and_packs_nothing(tiny):
    decide(tiny, "1003,10,5,90,65,me,,0", "1004,10,5,97,65,me,,0", "9999,1,1,2,2,me,,0")
    words = ("results/tiny/pack/grey-64.h5", "--configfile", tiny.tiny)
    made = tiny.run("--cores", "1", *words)
    assert made.returncode == 1
    assert "resources/tiny/crops.csv, line 3: 1004: the box 10, 5, 97, 65 reaches outside" in (
        made.stdout
    )
    assert not (tiny.folder / "results/tiny/pack").exists()
    assert not (tiny.folder / "results/tiny/crops.csv").exists()


@pytest.mark.parametrize(
    ("crops", "words"),
    [
        ({"acept": 0.9}, ["'acept'", "'accept'?"]),
        ({"accept": 1.5}, ["collections.tiny.crops.accept", "1.5"]),
        ({"propose": "yes"}, ["collections.tiny.crops.propose"]),
    ],
)
def test_a_fault_in_the_settings_is_one_sentence(tiny, crops, words):
    overlay = tiny.overlay("wrong.yaml", {"collections": {"tiny": {"crops": crops}}})
    found = tiny.run("-n", "--cores", "1", "--configfile", tiny.tiny, overlay)
    assert found.returncode == 1 and "Traceback" not in found.stdout
    for word in words:
        assert word in found.stdout


def scans(folder):
    """The tiny pictures again, as scans: on a black ground, with a rim around them."""
    for number, path in enumerate(sorted(folder.glob("*.jpg"))):
        ground = np.random.default_rng(number).normal(20, 1.2, (300, 360, 1))
        scan = Image.fromarray(ground.clip(0, 255).astype(np.uint8).repeat(3, axis=2))
        scan.paste(Image.open(path).resize((240, 180)), (60, 50))
        scan.save(path, quality=92)


@pytest.mark.slow
def test_proposals_are_taken_by_themselves_only_where_the_settings_say_so(tiny):
    scans(tiny.folder / "own/images")
    path = tiny.folder / "own/images/1001.jpg"
    path.write_bytes(path.read_bytes()[:300])
    target = "results/tiny/crop_proposals.csv"
    made = tiny.run("--cores", "2", target, "--configfile", tiny.tiny)
    assert made.returncode == 0, made.stdout
    assert "1 of 24 pictures of tiny could not be read" in made.stdout
    table = pd.read_csv(tiny.folder / target)
    assert len(table) == 23 and table["confidence"].is_monotonic_increasing
    sides = table[["left", "top", "right", "bottom"]].to_numpy()
    assert np.median(np.abs(sides - [60, 50, 300, 230])) <= 2
    pack = "results/tiny/pack/grey-64.h5"
    assert "freeze_crops" not in tiny.due(pack, "--configfile", tiny.tiny)

    accept = float(table["confidence"].quantile(0.3))
    overlay = tiny.overlay("accept.yaml", {"collections": {"tiny": {"crops": {"accept": accept}}}})
    words = (pack, "--configfile", tiny.tiny, overlay)
    decide(tiny, "1005,0,0,360,300,me,2026,180")
    made = tiny.run("--cores", "2", *words)
    assert made.returncode == 0, made.stdout
    frozen = pd.read_csv(tiny.folder / "results/tiny/crops.csv", dtype=str).set_index("image_id")
    assert (frozen["source"] == "rule").sum() >= 15
    assert frozen.loc["1005", ["right", "turn", "source"]].tolist() == ["360", "180", "hand"]
    assert tiny.due(*words) == {}
    # a picture more is proposed for; no box that was frozen moves
    shutil.copy(tiny.folder / "own/images/1002.jpg", tiny.folder / "own/images/2002.jpg")
    due = tiny.due("results/tiny/crop_proposals.csv", *words)
    assert due["propose_crops"] == 1 and "freeze_crops" not in due


@pytest.mark.slow
def test_the_scans_of_the_specimen_are_proposed_for_and_shown(checkout):
    words = ("--configfile", "config/specimen.yaml")
    figure = "results/specimen-scans/figures/crop-proposals.png"
    made = checkout.run("--cores", "2", figure, *words)
    assert made.returncode == 0, made.stdout
    truth = pd.read_csv(checkout.folder / "resources/specimen-scans/true-boxes.csv")
    found = pd.read_csv(checkout.folder / "results/specimen-scans/crop_proposals.csv")
    both = truth.merge(found, on="image_id", suffixes=("_true", ""))
    assert len(both) == 24 and (both["width"] == both["width_true"]).all()
    off = [
        (both[side] - both[f"{side}_true"]).abs() / both[size]
        for side, size in zip(("left", "top", "right", "bottom"), ("width", "height") * 2,
                              strict=True)
    ]  # fmt: skip
    assert (np.max(off, axis=0) <= 0.02).mean() >= 0.85
    # most records have a size: the catalogue was read
    assert found["expected_aspect"].notna().mean() > 0.8
    with Image.open(checkout.folder / figure) as drawn:
        assert min(drawn.size) > 400
    assert checkout.due(figure, *words) == {}
