"""The page of prints: decisions, the overlay, records that differ, undo."""

import io

import numpy as np
import pytest
from PIL import Image, ImageOps

from bilderatlas.files import FROZEN_CROPS
from tests.browser.conftest import current, shows, until
from tests.desk_server import Collection, read_rows, write_rows

TITLES = {
    "a": {"title": "Kinder im Hof", "date": "1897", "makers": "Zille", "height_cm": 9},
    "b": {"title": "Kinder im Hinterhof", "date": "1897", "makers": "Zille", "width_cm": 12},
    "c": {"title": '<b onmouseover="x()">"c"</b>', "date": "um 1900", "makers": "unbekannt"},
}


def pair(a, b, relation, score, **more):
    row = {
        "image_a": a, "image_b": b, "relation": relation, "mirrored": "no", "cut": "no",
        "score": score, "inliers": 80, "correlation": 0.9, "transform": "", "source": "rule",
    }  # fmt: skip
    return row | more


@pytest.fixture
def collection(tmp_path, draw):
    """Picture b is the right half of a, mirrored; c is another one."""
    whole = Image.open(draw("a", 800, 600, (40, 40, 760, 560))).convert("RGB")
    pen = np.array(whole)
    pen[280:320, 660:700] = (220, 30, 30)  # a mark that the overlay must bring to one place
    Image.fromarray(pen).save(tmp_path / "a.png")
    half = ImageOps.mirror(Image.fromarray(pen[150:450, 400:800]))
    half.resize((600, 450)).save(tmp_path / "b.png")
    files = {"a": tmp_path / "a.png", "b": tmp_path / "b.png", "c": draw("c", 700, 700)}
    made = Collection(tmp_path, files, **TITLES)
    # b, flipped back, fills x from 0.5 to 1 and y from 0.25 to 0.75 of a
    made.pair(
        [
            pair("a", "b", "print", 0.9, mirrored="yes", cut="yes",
                 transform="0.5 0 0.5 0 0.5 0.25 0 0 1"),
            pair("a", "c", "variant", 0.3),
            pair("b", "c", "series", 0.5),
        ]
    )  # fmt: skip
    return made


def red_centre(page):
    """The middle of what is red on the board, in pixels of it, and how much is."""
    shot = Image.open(io.BytesIO(page.locator("#pair").screenshot())).convert("RGB")
    picture = np.asarray(shot).astype(int)
    red = (picture[..., 0] - picture[..., 1:].max(-1)) > 60
    ys, xs = np.nonzero(red)
    return np.array([xs.mean(), ys.mean()]), red.sum()


def test_decisions_are_kept_and_undone(collection, serve, open_page):
    page = open_page(serve(collection), "prints")
    assert current(page) == "a\tc"  # the unsure one first; series are on another list
    assert page.evaluate("desk.list.listed.length") == 2
    page.keyboard.press("3")
    shows(page, "a\tb")
    assert page.locator("#relations .told").inner_text() == "print"
    page.keyboard.press("Space")  # as the rule says, with what it says of mirror and cut
    until(page, "document.getElementById('tally').textContent.startsWith('2 of 2')")
    rows = read_rows(collection.prints)
    assert [[row[name] for name in row if name != "at"] for row in rows] == [
        ["a", "c", "no", "", "", "Tester"],
        ["a", "b", "print", "yes", "yes", "Tester"],
    ]
    page.keyboard.press("v")  # another mind: the last row counts
    until(page, "desk.list.decision(desk.now.item).relation === 'variant'")
    page.keyboard.press("Backspace")
    until(page, "desk.list.decision(desk.now.item).relation === 'print'")
    page.keyboard.press("Backspace")
    until(page, "desk.list.decision(desk.now.item) === null")
    page.keyboard.press("Backspace")  # nothing on this one: back to the last of this visit
    shows(page, "a\tc")
    until(page, "desk.list.decision(desk.now.item) === null")
    assert [row["relation"] for row in read_rows(collection.prints)] == [
        "no", "print", "variant", "undo", "undo", "undo",
    ]  # fmt: skip
    page.reload()
    shows(page, "a\tc")
    assert "0 of 2" in page.locator("#tally").inner_text()


def test_mirrored_and_cut_go_into_the_row(collection, serve, open_page):
    page = open_page(serve(collection), "prints")
    page.keyboard.press("m")
    page.keyboard.press("c")
    page.locator("#relations [data-relation=print]").click()
    shows(page, "a\tb")
    row = read_rows(collection.prints)[0]
    assert (row["relation"], row["mirrored"], row["cut"]) == ("print", "yes", "yes")
    page.keyboard.press("m")  # the click did not keep the keys
    assert not page.locator("#mirrored").is_checked()


def test_a_pair_that_is_not_there_yet_takes_no_decision(collection, serve, context, open_page):
    """Neither with the flags of the pair before nor with its own: nobody has seen it."""
    page = open_page(serve(collection), "prints")
    held = []
    context.route("**/look?*", lambda route: held.append(route))
    page.reload()
    until(page, "window.desk?.now && !desk.now.ready")
    page.evaluate("desk.list.go(desk.list.items.find(item => item.key === 'a\\tb'))")
    assert page.evaluate("desk.now.ready") is False
    assert page.locator("#mirrored").is_checked() and page.locator("#cut").is_checked()
    page.evaluate("desk.list.go(desk.list.items.find(item => item.key === 'a\\tc'))")
    assert not page.locator("#mirrored").is_checked() and not page.locator("#cut").is_checked()
    assert page.locator("#records tbody tr").count() == 0
    assert page.locator("#id_b").inner_text() == "c"
    for key in ("1", "3", "Space", "m"):
        page.keyboard.press(key)
    assert page.locator("#relations [data-relation=print]").is_disabled()
    assert not page.locator("#mirrored").is_checked()
    page.wait_for_timeout(200)
    assert not collection.prints.exists()
    context.unroute("**/look?*")  # lets go what it held
    shows(page, "a\tc")
    page.keyboard.press("1")
    shows(page, "a\tb")
    assert read_rows(collection.prints)[0]["mirrored"] == "no"


def test_backspace_finds_what_still_stands(collection, serve, open_page):
    """Also after the last one was taken back elsewhere, or decided on twice."""
    page = open_page(serve(collection), "prints")
    page.keyboard.press("3")
    shows(page, "a\tb")
    page.keyboard.press("1")
    until(page, "document.getElementById('tally').textContent.startsWith('2 of 2')")
    page.keyboard.press("1")  # the same once more is no row
    page.evaluate("desk.list.go(desk.list.items.find(item => item.key === 'b\\tc'))")
    shows(page, "b\tc")
    with open(collection.prints, "a") as handle:
        handle.write("a,b,undo,,,Anna,\n")
    until(page, "desk.list.decision(desk.list.items.find(item => item.key === 'a\\tb')) === null")
    page.keyboard.press("Backspace")
    shows(page, "a\tc")
    until(page, "desk.list.decision(desk.now.item) === null")
    assert [row["relation"] for row in read_rows(collection.prints)] == [
        "no", "print", "undo", "undo",
    ]  # fmt: skip


def test_an_empty_list_takes_any_key(collection, serve, context):
    collection.pair([])
    page = context.new_page()
    page.goto(serve(collection).address + "prints/")
    until(page, "document.getElementById('wait').textContent === 'No pairs.'")
    for key in ("Space", "Enter", "Backspace", "1", "m", "c", "x", "o", "ArrowRight", "ArrowUp"):
        page.keyboard.press(key)
    assert not collection.prints.exists()  # and context.faults stays empty


def freeze(collection, name, scan, box, turn):
    """Exchange a picture for a scan of which the run uses a box, turned."""
    file = collection.root / f"{name}.png"
    scan.save(file)
    sides = dict(zip(("left", "top", "right", "bottom"), box, strict=True))
    row = {"image_id": name, **sides, "turn": turn, "width": scan.width, "height": scan.height}
    write_rows(collection.root / "results/c/crops.csv", FROZEN_CROPS, [row])


@pytest.mark.parametrize("cropped", [False, True])
def test_the_overlay_brings_the_same_point_to_one_place(collection, serve, open_page, cropped):
    """Also where the run, and so the alignment, sees a part of a scan that lies on its side."""
    if cropped:
        kept = Image.open(collection.root / "a.png").transpose(Image.Transpose.ROTATE_90)
        scan = Image.new("RGB", (kept.width + 300, kept.height + 110), (90, 90, 90))
        scan.paste(kept, (250, 70))
        box = (250, 70, 250 + kept.width, 70 + kept.height)
        freeze(collection, "a", scan, box, 90)  # clockwise; Pillow turns the other way
    page = open_page(serve(collection), "prints")
    page.keyboard.press("ArrowRight")
    shows(page, "a\tb")
    assert "aligned" in page.locator("#aligned").inner_text()
    page.keyboard.press("o")
    page.locator("#pair canvas").nth(0).evaluate("element => { element.style.opacity = 0 }")
    second, much = red_centre(page)
    page.locator("#pair canvas").nth(0).evaluate("element => { element.style.opacity = 1 }")
    page.keyboard.press("x")  # only the first one
    first, more = red_centre(page)
    assert much > 20 and more > 20
    assert np.abs(first - second).max() < 2
    page.keyboard.press("m")  # told otherwise, what the rule measured says nothing
    assert "not aligned" in page.locator("#aligned").inner_text()
    page.keyboard.press("x")
    page.locator("#pair canvas").nth(0).evaluate("element => { element.style.opacity = 0 }")
    assert np.abs(red_centre(page)[0] - first).max() > 20
    page.keyboard.press("m")
    assert "not aligned" not in page.locator("#aligned").inner_text()
    assert np.abs(red_centre(page)[0] - first).max() < 2


@pytest.mark.slow
def test_flicker_swaps_by_itself_and_difference_is_dark(collection, serve, open_page):
    page = open_page(serve(collection), "prints")
    page.keyboard.press("ArrowRight")
    shows(page, "a\tb")
    page.keyboard.press("f")
    for state in ("true", "false", "true"):
        until(page, f"document.getElementById('pair').classList.contains('behind') === {state}")
    page.keyboard.press("d")
    shot = Image.open(io.BytesIO(page.locator("#pair").screenshot())).convert("L")
    canvas = page.locator("#pair canvas").nth(1).bounding_box()
    board = page.locator("#pair").bounding_box()
    left, top = canvas["x"] - board["x"], canvas["y"] - board["y"]
    inner = np.asarray(
        shot.crop((left + 9, top + 9, left + canvas["width"] - 9, top + canvas["height"] - 9))
    )
    assert np.median(inner) < 12  # the same picture, aligned
    page.keyboard.press("b")
    assert page.evaluate("document.getElementById('pair').className") == "beside"


def test_records_stand_beside_each_other_with_differences_marked(collection, serve, open_page):
    page = open_page(serve(collection), "prints")
    page.keyboard.press("ArrowRight")
    shows(page, "a\tb")
    marked = page.locator("#records mark").all_inner_texts()
    assert marked == ["Hof", "Hinterhof"]
    assert page.locator("#records tr.differs th").all_inner_texts() == ["title"]
    page.keyboard.press("ArrowLeft")
    shows(page, "a\tc")
    titles = page.locator("#records tbody tr").first.locator("td").all_inner_texts()
    assert titles == ["Kinder im Hof", '<b onmouseover="x()">"c"</b>']


@pytest.mark.slow
def test_two_tabs_and_an_undo_that_came_too_late(collection, serve, open_page):
    server = serve(collection)
    first, second = open_page(server, "prints"), open_page(server, "prints")
    first.keyboard.press("1")
    shows(first, "a\tb")
    until(second, "desk.list.decision(desk.now.item)?.relation === 'print'")
    assert "Tester" in second.locator("#banner").inner_text()
    # the second tab stops listening, and the first one changes its mind
    second.evaluate("desk.list.watch.asking = true")
    first.keyboard.press("ArrowLeft")
    shows(first, "a\tc")
    first.keyboard.press("2")
    shows(first, "a\tb")
    second.keyboard.press("Backspace")
    until(second, "document.getElementById('banner').textContent.includes('meanwhile')")
    assert [row["relation"] for row in read_rows(collection.prints)] == ["print", "variant"]
    until(second, "desk.list.decision(desk.now.item).relation === 'variant'")
    second.keyboard.press("Backspace")  # now it knows what it takes back
    until(second, "desk.list.decision(desk.now.item).relation === 'print'")


def test_a_transform_that_tears_the_picture_is_not_shown(collection, serve, open_page):
    torn = "1 0 0 0 1 0 -2 0 1"  # its horizon runs through the middle
    collection.pair([pair("a", "b", "print", 0.1, transform=torn)])
    page = open_page(serve(collection), "prints")
    assert "not aligned" in page.locator("#aligned").inner_text()


def test_a_pair_named_by_hand_alone_is_listed(collection, serve, open_page):
    collection.pair([])
    collection.prints.write_text("image_b,image_a,relation\nc,b,print\nb,a,no\n")
    page = open_page(serve(collection), "prints")
    assert page.evaluate("desk.list.items.map(item => item.key)") == ["a\tb", "b\tc"]
    page.evaluate("desk.list.go(desk.list.items[0])")
    shows(page, "a\tb")
    page.keyboard.press("Backspace")
    until(page, "desk.list.decision(desk.now.item) === null")
    rows = read_rows(collection.prints)
    assert rows[-1]["relation"] == "undo" and rows[-1]["image_a"] == "a"
    assert rows[0]["image_b"] == "c"  # the hand's own rows and order of columns stay
