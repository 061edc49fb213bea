"""Local pictures found by inventory number or record id, and the list of what is left over."""

import pandas as pd
import pytest

from bilderatlas.collection.catalogue import build_catalogue
from bilderatlas.collection.matching import spelling
from bilderatlas.collection.records import Problems, new_record
from bilderatlas.files import LINKS, MANIFEST


def build(records, files, links=None):
    rows = [(file.rpartition("/")[2].rpartition(".")[0], f"in/{file}", 1, "") for file in files]
    unmatched = []
    manifest = pd.DataFrame(rows, columns=list(MANIFEST))
    table = build_catalogue(records, manifest, "r.xml", Problems(), links, unmatched)
    return table.set_index("image_id")["title"].to_dict(), unmatched


def record(name, number="", title="T", images=(), others=()):
    return new_record(
        record_id=name,
        inventory_number=number,
        title=title,
        images=list(images),
        other_ids=list(others),
    )


@pytest.mark.parametrize(
    "file",
    ["VG 1993_12_3.jpg", "vg-1993-12-3.tif", "VG_1993_12,3.jpg", "VG  1993.12.3.png",
     "_VG_1993_12_3_.jpg"],
)  # fmt: skip
def test_an_inventory_number_in_the_spelling_of_a_file(file):
    found, left = build([record("r", "VG 1993/12,3")], [file])
    assert list(found.values()) == ["T"] and left == []


@pytest.mark.parametrize("file", ["VG_1993_12_3_verso.jpg", "VG_1993_123.jpg", "G_1993_12_3.jpg"])
def test_a_longer_or_other_number_is_not_guessed(file):
    found, left = build([record("r", "VG 1993/12,3"), record("x")], [file, "x.jpg"])
    assert found == {file.rpartition(".")[0]: "", "x": "T"}
    longer = "begins like the number of record r"
    assert left == [
        ("record", "r", "no picture is called as its file names, record id or inventory number"),
        ("picture", file[:-4], longer if "verso" in file else "no record names it"),
    ]


def test_a_record_id_with_a_slash():
    assert build([record("DE-MUS-136416/3")], ["DE-MUS-136416_3.jpg"])[0] == {
        "DE-MUS-136416_3": "T"
    }


def test_what_a_record_says_goes_before_what_a_number_looks_like():
    """Record a's inventory number is record b's id: b, which says so itself, has the picture."""
    records = [record("5", "7", "a"), record("7", "", "b")]
    found, left = build(records, ["7.jpg"])
    assert found == {"7": "b"}
    why = "7, called as its inventory number, belongs to the record 7"
    assert left == [("record", "5", why)]


def test_an_inventory_number_goes_before_a_record_id():
    records = [record("A/1", "B/2", "first"), record("B/2", "C/3", "second")]
    assert build(records, ["B_2.jpg", "C_3.jpg"])[0] == {"B_2": "first", "C_3": "second"}


def test_a_shared_number_decides_nothing():
    records = [record("a", "1/2"), record("b", "1/2"), record("c")]
    found, left = build(records, ["1_2.jpg", "c.jpg"])
    assert found == {"1_2": "", "c": "T"}
    share = "the records a, b share the inventory number 1_2"
    assert left == [
        ("record", "a", share),
        ("record", "b", share),
        ("picture", "1_2", "called as the inventory number that the records a, b share"),
    ]
    # also where one of them has a picture already, by its file name
    records[1]["images"] = ["b.jpg"]
    found, left = build(records, ["1_2.jpg", "b.jpg", "c.jpg"])
    assert found == {"1_2": "", "b": "T", "c": "T"} and [row[1] for row in left] == ["a", "1_2"]


def test_a_number_that_fits_two_pictures_decides_nothing():
    found, left = build([record("a", "1/2"), record("c")], ["1_2.jpg", "1-2.jpg", "c.jpg"])
    assert found == {"1_2": "", "1-2": "", "c": "T"}
    why = "called as the inventory number of record a, as are other pictures: 1-2 | 1_2"
    assert left == [
        ("record", "a", "1-2 | 1_2 are all called as its inventory number"),
        ("picture", "1-2", why),
        ("picture", "1_2", why),
    ]


def test_links_that_lead_elsewhere_leave_the_number_to_decide():
    records = [record("r", "VG 7", images=["http://x/full/default.jpg"])]
    assert build(records, ["VG_7.jpg"])[0] == {"VG_7": "T"}


def test_further_ids_come_last():
    records = [
        record("1", title="a", others=["DE-1/1", "2"]),
        record("2", title="b", images=["b.jpg"]),
        record("3", title="c", others=["copied"]),
        record("4", title="d", others=["copied"]),
    ]
    found, left = build(records, ["DE-1_1.jpg", "2.jpg", "b.jpg", "copied.jpg"])
    # 2 is the id of b, though that has another picture: a does not get it
    assert found == {"DE-1_1": "a", "2": "", "b": "b", "copied": ""}
    assert left == [
        ("record", "3", "the records 3, 4 share the further id copied"),
        ("record", "4", "the records 3, 4 share the further id copied"),
        ("picture", "2", "called as the record id of record 2, which names other pictures: b"),
        ("picture", "copied", "called as the further id that the records 3, 4 share"),
    ]


@pytest.mark.parametrize(
    ("link", "file"),
    [
        ("https://x/iiif/r1_vs/full/full/0/default.jpg", "r1_vs.png"),
        ("https://x/iiif/r1_vs.tif/full/max/0/default.jpg", "R1-vs.jpg"),
        ("https://x/iiif/2/folder%2Fr1%20vs.jpg/info.json", "r1_vs.jpg"),
    ],
)
def test_an_identifier_of_an_image_service(link, file):
    found, left = build([record("r", images=[link]), record("x")], [file, "x.jpg"])
    assert found == {file[:-4]: "T", "x": "T"} and left == []


def test_an_identifier_that_every_record_has_decides_nothing():
    links = [f"https://x/{name}/0001.jpg/full/full/0/default.jpg" for name in "ab"]
    records = [record("a", images=links[:1]), record("b", images=links[1:]), record("c")]
    found, left = build(records, ["0001.jpg", "c.jpg"])
    assert found == {"0001": "", "c": "T"}
    why = "called as the identifier in a link that the records a, b share"
    assert ("picture", "0001", why) in left


def test_the_longest_beginning_is_told():
    records = [record("1", "VG 1993"), record("2", "VG 1993/12"), record("3", "VG 1993/12"),
               record("x")]  # fmt: skip
    _, left = build(records, ["VG_1993_12_verso.jpg", "vg-1993_01.jpg", "VG.jpg", "x.jpg"])
    assert [row for row in left if row[0] == "picture"] == [
        ("picture", "VG", "no record names it"),
        ("picture", "VG_1993_12_verso", "begins like the number of the records 2, 3"),
        ("picture", "vg-1993_01", "begins like the number of record 1"),
    ]
    many = [record(str(n), "A 1") for n in range(5)]
    assert build([*many, record("x")], ["A_1_b.jpg", "x.jpg"])[1][-1] == (
        "picture", "A_1_b", "begins like the number of the records 0, 1, 2 and 2 more"
    )  # fmt: skip


def test_two_numbers_of_one_record():
    assert build([record("r", "A 1 | B 2")], ["A_1.jpg", "B_2.jpg"])[0] == {"A_1": "T", "B_2": "T"}


def test_doubtful_and_taken_names_are_told():
    files = ["a/1.jpg", "b/1.jpg", "2.jpg"]
    rows = [(f.replace("/", "--")[:-4], f, 1, "") for f in files]
    records = [
        record("r", images=["1.jpg"]),
        record("s", images=["2.jpg"]),
        record("t", images=["2.jpg"]),
    ]
    left = []
    build_catalogue(
        records, pd.DataFrame(rows, columns=list(MANIFEST)), "r", Problems(), None, left
    )
    assert left == [
        ("record", "r", "1.jpg fits several pictures"),
        ("record", "t", "its picture 2 belongs to the record s"),
        ("picture", "a--1", "the record r names 1.jpg, which fits several pictures"),
        ("picture", "b--1", "the record r names 1.jpg, which fits several pictures"),
    ]


def test_fetched_pictures_are_looked_up_by_their_links_alone():
    """The file of one link is called as the end of another: only the table of links decides."""
    links = pd.DataFrame(
        [("http://x/a/1.jpg", "r", "ok", "1"), ("http://x/b/1.jpg", "s", "dead", "s--1"),
         ("http://x/p", "r", "page", "r--p")],
        columns=["link", "record", "status", "image_id"],
    ).reindex(columns=list(LINKS), fill_value="")  # fmt: skip
    links["why"] = ["", "HTTP 404", "a page, not a picture"]
    records = [record("s", images=["http://x/b/1.jpg"]), record("t", "1"),
               record("r", title="R", images=["http://x/a/1.jpg", "http://x/p"])]  # fmt: skip
    found, left = build(records, ["1.jpg"], links)
    assert found == {"1": "R"}
    assert left == [
        ("record", "s", "none of its links gave a picture"),
        ("record", "t", "it has no link"),
        ("link", "http://x/b/1.jpg", "dead: HTTP 404"),
        ("link", "http://x/p", "page: a page, not a picture"),
    ]


def test_spellings():
    assert spelling("VG 1993/12,3") == spelling("vg__1993-12.3") == "vg_1993_12_3"
    assert spelling("Ka\u0308the") == spelling("KÄTHE") == "käthe"
    assert spelling(" /-") == ""


def test_default_jpg_is_no_picture_of_an_image_service():
    """Its addresses all end so; a file of that name would belong to every record."""
    link = "https://museum.example/iiif/2/record_7_vs/full/full/0/default.jpg"
    found, _ = build([record("7", images=[link]), record("x")], ["default.jpg", "x.jpg"])
    assert found == {"default": "", "x": "T"}
