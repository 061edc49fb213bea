"""LIDO's pictures and rights: one link a picture; rights of object, picture, record apart."""

from tests.unit.lido_xml import read_one

TERMS = "http://terminology.lido-schema.org"


def rendition(link, kind="", width="", form=""):
    wide = (
        "<resourceMeasurementsSet><measurementType>width</measurementType><measurementUnit>pixel"
        f"</measurementUnit><measurementValue>{width}</measurementValue></resourceMeasurementsSet>"
    )
    return (
        f"<resourceRepresentation lido:type='{kind}'><linkResource lido:formatResource='{form}'>"
        f"{link}</linkResource>{wide}</resourceRepresentation>"
    )


def resource(inner, order="", right=""):
    rights = f"<rightsResource>{right}</rightsResource>" if right else ""
    return f"<resourceSet lido:sortorder='{order}'>{inner}{rights}</resourceSet>"


def right(term="", uri="", holder=""):
    return (
        f"<rightsType><conceptID>{uri}</conceptID><term>{term}</term></rightsType><rightsHolder>"
        f"<legalBodyName><appellationValue>{holder}</appellationValue></legalBodyName></rightsHolder>"
    )


def read(folder, *resources):
    return read_one(folder, admin=f"<resourceWrap>{''.join(resources)}</resourceWrap>")


def test_one_rendition_a_picture(tmp_path):
    found, problems = read(
        tmp_path,
        resource(
            rendition("t.jpg", "image_thumb")
            + rendition("m.jpg", f"{TERMS}/lido00451", 9000)
            + rendition("d.jpg", f"{TERMS}/lido00464", 1200)
        ),
        resource(rendition("small.jpg", "", 300) + rendition("wide.jpg", "", 4000)),
        resource(rendition("a.jpg") + rendition("b.jpg")),
        resource(rendition("o.jpg", "image_overview") + rendition("u.jpg", "something")),
        resource(rendition("only.jpg", "image_thumbnail")),
        resource(""),
        resource(rendition("a.jpg")),
    )
    assert found["images"] == ["d.jpg", "wide.jpg", "a.jpg", "u.jpg", "only.jpg"]
    assert problems == []


def test_the_order_of_the_pictures(tmp_path):
    found, _ = read(
        tmp_path,
        resource(rendition("z.jpg")),
        resource(rendition("b.jpg"), 2),
        resource(rendition(" \n a.jpg \n"), 1),
    )
    assert found["images"] == ["a.jpg", "b.jpg", "z.jpg"]


def test_what_is_no_picture_is_listed(tmp_path):
    sound = "<resourceType><term>Video</term></resourceType>"
    found, problems = read(
        tmp_path,
        resource(rendition("film", form="") + sound),
        resource(rendition("paper", form="application/pdf")),
        resource(rendition("page", "image_master", form="text/html") + rendition("p.jpg")),
        resource(rendition("x.jpg", form="image/jpeg")),
    )
    assert found["images"] == ["p.jpg", "x.jpg"]
    assert problems == [
        ("images", "film is no picture (Video)", "left out"),
        ("images", "paper is no picture (application/pdf)", "left out"),
    ]


def test_rights_of_object_picture_and_record_apart(tmp_path):
    admin = (
        f"<rightsWorkWrap><rightsWorkSet>{right('gemeinfrei')}</rightsWorkSet></rightsWorkWrap>"
        f"<recordWrap><recordRights>{right('', 'https://cc/zero', 'Galerie')}</recordRights>"
        f"</recordWrap><resourceWrap>{resource(rendition('a.jpg'), right=right('CC BY', 'https://cc/by'))}"
        "</resourceWrap>"
    )
    found, problems = read_one(tmp_path, admin=admin)
    assert found["rights_object"] == "gemeinfrei"
    assert found["rights_image"] == "CC BY (https://cc/by)"
    assert found["rights_metadata"] == "https://cc/zero, Galerie"
    assert problems == []


def test_a_holder_is_no_licence(tmp_path):
    found, _ = read(tmp_path, resource(rendition("a.jpg"), right=right(holder="Ein Archiv")))
    assert found["rights_image"] == "rights holder: Ein Archiv"


def test_pictures_with_different_rights(tmp_path):
    found, problems = read(
        tmp_path,
        resource(rendition("a.jpg"), right=right("CC0")),
        resource(rendition("b.jpg"), right=right("vorbehalten")),
        resource(rendition("c.jpg")),
    )
    assert found["rights_image"] == "CC0 | vorbehalten"
    assert problems == [
        ("rights_image", "3 pictures have 3 different rights", "all of them kept"),
    ]


def test_a_record_without_a_picture_has_no_rights_of_one(tmp_path):
    found, problems = read_one(tmp_path)
    assert (found["images"], found["rights_image"], problems) == ([], "", [])


def test_the_link_of_the_record(tmp_path):
    links = (
        "<recordInfoLink>https://a/1</recordInfoLink><recordInfoLink>https://b/1</recordInfoLink>"
    )
    admin = f"<recordWrap><recordInfoSet>{links}</recordInfoSet></recordWrap>"
    found, problems = read_one(tmp_path, admin=admin)
    assert found["record_url"] == "https://a/1"
    assert problems == [("record_url", "other links: https://b/1", "the first taken")]
    ids = "<objectPublishedID>local</objectPublishedID><objectPublishedID>https://c/1</objectPublishedID>"
    found, _ = read_one(tmp_path, ids=ids)
    assert found["record_url"] == "https://c/1"
