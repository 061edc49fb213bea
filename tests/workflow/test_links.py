"""A collection whose records only link to its pictures, and one of IIIF manifests, end to end."""

import pytest

from bilderatlas.files import read_catalogue, read_table
from tests.museum import Museum, jpeg

CATALOGUE = "results/own/catalogue.csv"


@pytest.fixture
def museum(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    running = Museum()
    yield running
    running.close()


def overlay(checkout, **entry):
    return checkout.overlay("own.yaml", {"collections": {"own": entry}})


def run(checkout, words, target=CATALOGUE):
    made = checkout.run("--cores", "1", target, "--configfile", words)
    assert made.returncode == 0, made.stdout
    return read_catalogue(checkout.folder / CATALOGUE)


def test_linked_records(checkout, museum):
    museum.put("/a.jpg", jpeg(90, 60))
    museum.put("/seite", b"<html>", "text/html")
    at, table = museum.base, checkout.folder / "records.csv"
    table.write_text(
        "nr;titel;bild\n"
        f"1/93;Markt;{at}/a.jpg\n2/93;Platz;{at}/iiif/3/0/b/info.json\n3/93;Tor;{at}/seite\n",
        encoding="utf-8",
    )
    words = overlay(
        checkout, source="links", records="table", metadata="records.csv", width=600,
        columns={"record_id": "nr", "title": "titel", "file": "bild"},
    )  # fmt: skip
    found = run(checkout, words)
    assert found["title"].to_dict() == {"1_93--a": "Markt", "2_93--b": "Platz"}
    left = read_table(checkout.folder / "results/own/unmatched.csv", ["side", "name"])
    assert left[["side", "name"]].to_numpy().tolist() == [
        ["record", "3/93"], ["link", f"{at}/seite"]]  # fmt: skip
    listed = read_table(checkout.folder / "resources/own/links.csv", ["status", "width"])
    assert listed["status"].tolist() == ["ok", "ok", "page"]
    assert listed["width"].tolist() == ["90", "500", ""]

    asked = dict(museum.asked)
    checkout.edit("records.csv", "Markt", "Marktplatz")
    assert checkout.due(CATALOGUE, "--configfile", words) == {"build_catalogue": 1}
    museum.put("/c.jpg", jpeg(80, 60))
    with open(table, "a", encoding="utf-8") as handle:
        handle.write(f"4/93;Neu;{at}/c.jpg\n")
    pack = "results/own/pack/grey-320.h5"
    assert set(checkout.due(CATALOGUE, pack, "--configfile", words)) == {
        "fetch_links", "build_catalogue", "pack_pictures"}  # fmt: skip
    assert run(checkout, words)["title"].tolist() == ["Marktplatz", "Platz", "Neu"]
    assert dict(museum.asked) == asked | {"/c.jpg": 1}


def test_records_are_to_be_had_without_a_network(checkout):
    (checkout.folder / "r.csv").write_text(
        "nr,titel,bild,jahr\n1/93,Markt,http://127.0.0.1:9/a.jpg,um 1900\n2/93,Platz,,irgendwann\n",
        encoding="utf-8",
    )
    words = overlay(
        checkout, source="links", records="table", metadata="r.csv", fill={"repository": "Archiv"},
        columns={"record_id": "nr", "title": "titel", "file": "bild", "date": "jahr"},
    )  # fmt: skip
    target = "results/own/records.csv"
    made = checkout.run("--cores", "1", target, "--configfile", words)
    assert made.returncode == 0, made.stdout
    assert "own takes part in no experiment" in made.stdout
    found = read_table(checkout.folder / target, ["record_id", "repository"])
    assert found["record_id"].tolist() == ["1/93", "2/93"]
    assert found["repository"].tolist() == ["Archiv", "Archiv"]
    told = read_table(checkout.folder / "results/own/records-problems.csv", ["record", "field"])
    assert ("2/93", "date") in set(zip(told["record"], told["field"], strict=True))


def test_iiif_manifests(checkout, museum):
    image = {"id": f"{museum.base}/iiif/2/1/x", "@type": "ImageService2"}
    body = {"id": "http://gone.example/x.jpg", "type": "Image", "service": [image]}
    page = {"type": "AnnotationPage", "items": [{"type": "Annotation", "motivation": "painting",
                                                 "body": body}]}  # fmt: skip
    manifest = {
        "id": f"{museum.base}/m", "type": "Manifest", "label": {"de": ["Der Markt"]},
        "rights": "http://creativecommons.org/publicdomain/mark/1.0/",
        "metadata": [{"label": {"de": ["Lichtbildner"]}, "value": {"de": ["Ida Muster"]}}],
        "items": [{"id": f"{museum.base}/c/1", "type": "Canvas", "items": [page]}],
    }  # fmt: skip
    member = museum.put("/m", manifest)
    top = museum.put("/top", {"id": f"{museum.base}/top", "type": "Collection", "label": {
        "de": ["Album"]}, "items": [{"id": member, "type": "Manifest"},
                                    {"id": f"{museum.base}/weg", "type": "Manifest"}]})  # fmt: skip
    words = overlay(checkout, source="iiif", manifests=[top], columns={"makers": "Lichtbildner"})
    found = run(checkout, words).iloc[0]
    assert (found["title"], found["makers"], found["series"]) == (
        "Der Markt",
        "Ida Muster",
        "Album",
    )
    assert found["rights_image"].endswith("/mark/1.0/")
    assert museum.asked["/iiif/2/1/x/full/1600,/0/default.jpg"] == 1
    problems = read_table(checkout.folder / "results/own/problems.csv", ["file"])
    assert problems["file"].tolist() == [f"{museum.base}/weg"]
    assert not (checkout.folder / "resources/own/manifests").exists()

    # asked for again by name: manifests anew, pictures not
    run(checkout, words, "resources/own/metadata.csv")
    again = checkout.run(
        "--cores", "1", CATALOGUE, "--configfile", words, "--forcerun", "read_iiif"
    )
    assert again.returncode == 0, again.stdout
    assert museum.asked["/m"] == 2 and museum.asked["/iiif/2/1/x/info.json"] == 1


def test_a_place_that_is_no_manifest_is_one_sentence(checkout, museum):
    page = museum.put("/m", b"<html>", "text/html")
    words = overlay(checkout, source="iiif", manifests=[page])
    made = checkout.run("--cores", "1", CATALOGUE, "--configfile", words)
    assert made.returncode == 1 and "Traceback" not in made.stdout
    assert f"{page} cannot be read as a IIIF manifest: it is not JSON." in made.stdout


def test_a_half_written_entry_is_one_sentence(checkout):
    words = overlay(checkout, source="links", records="lido")
    made = checkout.run("-n", "--cores", "1", CATALOGUE, "--configfile", words)
    assert made.returncode == 1 and "Traceback" not in made.stdout
    assert "collections.own.metadata is not given" in made.stdout
