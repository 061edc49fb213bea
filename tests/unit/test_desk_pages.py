"""What stands of many rows, worklists, marks, the pace; held against hand values."""

from datetime import datetime

import pytest
from PIL import Image

from bilderatlas.collection.crops.decisions import read_decisions
from bilderatlas.desk.crops import Crops
from bilderatlas.desk.holdings import Holdings
from bilderatlas.desk.page import Standing, pace
from bilderatlas.desk.previews import Previews
from bilderatlas.desk.prints import Prints, read_transform
from bilderatlas.desk.registry import PAGES
from bilderatlas.desk.saying import ConflictError, SaidError
from tests.desk_server import Collection, read_rows, write_rows

NAMES = ("a", "b", "c", "d")


@pytest.fixture
def collection(tmp_path):
    records = {"a": {"title": "One", "height_cm": 20.5, "width_cm": 26}, "b": {"title": "Two"}}
    return Collection(tmp_path, {name: tmp_path / f"{name}.png" for name in NAMES}, **records)


@pytest.fixture
def holdings(collection):
    return Holdings("c", "C", collection.root, "Me", "de", "run {target} now")


@pytest.fixture
def previews(tmp_path):
    return Previews(tmp_path / "cache")


@pytest.fixture
def crops(holdings, previews):
    return Crops(holdings, previews)


@pytest.fixture
def prints(holdings, previews):
    return Prints(holdings, previews)


def relations(*rows):
    return [
        {"relation": one, "mirrored": False, "cut": False, "by": "", "at": str(number)}
        for number, one in enumerate(rows)
    ]


@pytest.mark.parametrize(
    ("rows", "stands"),
    [
        (["print"], "print"),
        (["print", "variant"], "variant"),
        (["print", "variant", "undo"], "print"),
        (["print", "undo"], None),
        (["undo", "print"], "print"),  # an undo of nothing undoes nothing
        (["print", "undo", "undo", "no"], "no"),
        (["print", "variant", "no", "undo", "undo"], "print"),
        (["print", "undo", "variant", "undo"], None),
    ],
)
def test_undo_withdraws_the_last_row_that_stands(prints, rows, stands):
    found = prints.stand(relations(*rows))
    assert (found and found["relation"]) == stands


def test_the_last_box_wins_and_an_empty_one_takes_back(crops, collection):
    write_rows(
        collection.crops,
        ("image_id", "left", "top", "right", "bottom", "by", "checked_at", "turn"),
        [
            {"image_id": "a", "left": 1, "top": 2, "right": 3, "bottom": 4, "by": "X"},
            {"image_id": "b", "left": 5, "top": 6, "right": 7, "bottom": 8, "turn": 90},
            {"image_id": "a", "left": 9, "top": 9, "right": 10, "bottom": 10, "by": "Y"},
            {"image_id": "b"},
            {"image_id": "c", "left": 5, "top": "", "right": 7, "bottom": 8},
        ],
    )
    told = Standing(crops).since()
    standing = told["standing"]
    assert standing["a"]["decision"]["box"] == (9, 9, 10, 10)
    assert standing["a"]["decision"]["by"] == "Y" and standing["a"]["rows"] == 2
    assert standing["b"] == {"decision": None, "rows": 2}
    assert "c" not in standing and "line 6" in told["faults"][0]
    assert told["count"] == 4


def test_a_mark_gets_what_came_after_it_and_all_where_the_table_was_rewritten(prints, collection):
    page = Standing(prints)
    first = page.since()
    assert (first["count"], first["standing"], first["whole"]) == (0, {}, True)
    header = "image_a,image_b,relation\n"
    collection.prints.write_text(header + "a,b,print\n")
    second = page.since(first["reading"], 0)
    assert list(second["standing"]) == ["a\tb"] and second["whole"] is False
    collection.prints.write_text(header + "a,b,print\nd,c,no\n")
    third = page.since(second["reading"], second["count"])
    assert list(third["standing"]) == ["c\td"]
    assert page.since(third["reading"], 2)["standing"] == {}
    collection.prints.write_text(header + "d,c,no\n")
    fourth = page.since(third["reading"], 2)
    assert fourth["whole"] is True and list(fourth["standing"]) == ["c\td"]
    collection.prints.unlink()
    assert page.since(fourth["reading"], 1)["count"] == 0
    assert page.decided() == set()


def test_faults_of_hand_written_pairs_are_told_with_their_line(prints, collection):
    collection.prints.write_text("image_a,image_b,relation\na,a,print\na,b,twins\nb,a,no\n")
    rows, faults = prints.read()
    assert [row["key"] for row in rows] == ["a\tb"]
    assert ["line 2" in faults[0], "line 3" in faults[1]] == [True, True]


def test_pairs_are_sorted_prints_and_variants_first_and_the_unsure_of_them(prints, collection):
    pairs = [
        ("a", "b", "series", 0.1), ("a", "c", "same_file", 1.0), ("a", "d", "print", 0.8),
        ("b", "c", "variant", 0.4), ("b", "x", "print", 0.1), ("b", "d", "print", ""),
    ]  # fmt: skip
    collection.pair(
        dict(zip(("image_a", "image_b", "relation", "score"), row, strict=True)) for row in pairs
    )
    collection.prints.write_text("image_a,image_b,relation\nd,c,variant\n")
    items, lacking = prints.items()
    assert not lacking
    assert [item["key"] for item in items] == ["b\td", "b\tc", "a\td", "a\tc", "a\tb", "c\td"]
    assert items[0]["score"] is None and items[1]["title"] == "Two"


def test_worklists_that_are_missing_name_the_command(crops, prints):
    items, lacking = crops.items()
    assert [item["key"] for item in items] == list(NAMES)
    assert items[0]["title"] == "One" and items[0]["box"] is None
    assert lacking == "run results/c/crop_proposals.csv now"
    assert prints.items() == ([], "run results/c/duplicates.csv now")


def test_proposals_keep_their_order_and_pictures_without_one_follow(crops, collection):
    collection.propose(
        [
            {"image_id": "c", "left": 0, "top": 1, "right": 5, "bottom": 6, "confidence": 0.25},
            {"image_id": "gone", "left": 0, "top": 1, "right": 5, "bottom": 6},
            {
                "image_id": "a",
                "confidence": 0.5,
                "card": "colour left | strip right",
                "reason": "card mount doubtful",
                "expected_aspect": "1.25",
            },
        ]
    )
    items, lacking = crops.items()
    assert [item["key"] for item in items] == ["c", "a", "b", "d"] and not lacking
    assert items[0]["box"] == [0, 1, 5, 6] and items[0]["confidence"] == 0.25
    assert items[1]["box"] is None and items[1]["expected"] == 1.25
    assert items[1]["note"] == "Farbkarte links, Streifen rechts, auf Karton, zweifelhaft"
    assert items[0]["note"] == items[2]["note"] == ""


def test_undo_needs_to_know_what_it_undoes(prints):
    asked = {"a": "b", "b": "a", "relation": "undo", "rows": 1}
    assert prints.row(asked, lambda key: relations("print"))["image_a"] == "a"
    with pytest.raises(ConflictError, match="meanwhile"):
        prints.row(asked, lambda key: relations("print", "no"))


class Clicks:
    """Decisions on the scan ``a``, as a page asks for them."""

    def __init__(self, crops, collection):
        Image.new("RGB", (60, 40)).save(collection.pictures["a"])
        self.crops, self.standing = crops, Standing(crops)
        self.stamp = crops.previews.look(collection.pictures["a"]).stamp

    def row(self, **asked):
        return self.crops.row({"key": "a", **asked}, self.standing.history)

    def keep(self, **asked):
        row = self.row(**asked)
        if row is not None:
            self.crops.journal.append(row)
        return self.holds()

    def box(self, right, turn=0):
        return self.keep(box=[0, 0, right, 9], turn=turn, stamp=self.stamp)

    def undo(self):
        return self.keep(undo=True, rows=len(self.standing.history("a")))

    def holds(self):
        decision = self.standing.since()["standing"].get("a", {}).get("decision")
        return decision and (decision["box"][2], decision["turn"], decision["by"])


@pytest.fixture
def clicks(crops, collection):
    return Clicks(crops, collection)


def test_undo_of_a_crop_goes_back_one_decision_at_a_time(clicks, collection):
    collection.crops.write_text(
        "image_id,left,top,right,bottom,by,checked_at\na,0,0,5,9,Anna,then\n"
    )
    assert clicks.holds() == (5, 0, "Anna")
    clicks.box(20, 90)
    assert clicks.box(30) == (30, 0, "Me")
    assert clicks.undo() == (20, 90, "Me")
    assert clicks.undo() == (5, 0, "Anna")  # under her name and time, for it is hers
    assert read_rows(collection.crops)[-1]["checked_at"] == "then"
    assert clicks.undo() is None
    with pytest.raises(SaidError, match="no decision here"):
        clicks.undo()
    assert clicks.box(40) == (40, 0, "Me")
    assert clicks.undo() is None  # not to what was taken back before
    assert len(read_rows(collection.crops)) == 8  # each is kept


def test_after_an_undo_a_run_uses_what_holds(clicks, collection):
    for right in (10, 20, 30):
        clicks.box(right)
    clicks.undo()
    assert read_decisions(collection.crops)["a"].box == (0, 0, 20, 9)
    clicks.box(50)
    clicks.undo()
    clicks.undo()
    assert read_decisions(collection.crops)["a"].box == (0, 0, 10, 9)
    clicks.undo()
    assert read_decisions(collection.crops) == {}


def test_undo_of_a_crop_withdraws_only_what_the_page_knows(clicks):
    clicks.box(10)
    with pytest.raises(ConflictError, match="meanwhile"):
        clicks.row(undo=True, rows=0)
    with pytest.raises(ConflictError):
        clicks.row(undo=True)


def test_a_decision_that_stands_is_not_written_again(clicks, prints, collection):
    """A page that heard no answer asks again; one undo must then take it all back."""
    clicks.box(10)
    clicks.box(10)
    assert len(read_rows(collection.crops)) == 1
    clicks.box(10, 90)
    clicks.box(10)  # once more what was before: that is a decision
    assert len(read_rows(collection.crops)) == 3
    standing = Standing(prints)
    for asked in ({"relation": "print", "cut": True}, {"relation": "no", "mirrored": True}):
        for expected in (True, False):
            row = prints.row({"a": "a", "b": "b"} | asked, standing.history)
            assert (row is not None) == expected
            if row is not None:
                prints.journal.append(row)
    other = prints.row({"a": "a", "b": "c", "relation": "no"}, standing.history)
    assert other["image_b"] == "c"
    # another person's word is a row of its own
    collection.prints.write_text("image_a,image_b,relation,by\na,b,no,Anna\n")
    assert prints.row({"a": "a", "b": "b", "relation": "no"}, standing.history) is not None


def test_what_goes_into_a_row_of_a_pair(prints):
    row = prints.row(
        {"a": "d", "b": "a", "relation": "print", "mirrored": True, "cut": 1}, lambda key: []
    )
    assert [row[name] for name in ("image_a", "image_b", "mirrored", "cut", "by")] == [
        "a", "d", "yes", "no", "Me",
    ]  # fmt: skip
    assert datetime.fromisoformat(row["at"]).tzinfo is not None
    row = prints.row({"a": "d", "b": "a", "relation": "no", "mirrored": True}, lambda key: [])
    assert row["mirrored"] == "" == row["cut"]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1 0 0 0 1 0 0 0 1", [1, 0, 0, 0, 1, 0, 0, 0, 1]),
        ("1e-3 0 0\t0 1 0  0 0 1", [0.001, 0, 0, 0, 1, 0, 0, 0, 1]),
        ("", None), ("1 0 0 0 1 0 0 0", None), ("1 0 0 0 1 0 0 0 nan", None), ("a b", None),
    ],
)  # fmt: skip
def test_transforms(text, numbers):
    assert read_transform(text) == numbers


def at(*seconds):
    return [f"2026-03-01T{10 + one // 3600:02d}:{one // 60 % 60:02d}:{one % 60:02d}+00:00"
            for one in seconds]  # fmt: skip


def test_the_pace_leaves_out_pauses_and_what_is_no_time():
    assert pace(at(0, 4, 10)) is None  # two gaps are too few
    assert pace(at(0, 4, 10, 18)) == 6
    assert pace([*at(0, 4, 10, 18), "", "yesterday", "2026-03-01T10:00:00"]) == 6
    assert pace(at(0, 4, 10, 18, 3600, 3602)) == 5  # 4 6 8 2, an hour's pause left out


def test_refusals_are_said_in_both_languages():
    error = SaidError("refused_box", box="1, 2", width=3, height=4)
    assert str(error) == "The box 1, 2 is none within the scan of 3 x 4 pixels."
    assert error.say("de") == "Der Ausschnitt 1, 2 liegt nicht im Scan von 3 x 4 Bildpunkten."


def test_records_in_words_of_the_language(holdings):
    assert holdings.record("a")["size"] == "20,5 × 26 cm"
    assert holdings.record("b")["size"] == ""
    assert holdings.record("nobody")["title"] == ""


def test_every_page_has_its_template_script_and_words():
    from bilderatlas.desk import app
    from bilderatlas.show.labels import read_labels

    for page in PAGES:
        assert (app.HERE / "templates" / f"{page.name}.html.j2").exists()
        assert (app.HERE / "static" / f"{page.name}.js").exists()
        for word in ("page", "about", "lacking", "taken"):
            assert f"desk.{word}_{page.name}" in read_labels()


def test_every_word_that_the_pages_ask_for_is_there():
    import re

    from bilderatlas.desk import app
    from bilderatlas.show.labels import read_labels

    known = {key.removeprefix("desk.") for key in read_labels() if key.startswith("desk.")}
    asked = set()
    for file in (app.HERE / "static").glob("*.js"):
        asked |= set(re.findall(r"say\(\"([a-z_]+)\"", file.read_text("utf-8")))
    for file in (app.HERE / "templates").glob("*"):
        asked |= set(re.findall(r"say\(\"desk\.([a-z_]+)\"[,)]", file.read_text("utf-8")))
        asked |= set(
            re.findall(r", \"((?:key|relation|view)_[a-z_]+)\"\)", file.read_text("utf-8"))
        )
    for file in app.HERE.glob("*.py"):
        text = file.read_text("utf-8")
        asked |= set(re.findall(r"Error\(\s*\"(refused_[a-z0-9_]+)\"", text))
        asked |= set(re.findall(r"\"desk\.([a-z0-9_]+)\"", text))
    assert len(asked) > 80
    assert not asked - known
    sources = [file for file in app.HERE.rglob("*") if file.suffix in (".js", ".py", ".j2")]
    shown = "".join(file.read_text("utf-8") for file in sources)
    families = ("field_", "filter_", "relation_", "view_", "edge_", "box_", "page_", "about_",
                "lacking_", "taken_")  # fmt: skip
    idle = {key for key in known if key not in shown and not key.startswith(families)}
    assert not idle
