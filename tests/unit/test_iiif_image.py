"""Which size is asked for, at every level of both versions; which links lead to a service."""

import json

import pytest

from bilderatlas.collection.iiif_image import read_info, requests_for, service_of, version_of
from tests.museum import info

BASE = "https://museum.example/iiif/1"


def first(said, width=1600):
    return requests_for(said, width)[0].split("/")[2]


@pytest.mark.parametrize(
    ("version", "level", "width", "asked"),
    [
        (2, 2, 1600, "1600,"),
        (2, 1, 1600, "1600,"),
        (3, 1, 1600, "1600,"),
        (3, 2, 1600, "1600,"),
        # the picture is 4000 wide: nothing is blown up
        (2, 2, 4000, "full"),
        (3, 2, 9000, "max"),
        # of 500, 1000, 2000: the largest that is not wider
        (2, 0, 1600, "1000,750"),
        (3, 0, 1600, "1000,750"),
        (3, 0, 2000, "2000,1500"),
        (3, 0, 1999, "1000,750"),
        # all are wider: the smallest
        (2, 0, 300, "500,375"),
        (3, 0, 300, "500,375"),
        (2, 0, 5000, "full"),
        (3, 0, 5000, "max"),
    ],
)
def test_what_is_asked_first(version, level, width, asked):
    assert first(info(version, level, BASE), width) == asked


def test_the_whole_picture_is_the_last_way():
    assert requests_for(info(2, 0, BASE), 1600) == [
        "/full/1000,750/0/default.jpg",
        "/full/1000,/0/default.jpg",
        "/full/full/0/default.jpg",
        "/full/max/0/default.jpg",
    ]
    assert requests_for(info(3, 1, BASE), 1600) == [
        "/full/1600,/0/default.jpg",
        "/full/max/0/default.jpg",
    ]


def test_level_0_without_sizes_gives_all_of_it():
    assert first(info(3, 0, BASE, sizes=[])) == "max"
    assert first(info(2, 0, BASE, sizes=None)) == "full"
    assert first(info(2, 0, BASE, sizes=[{"width": 0, "height": 3}, "x", {"w": 1}])) == "full"


@pytest.mark.parametrize(
    ("limits", "asked"),
    [
        ({"maxWidth": 1000}, "1000,"),
        # 4000 x 3000 and at most 600 high: 800 wide
        ({"maxWidth": 1000, "maxHeight": 600}, "800,"),
        # maxWidth alone bounds the height too, and the width is the longer side
        ({"maxWidth": 3000}, "1600,"),
        # 480000 pixels at 4:3 are 800 x 600
        ({"maxArea": 480_000}, "800,"),
        ({"maxWidth": 8000}, "1600,"),
        ({"maxWidth": True, "maxArea": -3}, "1600,"),
    ],
)
@pytest.mark.parametrize("version", [2, 3])
def test_limits_of_the_server(version, limits, asked):
    said = info(version, 1, BASE)
    if version == 2:
        said["profile"][1] |= limits
    else:
        said |= limits
    assert first(said) == asked


def test_an_upright_picture_is_bounded_by_maxwidth_in_its_height():
    # 3000 x 4000, both sides at most 1000: 750 wide
    assert first(info(3, 2, BASE, width=3000, height=4000, maxWidth=1000)) == "750,"


def test_level_0_may_be_able_to_do_more():
    assert first(info(3, 0, BASE, extraFeatures=["sizeByW"])) == "1600,"
    said = info(2, 0, BASE)
    said["profile"][1]["supports"] = ["sizeByW"]
    assert first(said) == "1600,"


def test_profile_alone_and_version_one():
    said = {"width": 4000, "height": 3000, "profile": "http://iiif.io/api/image/2/level2.json"}
    assert (version_of(said), first(said)) == (2, "1600,")
    old = said | {
        "profile": "http://library.stanford.edu/iiif/image-api/1.1/compliance.html#level1"
    }
    assert version_of(old) == 1
    assert requests_for(old, 1600)[0] == "/full/1600,/0/native.jpg"
    assert version_of({"width": 1, "height": 1, "type": "ImageService3"}) == 3


@pytest.mark.parametrize(
    "content",
    [b"", b"<html>", b"[1]", b"{}", b'{"width": -4, "height": 3}', b'{"width": NaN, "height": 3}',
     b"\xff\xfe", b'{"a":' * 100_000, b'{"width": "' + b"9" * 5000 + b'", "height": 3}'],
)  # fmt: skip
def test_what_is_no_info(content):
    with pytest.raises(ValueError, match=r"info\.json"):
        read_info(content)


def test_sizes_as_text_are_numbers():
    said = read_info(json.dumps({"width": "4000", "height": 3000.0}).encode())
    assert requests_for(said, 1600)[0] == "/full/full/0/default.jpg"


@pytest.mark.parametrize(
    ("link", "base", "whole"),
    [
        (f"{BASE}/info.json", BASE, False),
        (f"{BASE}/full/full/0/default.jpg", BASE, True),
        (f"{BASE}/full/max/0/default.png?x=1", BASE, True),
        (f"{BASE}/full/300,/0/default.jpg", BASE, False),
        (f"{BASE}/full/!400,400/0/native.jpg", BASE, False),
        (f"{BASE}/full/^pct:50/!90/gray.webp", BASE, False),
        # as real records have it
        ("https://depot.example/iiif/2//6eae/full/full/0/default.jpg",
         "https://depot.example/iiif/2//6eae", True),
    ],
)  # fmt: skip
def test_links_to_a_service(link, base, whole):
    found = service_of(link)
    assert (found.base, found.whole) == (base, whole)


@pytest.mark.parametrize(
    "link",
    [
        "https://museum.example/full/default.jpg",
        f"{BASE}/100,100,50,50/full/0/default.jpg",  # somebody's detail
        f"{BASE}/square/full/0/default.jpg",
        "scan.jpg",
        "ftp://museum.example/1/info.json",
        "",
    ],
)
def test_links_to_no_service(link):
    assert service_of(link) is None
