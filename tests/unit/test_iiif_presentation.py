"""Manifests and collections of both versions, as the specification and as museums write them."""

import json
from collections import Counter

import pytest

from bilderatlas.collection.download.single import FetchError
from bilderatlas.collection.iiif import read_records, write_records
from bilderatlas.collection.iiif_presentation import Reading, read_places
from bilderatlas.collection.iiif_values import from_metadata, text
from bilderatlas.collection.records import Problems
from bilderatlas.errors import InputError

AT = "https://museum.example"
CC_BY = "http://creativecommons.org/licenses/by/4.0/"


def canvas3(name, *bodies, **more):
    annotations = [{"type": "Annotation", "motivation": "painting", "body": b} for b in bodies]
    page = {"type": "AnnotationPage", "items": annotations}
    return {"id": f"{AT}/c/{name}", "type": "Canvas", "items": [page], **more}


def image3(name, **more):
    service = {"id": f"{AT}/iiif/{name}", "type": "ImageService3", "profile": "level1"}
    return {"id": f"{AT}/iiif/{name}/full/max/0/default.jpg", "type": "Image",
            "service": [service], **more}  # fmt: skip


def manifest3(*canvases, **more):
    return {
        "@context": "http://iiif.io/api/presentation/3/context.json",
        "id": f"{AT}/m3",
        "type": "Manifest",
        "label": {"en": ["Market"], "de": ["Markt  am\nMorgen"]},
        "metadata": [
            {"label": {"en": ["Artist"], "de": ["Künstler"]},
             "value": {"none": ["Anna <b>Muster</b>", "Bo & Co"]}},
            {"label": {"de": ["Datierung:"]}, "value": {"de": ["um 1900"]}},
            {"label": {"de": ["Maße"]}, "value": {"none": ["20,7 x 26,2 cm"]}},
            {"label": {"de": ["Inventarnummer"]}, "value": {"none": ["VG 1993/12"]}},
        ],
        "summary": {"de": ["Ein Platz."]},
        "rights": CC_BY,
        "requiredStatement": {
            "label": {"de": ["Nachweis"]}, "value": {"de": ["Foto: Stadtmuseum"]}},
        "provider": [{"id": AT, "type": "Agent", "label": {"de": ["Stadtmuseum"]}}],
        "homepage": [{"id": f"{AT}/objekt/7", "type": "Text"}],
        "items": list(canvases),
        **more,
    }  # fmt: skip


def image2(name, **more):
    service = {"@context": "http://iiif.io/api/image/2/context.json", "@id": f"{AT}/iiif/{name}/",
               "profile": "http://iiif.io/api/image/2/level2.json"}  # fmt: skip
    return {"@id": f"{AT}/{name}.jpg", "@type": "dctypes:Image", "service": service, **more}


def manifest2(*resources, **more):
    canvases = [
        {"@id": f"{AT}/c2/{n}", "@type": "sc:Canvas", "label": f"fol. {n}r",
         "images": [{"@type": "oa:Annotation", "resource": resource}]}
        for n, resource in enumerate(resources, start=1)
    ]  # fmt: skip
    return {
        "@context": "http://iiif.io/api/presentation/2/context.json",
        "@id": f"{AT}/m2",
        "@type": "sc:Manifest",
        "label": [{"@value": "Livre", "@language": "fr"}, {"@value": "Buch", "@language": "de"}],
        "metadata": [{"label": "Creator", "value": ["Ida", "Ida"]}, {"label": "Cote", "value": 17}],
        "attribution": "<p>© Bibliothek</p>",
        "license": CC_BY,
        "related": {"@id": f"{AT}/buch", "format": "text/html"},
        "sequences": [{"@type": "sc:Sequence", "canvases": canvases}],
        **more,
    }


def read(things, places=None, columns=None, language="de"):
    """The records of a web of things by address, and the problems; refuses to ask twice."""
    asked = Counter()
    problems = Problems()

    def get(place):
        asked[place] += 1
        assert asked[place] == 1, place
        if place not in things:
            raise FetchError("dead", "HTTP 404", 404)
        found = things[place]
        if isinstance(found, Exception):
            raise found
        return found if isinstance(found, bytes) else json.dumps(found).encode()

    reading = Reading(get, language, columns or {}, problems)
    return list(read_places(places or list(things)[:1], reading)), problems


def test_a_manifest_of_version_3():
    (record,), problems = read({f"{AT}/m3": manifest3(canvas3("1", image3("a")))})
    assert len(problems) == 0
    told = {key: value for key, value in record.items() if value}
    assert told == {
        "record_id": f"{AT}/c/1",
        "images": [f"{AT}/iiif/a/info.json"],
        "title": "Markt am Morgen",
        "makers": "Anna Muster | Bo & Co",
        "date": "um 1900",
        "height_cm": 20.7,
        "width_cm": 26.2,
        "inventory_number": "VG 1993/12",
        "description": "Ein Platz.",
        "rights_image": CC_BY,
        "credit_line": "Foto: Stadtmuseum",
        "repository": "Stadtmuseum",
        "record_url": f"{AT}/objekt/7",
    }


def test_every_canvas_is_a_picture_with_its_own_right():
    own = {"rights": "http://rightsstatements.org/vocab/InC/1.0/", "label": {"none": ["Rückseite"]}}
    canvases = (
        canvas3("1", image3("a"), label={"de": ["Vorderseite"]}),
        canvas3("2", image3("b"), **own),
    )
    records, _ = read({f"{AT}/m3": manifest3(*canvases)})
    assert [one["description"] for one in records] == [
        "Vorderseite | Ein Platz.", "Rückseite | Ein Platz."]  # fmt: skip
    assert [one["rights_image"] for one in records] == [CC_BY, own["rights"]]
    assert {one["title"] for one in records} == {"Markt am Morgen"}, "groups stay together"


def test_a_manifest_of_version_2():
    records, problems = read({f"{AT}/m2": manifest2(image2("a"), image2("b"))})
    assert len(problems) == 0
    assert [one["images"] for one in records] == [
        [f"{AT}/iiif/a/info.json"], [f"{AT}/iiif/b/info.json"]]  # fmt: skip
    one = records[1]
    assert (one["title"], one["makers"], one["inventory_number"]) == ("Buch", "Ida", "17")
    assert (one["credit_line"], one["rights_image"]) == ("© Bibliothek", CC_BY)
    assert (one["description"], one["record_url"]) == ("fol. 2r", f"{AT}/buch")


@pytest.mark.parametrize(
    ("body", "link"),
    [
        ({"id": f"{AT}/plain.jpg", "type": "Image"}, f"{AT}/plain.jpg"),
        ({"type": "Choice", "items": [image3("a"), image3("b")]}, f"{AT}/iiif/a/info.json"),
        ({"type": "SpecificResource", "source": image3("a")}, f"{AT}/iiif/a/info.json"),
        # an image server of version 2 in a manifest of version 3; a profile that is a list
        ({"id": f"{AT}/x.jpg", "type": "Image", "service": {
            "id": f"{AT}/s/1", "@type": "ImageService2",
            "profile": ["http://iiif.io/api/image/2/level1.json", {"maxWidth": 900}]}},
         f"{AT}/s/1/info.json"),
        # a service of another kind is none
        ({"id": f"{AT}/x.jpg", "type": "Image", "service": {
            "id": f"{AT}/auth", "type": "AuthCookieService1"}}, f"{AT}/x.jpg"),
        ([image3("a"), image3("b")], f"{AT}/iiif/a/info.json"),
    ],
)  # fmt: skip
def test_bodies(body, link):
    (record,), _ = read({f"{AT}/m3": manifest3(canvas3("1", body))})
    assert record["images"] == [link]


def test_choice_of_version_2():
    choice = {"@type": "oa:Choice", "default": image2("a"), "item": [image2("b")]}
    (record,), _ = read({f"{AT}/m2": manifest2(choice)})
    assert record["images"] == [f"{AT}/iiif/a/info.json"]


def test_a_canvas_without_an_image_is_a_problem():
    film = {"id": f"{AT}/film.mp4", "type": "Video"}
    records, problems = read({f"{AT}/m3": manifest3(canvas3("1", film), canvas3("2", image3("b")))})
    assert [one["record_id"] for one in records] == [f"{AT}/c/2"]
    assert problems.frame()["record"].tolist() == [f"{AT}/c/1"]


def test_collections_in_collections_and_in_a_circle():
    top = {"id": f"{AT}/top", "type": "Collection", "label": {"de": ["Archiv"]}, "items": [
        {"id": f"{AT}/m3", "type": "Manifest", "label": {"de": ["x"]}},
        {"id": f"{AT}/sub", "type": "Collection"},
        {"id": f"{AT}/gone", "type": "Manifest"}]}  # fmt: skip
    sub = {"@id": f"{AT}/sub", "@type": "sc:Collection", "label": "Mappe",
           "manifests": [{"@id": f"{AT}/m2", "@type": "sc:Manifest"}],
           "collections": [f"{AT}/top"], "next": f"{AT}/page2"}  # fmt: skip
    page = {"@id": f"{AT}/page2", "@type": "sc:Collection", "members": [{"@id": f"{AT}/m2b"}]}
    again = manifest2(image2("z"), **{"@id": f"{AT}/m2b"})
    things = {"top": top, "sub": sub, "page2": page, "m2b": again,
              "m3": manifest3(canvas3("1", image3("a"))), "m2": manifest2(image2("b"))}  # fmt: skip
    records, problems = read({f"{AT}/{name}": thing for name, thing in things.items()})
    assert [(one["record_id"], one["series"]) for one in records] == [
        (f"{AT}/c/1", "Archiv"),
        (f"{AT}/c2/1", "Archiv | Mappe"),
        # the second canvas of this address is called another way
        (f"{AT}/c2/1#2", "Archiv | Mappe"),
    ]
    assert problems.frame()["done"].tolist() == ["manifest left out", f"called {AT}/c2/1#2"]


def test_members_that_do_not_answer_stop_the_run_at_its_end():
    top = {"id": f"{AT}/top", "type": "Collection", "items": [
        {"id": f"{AT}/slow", "type": "Manifest"},
        {"id": f"{AT}/m3", "type": "Manifest"}]}  # fmt: skip
    things = {f"{AT}/top": top, f"{AT}/m3": manifest3(canvas3("1", image3("a"))),
              f"{AT}/slow": FetchError("timeout", "no answer in time", passing=True)}  # fmt: skip
    with pytest.raises(InputError, match=r"1 manifests did not answer .*slow.*same command"):
        read(things)


@pytest.mark.parametrize(
    ("thing", "words"),
    [
        (b"<html>", "it is not JSON"),
        (b"[]", "no JSON object"),
        ({"type": "Canvas"}, "neither a IIIF manifest nor a collection"),
        (b"[" * 100_000, "nested too deeply"),
        (FetchError("dead", "HTTP 404", 404), "HTTP 404"),
    ],
)
def test_a_place_that_is_no_manifest(thing, words):
    with pytest.raises(InputError, match=words) as caught:
        read({f"{AT}/m": thing})
    assert f"{AT}/m cannot be read" in str(caught.value)


def test_nothing_to_see():
    with pytest.raises(InputError, match="no canvas with an image"):
        read({f"{AT}/m3": manifest3()})


@pytest.mark.parametrize("odd", [None, 3, "x", [], [[]], {"a": 1}, {"de": None}, {"de": "x"}, True])
@pytest.mark.parametrize(
    "key",
    ["label", "metadata", "summary", "rights", "requiredStatement", "provider", "homepage",
     "sequences", "thumbnail", "license", "attribution"],
)  # fmt: skip
def test_odd_values_are_no_crash(key, odd):
    records, _ = read({f"{AT}/m3": manifest3(canvas3("1", image3("a")), **{key: odd})})
    assert len(records) == 1
    assert all(isinstance(value, str | list | float) for value in records[0].values())


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ({"de": ["eins"], "en": ["one"]}, "eins"),
        ({"de-AT": "eins", "en": ["one"]}, "eins"),
        ({"en": ["one"], "none": ["1"]}, "1"),
        ({"fr": ["un"], "en": ["one"]}, "un"),
        ([{"@value": "one", "@language": "en"}, {"@value": "eins", "@language": "de"}], "eins"),
        (["a", {"@value": "b"}], "a | b"),
        ("Fisch &amp; <em>Chips</em><br/>", "Fisch & Chips"),
        ("3 < 4 > 2", "3 < 4 > 2"),
        ({"de": ["", None, "x"]}, "x"),
    ],
)
def test_texts(value, told):
    assert text(value, "de") == told


def test_labels_of_ones_own_go_before_the_known_ones():
    pairs = [{"label": "Lichtbildner", "value": "A"}, {"label": "Fotograf", "value": "B"},
             {"label": "Datum", "value": "1900"}]  # fmt: skip
    assert from_metadata(pairs, "de", {}) == {"makers": "B", "date": "1900"}
    assert from_metadata(pairs, "de", {"makers": "Lichtbildner"}) == {"makers": "A", "date": "1900"}


def test_records_are_written_and_read_again(tmp_path):
    records, problems = read({f"{AT}/m3": manifest3(canvas3("1", image3("a")), canvas3("2"))})
    path = tmp_path / "metadata.csv"
    assert write_records(records, problems, path) == 1
    told = Problems()
    assert list(read_records(path, told)) == records
    assert told.frame()["record"].tolist() == [f"{AT}/c/2"]
