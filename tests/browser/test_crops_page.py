"""The page of crops, as a registrar uses it: clicks, drags, keys, and what is on the disk after."""

import pytest

from tests.browser.conftest import current, ready, shows, until
from tests.desk_server import Collection, read_rows

BOX = (180, 100, 860, 550)
SIDES = ("left", "top", "right", "bottom")


def box_of(row):
    return tuple(int(row[side]) for side in SIDES)


def near(found, expected, tolerance=3):
    return all(abs(one - other) <= tolerance for one, other in zip(found, expected, strict=True))


def proposal(name, confidence, box=BOX, turn=0, size=(900, 600)):
    sides = dict(zip(SIDES, box, strict=True))
    return {
        "image_id": name, **sides, "turn": turn, "confidence": confidence,
        "width": size[0], "height": size[1], "reason": "drawn",
    }  # fmt: skip


@pytest.fixture
def collection(tmp_path, draw):
    """Three scans with proposals, the least sure first, and one without."""
    names = ("a", "b", "c", "d")
    made = Collection(tmp_path, {name: draw(name) for name in names})
    made.propose([proposal("b", 0.2), proposal("a", 0.5), proposal("c", 0.9)])
    return made


def place(page, x, y):
    """Where a point of the scan lies in the page."""
    return page.evaluate("point => desk.stage.pageOf(point)", [x, y])


def click(page, x, y, **options):
    page.mouse.click(*place(page, x, y), **options)


def box_on(page):
    return tuple(page.evaluate("desk.now.state.box"))


def test_two_clicks_then_space(collection, serve, open_page):
    page = open_page(serve(collection), "crops")
    assert [item["id"] for item in page.evaluate("desk.list.items")] == ["b", "a", "c", "d"]
    assert current(page) == "b" and box_on(page) == BOX
    click(page, 250, 150)
    assert page.evaluate("desk.now.state.half") is not None
    page.keyboard.press("Space")  # half a box is none
    assert "half" in page.locator("#banner").inner_text()
    assert not collection.crops.exists()
    click(page, 700, 500)
    assert near(box_on(page), (250, 150, 700, 500))
    page.keyboard.press("Space")
    shows(page, "a")
    rows = read_rows(collection.crops)
    assert len(rows) == 1
    assert rows[0]["image_id"] == "b" and rows[0]["by"] == "Tester" and rows[0]["turn"] == "0"
    assert near(box_of(rows[0]), (250, 150, 700, 500))
    assert "1 of 4" in page.locator("#tally").inner_text()


def test_right_click_and_backspace_undo_step_by_step(collection, serve, open_page):
    page = open_page(serve(collection), "crops")
    click(page, 300, 200)
    click(page, 600, 400, button="right")
    assert page.evaluate("desk.now.state.half") is None and box_on(page) == BOX
    click(page, 300, 200)
    click(page, 600, 400)
    click(page, 450, 300)
    page.keyboard.press("Backspace")
    assert near(box_on(page), (300, 200, 600, 400))
    page.keyboard.press("Backspace")
    assert box_on(page) == BOX
    page.keyboard.press("Space")
    shows(page, "a")
    page.keyboard.press("Backspace")  # nothing on this one: the last decision is taken back
    shows(page, "b")
    rows = read_rows(collection.crops)
    assert [row["left"] for row in rows] == ["180", ""]
    assert page.evaluate("desk.list.decision(desk.now.item)") is None


def test_edges_and_corners_are_dragged(collection, serve, open_page):
    page = open_page(serve(collection), "crops")
    page.mouse.move(*place(page, BOX[0], 300))
    page.mouse.down()
    page.mouse.move(*place(page, 230, 340), steps=4)
    page.mouse.up()
    assert near(box_on(page), (230, *BOX[1:]))
    page.mouse.move(*place(page, BOX[2], BOX[3]))
    page.mouse.down()
    page.mouse.move(*place(page, 800, 500), steps=4)
    page.mouse.up()
    assert near(box_on(page), (230, 100, 800, 500))
    page.mouse.move(*place(page, 60, 50))  # from free ground: a new box
    page.mouse.down()
    page.mouse.move(*place(page, 160, 90), steps=4)
    page.mouse.up()
    assert near(box_on(page), (60, 50, 160, 90))
    for _ in range(3):
        page.keyboard.press("Backspace")
    assert box_on(page) == BOX


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_box_set_on_a_turned_scan_lies_in_the_scan_as_it_is(collection, serve, open_page, turns):
    """The same two corners of the scan, clicked where they lie after the turn."""
    page = open_page(serve(collection), "crops")
    for _ in range(turns):
        page.keyboard.press("r")
    width, height = 900, 600
    for x, y in ((200, 120), (700, 480)):
        where = {1: (height - y, x), 2: (width - x, height - y), 3: (y, width - x)}[turns]
        click(page, *where)
    page.keyboard.press("Space")
    shows(page, "a")
    row = read_rows(collection.crops)[0]
    assert row["turn"] == str(90 * turns)
    assert near(box_of(row), (200, 120, 700, 480))


def test_keys_alone_are_enough(collection, serve, open_page):
    page = open_page(serve(collection), "crops")
    assert page.evaluate("document.activeElement.id") == "stage"
    scale = page.evaluate("desk.stage.scale")
    step = max(1, round(1 / scale))
    page.keyboard.press("ArrowRight")  # the left edge is the active one
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Alt+ArrowRight")
    assert box_on(page) == (BOX[0] + 11 * step + 1, *BOX[1:])
    page.keyboard.press("ArrowDown")  # across: chooses the bottom edge
    page.keyboard.press("ArrowUp")
    assert box_on(page)[3] == BOX[3] - step
    page.keyboard.press("2")
    page.keyboard.press("Alt+ArrowDown")
    assert box_on(page)[1] == BOX[1] + 1
    page.keyboard.press("e")
    page.keyboard.press("Alt+ArrowLeft")
    assert box_on(page)[2] == BOX[2] - 1
    before = box_on(page)
    page.keyboard.press("5")
    page.keyboard.press("Alt+ArrowLeft")
    page.keyboard.press("Alt+ArrowUp")
    assert box_on(page) == (before[0] - 1, before[1] - 1, before[2] - 1, before[3] - 1)
    moved = box_on(page)
    page.keyboard.press("Space")
    shows(page, "a")
    page.keyboard.press("w")
    page.keyboard.press("Enter")
    shows(page, "c")
    page.keyboard.press("w")
    page.keyboard.press("p")
    page.keyboard.press("Space")
    shows(page, "d")  # no proposal: the whole scan
    page.keyboard.press("Space")
    until(page, "document.getElementById('tally').textContent.startsWith('4 of 4')")
    rows = read_rows(collection.crops)
    assert [row["image_id"] for row in rows] == ["b", "a", "c", "d"]
    assert [box_of(row) for row in rows] == [moved, (0, 0, 900, 600), BOX, (0, 0, 900, 600)]
    page.keyboard.press("Escape")
    until(page, "document.body.className === 'first'")
    assert "4 of 4" in page.locator("article").first.inner_text()
    until(page, "document.activeElement.tagName === 'A'")  # its script has run
    page.keyboard.press("1")
    ready(page)


@pytest.mark.slow
def test_a_box_survives_a_kill_between_two_clicks(collection, serve, open_page):
    server = serve(collection)
    page = open_page(server, "crops")
    click(page, 250, 150)
    click(page, 700, 500)
    page.keyboard.press("Space")
    shows(page, "a")
    kept = collection.crops.read_bytes()
    click(page, 300, 200)
    server.kill()
    click(page, 650, 450)  # a page needs no server to set a box
    box = box_on(page)
    page.keyboard.press("Space")
    until(page, "!document.getElementById('banner').hidden")
    assert "Not kept" in page.locator("#banner").inner_text()
    assert current(page) == "a" and box_on(page) == box
    assert collection.crops.read_bytes() == kept

    server.start()  # the same address: the open tab goes on
    until(page, "document.getElementById('banner').hidden")
    page.keyboard.press("Space")
    shows(page, "c")
    rows = read_rows(collection.crops)
    assert [row["image_id"] for row in rows] == ["b", "a"] and box_of(rows[1]) == box

    click(page, 300, 200)
    server.kill()
    server.start()
    page.reload()
    ready(page)
    assert current(page) == "c"
    assert page.evaluate("desk.now.state.half") is None and box_on(page) == BOX
    assert "2 of 4" in page.locator("#tally").inner_text()
    assert len(read_rows(collection.crops)) == 2


@pytest.mark.slow
def test_a_desk_that_has_ended_is_asked_no_more(collection, serve, open_page):
    """The address holds the token, and the port may be another user's by then."""
    server = serve(collection)
    page = open_page(server, "crops")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    server.kill()
    for _ in range(10):
        page.evaluate("desk.list.watch.follow()")
    until(page, "!document.getElementById('lost').hidden")
    asked.clear()
    page.keyboard.press("Space")
    page.keyboard.press("PageDown")
    page.wait_for_timeout(2500)
    assert not asked and not collection.crops.exists()
    page.locator("#reconnect").click()  # too early
    until(page, "!document.getElementById('lost').hidden")
    assert len(asked) == 1
    server.start()
    page.locator("#reconnect").click()
    until(page, "document.getElementById('lost').hidden")
    ready(page)
    page.keyboard.press("Space")
    until(page, "document.getElementById('tally').textContent.startsWith('1 of 4')")


def test_a_table_that_is_open_in_a_spreadsheet_program(collection, serve, open_page):
    lock = collection.crops.with_name(".~lock.crops.csv#")
    page = open_page(serve(collection, "--language", "de"), "crops")
    assert page.locator("#open").is_hidden()
    lock.write_text(",anna,host,;")
    until(page, "!document.getElementById('open').hidden")
    page.keyboard.press("Space")
    until(page, "document.getElementById('banner').textContent.includes('Tabellenprogramm')")
    assert current(page) == "b" and not collection.crops.exists()
    lock.unlink()
    page.keyboard.press("Space")
    shows(page, "a")
    until(page, "document.getElementById('open').hidden")
    assert len(read_rows(collection.crops)) == 1


def test_undo_goes_back_to_the_decision_before(collection, serve, open_page):
    collection.crops.write_text(
        "image_id,left,top,right,bottom,by,checked_at,turn\nb,10,20,300,400,Anna,then,90"
    )
    page = open_page(serve(collection), "crops")
    page.evaluate("desk.list.go(desk.list.items[0])")
    shows(page, "b")
    until(page, "desk.now.state.turn === 90")
    assert box_on(page) == (10, 20, 300, 400)
    page.keyboard.press("w")
    page.keyboard.press("Space")
    shows(page, "a")
    page.keyboard.press("Backspace")
    shows(page, "b")
    assert box_on(page) == (10, 20, 300, 400) and page.evaluate("desk.now.state.turn") == 90
    rows = read_rows(collection.crops)
    assert [row["by"] for row in rows] == ["Anna", "Tester", "Anna"] and rows[0] == rows[2]
    # somebody decides meanwhile, and this page has not heard of it
    page.evaluate("desk.list.watch.asking = true")
    with open(collection.crops, "a") as handle:
        handle.write("b,1,2,30,40,Bert,later,0\n")
    page.keyboard.press("Backspace")
    until(page, "document.getElementById('banner').textContent.includes('meanwhile')")
    assert box_on(page) == (1, 2, 30, 40) and len(read_rows(collection.crops)) == 4
    page.keyboard.press("Backspace")  # now it knows what it takes back
    until(page, "desk.list.decision(desk.now.item).by === 'Anna'")


@pytest.mark.slow
def test_what_a_power_cut_left_of_a_row_is_no_decision(collection, serve, open_page):
    server = serve(collection)
    page = open_page(server, "crops")
    page.keyboard.press("Space")
    shows(page, "a")
    server.kill()
    whole = collection.crops.read_bytes()
    note = collection.crops.with_name(".crops.csv.lock")
    assert note.read_bytes() == b""
    note.write_bytes(f"{len(whole)}\na,10,20,30,40,Tester,then,0\n".encode())
    collection.crops.write_bytes(whole + b"a,10,20,30")
    server.start()
    assert collection.crops.read_bytes() == whole
    assert b"a,10,20,30" in collection.crops.with_name("crops.csv.torn").read_bytes()


@pytest.mark.slow
def test_two_tabs_on_one_picture(collection, serve, open_page):
    server = serve(collection)
    first, second = open_page(server, "crops"), open_page(server, "crops")
    first.keyboard.press("Space")
    shows(first, "a")
    # the other tab sees it, on the picture that it shows
    until(second, "!document.getElementById('banner').hidden")
    assert "Tester" in second.locator("#banner").inner_text()
    assert "1 of 4" in second.locator("#tally").inner_text()
    second.keyboard.press("w")
    second.keyboard.press("Space")
    shows(second, "a")
    rows = read_rows(collection.crops)  # both rows are kept, the last one counts
    assert [(row["image_id"], box_of(row)) for row in rows] == [
        ("b", BOX), ("b", (0, 0, 900, 600)),
    ]  # fmt: skip
    until(first, "desk.list.decision(desk.list.items[0]).box[2] === 900")
    # a box that is being drawn is not taken out of anybody's hands
    click(first, 300, 200)
    second.keyboard.press("Space")
    shows(second, "c")
    until(first, "!document.getElementById('banner').hidden")
    assert first.evaluate("desk.now.state.half") is not None


@pytest.mark.slow
def test_another_server_and_a_person_with_an_editor(collection, serve, open_page):
    page = open_page(serve(collection), "crops")
    other = open_page(serve(collection), "crops")
    other.keyboard.press("Space")
    shows(other, "a")
    until(page, "desk.list.decision(desk.list.items[0]) !== null")
    with open(collection.crops, "a") as handle:
        handle.write("c,1,2,30,40,me,,90\n")
    until(page, "desk.list.decision(desk.list.items[2])?.turn === 90")
    text = collection.crops.read_text().splitlines()
    collection.crops.write_text("\n".join([text[0], text[2]]) + "\n")  # a row is taken out
    until(page, "desk.list.decision(desk.list.items[0]) === null")
    assert page.evaluate("desk.list.decision(desk.list.items[2]).box") == [1, 2, 30, 40]


def test_a_title_with_quotes_and_tags_is_shown_as_it_is(tmp_path, draw, serve, open_page):
    title = """</script><img src=x onerror="window.struck=1"> "Zille" & 'Söhne' <b>{{7*7}}"""
    name = 'x" onload="window.struck=1'
    made = Collection(tmp_path, {name: draw("plain")}, **{name: {"title": title, "date": title}})
    made.propose([proposal(name, 0.5) | {"reason": title}])
    page = open_page(serve(made), "crops")
    assert page.locator("#title").inner_text() == title
    assert page.locator("#id").inner_text() == name
    assert page.locator("#list .title").first.text_content() == title
    page.keyboard.press("Space")
    until(page, "document.getElementById('tally').textContent.startsWith('1 of 1')")
    assert read_rows(made.crops)[0]["image_id"] == name
    assert page.evaluate("window.struck") is None
    assert page.locator("#title *, #facts img, #list img").count() == 0


def test_without_proposals_the_page_says_what_makes_them(tmp_path, draw, serve, open_page):
    page = open_page(serve(Collection(tmp_path, {"a": draw("a"), "b": draw("b")})), "crops")
    assert "snakemake results/c/crop_proposals.csv" in page.locator("#banner").inner_text()
    assert box_on(page) == (0, 0, 900, 600)


def test_a_proposal_for_another_scan_and_a_broken_scan(tmp_path, draw, serve, open_page):
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(draw("whole").read_bytes()[:900])
    made = Collection(tmp_path, {"a": draw("a"), "broken": broken})
    made.propose([proposal("a", 0.5, size=(901, 600)), proposal("broken", 0.6)])
    page = open_page(serve(made), "crops")
    assert box_on(page) == (0, 0, 900, 600)
    assert "another size" in page.locator("#facts").inner_text()
    page.keyboard.press("PageDown")
    until(page, "document.getElementById('wait').textContent.includes('broken.jpg')")
    page.keyboard.press("Space")  # what cannot be seen cannot be accepted
    page.keyboard.press("b")
    shows(page, "a")
    assert not made.crops.exists()


def test_the_page_in_german(collection, serve, open_page):
    page = open_page(serve(collection, "--language", "de"), "crops")
    assert page.evaluate("document.documentElement.lang") == "de"
    assert "0 von 4 entschieden" in page.locator("#tally").inner_text()
    assert "annehmen und weiter" in page.locator("footer").inner_text()
